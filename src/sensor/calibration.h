// sensor: what a user measured about a board's gain and offset, one file a board;
// docs/formats/calibration.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "joulery/result.h"
#include "joulery/sample.h"

namespace joulery {

struct Calibration {
  double gain = 1;    ///< true = gain x reading - offset
  double u_gain = 0;  ///< relative standard uncertainty of `gain`
  Watts offset{};
  Watts u_offset{};
  std::optional<unsigned> driver_major;  ///< the driver that it was taken with
  std::string field;  ///< the one channel that it is of; empty: energy and power alike
  std::string path;
};

/// Errors: kInvalid, naming `path`, the line and what was seen.
Result<Calibration> parse_calibration(std::string_view text, const std::string& path);

/// DIR/BOARD.toml. Empty where there is no such file or no directory.
/// Errors: kInvalid (malformed), kDenied (it is there but cannot be read).
Result<std::optional<Calibration>> load_calibration(const std::string& dir,
                                                    const std::string& board);

/// Whether it holds for this channel ("energy", "power_instant", ...) with this driver.
bool applies(const Calibration& calibration, std::string_view channel, unsigned driver_major);
void apply(const Calibration& calibration, Accuracy& accuracy);

}  // namespace joulery
