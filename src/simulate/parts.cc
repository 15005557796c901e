// simulate: plans of all jobs, see parts.h.
#include "simulate/parts.h"

namespace joulery::simulate {

Parts parts_now(const std::vector<MovableJob>& jobs) {
  Parts parts;
  parts.reserve(jobs.size());
  for (const MovableJob& job : jobs) {
    parts.add({job.release, job.length});
    parts.finish_job();
  }
  return parts;
}

Result<void> add_window(const RateCurve& curve, JobShape& shape, const MovableJob& job,
                        Parts& parts) {
  shape.release = job.release;
  shape.length = job.length;
  JOULERY_TRY(const JobWindow window, best_window(curve, shape));
  for (const Slot& slot : window.slots) parts.add({slot.begin, slot.end - slot.begin});
  parts.finish_job();
  return {};
}

}  // namespace joulery::simulate
