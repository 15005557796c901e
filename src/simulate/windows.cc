// simulate: plans of all jobs, each by itself or with the devices that are left, see windows.h.
#include "simulate/windows.h"

#include <algorithm>

namespace joulery::simulate {
namespace {

/// Every moment at which a window of piecewise constant rates can be cheapest.
std::vector<WallTime> starts_of(const RateCurve& curve, const MovableJob& job, WallTime latest) {
  std::vector<WallTime> starts{job.release, latest};
  const auto add = [&](WallTime time) {
    if (job.release < time && time < latest) starts.push_back(time);
  };
  for (std::size_t i = curve.piece_after(job.release); i < curve.pieces().size(); ++i) {
    const WallTime end = curve.pieces()[i].end;
    if (end - job.length > latest) break;
    add(end);
    add(end - job.length);
  }
  return starts;
}

/// Of the cheapest start that has room, else of the first moment that has.
WallTime start_with_room(const RateCurve& curve, const MovableJob& job, Micros slack,
                         const Calendar& calendar) {
  const DeviceCount devices = devices_of(job.devices);
  const WallTime latest =
      std::max(job.release, std::min(job.release + slack, curve.end() - job.length));
  struct Start {
    double cost;
    WallTime at;
  };
  std::vector<Start> starts;
  for (const WallTime at : starts_of(curve, job, latest))
    if (const auto cost = curve.integral(at, at + job.length)) starts.push_back({*cost, at});
  std::sort(starts.begin(), starts.end(), [](const Start& a, const Start& b) {
    return a.cost != b.cost ? a.cost < b.cost : a.at < b.at;
  });
  for (const Start& start : starts)
    if (calendar.has_room(start.at, start.at + job.length, devices)) return start.at;
  return calendar.first_room(job.release, job.length, devices);
}

/// Where the last part of `parts`, in one piece, finds no room it is moved to where there is some.
void reserve(const RateCurve& curve, const MovableJob& job, Micros slack, Calendar& calendar,
             Parts& parts) {
  const DeviceCount devices = devices_of(job.devices);
  if (devices == 0) return;
  Part& part = parts.all.back();
  if (!calendar.has_room(part.begin, part.end(), devices))
    part.begin = start_with_room(curve, job, slack, calendar);
  calendar.hold(part.begin, part.end(), devices);
}

}  // namespace

Result<Parts> parts_in_windows(const std::vector<MovableJob>& jobs, Outlook& outlook,
                               JobShape shape, Calendar* calendar) {
  const Micros slack = std::chrono::round<Micros>(shape.slack);
  Parts parts;
  parts.reserve(jobs.size());
  for (const MovableJob& job : jobs) {
    JOULERY_TRY(const RateCurve* const curve, outlook.of(job, slack));
    JOULERY_CHECK(add_window(*curve, shape, job, parts));
    if (calendar != nullptr) reserve(*curve, job, slack, *calendar, parts);
  }
  return parts;
}

}  // namespace joulery::simulate
