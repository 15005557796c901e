// trace: what the readers of other tools' logs share: stamps, numbers with units. All of it is
// bounded: a hostile log costs time, not memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/lines.h"
#include "joulery/sample.h"
#include "joulery/units.h"

namespace joulery {

/// Stamps of other tools, in UTC: "2023/07/08 19:28:27.236" (nvidia-smi), "03-17-2021 04:12:22.264"
/// (PTDaemon), ISO dates, and numbers counted since 1970 in s, ms, us or ns (told by their size).
/// Without a zone they are `offset` ahead of UTC (0 if empty). Empty outside of 1990..2100: no log
/// of power is older, and a wrong digit should not make a trace of a thousand years.
std::optional<WallTime> parse_stamp(std::string_view text,
                                    std::optional<std::chrono::minutes> offset);

/// How much of a Measure's own unit one `unit` is: 1e-3 for kPower and "mW". Empty: not its unit.
std::optional<double> unit_factor(Measure measure, std::string_view unit);

/// One field of a log.
struct Field {
  enum class Kind : std::uint8_t { kValue, kMissing, kImpossible, kGarbled };
  Kind kind = Kind::kGarbled;
  double value = 0;          ///< of kValue, in unit_of(measure)
  std::string_view missing;  ///< of kMissing: how the log says it, one of a few words
};
/// "46.19 W", "46.19", "[N/A]", "[Unknown Error]". `factor` applies where the field has no unit.
Field parse_field(std::string_view text, Measure measure, double factor);

/// A column's heading: "power.draw [W]" is {"power.draw", "W"}; the name in lower case.
struct Heading {
  std::string name;
  std::string unit;
};
Heading parse_heading(std::string_view text);

/// The words of a line, between blanks.
std::vector<std::string_view> words_of(std::string_view text);

}  // namespace joulery
