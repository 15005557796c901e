// report: estimates of any unit as plain numbers, and how people read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "joulery/units.h"

namespace joulery {

/// Expanded uncertainty U = k u; k = 2 is about 95 % (GUM 6.2.1). All that people read has this k.
inline constexpr double kCoverageFactor = 2;

inline double count_of(double value) { return value; }
inline double count_of(Seconds value) { return value.count(); }
template <class Kind>
double count_of(Quantity<Kind> value) {
  return value.count();
}

/// The same estimate without its type, in a unit of which one base unit makes `scale`.
/// A value or uncertainty that is not finite is a bug upstream; it becomes missing, so that no
/// report prints it.
Estimate<double> scaled(Estimate<double> number, double scale);
template <class T>
Estimate<double> as_number(const Estimate<T>& from, double scale = 1) {
  Estimate<double> number;
  if (from.value) number.value = count_of(*from.value);
  number.u = count_of(from.u);
  number.evidence = from.evidence;
  number.coverage = from.coverage;
  number.top = from.top;
  number.why = from.why;
  return scaled(std::move(number), scale);
}

/// A unit for people: multiply the SI value by `factor` to get the number that stands before
/// `name`.
struct Scale {
  const char* name;
  double factor;
};
Scale energy_scale(double joules);  ///< J, Wh, kWh, MWh
Scale carbon_scale(double grams);   ///< g, kg, t

/// "45.2 ± 2.3" (k = 2), "45.2" where the value is exact, "-" where it is missing.
std::string plus_minus(const Estimate<double>& number);
/// The same with its unit: "45.2 ± 2.3 Wh".
std::string plus_minus(const Estimate<double>& number, std::string_view unit);
/// Rounded as plus_minus does, but without the uncertainty.
std::string rounded(const Estimate<double>& number);
/// Three significant digits, for numbers that stand without their uncertainty: "334", "1.48".
std::string three_digits(const Estimate<double>& number);
/// What is saved, in percent: "15.6 ± 1.2 %" (k = 2), "15.6 %" where nothing of `u` shows.
std::string saved_percent(double percent, std::optional<double> u);
/// "99.8 %"; "100 %" only of the whole.
std::string percent(double share);

}  // namespace joulery
