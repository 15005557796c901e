// actuator: the highest SM clock of NVIDIA boards, locked through NVML (Volta and later).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "actuator/registry.h"
#include "hw/privilege.h"

namespace joulery {
namespace {

constexpr unsigned kMostClocks = 4096;  // a choice: an A100 lists 81

Hertz hertz_of(unsigned mhz) { return Hertz(mhz * kHertzPerMegahertz); }

class NvmlClocks final : public ClockLock {
 public:
  NvmlClocks(std::shared_ptr<const Nvml> nvml, NvmlDevice device, bool as_root)
      : nvml_(std::move(nvml)), device_(device), as_root_(as_root) {}

  // Those of the highest memory clock, at which boards work.
  Result<ClockRange> range() override {
    JOULERY_TRY(const auto memory,
                list("nvmlDeviceGetSupportedMemoryClocks", [this](unsigned* count, unsigned* mhz) {
                  return nvml_->api().memory_clocks(device_, count, mhz);
                }));
    const unsigned highest = *std::max_element(memory.begin(), memory.end());
    JOULERY_TRY(const auto graphics,
                list("nvmlDeviceGetSupportedGraphicsClocks", [&](unsigned* count, unsigned* mhz) {
                  return nvml_->api().graphics_clocks(device_, highest, count, mhz);
                }));
    const auto [least, most] = std::minmax_element(graphics.begin(), graphics.end());
    return ClockRange{hertz_of(*least), hertz_of(*most)};
  }

  Result<Hertz> now() override {
    constexpr const char* kCall = "nvmlDeviceGetClockInfo";
    unsigned mhz = 0;
    if (nvml_->api().clock == nullptr) return nvml_->error(kNvmlFunctionNotFound, kCall);
    const NvmlReturn code = nvml_->api().clock(device_, kNvmlClockSm, &mhz);
    if (code != kNvmlSuccess) return nvml_->error(code, kCall);
    return hertz_of(mhz);
  }

  // From the least clock on: an idle board still goes down.
  Result<void> lock(Hertz most) override {
    JOULERY_TRY(const ClockRange range, this->range());
    const double mhz = std::round(most.count() / kHertzPerMegahertz);
    if (!(mhz >= 1 && mhz <= 1e6))
      return Error{ErrorCode::kInvalid, fmt::format("no clock: {} Hz", most.count())};
    const auto least = static_cast<unsigned>(range.least.count() / kHertzPerMegahertz);
    const RootScope root(as_root_);
    return result_of(nvml_->api().lock_clocks(device_, std::min(least, static_cast<unsigned>(mhz)),
                                              static_cast<unsigned>(mhz)),
                     "nvmlDeviceSetGpuLockedClocks");
  }

  Result<void> unlock() override {
    const RootScope root(as_root_);
    return result_of(nvml_->api().reset_locked_clocks(device_), "nvmlDeviceResetGpuLockedClocks");
  }

 private:
  template <class Call>
  Result<std::vector<unsigned>> list(const char* name, Call call) {
    std::vector<unsigned> clocks(kMostClocks);
    unsigned count = kMostClocks;
    if (const NvmlReturn code = call(&count, clocks.data()); code != kNvmlSuccess)
      return nvml_->error(code, name);
    clocks.resize(std::min(count, kMostClocks));
    if (clocks.empty()) return nvml_->error(kNvmlNotSupported, name);
    return clocks;
  }

  Result<void> result_of(NvmlReturn code, const char* call) {
    if (code == kNvmlSuccess) return {};
    Error error = nvml_->error(code, call);
    if (code == kNvmlInvalidArgument) error.code = ErrorCode::kInvalid;
    return error;
  }

  std::shared_ptr<const Nvml> nvml_;
  NvmlDevice device_;
  bool as_root_;
};

}  // namespace

std::unique_ptr<ClockLock> open_nvml_clocks(std::shared_ptr<const Nvml> nvml,
                                            const NvmlBoard& board, bool as_root) {
  const NvmlApi& api = nvml->api();
  if (api.memory_clocks == nullptr || api.graphics_clocks == nullptr ||
      api.lock_clocks == nullptr || api.reset_locked_clocks == nullptr)
    return nullptr;
  auto clocks = std::make_unique<NvmlClocks>(std::move(nvml), board.device, as_root);
  const auto range = clocks->range();
  // Boards before Volta list clocks and lock none (NVML API Reference,
  // nvmlDeviceSetGpuLockedClocks).
  const bool old = board.architecture != 0 && board.architecture < kNvmlVolta;
  if (old || (!range && range.error().code == ErrorCode::kUnavailable)) return nullptr;
  return clocks;
}

}  // namespace joulery
