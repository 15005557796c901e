// control: the wait before a run, so that each begins on a machine as cool as the others'.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "joulery/control.h"

namespace joulery {

class CoolDown {
 public:
  CoolDown(const SweepOptions& options, const std::vector<CapDevice>& devices,
           SessionSeries& sessions)
      : options_(options), devices_(devices), sessions_(sessions) {}
  /// Before the first run: measures what the devices draw idle, where that is to be waited for.
  /// Returns the signal that ended it early. Errors: those of a session.
  Result<std::optional<int>> measure_idle();
  /// Before every other run: waits. Returns and errors as above.
  Result<std::optional<int>> wait();
  [[nodiscard]] std::optional<Watts> idle_power() const { return idle_; }
  /// How often the idle power had not returned when the longest wait was over.
  [[nodiscard]] int in_vain() const { return in_vain_; }

 private:
  const SweepOptions& options_;
  const std::vector<CapDevice>& devices_;
  SessionSeries& sessions_;
  std::optional<Watts> idle_;
  int in_vain_ = 0;
};

}  // namespace joulery
