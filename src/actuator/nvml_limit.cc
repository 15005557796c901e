// actuator: power limits of NVIDIA boards, through NVML.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "actuator/daemons.h"
#include "actuator/registry.h"
#include "hw/nvml_board.h"
#include "hw/privilege.h"

namespace joulery {
namespace {

constexpr double kMilliwatts = 1000;

std::optional<Watts> read_one(NvmlReturn (*call)(NvmlDevice, unsigned*), NvmlDevice device) {
  unsigned value = 0;
  if (call == nullptr || call(device, &value) != kNvmlSuccess) return std::nullopt;
  return Watts(value / kMilliwatts);
}

/// Whether a call says `wanted`; false where the library or the board does not know it.
bool says(NvmlReturn (*call)(NvmlDevice, unsigned*), NvmlDevice device, unsigned wanted) {
  unsigned value = 0;
  return call != nullptr && call(device, &value) == kNvmlSuccess && value == wanted;
}

bool has_field(const NvmlApi& api, NvmlDevice device, unsigned field, unsigned scope) {
  NvmlFieldValue value{};
  value.field = field;
  value.scope = scope;
  return api.field_values != nullptr && api.field_values(device, 1, &value) == kNvmlSuccess &&
         value.code == kNvmlSuccess;
}

/// As on Grace-Hopper: power is told of the module, NVIDIA's CPU included, and not of the GPU.
bool has_module_alone(const NvmlApi& api, NvmlDevice device) {
  const bool gpu = has_field(api, device, kNvmlEnergy, kNvmlGpuScope) ||
                   has_field(api, device, kNvmlPowerInstant, kNvmlGpuScope) ||
                   read_one(api.power, device).has_value();
  return !gpu && (has_field(api, device, kNvmlEnergy, kNvmlModuleScope) ||
                  has_field(api, device, kNvmlPowerInstant, kNvmlModuleScope));
}

// NVIDIA's names of boards whose limit its own service moves (nvidia-powerd, "Dynamic Boost";
// NVIDIA, Driver README, chapter "Dynamic Boost on Linux").
bool is_laptop(const std::string& name) {
  return name.find("Laptop") != std::string::npos || name.find("Max-Q") != std::string::npos;
}

CapRefusal refusal_of(const NvmlApi& api, const NvmlBoard& board, bool module) {
  if (board.failure) return {board.failure->message, "reset the GPU or restart the machine"};
  if (board.mig)
    return {"MIG is on: the limit is the whole board's, so that one tenant's cap would hit all",
            "turn MIG off (nvidia-smi -mig 0), or cap nothing"};
  if (says(api.virtualization, board.device, kNvmlVgpu))
    return {"a vGPU: the board and its limit are the host's", "cap it on the host"};
  if (module)
    return {"power is told and limited for the whole module, CPU included, not for the GPU alone",
            ""};
  if (is_laptop(board.name))
    return {"a laptop's GPU: the limit is moved by the machine itself (nvidia-powerd)", ""};
  if (says(api.limits_enabled, board.device, 0))
    return {"power management is off for this board", ""};
  if (api.set_limit == nullptr)
    return {"the driver's library has no nvmlDeviceSetPowerManagementLimit", "update the driver"};
  unsigned low_mw = 0;
  unsigned high_mw = 0;
  if (api.limit_range == nullptr ||
      api.limit_range(board.device, &low_mw, &high_mw) != kNvmlSuccess)
    return {"the board tells no range of limits: not supported", ""};
  if (low_mw >= high_mw) return {"the board has one limit only", ""};
  return {};
}

struct BoardPlace {
  std::size_t index = 0;  ///< in PCI order
  bool chosen = true;
  bool order_unknown = false;  ///< may_mean_others()
};

/// What runs on the machine beside us and sets limits, too.
struct Neighbours {
  bool powerd = false;  ///< NVIDIA's Dynamic Boost, which shares power between CPU and GPU
  bool dcgm = false;    ///< whose configuration may hold a limit that it sets again after a reset
};

Neighbours find_neighbours(const CapMachine& machine) {
  const RootScope root(machine.as_root);  // who sees all processes, whatever /proc hides
  return {has_process(*machine.files, "nvidia-powerd"),
          has_process(*machine.files, "nv-hostengine")};
}

class NvmlLimit final : public PowerCap {
 public:
  NvmlLimit(std::shared_ptr<const Nvml> nvml, const NvmlBoard& board, const BoardPlace& place,
            const Neighbours& neighbours, bool as_root)
      : nvml_(std::move(nvml)), device_(board.device), as_root_(as_root) {
    const bool module = !board.failure && has_module_alone(nvml_->api(), board.device);
    info_.id = board.uuid.empty() ? fmt::format("gpu/{}/board", place.index)
                                  : nvml_component(board, module);
    info_.kind = ComponentKind::kGpu;
    info_.chosen = place.chosen;
    info_.model = board.name;
    info_.refusal = refusal_of(nvml_->api(), board, module);
    if (info_.refusal.why.empty() && place.order_unknown)
      info_.refusal = {kOrderUnknown, kSetOrder};
    info_.epoch = nvml_->driver_epoch();
    info_.simulated = nvml_->simulated();
    if (info_.refusal.why.empty() && neighbours.powerd)
      info_.refusal = {"nvidia-powerd runs here and moves the limit itself",
                       "systemctl stop nvidia-powerd"};
    if (neighbours.dcgm)
      info_.notes.emplace_back(
          "DCGM (nv-hostengine) runs here: a limit in its configuration (dcgmi config --get) may "
          "be set again over ours");
    if (!board.failure && says(nvml_->api().persistence, device_, 0))
      info_.notes.emplace_back(
          "persistence mode is off: the limit is lost once no process uses the driver; while a "
          "lease is held, its guard does (nvidia-smi -pm 1 keeps it)");
    if (!board.failure) clocks_ = open_nvml_clocks(nvml_, board, as_root);
  }

