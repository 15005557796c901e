// plan: running as early as what is known lets a job, see early_slots.h.
#include "plan/early_slots.h"

#include <algorithm>

#include "plan/paused_slots.h"

namespace joulery::plan {
namespace {

/// The stretches without gaps in which a slot may be.
std::vector<Slot> stretches_of(const RateCurve& curve, const PausedJob& job) {
  std::vector<Slot> out;
  const auto& pieces = curve.pieces();
  for (std::size_t i = curve.piece_after(job.begin); i < pieces.size() && pieces[i].begin < job.end;
       i = curve.last_without_gap(i) + 1)
    out.push_back({std::max(job.begin, pieces[i].begin),
                   std::min(job.end, pieces[curve.last_without_gap(i)].end)});
  return out;
}

/// What a slot gives up so that no more than the work is done: of the last ones first, each down to
/// its least. False where that does not do.
bool trim(std::vector<Slot>& slots, const PausedJob& job, Micros excess) {
  for (std::size_t i = slots.size(); i-- > 0 && excess > Micros(0);) {
    const Micros least =
        std::max(job.shortest_slot, i == 0 ? Micros(1) : job.resume_time + Micros(1));
    const Micros cut = std::min(excess, slots[i].end - slots[i].begin - least);
    slots[i].end -= cut;
    excess -= cut;
  }
  return excess == Micros(0);
}

}  // namespace

std::optional<JobWindow> earliest_slots(const RateCurve& curve, const PausedJob& job) {
  std::vector<Slot> slots;
  Micros done{};
  for (const Slot& stretch : stretches_of(curve, job)) {
    const Micros resume = slots.empty() ? Micros(0) : job.resume_time;
    const Micros length = stretch.end - stretch.begin;
    if (length < job.shortest_slot || length <= resume) continue;
    slots.push_back(stretch);
    done += length - resume;
    if (done >= job.length) break;
  }
  if (done < job.length || !trim(slots, job, done - job.length)) return {};
  JobWindow out;
  out.slots = std::move(slots);
  out.cost = cost_of(curve, out.slots, job.resume_load_s);
  return out;
}

}  // namespace joulery::plan
