// standin: what may change while a machine is simulated (limits, clock locks), in memory or in a
// file that several processes map.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "standin/timeline.h"

namespace joulery::standin {

/// From `since` on the GPU has these settings. `base` is what had been used up to then.
struct Segment {
  double since = 0;
  double requested_w = 0;
  double lock = 1;  ///< highest relative clock
  Totals base;
};

/// One GPU's last settings. Older ones are forgotten: a sensor's window looks back one second at
/// most.
struct GpuState {
  static constexpr std::uint64_t kKept = 16;
  std::atomic<std::uint64_t> version;  ///< odd while a writer is at work (a sequence lock)
  std::uint64_t count;  ///< segments ever begun; the newest is ring[(count - 1) % kKept]
  std::array<Segment, kKept> ring;
};

struct MachineState {
  static constexpr std::uint64_t kMagic = 0x3130306e69747321ULL;
  static constexpr std::size_t kMostGpus = 64;
  std::uint64_t magic;
  double origin;  ///< when the machine began, on its own clock: the times of faults count from here
  std::array<GpuState, kMostGpus> gpus;
};

/// Owns or maps a MachineState. Any thread, any process.
class StateFile {
 public:
  /// In memory where `path` is empty. On failure nothing, and `error` says why.
  static std::unique_ptr<StateFile> open(const std::string& path, double now, std::string& error);
  ~StateFile();
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;

  MachineState& state() { return *state_; }
  /// Segments of a GPU, oldest first; `version` tells whether they have changed since.
  std::vector<Segment> read(std::size_t gpu, std::uint64_t& version);
  void append(std::size_t gpu, const Segment& segment);

  /// Held by a writer from looking to writing. Of the file where there is one.
  class Lock {
   public:
    explicit Lock(StateFile& file);
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    StateFile& file_;
    std::unique_lock<std::recursive_mutex> held_;
  };

 private:
  StateFile() = default;
  void finish_for_the_dead();

  int fd_ = -1;
  int locks_ = 0;  // held by this process, one inside the other
  MachineState* state_ = nullptr;
  std::unique_ptr<MachineState> own_;
  std::recursive_mutex mutex_;  // a writer reads while it holds the lock
};

}  // namespace joulery::standin