  const CapInfo& info() const override { return info_; }

  Result<CapReading> read() override {
    const NvmlApi& api = nvml_->api();
    unsigned requested_mw = 0;
    if (api.requested_limit == nullptr) return nvml_->error(kNvmlFunctionNotFound, kRead);
    if (const NvmlReturn code = api.requested_limit(device_, &requested_mw); code != kNvmlSuccess)
      return nvml_->error(code, kRead);
    CapReading reading;
    reading.requested = Watts(requested_mw / kMilliwatts);
    reading.default_limit = read_one(api.default_limit, device_);
    reading.enforced = read_one(api.enforced_limit, device_);
    unsigned low_mw = 0;
    unsigned high_mw = 0;
    if (api.limit_range != nullptr && api.limit_range(device_, &low_mw, &high_mw) == kNvmlSuccess) {
      reading.least = Watts(low_mw / kMilliwatts);
      reading.most = Watts(high_mw / kMilliwatts);
    }
    return reading;
  }

  Result<void> write(Watts limit) override {
    const NvmlApi& api = nvml_->api();
    if (api.set_limit == nullptr) return nvml_->error(kNvmlFunctionNotFound, kWrite);
    const double mw = std::round(limit.count() * kMilliwatts);
    if (!(mw >= 1 && mw <= 1e9))
      return Error{ErrorCode::kInvalid, fmt::format("{}: no limit: {} W", info_.id, limit.count())};
    const RootScope root(as_root_);
    const NvmlReturn code = api.set_limit(device_, static_cast<unsigned>(mw));
    if (code == kNvmlSuccess) return {};
    Error error = nvml_->error(code, kWrite);
    if (code == kNvmlInvalidArgument) error.code = ErrorCode::kInvalid;
    return error;
  }

  ClockLock* clocks() override { return clocks_.get(); }

 private:
  static constexpr const char* kRead = "nvmlDeviceGetPowerManagementLimit";
  static constexpr const char* kWrite = "nvmlDeviceSetPowerManagementLimit";

  std::shared_ptr<const Nvml> nvml_;
  NvmlDevice device_;
  bool as_root_;
  CapInfo info_;
  std::unique_ptr<ClockLock> clocks_;
};

}  // namespace

Result<void> open_nvml_limits_on(const std::shared_ptr<const Nvml>& nvml, const CapMachine& machine,
                                 PowerCaps& caps) {
  const auto boards = list_nvml_boards(*nvml);
  if (!boards) return {};
  JOULERY_TRY(const auto chosen, select_nvml_boards(*nvml, *boards, machine.gpus));
  const bool order_unknown = may_mean_others(*boards, machine.gpus);
  const Neighbours neighbours = find_neighbours(machine);
  for (std::size_t i = 0; i < boards->size(); ++i) {
    const bool is_chosen = std::find(chosen.begin(), chosen.end(), i) != chosen.end();
    caps.push_back(std::make_unique<NvmlLimit>(nvml, (*boards)[i],
                                               BoardPlace{i, is_chosen, is_chosen && order_unknown},
                                               neighbours, machine.as_root));
  }
  return {};
}

Result<void> open_nvml_limits(const CapMachine& machine, PowerCaps& caps) {
  const bool named = !machine.gpus.devices.empty() && machine.gpus.origin == "--gpus";
  const auto nvml = machine.nvml_library.empty()
                        ? Result<std::shared_ptr<const Nvml>>(
                              Error{ErrorCode::kUnavailable, "no vendor library is opened here"})
                        : Nvml::open(machine.nvml_library);
  if (nvml) return open_nvml_limits_on(*nvml, machine, caps);
  if (!named) return {};
  return Error{ErrorCode::kInvalid, "--gpus: '" + machine.gpus.devices.front() +
                                        "' cannot be had: " + nvml.error().message};
}

}  // namespace joulery
