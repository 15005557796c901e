// series: values over time: carbon intensity, PUE, electricity price, weather, meters. From files
// of several kinds or from a live source; whatever their step, order, zone and gaps were, what
// leaves the readers is one thing: pieces of constant value, in order, in UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

/// What the values of a series are, and with it their unit inside the program.
enum class SeriesMeasure : std::uint8_t {
  kIntensity,    ///< g CO2e per joule
  kPue,          ///< ratio, 1 or more
  kPrice,        ///< money per joule; `currency` names the money
  kPower,        ///< watts
  kEnergy,       ///< joules used in the piece
  kTemperature,  ///< degrees Celsius
};

/// A value that held from `begin` up to `end`, which is not part of it.
struct SeriesPiece {
  WallTime begin{}, end{};
  double value = 0;
};

/// A number that nobody knows exactly and that values of a series are made with: what the coal of a
/// mix emits, what a source without a factor is.
struct SeriesError {
  std::string name;  ///< "coal", "unicorn without a factor"
  /// One number for all moments, so that it is off everywhere at once; else each moment may have
  /// its own.
  bool same_at_all_times = true;
  /// Of each piece, in the unit of its value: by what the value is off where the number is off by
  /// its standard uncertainty.
  std::vector<double> u;
};

struct Series {
  SeriesMeasure measure = SeriesMeasure::kIntensity;
  std::string name;    ///< zone or column: "DE"
  std::string source;  ///< "FILE, column DE"; of a live source also when it was asked
  std::string kind;    ///< of an intensity: "average" or "marginal"; empty: the source tells none
  bool forecast = false;  ///< not what was, but what was foretold
  std::string currency;   ///< of a price
  double relative_u = 0;  ///< standard uncertainty of a gain common to all values; 0: none is told
  std::vector<SeriesError> errors;   ///< independent of each other and of the gain
  std::vector<SeriesPiece> pieces;   ///< never empty, in order, without overlap; between two whose
                                     ///< ends do not meet nothing is known
  std::vector<std::uint64_t> lines;  ///< of the file, in which each piece stands; empty: of no file
  std::vector<std::string> notes;    ///< what was settled by a rule: order, duplicates, gaps
};

/// A file as a user names it: FILE or FILE:COLUMN, and what the file itself does not tell.
struct SeriesRequest {
  /// "zones.csv:DE", "production.csv:mix"; "live:DE" asks the live source of the configuration for
  /// its forecast, "live:DE:history" for the last day.
  std::string file{};
  std::string flag{};  ///< that named it, for errors
  SeriesMeasure measure = SeriesMeasure::kIntensity;
  std::string time_zone{};  ///< of stamps without one: "UTC" if empty, "Europe/Berlin", "+01:00"
  std::string unit{};       ///< of values whose heading has none: "g/kWh", "USD/MWh"
  double least_pue = 1;     ///< of a PUE: less is an error of the file; meters may be off a little
  bool counts_on = false;   ///< of energies: the states of a meter, even where no heading says so
  std::string kind{};       ///< "average" or "marginal", where the file does not say
  std::vector<std::string> config_files{};  ///< for the live source
};

/// Errors: kInvalid, naming file, line and column; kUsage for a column that is not there, offering
/// the nearest; kUnavailable where there is no file or the live source does not answer.
JOULERY_EXPORT Result<Series> read_series(const SeriesRequest& request);

/// The headings of a file, the stamps' among them. Errors: as read_series().
JOULERY_EXPORT Result<std::vector<std::string>> series_columns(const std::string& path,
                                                               const std::string& flag);

/// A time zone by its IANA name ("America/Denver"), "UTC", or a fixed offset ("+01:00").
/// Cheap to copy; all members may be called from any thread.
class JOULERY_EXPORT TimeZone {
 public:
  /// Errors: kUsage, naming `flag` and the nearest names.
  static Result<TimeZone> named(std::string_view name, std::string_view flag);
  TimeZone() = default;  ///< UTC

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Of the civil clock there: local time is UTC + offset.
  [[nodiscard]] std::chrono::seconds offset_at(WallTime time) const;
  /// The time at which the civil clock shows this. Twice a year there are two such (the earlier is
  /// taken, `second` asks for the later) or none (empty).
  [[nodiscard]] std::optional<WallTime> from_local(std::chrono::local_time<Micros> local,
                                                   bool second = false) const;

 private:
  std::string name_ = "UTC";
  std::chrono::seconds fixed_{0};
  const void* rules_ = nullptr;  ///< lives as long as the program; null: `fixed_` holds
};

}  // namespace joulery
