// project: the times, durations and energies that job logs hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "joulery/units.h"

namespace joulery::project {

/// A moment of a log, in microseconds since 1970, or since the log's own zero.
struct Stamp {
  enum class Kind : std::uint8_t { kNone, kTime, kGarbled };
  Kind kind = Kind::kNone;
  bool calendar = false;  ///< since 1970; else since the log's own zero
  std::int64_t us = 0;

  explicit operator bool() const { return kind == Kind::kTime; }
};

/// Reads stamps; those of one day follow one another, so the last day is kept.
class StampReader {
 public:
  /// RFC 3339 with or without a zone (without: as the clock on the wall showed it), or a number of
  /// seconds, ms, us or ns, told by its size: since 1970 where it lies in 1990..2100, else since
  /// the log's own zero. "", "Unknown", "None" and the like are kNone.
  Stamp read(std::string_view text);

 private:
  std::optional<std::int64_t> seconds_of_day(std::string_view date);
  char date_[10] = {};
  std::int64_t day_s_ = 0;
};

/// Slurm's "[days-]hours:minutes:seconds[.fraction]" or "minutes:seconds", or a number of `unit`
/// seconds. Empty where it is neither; negative ones are given as they are.
std::optional<Micros> parse_elapsed(std::string_view text, double unit = 1);

/// ConsumedEnergy: "1.23M" J; K, M, G are powers of 1000, as Slurm's sacct writes them. Empty where
/// it is no number, and for "not known" (empty, 0, Slurm's 2^64 - 2): without an energy plugin
/// Slurm writes 0.
std::optional<double> parse_consumed_energy(std::string_view text);

/// "", "Unknown", "None", "N/A", "null", "-": nothing is said.
bool says_nothing(std::string_view text);

}  // namespace joulery::project
