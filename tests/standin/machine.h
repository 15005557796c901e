// standin: a machine with GPUs: what is true (for tests), what its sensors say, and what can be
// set.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "standin/config.h"
#include "standin/gpu_model.h"
#include "standin/state.h"
#include "standin/timeline.h"

namespace joulery::standin {

/// Any thread. All times are seconds on the machine's clock, all powers watts.
class Gpu {
 public:
  Gpu(const Config& config, std::size_t index, StateFile& state);

  // ---- the truth
  [[nodiscard]] Totals totals(double t) const;  ///< since time 0
  [[nodiscard]] double energy_j(double from, double to) const;
  [[nodiscard]] double power_w(double t) const;
  [[nodiscard]] double clock(double t) const;  ///< relative to the highest; 0 where nothing runs
  [[nodiscard]] double gain() const { return gain_; }
  [[nodiscard]] double offset_w() const { return offset_w_; }

  // ---- what the board says
  [[nodiscard]] double read_power_w(const PowerSensor& sensor, double t) const;
  [[nodiscard]] std::uint64_t read_counter_mj(double t) const;
  [[nodiscard]] double mean_power_w(double t,
                                    double window) const;  ///< true mean of the last `window`

  // ---- what is set
  [[nodiscard]] double requested_w() const;
  [[nodiscard]] double enforced_w() const;
  [[nodiscard]] double lock() const;
  void set_limit(double t, double watts);
  void set_lock(double t, double clock);  ///< 1: unlocked

  [[nodiscard]] std::size_t index() const { return index_; }
  [[nodiscard]] const GpuModel& model() const { return *model_; }
  [[nodiscard]] const GpuConfig& config() const { return config_; }
  [[nodiscard]] const std::string& uuid() const { return uuid_; }
  /// The fault of this kind that holds now, or nullptr. `call` and `field` narrow it where not
  /// empty or 0.
  [[nodiscard]] const Fault* fault(std::string_view kind, double t, std::string_view call = {},
                                   unsigned field = 0) const;

 private:
  struct Period {  // one segment with its integrals
    Segment segment;
    Timeline timeline;
    Totals at_start;
  };

  void refresh() const;
  const Period& period_at(double t) const;
  [[nodiscard]] Totals totals_locked(double t) const;
  void begin_segment(double t, std::optional<double> watts, std::optional<double> clock);
  [[nodiscard]] double counted_j(double t) const;
  [[nodiscard]] double sampled_j(std::int64_t tick) const;
  [[nodiscard]] double enforced(double requested_w) const;
  [[nodiscard]] std::int64_t tick_before(double period, double t) const;
  [[nodiscard]] double window_end(double period, std::int64_t tick) const;

  GpuConfig config_;
  const GpuModel* model_;
  std::size_t index_;
  std::uint64_t key_;  // of this board's random numbers
  double gain_, offset_w_;
  double epoch_ = 0;  // when the energy counter was 0
  bool sampled_counter_;
  std::string uuid_;
  std::vector<Fault> faults_;
  std::vector<Piece> pieces_;
  StateFile* state_;

  mutable std::mutex mutex_;
  mutable std::uint64_t version_ = 1;  // odd: never equal to a finished state
  mutable std::vector<Period> periods_;
  mutable std::int64_t sampled_tick_ = 0;  // the sampled counter, summed up to here
  mutable double sampled_sum_ = 0;
  mutable bool sampled_ = false;
};

class Machine {
 public:
  /// On failure nothing, and `error` says why.
  static std::unique_ptr<Machine> open(const Config& config, std::string& error);

  [[nodiscard]] double now() const;
  void set_time(double t);  ///< from now on time stands still until the next set_time()
  [[nodiscard]] bool stands_still() const { return virtual_; }
  [[nodiscard]] bool shares_clock() const { return shared_now_ != nullptr; }
  [[nodiscard]] double origin() const { return state_->state().origin; }

  [[nodiscard]] std::size_t size() const { return gpus_.size(); }
  Gpu& gpu(std::size_t index) { return *gpus_[index]; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  explicit Machine(const Config& config) : config_(config) {}

  Config config_;
  std::atomic<bool> virtual_{false};
  std::atomic<double> virtual_now_{0};
  const volatile double* shared_now_ = nullptr;
  std::unique_ptr<StateFile> state_;
  std::vector<std::unique_ptr<Gpu>> gpus_;
};

}  // namespace joulery::standin
