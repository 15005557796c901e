// control: how far a sweep is, and how long the rest will take.
#pragma once

#include <string>
#include <vector>

#include "control/schedule.h"
#include "joulery/control.h"

namespace joulery {

/// Tells the caller of a sweep where it is. All that it is given outlives it.
class Progress {
 public:
  Progress(const SweepTools& tools, const Sweep& sweep, const std::vector<SweepStep>& steps)
      : tools_(tools), sweep_(sweep), steps_(steps) {}
  /// Before the first run of this call.
  void begin();
  /// Another run of this call has ended.
  void count() { ++made_; }
  [[nodiscard]] std::size_t made() const { return made_; }

  void tell(std::size_t step, const std::string& what) const;
  /// What the user is to know before it happens.
  void announce(const std::string& news) const;
  /// With the waits between them, as long as those that were made; empty before the first.
  [[nodiscard]] std::optional<Seconds> time_for(std::size_t runs) const;

 private:
  const SweepTools& tools_;
  const Sweep& sweep_;
  const std::vector<SweepStep>& steps_;
  std::size_t made_ = 0;
  Instant began_;
};

}  // namespace joulery
