// series: what the heading of a column tells: the unit of its values, and the kind of an intensity.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "joulery/series.h"

namespace joulery::series {

/// How a value becomes one in the unit that the program counts in: value * factor + offset.
struct UnitScale {
  double factor = 1;
  double offset = 0;
  std::string currency;  ///< of a price
};

/// Power for "kW", energy for "kWh", whatever the case; empty for a unit of neither.
std::optional<SeriesMeasure> meter_measure(std::string_view unit);
/// The same of a heading, by the last such unit in it: power for "IT hall J (kW)".
std::optional<SeriesMeasure> meter_measure_in_heading(std::string_view heading);

/// Whether a heading names something per energy, known or not: then no other unit is taken for
/// granted.
bool names_a_rate(std::string_view heading);

/// Of a source of electricity, g/kWh: the worst hydropower has 2,200.
inline constexpr double kMostGrams = 1e5;

/// "g/kWh", "lbs/MWh", "EUR/MWh", "kW", "degF": empty where it is no unit of that measure.
std::optional<UnitScale> scale_of(std::string_view unit, SeriesMeasure measure);
/// The unit that a heading names, "Carbon intensity gCO2eq/kWh (direct)", "it_power_kw"; empty:
/// none.
std::optional<UnitScale> unit_in_heading(std::string_view heading, SeriesMeasure measure);
/// "average" or "marginal" where the words of a heading say so, else empty.
std::string kind_in_heading(std::string_view heading);
bool is_forecast_heading(std::string_view heading);
/// A meter that only rises, of which differences count.
bool is_cumulative_heading(std::string_view heading);
/// A right unit, for errors.
std::string_view example_unit(SeriesMeasure measure);

}  // namespace joulery::series
