// control: progress of a sweep, see progress.h.
#include "control/progress.h"

#include <algorithm>

#include "base/clock.h"
#include "base/mean.h"
#include "control/made_runs.h"

namespace joulery {

void Progress::begin() { began_ = monotonic_now(); }

void Progress::tell(std::size_t step, const std::string& what) const {
  if (!tools_.progress) return;
  SweepProgress now{.done = step, .planned = steps_.size(), .what = what, .left = {}, .news = {}};
  if (made_ > 0) now.left = time_for(count_missing(steps_, sweep_.runs));
  tools_.progress(now);
}

void Progress::announce(const std::string& news) const {
  if (!tools_.progress) return;
  tools_.progress(
      {.done = sweep_.runs.size(), .planned = steps_.size(), .what = {}, .left = {}, .news = news});
}

// Of runs that an earlier call made nobody knows how long it waited before them.
std::optional<Seconds> Progress::time_for(std::size_t runs) const {
  OptionalMean time;
  for (const SweepRun& run : sweep_.runs)
    if (run.trial.time > Seconds(0)) time.add(run.trial.time.count());
  if (made_ > 0) {
    const double with_waits =
        Seconds(monotonic_now() - began_).count() / static_cast<double>(made_);
    return Seconds(std::max(with_waits, time.get().value_or(0)) * static_cast<double>(runs));
  }
  if (!time.get()) return std::nullopt;
  return Seconds(*time.get() * static_cast<double>(runs));
}

}  // namespace joulery
