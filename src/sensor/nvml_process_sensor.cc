// sensor: whose processes run on the job's NVIDIA boards; see nvml_sensors.h.
#include <unistd.h>

#include "base/text.h"
#include "sensor/nvml_sensors.h"
#include "sensor/stamp.h"

namespace joulery {
namespace {

constexpr const char* kProcessCall = "nvmlDeviceGetComputeRunningProcesses";
constexpr unsigned kMostProcesses = 512;  // of one board; more are counted but not looked at
constexpr int kMostAncestors = 64;        // a loop in a tree that changes while it is walked

/// The fourth field of /proc/PID/stat; the second is a name in parentheses that may hold anything.
std::optional<std::int64_t> parent_of(const FileTree& files, std::int64_t pid) {
  const auto stat = files.read("/proc/" + std::to_string(pid) + "/stat");
  if (!stat) return {};
  const std::size_t name_end = stat->rfind(')');
  if (name_end == std::string::npos) return {};
  const auto fields = split(trim(std::string_view(*stat).substr(name_end + 1)), ' ');
  return fields.size() > 1 ? parse_integer(fields[1]) : std::nullopt;
}

/// Whether `pid` came from this program: the job that it measures, or itself. A process that /proc
/// hides is another user's.
bool is_ours(const FileTree& files, std::int64_t pid) {
  const std::int64_t self = getpid();
  for (int i = 0; i < kMostAncestors && pid > 1; ++i) {
    if (pid == self) return true;
    const auto parent = parent_of(files, pid);
    if (!parent) return false;
    pid = *parent;
  }
  return false;
}

class NvmlProcessSensor final : public Sensor {
 public:
  explicit NvmlProcessSensor(const NvmlContext& context)
      : context_(context), processes_(kMostProcesses) {}

  /// Not tried beforehand: a list takes milliseconds. Errors: kUnavailable where the library has no
  /// such call.
  Result<void> add(const NvmlJobBoard& job) {
    if (context_.nvml->api().compute_processes == nullptr)
      return context_.nvml->error(kNvmlFunctionNotFound, kProcessCall);
    Channel channel = job.channels.state("foreign_processes", Measure::kCount, 1);
    channel.group = static_cast<std::uint32_t>(channels_.size());
    channels_.push_back(std::move(channel));
    devices_.push_back(job.board.device);
    return {};
  }

  std::span<const Channel> channels() const override { return channels_; }
  Pace pace() const override { return {.period = Seconds(10)}; }

  Result<void> read(std::vector<Sample>& out) override {
    const std::size_t before = out.size();
    ReadFailures failures;
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      const Instant begin = context_.now();
      auto foreign = count_foreign(devices_[i]);
      if (foreign)
        out.push_back(stamped(begin, context_.now(), static_cast<double>(*foreign), i));
      else
        failures.add(std::move(foreign).error());
    }
    return failures.result(out.size() > before);
  }

 private:
  Result<std::uint64_t> count_foreign(NvmlDevice device) {
    auto* const call = context_.nvml->api().compute_processes;
    unsigned count = kMostProcesses;
    const NvmlReturn code = call == nullptr ? NvmlReturn{kNvmlFunctionNotFound}
                                            : call(device, &count, processes_.data());
    if (code == kNvmlInsufficientSize) return std::uint64_t{count};
    if (code != kNvmlSuccess) return context_.nvml->error(code, kProcessCall);
    std::uint64_t foreign = 0;
    for (unsigned i = 0; i < std::min(count, kMostProcesses); ++i)
      foreign += is_ours(*context_.files, processes_[i].pid) ? 0 : 1;
    return foreign;
  }

  NvmlContext context_;
  std::vector<NvmlDevice> devices_;
  std::vector<Channel> channels_;
  std::vector<NvmlProcess> processes_;
};

}  // namespace

std::unique_ptr<Sensor> open_nvml_processes(const NvmlContext& context,
                                            const std::vector<NvmlJobBoard>& jobs,
                                            std::vector<ChannelReport>& reports) {
  auto sensor = std::make_unique<NvmlProcessSensor>(context);
  for (const NvmlJobBoard& job : jobs) {
    const auto added = sensor->add(job);
    reports.push_back(added ? job.channels.report_ok(sensor->channels().back(),
                                                     "processes that are not the job's")
                            : job.channels.report_failed("foreign_processes", added.error()));
  }
  if (sensor->channels().empty()) return nullptr;
  return sensor;
}

}  // namespace joulery
