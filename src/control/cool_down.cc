// control: the wait before a run, see cool_down.h.
#include "control/cool_down.h"

#include "control/watch.h"

namespace joulery {
namespace {

// Choices: four batches of samples; what a board's leakage may still take when it is warm, and the
// noise of a reading; longer than any air-cooled board takes to be near its idle power.
constexpr Seconds kIdleStretch{3};
constexpr double kNearIdle = 1.05;
constexpr Watts kNoise{2};
constexpr Seconds kLongest{120};

}  // namespace

Result<std::optional<int>> CoolDown::measure_idle() {
  if (options_.cool_down) return std::optional<int>();
  JOULERY_TRY(const auto session, sessions_.open(options_.session));
  PowerWatch power(session->channels(), devices_);
  JOULERY_TRY(const std::optional<int> signal, session->rest(kIdleStretch, {}, {&power}));
  idle_ = power.mean();
  return signal;
}

Result<std::optional<int>> CoolDown::wait() {
  if (options_.cool_down) return sessions_.pause(*options_.cool_down);
  if (!idle_) return std::optional<int>();
  JOULERY_TRY(const auto session, sessions_.open(options_.session));
  PowerWatch power(session->channels(), devices_);
  const Watts cool = kNearIdle * *idle_ + kNoise;
  bool was_cool = false;  // the session's end brings samples of a moment, which tell little
  const auto is_cool = [&] {
    was_cool = power.last() && *power.last() <= cool;
    return was_cool;
  };
  JOULERY_TRY(const std::optional<int> signal, session->rest(kLongest, is_cool, {&power}));
  if (!signal && !was_cool) ++in_vain_;
  return signal;
}

}  // namespace joulery
