// trace: what is known of a GPU's own sensor when only a log of it is at hand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "joulery/sample.h"

namespace joulery {

inline constexpr double kMebibyte = 1024.0 * 1024.0;  ///< bytes, as these tools count memory

enum class GpuPower : std::uint8_t { kDraw, kAverage, kInstant };

/// The board of a GPU, e.g. "gpu/0/board", with a power or energy channel `name`, not yet
/// described.
Channel gpu_channel(const std::string& device, const std::string& name, Measure measure);

/// Averaging, duty, period and error of a board's power by `model` ("" where the log has none).
void describe_gpu_power(Channel& channel, std::string_view model, GpuPower which);
/// Only the averaging and duty of it, by the channel's model: for when the values tell which it is.
void set_gpu_window(Channel& channel, GpuPower which);
/// The same for its energy counter, in steps of `resolution` joules.
void describe_gpu_energy(Channel& channel, std::string_view model, Joules resolution);

}  // namespace joulery
