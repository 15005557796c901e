// standin: what a simulated machine is made of, and how JOULERY_STANDIN spells it; docs/standin.md
// is the reference.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace joulery::standin {

/// Power that a load asks for: watts at full clock, or percent of the way from idle to the highest
/// limit.
struct Level {
  double value = 0;
  bool percent = false;
};

/// A program that repeats for ever. Times in seconds, on the machine's own clock.
struct LoadSpec {
  std::string kind = "idle";  ///< idle constant square ramp train
  double period = 1;
  double duty = 0.5;  ///< share of the period spent at `high`
  double phase = 0;   ///< the pattern is this much further on than at time 0
  Level low{0, true};
  Level high{80, true};
  double noise = 0.05;   ///< train: relative spread of each step's length and power
  double compute = 0.8;  ///< share of the time at full clock that stretches as the clock falls
};

/// Something that goes wrong. Times in seconds after the machine's origin.
struct Fault {
  std::string kind;
  int gpu = -1;  ///< -1: every GPU
  double at = 0;
  double lasts = std::numeric_limits<double>::infinity();
  unsigned field = 0;  ///< unsupported, denied: the field id; 0: see `call`
  std::string call;    ///< missing, unsupported, denied: the function's full name
  double value = 0;    ///< slow: ms; spike: J; oob: W; init: the code returned
};

struct GpuConfig {
  std::string model = "A100";
  LoadSpec load;
  std::optional<double> gain;    ///< absent: drawn from the seed
  std::optional<double> offset;  ///< W; absent: drawn from the seed
  double noise_w = 0.2;          ///< standard deviation of one power reading; 0.2 W is a choice
  double lag = 0.005;            ///< s, from the end of a window to its publication; a choice
  std::vector<unsigned> processes;
};

struct Config {
  std::vector<GpuConfig> gpus;
  std::string driver = "550.54.15";
  std::uint64_t seed = 1;
  bool sampled_counter = false;  ///< the energy counter sees only the power sensor's windows
  std::optional<bool> root;  ///< may limits be set? absent: as the process's effective user says
  double pcie_ms =
      20;  ///< how long a PCIe throughput call takes; published as 20 ms by NVML's manual
  std::string state_path;  ///< limits shared between processes; empty: of this process alone
  std::string clock_path;  ///< a file of one double, the time in s; empty: CLOCK_MONOTONIC
  double virtual_start = 0;
  bool virtual_clock = false;  ///< time stands until set_time()
  std::vector<Fault> faults;
};

/// The defaults where `text` is empty. On failure nothing, and `error` names the key.
std::optional<Config> parse_config(std::string_view text, std::string& error);

}  // namespace joulery::standin
