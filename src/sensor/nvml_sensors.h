// sensor: the sensors made of NVIDIA boards: each board's own, and those that read all boards now
// and then.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "hw/file_tree.h"
#include "joulery/sensor.h"
#include "sensor/nvml_channels.h"

namespace joulery {

/// What the sensors of the boards share.
struct NvmlContext {
  std::shared_ptr<const Nvml> nvml;
  std::function<Instant()> now;
  std::shared_ptr<const FileTree> files;  ///< /proc tells whose processes run on a board
};

/// A board of the job with the maker of its channels.
struct NvmlJobBoard {
  NvmlBoard board;
  NvmlChannels channels;
};

/// Energy, power, utilisation, memory, temperature, clocks: at the loop's own period. Null where
/// nothing can be read. Finds out here whether only the module can be read, and tells
/// `job.channels`.
std::unique_ptr<Sensor> open_nvml_board(const NvmlContext& context, NvmlJobBoard& job,
                                        std::vector<ChannelReport>& reports);

/// Limits, throttle reasons and PCIe throughput of all boards, once a second: the last blocks for
/// 20 ms a direction.
std::unique_ptr<Sensor> open_nvml_slow(const NvmlContext& context,
                                       const std::vector<NvmlJobBoard>& jobs,
                                       std::vector<ChannelReport>& reports);

/// How many processes of others run on each board, every ten seconds: a list took 4.5 ms and held
/// the driver's lock (flightlessmango/MangoHud pull request 2104).
std::unique_ptr<Sensor> open_nvml_processes(const NvmlContext& context,
                                            const std::vector<NvmlJobBoard>& jobs,
                                            std::vector<ChannelReport>& reports);

}  // namespace joulery
