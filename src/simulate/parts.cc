// simulate: plans of all jobs, see parts.h.
#include "simulate/parts.h"

namespace joulery::simulate {

Parts parts_now(const std::vector<MovableJob>& jobs) {
  Parts parts;
  parts.all.reserve(jobs.size());
  parts.first.reserve(jobs.size() + 1);
  for (const MovableJob& job : jobs) {
    parts.add({job.release, job.length});
    parts.finish_job();
  }
  return parts;
}

Result<Parts> parts_in_windows(const std::vector<MovableJob>& jobs, const RateCurve& curve,
                               JobShape shape) {
  Parts parts;
  parts.all.reserve(jobs.size());
  parts.first.reserve(jobs.size() + 1);
  for (const MovableJob& job : jobs) {
    shape.release = job.release;
    shape.length = job.length;
    JOULERY_TRY(const JobWindow window, best_window(curve, shape));
    for (const Slot& slot : window.slots) parts.add({slot.begin, slot.end - slot.begin});
    parts.finish_job();
  }
  return parts;
}

}  // namespace joulery::simulate
