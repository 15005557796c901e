// fuzz: hostile calibration files. What is accepted is what docs/formats/calibration.md allows.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "sensor/calibration.h"

namespace {

bool within(double value, double low, double high) { return value >= low && value <= high; }

bool sound(const joulery::Calibration& calibration) {
  return within(calibration.gain, 0.5, 2) && within(calibration.u_gain, 1e-6, 0.5) &&
         within(calibration.offset.count(), -100, 100) &&
         within(calibration.u_offset.count(), 0, 100) &&
         within(calibration.driver_major.value_or(1), 1, 9999);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto calibration = joulery::parse_calibration(text, "BOARD.toml");
  if (!calibration) {
    if (!calibration.error().message.starts_with("BOARD.toml:")) __builtin_trap();
    return 0;
  }
  if (!sound(*calibration)) __builtin_trap();
  (void)joulery::applies(*calibration, "energy", 550);
  joulery::Accuracy accuracy;
  joulery::apply(*calibration, accuracy);
  return 0;
}
