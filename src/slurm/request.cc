// slurm: planned slots to a begin and pauses, see joulery/slurm.h.
#include <fmt/format.h>

#include "base/text.h"
#include "joulery/slurm.h"

namespace joulery {
namespace {

// A choice: each is a job that the controller keeps, and that counts for the limits of its user.
constexpr std::size_t kMostPauses = 100;

Result<void> check_slots(const PlannedTimes& times, WallTime now) {
  if (times.slots.empty()) return Error{ErrorCode::kInvalid, "the plan has no slot"};
  WallTime last = times.slots.front().first;
  for (const auto& [begin, end] : times.slots) {
    if (begin < last || end <= begin)
      return Error{ErrorCode::kInvalid,
                   fmt::format("the slots of the plan are not in order: {} to {}",
                               format_time(begin), format_time(end))};
    last = end;
  }
  if (times.deadline && last > *times.deadline)
    return Error{ErrorCode::kInvalid, fmt::format("the plan ends at {}, after its deadline, {}",
                                                  format_time(last), format_time(*times.deadline))};
  const WallTime end = times.slots.front().second;
  if (end > now) return {};
  return Error{
      ErrorCode::kInvalid,
      fmt::format("the first slot of the plan was over at {}: plan anew", format_time(end))};
}

}  // namespace

Result<SubmitRequest> make_submit_request(SbatchCall call, const PlannedTimes& times,
                                          WallTime now) {
  JOULERY_CHECK(check_slots(times, now));
  SubmitRequest request;
  request.begin = times.slots.front().first;
  request.end = times.slots.front().second;
  request.deadline = times.deadline;
  for (const auto& [begin, end] : times.slots) {
    if (begin > request.end) request.pauses.push_back({request.end, begin});
    request.end = end;
  }
  if (request.pauses.size() > kMostPauses)
    return Error{ErrorCode::kInvalid,
                 fmt::format("the plan has {} pauses, each a small job of Slurm, and {} are the "
                             "most: fewer with --min-run, for example --min-run 1h",
                             request.pauses.size(), kMostPauses)};
  request.place = times.place;
  JOULERY_CHECK(check_submit(call, !request.pauses.empty()));
  request.call = std::move(call);
  return request;
}

}  // namespace joulery
