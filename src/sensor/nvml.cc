// sensor: finds NVIDIA's library and its boards, and makes the sensors of those that belong to the
// job; see nvml.h.
#include "sensor/nvml.h"

#include "sensor/nvml_sensors.h"

namespace joulery {
namespace {

constexpr const char* kNoLibrary =
    "where there is an NVIDIA GPU: install its driver's library (Debian: libnvidia-ml1), or start "
    "the container with its "
    "GPUs";
constexpr const char* kNoDriver = "load the driver (modprobe nvidia) and see that nvidia-smi works";
// NVML_ERROR_LIB_RM_VERSION_MISMATCH, nvml.h
constexpr const char* kOtherVersion =
    "restart the machine, or reload the driver's modules: its library and its kernel module are of "
    "two versions, as they are after an upgrade of the driver until the next start";
constexpr const char* kAnyBoard = "gpu/*/board";
constexpr const char* kNoRight = "the user needs access to /dev/nvidia*; ask the administrator";

ChannelReport report_absent(const Error& error, std::string advice) {
  const bool denied = error.code == ErrorCode::kDenied;
  return {.id = kAnyBoard,
          .kind = ComponentKind::kGpu,
          .source = "nvml",
          .status = denied ? ChannelStatus::kDenied : ChannelStatus::kUnavailable,
          .why = error.message,
          .advice = denied ? kNoRight : std::move(advice)};
}

/// GPUs that the user named cannot be had: then the whole is an error, else a line of the report.
Result<void> absent(const Error& error, const char* advice, const SensorOptions& options,
                    SensorSet& set) {
  if (!options.gpus.devices.empty() && options.gpus.origin == "--gpus")
    return Error{ErrorCode::kInvalid,
                 "--gpus: '" + options.gpus.devices.front() + "' cannot be had: " + error.message};
  set.reports.push_back(report_absent(error, advice));
  return {};
}

std::string library_path(const Machine& machine, const SensorOptions& options) {
  if (!options.sysroot.empty()) return options.sysroot + "/usr/lib/" + kNvmlLibrary;
  return machine.vendor_libraries ? kNvmlLibrary : "";
}

/// A board of the job that gives nothing: a component of the account all the same, so that the sum
/// without it is known as a lower bound.
class UnreadBoard final : public Sensor {
 public:
  explicit UnreadBoard(const std::string& component) {
    channel_.id = component + "/energy";
    channel_.component = component;
    channel_.kind = ComponentKind::kGpu;
    channel_.measure = Measure::kEnergy;
    channel_.source = "nvml";
    channel_.resolution = 1e-3;  // NVML counts in mJ
  }
  std::span<const Channel> channels() const override { return {&channel_, 1}; }
  Result<void> read(std::vector<Sample>&) override { return {}; }

 private:
  Channel channel_;
};

void report_lost(const NvmlBoard& board, std::size_t index, SensorSet& set) {
  ChannelReport report = report_absent(*board.failure, "reset the GPU or restart the machine");
  report.id = "gpu/" + (board.uuid.empty() ? std::to_string(index) : board.uuid) + "/board";
  set.sensors.push_back(std::make_unique<UnreadBoard>(report.id));
  set.reports.push_back(std::move(report));
}

/// NVML's words for a machine without a driver, so without GPUs that anything could use:
/// NVML_ERROR_DRIVER_NOT_LOADED, NVML_ERROR_LIBRARY_NOT_FOUND.
bool has_no_driver(const Error& error) {
  return error.message.ends_with("(9)") || error.message.ends_with("(12)");
}

const char* advice_for(const Error& error) {
  if (!error.message.starts_with("nvml")) return kNoLibrary;
  return error.message.ends_with("(18)") ? kOtherVersion : kNoDriver;
}

/// Whether boards may be there all the same: the kernel has the driver, or the library knows of it
/// but does not let us in.
bool may_have_boards(const Error& error, const Machine& machine) {
  if (machine.files->list("/proc/driver/nvidia")) return true;
  return error.message.starts_with("nvml") && !has_no_driver(error);
}

void add_sensor(std::unique_ptr<Sensor> sensor, SensorSet& set) {
  if (sensor != nullptr) set.sensors.push_back(std::move(sensor));
}

}  // namespace

Result<void> open_nvml(const Machine& machine, const SensorOptions& options, SensorSet& set) {
  if (options.gpus.none) {
    set.reports.push_back(
        report_absent({ErrorCode::kUnavailable, options.gpus.origin + " gives the job no GPU"},
                      "--gpus all measures them all the same"));
    return {};
  }
  const std::string path = library_path(machine, options);
  if (path.empty())
    return leave_out_nvml({ErrorCode::kUnavailable, "no vendor library is opened here"}, machine,
                          options, set);
  auto nvml = Nvml::open(path);
  if (nvml) return open_nvml_on(*nvml, machine, options, set);
  return leave_out_nvml(nvml.error(), machine, options, set);
}

Result<void> leave_out_nvml(const Error& error, const Machine& machine,
                            const SensorOptions& options, SensorSet& set) {
  JOULERY_CHECK(absent(error, advice_for(error), options, set));
  if (may_have_boards(error, machine))
    set.sensors.push_back(std::make_unique<UnreadBoard>(kAnyBoard));
  return {};
}

Result<void> open_nvml_on(const std::shared_ptr<const Nvml>& nvml, const Machine& machine,
                          const SensorOptions& options, SensorSet& set) {
  const auto boards = list_nvml_boards(*nvml);
  if (!boards) return leave_out_nvml(boards.error(), machine, options, set);
  if (boards->empty())
    return absent({ErrorCode::kUnavailable, "the driver " + nvml->driver() + " sees no GPU"},
                  kNoLibrary, options, set);
  JOULERY_TRY(const std::vector<std::size_t> chosen,
              select_nvml_boards(*nvml, *boards, options.gpus));

  const NvmlContext context{.nvml = nvml, .now = machine.now, .files = machine.files};
  const bool order_unknown = may_mean_others(*boards, options.gpus);
  std::vector<NvmlJobBoard> jobs;
  for (const std::size_t i : chosen) {
    const NvmlBoard& board = (*boards)[i];
    if (board.failure) {
      report_lost(board, i, set);
      continue;
    }
    JOULERY_TRY(auto calibration, load_calibration(options.calibration_dir, board.uuid));
    jobs.push_back({board, NvmlChannels(*nvml, board, std::move(calibration))});
    if (order_unknown) jobs.back().channels.set_order_unknown();
    add_sensor(open_nvml_board(context, jobs.back(), set.reports), set);
  }
  add_sensor(open_nvml_slow(context, jobs, set.reports), set);
  add_sensor(open_nvml_processes(context, jobs, set.reports), set);
  return {};
}

}  // namespace joulery
