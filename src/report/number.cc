// report: numbers for people, see number.h.
#include "report/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace joulery {
Estimate<double> scaled(Estimate<double> number, double scale) {
  if (number.value) *number.value *= scale;
  number.u *= scale;
  const bool finite = std::isfinite(number.value.value_or(0)) && std::isfinite(number.u);
  if (!finite) return Estimate<double>::missing("its computation gave no finite number");
  if (!std::isfinite(number.coverage)) number.coverage = 0;
  return number;
}

Scale energy_scale(double joules) {
  constexpr double kPerWattHour = 1000 / kJoulesPerKilowattHour;
  const double watt_hours = std::abs(joules) * kPerWattHour;
  if (watt_hours < 1) return {"J", 1};
  if (watt_hours < 1e3) return {"Wh", kPerWattHour};
  if (watt_hours < 1e6) return {"kWh", kPerWattHour * 1e-3};
  return {"MWh", kPerWattHour * 1e-6};
}

Scale carbon_scale(double grams) {
  if (std::abs(grams) < 1e3) return {"g", 1};
  if (std::abs(grams) < 1e6) return {"kg", 1e-3};
  return {"t", 1e-6};
}

std::string plus_minus(const Estimate<double>& number) {
  if (!number) return "-";
  const auto [value, expanded] = format_rounded(*number.value, kCoverageFactor * number.u);
  return number.u > 0 ? value + " \u00b1 " + expanded : value;
}

std::string plus_minus(const Estimate<double>& number, std::string_view unit) {
  return number ? fmt::format("{} {}", plus_minus(number), unit) : "-";
}

std::string rounded(const Estimate<double>& number) {
  if (!number) return "-";
  return format_rounded(*number.value, kCoverageFactor * number.u).first;
}

std::string three_digits(const Estimate<double>& number) {
  if (!number) return "-";
  if (*number.value == 0) return "0";
  // Rounded first: 9.996 has one digit more before the point than it looks.
  const double value = parse_number(fmt::format("{:.2e}", *number.value)).value_or(*number.value);
  const double decimals = std::clamp(2 - std::floor(std::log10(std::abs(value))), 0.0, 9.0);
  return format_fixed(value, static_cast<int>(decimals));
}

std::string saved_percent(double percent, std::optional<double> u) {
  constexpr double kLeastU = 0.05;  // less does not show in the digits that are printed
  if (u.value_or(0) < kLeastU) return format_fixed(percent, 1) + " %";
  return plus_minus(Estimate<double>::of(percent, *u, Evidence::kModelled), "%");
}

std::string percent(double share) {
  constexpr double kLargestPart = 99.9;  // a part is never rounded up to the whole
  if (share >= 1) return "100 %";
  return fmt::format("{:.1f} %", std::min(100 * share, kLargestPart));
}

}  // namespace joulery
