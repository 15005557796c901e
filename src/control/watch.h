// control: what stands beside a run: a look at the lease about once a second, and at the power of
// the devices while they cool down.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "joulery/lease.h"
#include "joulery/sample.h"

namespace joulery {

/// Checks the lease each time that samples come. The lease is this object's alone meanwhile.
class LeaseWatch : public SampleSink {
 public:
  explicit LeaseWatch(CapLease& lease) : lease_(lease) {}
  void accept(std::span<const Sample>) override { look(); }
  void note(const Event&) override {}
  /// Not while a run goes on.
  void look();
  /// The first look at each device that somebody else changed or that is gone, with its time.
  struct Lost {
    Instant time;
    CapWatch watch;
  };
  [[nodiscard]] const std::vector<Lost>& lost() const { return lost_; }

 private:
  CapLease& lease_;
  std::vector<Lost> lost_;
};

/// What was found by a look that lost control: device, both values, why.
std::string describe(const CapWatch& watch);

/// The power of some components together, from the last batch of samples.
class PowerWatch : public SampleSink {
 public:
  PowerWatch(std::span<const Channel> channels, const std::vector<CapDevice>& devices);
  void accept(std::span<const Sample> samples) override;
  void note(const Event&) override {}
  /// Mean power so far, each batch with its length. Any thread.
  [[nodiscard]] std::optional<Watts> mean() const;
  /// Mean power within the last batch, about a second. Any thread.
  [[nodiscard]] std::optional<Watts> last() const;

 private:
  struct Reading {
    bool counter = false;
    std::optional<Sample> before;  // the last one of the batch before
    double sum = 0;                // of this batch
    std::size_t count = 0;
    std::optional<Sample> now;  // the last one of this batch

    [[nodiscard]] Seconds length() const;
    [[nodiscard]] std::optional<double> power() const;
  };
  mutable std::mutex mutex_;
  std::map<std::uint16_t, Reading> readings_;
  Joules sum_{};
  Seconds length_{0};
  std::optional<Watts> last_;
};

}  // namespace joulery
