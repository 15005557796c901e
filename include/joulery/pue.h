// pue: what a facility draws for each joule of its IT: hourly means from its meters, their days,
// months and year, how much they vary within a day, and a model of them on weather and load.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/series.h"
#include "joulery/units.h"

namespace joulery {

// ---- the readings

/// Limits of error of an electricity meter of class 1, IEC 62053-21: taken where none are given.
inline constexpr double kUsualMeterAccuracy = 0.01;

/// What a file of readings holds. Either `pue`, or `it` and `facility`; of `pue` an `it` beside it
/// is the load that it was read at.
struct PueReadings {
  std::string file;                   ///< as the user named it, for errors
  std::optional<Series> pue;          ///< ready ratios
  std::optional<Series> it;           ///< power, or energy of each piece
  std::optional<Series> facility;     ///< the same
  bool facility_has_it = false;       ///< `facility` is all that the site draws
  std::optional<Series> temperature;  ///< outdoors
};

/// How energies of a file are to be read.
enum class EnergyReading : std::uint8_t {
  kGuess,       ///< as energies of their interval; readings that never fall are refused
  kInterval,    ///< as energies of their interval
  kCumulative,  ///< as the state of a meter that counts on
};

/// What the user says of a file. Empty words are not given.
struct PueRequest {
  std::string file;
  std::string stamp_zone;   ///< of stamps without one: as SeriesRequest::time_zone
  std::string unit;         ///< of IT and facility columns whose heading has none: "kW"
  std::string temperature;  ///< FILE or FILE:COLUMN; else a column of `file` named for it, if any
  EnergyReading energy = EnergyReading::kGuess;
  double meter_accuracy = kUsualMeterAccuracy;  ///< as make_pue_profile()
};

/// Finds the columns by their headings: `pue*`, `it_*`, `facility_*` (without IT), `total_*` (with
/// it), `temperature*`, `dry_bulb*`, `wet_bulb*`. Errors: those of read_series(); kInvalid where
/// the columns are not one of the two kinds, naming those that are there.
JOULERY_EXPORT Result<PueReadings> read_pue_readings(const PueRequest& request);

// ---- hours, days, months, the year

/// An hour of the civil clock. Where the clock is set it may be shorter, or come twice.
struct PueHour {
  WallTime begin{}, end{};
  std::chrono::seconds offset{};      ///< of the civil clock from UTC
  double coverage = 0;                ///< share of the hour in which its PUE was known
  std::optional<double> mean;         ///< absent where too little of the hour was known
  double u = 0;                       ///< of the mean, k = 1: of the meters' gain alone
  std::optional<Watts> load;          ///< mean of the IT, where it was known
  std::optional<double> temperature;  ///< mean outdoors, degrees Celsius

  [[nodiscard]] double hours() const { return Seconds(end - begin).count() / 3600; }
};

/// A day, a month, a year or all of the readings.
struct PuePeriod {
  std::string name;                            ///< "2020-07-27", "2020-07", "2020"
  double hours = 0;                            ///< that the days with readings have
  double known_hours = 0;                      ///< that have a mean
  std::optional<double> mean;                  ///< of the hourly means, weighted by time
  std::optional<double> energy_weighted_mean;  ///< what times IT energy is site energy
  double u = 0;                                ///< of both means, k = 1: of the meters' gain alone
  std::optional<double> variation_pct;         ///< of a day; of more, the mean over its days
  std::optional<double> variation_u_pct;       ///< k = 1, of the meters' gain alone; absent where
                                               ///< that cancels, as nothing else is known of them
  std::size_t days = 0;                        ///< with readings
  std::size_t days_of_variation = 0;           ///< that the variation is the mean of
  std::optional<std::size_t> least_hour,
      greatest_hour;  ///< by mean: positions in PueProfile::hours
};

/// Hours whose PUE or IT load stands far out from the others: a wrong reading, or a rare state of
/// the hall. Nobody knows which, so they count; this says what they do.
struct FarOutHours {
  std::vector<std::size_t> hours;  ///< positions in PueProfile::hours
  double above_pue = 0;            ///< infinite: no PUE is far out
  Watts above_load;                ///< the same
  PuePeriod without;               ///< all of the readings without them; empty where there are none
};

struct PueProfile {
  std::string source;         ///< files and columns
  std::string temperature;    ///< its column; empty: none
  std::string time_zone;      ///< of hours, days and months
  double meter_accuracy = 0;  ///< limits of error of each meter, relative
  bool accuracy_given = false;
  std::vector<PueHour> hours;  ///< all of the days with readings, in order
  std::vector<PuePeriod> days, months, years;
  PuePeriod all;
  std::size_t silent_hours = 0;           ///< left out: nothing was known
  std::size_t partial_hours = 0;          ///< left out: less than kLeastHourCoverage was known
  std::size_t idle_hours = 0;             ///< left out: a PUE above kMostPue, the IT all but off
  std::vector<std::size_t> absurd_hours;  ///< left out: the same though the IT ran; positions
  FarOutHours far_out;
  std::size_t below_one = 0;       ///< readings below 1, by less than the meters' accuracy
  std::vector<std::string> notes;  ///< of the readers
};

/// A choice: an hour's mean stands for the hour where at least half of it was seen.
inline constexpr double kLeastHourCoverage = 0.5;
/// A choice: the greatest and the least hour of a day lie about half a day apart, so that of a day
/// with half its hours one of them would often be missing.
inline constexpr double kLeastDayCoverage = 0.75;

/// A choice: of a hall whose IT draws less than a hundredth of the site nothing is to be learnt by
/// a ratio.
inline constexpr double kMostPue = 100;

/// `meter_accuracy`: limits of error of each meter, relative; kUsualMeterAccuracy if empty.
/// Linear in the readings. Errors: kInvalid, naming file and line of readings that cannot be: a
/// PUE below 1 by more than the accuracy or above kMostPue, negative ones, and files of which no
/// hour is known.
JOULERY_EXPORT Result<PueProfile> make_pue_profile(const PueReadings& readings,
                                                   const TimeZone& zone,
                                                   std::optional<double> meter_accuracy = {});

// ---- a model on weather and load

/// PUE = 1 + a + b / u + k max(0, T - T_fc): u is the IT load as a share of `capacity`, T the
/// outdoor temperature. Immutable once fitted; may be read from any thread.
struct JOULERY_EXPORT PueModel {
  double a = 0;                   ///< overhead in proportion to IT
  double b = 0;                   ///< overhead that is there without IT, relative to `capacity`
  double k = 0;                   ///< of cooling, per degree above the knee
  double knee_c = 0;              ///< T_fc: up to here the outdoor air cools alone
  std::optional<Watts> capacity;  ///< absent: no load was known, or it hardly varied; b is 0
  std::string capacity_source;    ///< "--it-capacity", "largest hourly mean"
  std::string temperature;        ///< what T is: the column's name

