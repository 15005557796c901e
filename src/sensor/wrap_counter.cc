// sensor: undoes the wrap of an energy counter, see wrap_counter.h.
#include "sensor/wrap_counter.h"

#include <algorithm>

namespace joulery {
namespace {
constexpr double kJoulesPerMicrojoule = 1e-6;
}  // namespace

WrapCounter::Step WrapCounter::advance(std::uint64_t now_uj, Instant time) {
  const Seconds pause = time - last_time_;
  const bool restart = started_ && !known(now_uj, pause);
  if (!started_) {
    total_ = now_uj;
  } else if (!restart) {
    // Without a wrap, now - last; with one, what was left of the range, the step to 0, and now.
    total_ += now_uj >= last_ ? now_uj - last_ : range_ - last_ + 1 + now_uj;
  }
  started_ = true;
  last_ = now_uj;
  last_time_ = time;
  return {static_cast<double>(total_) * kJoulesPerMicrojoule, restart};
}

bool WrapCounter::known(std::uint64_t now_uj, Seconds pause) const {
  const double range = static_cast<double>(range_) * kJoulesPerMicrojoule;
  if (max_power_.count() * pause.count() >= range) return false;
  if (now_uj >= last_) return true;
  if (last_ > range_) return false;
  // A counter that was reset looks like a wrap with an impossible step. A second of grace, because
  // a counter may be refreshed late; what is still a spike then is left to the account.
  constexpr Seconds kGrace{1};
  const double step = static_cast<double>(range_ - last_ + now_uj) * kJoulesPerMicrojoule;
  return step <= max_power_.count() * (pause + kGrace).count();
}

Seconds WrapCounter::longest_pause() const {
  constexpr Seconds kLongest{10};
  constexpr double kReadsPerRound = 8;
  const Joules range(static_cast<double>(range_) * kJoulesPerMicrojoule);
  return std::min(kLongest, range / max_power_ / kReadsPerRound);
}

}  // namespace joulery
