// project: the devices that a job held: several kinds, fractions of one, or CPU cores alone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "project/id_table.h"

namespace joulery::project {

/// Name of what jobs without an accelerator hold: cores (or the processors of an old machine).
inline constexpr std::string_view kCpu = "cpu";
/// Name of accelerators whose kind the log does not tell.
inline constexpr std::string_view kUnknownDevice = "gpu";

struct DeviceCount {
  std::uint32_t device = 0;
  double count = 0;
  friend bool operator==(const DeviceCount&, const DeviceCount&) = default;
};
using DeviceSet = std::vector<DeviceCount>;  ///< each device once
void add_to(DeviceSet& set, DeviceCount more);

/// Kinds of devices by number, and the distinct sets of them by number.
class DeviceSets {
 public:
  static constexpr std::size_t kMostDevices = 256;  // a choice: no cluster has more kinds
  static constexpr std::size_t kMostSets = 1'000'000;

  /// Of one kind whatever the case. Beyond kMostDevices all are one "other".
  std::uint32_t device(std::string_view name);
  /// The number of a set; beyond kMostSets, nothing new is kept and full() says so.
  std::uint32_t put(const DeviceSet& set);
  [[nodiscard]] const DeviceSet& at(std::uint32_t set) const { return sets_[set]; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool full() const { return full_; }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::uint32_t, std::less<>> by_name_;
  std::vector<DeviceSet> sets_;
  IdTable by_hash_;
  std::uint32_t last_ = 0;
  bool full_ = false;
};

/// What a Slurm AllocTRES says: "billing=8,cpu=8,gres/gpu:a100=4,gres/gpu=4,energy=512".
struct TresCounts {
  std::vector<std::pair<std::string_view, double>> gpus;  ///< by kind; kind empty: not told
  double cpus = 0;
  double energy_j = 0;
  bool garbled = false;  ///< a count that is no number
};
/// Into `out`, whose memory is reused. Typed counts are part of the untyped one.
void parse_tres(std::string_view text, TresCounts& out);
/// AllocGRES of older Slurm, "gpu:v100:4" or "gpu:2": counts a node.
void parse_gres(std::string_view text, double nodes, TresCounts& out);

}  // namespace joulery::project
