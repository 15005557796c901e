// factors: the shipped tables of hardware: accelerators with their rated and measured power, and
// what they cost to rent. Each figure names where it came from; a figure that could not be traced
// is absent.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

/// What one accelerator cost to rent, at one provider, at one time. A range where several were
/// published.
struct RentalPrice {
  std::string provider;
  bool spot = false;             ///< spot or preemptible; else on demand
  MoneyPerSecond low{}, high{};  ///< per accelerator
  std::string currency = "USD";
  std::string as_of;  ///< "2019", "2024-11"
  std::string source;
};

/// One accelerator as its users count it: a GPU board, a TPU chip.
struct Accelerator {
  std::string id;  ///< "V100-SXM2-16GB"
  std::vector<std::string>
      aliases;  ///< names that logs, NVML and papers use: "V100", "Tesla V100-SXM2-16GB"
  std::string vendor;
  std::string kind;  ///< "gpu", "tpu" or "other"
  int year = 0;      ///< of launch
  std::optional<Watts> tdp;
  std::string tdp_source;
  std::optional<double> memory_bytes;
  std::string memory_source;
  std::optional<double> fp32_flops;    ///< peak, FLOP/s, dense, no tensor cores
  std::optional<double> tensor_flops;  ///< peak, FLOP/s, dense, of `tensor_format`
  std::string tensor_format;           ///< "fp16", "bf16"
  std::string throughput_source;
  Estimate<Watts>
      average_power;  ///< of the accelerator's system in training, as a paper measured it
  std::string average_power_source;
  std::vector<RentalPrice> prices;
  std::string note;  ///< what must be known to use the figures: "two GPUs on one board"
};

/// The shipped rows, then those of the user's configuration ([device.NAME] tables), which replace a
/// row of the same id. Errors: kInvalid, naming file and line.
JOULERY_EXPORT Result<std::vector<Accelerator>> load_accelerators(
    const std::vector<std::string>& config_files);

/// The row of that id or alias, whatever the case and the separators ("Titan-X", "titan x"). Never
/// a partial match. Errors: kInvalid, offering the nearest names.
JOULERY_EXPORT Result<Accelerator> find_accelerator(const std::vector<Accelerator>& rows,
                                                    std::string_view name);

/// One package of a server, a desktop or a laptop.
struct Cpu {
  std::string name;  ///< "Intel Xeon E5-2620 v3"
  Watts tdp;
  unsigned threads = 0;
  int year = 0;  ///< of launch
  std::string source;
};

/// What `joulery device` lists: all hardware of the tables, or what a search left of it.
struct DeviceTable {
  std::vector<Accelerator> accelerators;
  std::vector<Cpu> cpus;
};

/// load_accelerators() and the shipped CPUs. Errors: as there.
JOULERY_EXPORT Result<DeviceTable> load_devices(const std::vector<std::string>& config_files);
/// Those that hold every word in one of their names, their vendor, kind or year, whatever the case.
JOULERY_EXPORT DeviceTable search_devices(const DeviceTable& table,
                                          const std::vector<std::string>& words);
/// The one of that name: an accelerator as find_accelerator() finds it, else a CPU as the kernel
/// names it. Errors: kInvalid, offering the nearest names.
JOULERY_EXPORT Result<DeviceTable> find_device(const DeviceTable& table, std::string_view name);

}  // namespace joulery
