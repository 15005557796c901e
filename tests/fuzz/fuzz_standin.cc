// fuzz: hostile values of JOULERY_STANDIN, which any user of the stand-in may set. What is accepted
// is a machine that can be made: known models, finite numbers.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "standin/config.h"
#include "standin/gpu_model.h"

namespace joulery::standin {
namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check_gpu(const GpuConfig& gpu) {
  require(find_gpu_model(gpu.model) != nullptr);
  const LoadSpec& load = gpu.load;
  require(load.period > 0 && load.duty > 0 && load.duty < 1 && load.low.value >= 0 &&
          load.high.value >= 0);
  for (const double number :
       {load.period, load.phase, load.low.value, load.high.value, load.noise, load.compute,
        gpu.gain.value_or(1), gpu.offset.value_or(0), gpu.noise_w, gpu.lag})
    require(std::isfinite(number));
}

}  // namespace
}  // namespace joulery::standin

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace joulery::standin;
  std::string error;
  const auto config = parse_config({reinterpret_cast<const char*>(data), size}, error);
  require(config.has_value() == error.empty());
  if (!config) return 0;
  require(config->gpus.size() <= 64);
  require(std::isfinite(config->virtual_start) && config->pcie_ms >= 0);
  for (const GpuConfig& gpu : config->gpus) check_gpu(gpu);
  for (const Fault& fault : config->faults)
    require(!fault.kind.empty() && std::isfinite(fault.at) && std::isfinite(fault.value));
  return 0;
}