  double residual_sd = 0;   ///< of an hour, about the fit
  double predicted_sd = 0;  ///< of an hour in a block of days that the fit had not seen
  double block_sd = 0;      ///< of the mean of such a block: what longer means do not average out
  double meter_u = 0;       ///< of a PUE by the gain of the meters, k = 1
  int block_days = 0;       ///< length of a block: hours near each other err alike
  std::size_t blocks = 0, hours = 0;
  /// Of (a, b, k, knee_c), from leaving out a block at a time (jackknife).
  std::array<std::array<double, 4>, 4> covariance{};
  double least_c = 0, greatest_c = 0;        ///< temperatures that the fit has seen
  double least_load = 0, greatest_load = 0;  ///< shares of capacity
  double mean_load = 0;                      ///< share of capacity, where none is given
  double mean_pue = 1;                       ///< of the fitted hours
  std::string source;                        ///< the readings

  /// Shares of the capacity, a choice: less or more is no load of this site, but a slip of the
  /// unit.
  static constexpr double kLeastLoad = 1e-6, kMostLoad = 10;

  /// Of an hour at this temperature and IT load, on average over all IT. Without a load: at the
  /// mean load of the fit. Beyond what the fit has seen u grows by half of what the model adds
  /// there (a choice). Missing for a load outside of kLeastLoad to kMostLoad.
  [[nodiscard]] Estimate<double> predict(double celsius, std::optional<Watts> load = {}) const;
  /// What one more joule of IT draws at the site: below predict(), because b is drawn anyway.
  /// Missing where the model knows no load.
  [[nodiscard]] Estimate<double> marginal(double celsius) const;
  /// Standard uncertainty of a, b, k, knee_c (0 to 3).
  [[nodiscard]] double term_u(std::size_t term) const;
};

/// Fits the hours that have a temperature and are not far out: linear least squares for a, b, k
/// (none negative) at each T_fc of a scan. `it_capacity`: of which the load is a share; the largest
/// hourly mean if empty. Errors: kInvalid where no temperature is known or too few hours are.
JOULERY_EXPORT Result<PueModel> fit_pue_model(const PueProfile& profile,
                                              std::optional<Watts> it_capacity = {});

/// Files of TOML, docs/formats/pue-model.md. Errors: kInvalid, naming file and key.
JOULERY_EXPORT std::string pue_model_toml(const PueModel& model);
JOULERY_EXPORT Result<PueModel> load_pue_model(const std::string& path);
JOULERY_EXPORT Result<PueModel> parse_pue_model(std::string_view text, const std::string& path);

/// PUE over time from a (forecast) temperature and, where given, IT power; a forecast if one of
/// them is. Pieces where both are known. Errors: kInvalid where that is nowhere.
JOULERY_EXPORT Result<Series> pue_series(const PueModel& model, const Series& temperature,
                                         const std::optional<Series>& load = {});

}  // namespace joulery
