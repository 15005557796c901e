// estimate: values as people write them, see written.h.
#include "estimate/written.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"

namespace joulery::estimate {
namespace {

// A choice: more device time than all computers of the world can have served.
constexpr double kMostDeviceHours = 1e15;
// A choice: twice what all data centres drew in 2024 (IEA, Energy and AI, 2025: 415 TWh).
constexpr Watts kMostPower(1e11);
constexpr Joules kMostEnergy(1e21);  // a choice: 300 GW for a century
constexpr double kMostCount = 1e18;
constexpr double kMostDevices = 1e9;      // a choice
constexpr double kMostOperations = 1e33;  // a choice: 10^8 times what any model took by 2026

struct Halves {
  std::string_view value;  ///< of "84h+-1h"
  std::optional<std::string_view> spread;
};
Halves halves_of(std::string_view text) {
  for (const std::string_view sign : {"+-", "±"})
    if (const std::size_t at = text.find(sign); at != std::string_view::npos)
      return {trim(text.substr(0, at)), trim(text.substr(at + sign.size()))};
  return {trim(text), std::nullopt};
}

std::string_view number_in(std::string_view text) {
  return text.substr(0, text.find_first_not_of("0123456789.+-eE"));
}

/// Standard uncertainty of a number that was rounded to the digits that it is written with,
/// relative to it.
double rounding_u(std::string_view text) {
  const std::string_view digits = number_in(trim(text));
  const std::string_view mantissa = digits.substr(0, digits.find_first_of("eE"));
  const auto value = parse_number(mantissa);
  if (!value || *value == 0) return 0;
  const std::size_t point = mantissa.find('.');
  const std::size_t decimals = point == std::string_view::npos ? 0 : mantissa.size() - point - 1;
  const double half = 0.5 * std::pow(10.0, -static_cast<double>(decimals));
  return half / std::abs(*value) / std::sqrt(3.0);
}

double plain(Seconds t) { return t.count(); }
template <class Kind>
double plain(Quantity<Kind> q) {
  return q.count();
}

template <class T>
using Parser = Result<T> (*)(std::string_view text, std::string_view flag);

/// The half-width behind +-: a percentage, or a value like the first.
template <class T>
Result<T> read_spread(const WrittenValue& written, std::string_view spread, T value,
                      Parser<T> parse) {
  if (spread.ends_with('%')) {
    const auto percent = parse_number(spread.substr(0, spread.size() - 1));
    if (percent && *percent >= 0 && *percent <= 100) return T(plain(value) * *percent / 100);
    return error_of(written, "has no right uncertainty", "+-5%");
  }
  const auto u = parse(spread, written.where);
  if (u && *u <= value) return *u;
  return error_of(written, "has no right uncertainty behind its sign", "+-5%");
}

template <class T>
Result<Estimate<T>> read_with_spread(const WrittenValue& written, Parser<T> parse, double unstated,
                                     const char* name) {
  const Halves halves = halves_of(written.text);
  const auto value = parse(halves.value, written.where);
  if (!value) return Error{written.code, value.error().message};
  if (!(*value > T(0))) return error_of(written, "is nothing at all", "a value above 0");
  T u(plain(*value) * unstated);
  if (halves.spread) {
    JOULERY_TRY(u, read_spread(written, *halves.spread, *value, parse));
  }
  return Estimate<T>::of(*value, u, Evidence::kConstant, name, 0);
}

Result<Seconds> parse_device_time(std::string_view text, std::string_view flag) {
  const std::string_view whole = trim(text);
  const bool days = whole.ends_with('d');
  const auto number =
      days || whole.ends_with('h') ? parse_number(whole.substr(0, whole.size() - 1)) : std::nullopt;
  const double hours = number ? *number * (days ? 24 : 1) : -1;
  if (hours < 0 || hours > kMostDeviceHours)
    return Error{ErrorCode::kUsage, fmt::format("{}: '{}' is no time in h or d that devices could "
                                                "serve; for example 184320h",
                                                flag, text)};
  return Seconds(hours * kSecondsPerHour);
}

Result<GramsCo2> parse_mass(std::string_view text, std::string_view flag) {
  struct Unit {
    std::string_view name;
    double grams;
  };
  // The longest first: "kg" ends in "g", and "t" in nothing else.
  static constexpr std::array kUnits = {Unit{"kg", 1e3}, Unit{"lb", kGramsPerPound}, Unit{"g", 1},
                                        Unit{"t", 1e6}};
  const std::string_view whole = trim(text);
  for (const Unit& unit : kUnits) {
    if (!whole.ends_with(unit.name)) continue;
    const auto number = parse_number(whole.substr(0, whole.size() - unit.name.size()));
    if (number && *number >= 0) return GramsCo2(*number * unit.grams);
    break;
  }
  return Error{
      ErrorCode::kUsage,
      fmt::format("{}: '{}' is no mass in g, kg, t or lb; for example 552.1t", flag, text)};
}

std::optional<double> scaled_number(std::string_view text) {
  text = trim(text);
  constexpr std::string_view kPrefixes = "kMGT";
  const char last = text.empty() ? ' ' : text.back() == 'B' ? 'G' : text.back();
  const std::size_t prefix = kPrefixes.find(last);
  const bool has_prefix = prefix != std::string_view::npos;
  const auto number = parse_number(has_prefix ? text.substr(0, text.size() - 1) : text);
  if (!number) return std::nullopt;
  return has_prefix ? *number * std::pow(1000.0, static_cast<double>(prefix + 1)) : *number;
}

Result<double> count_from(const WrittenValue& value, std::string_view text,
                          const std::string& example, double most = kMostCount) {
  const auto number = scaled_number(text);
  if (number && *number > 0 && *number <= most) return *number;
  return error_of(value, "is no number above 0", example);
}

}  // namespace

Error error_of(const WrittenValue& value, const std::string& problem, const std::string& example) {
  return {value.code,
          fmt::format("{}: '{}' {}; for example {}", value.where, value.text, problem, example)};
}

Result<Estimate<Seconds>> read_duration(const WrittenValue& value) {
  return read_with_spread<Seconds>(value, parse_duration, rounding_u(value.text), "duration");
}

Result<Estimate<Seconds>> read_device_time(const WrittenValue& value) {
  return read_with_spread<Seconds>(value, parse_device_time, rounding_u(value.text),
                                   "device hours");
}

Result<Estimate<Seconds>> read_steps(const WrittenValue& steps, const WrittenValue& rate) {
  JOULERY_TRY(const double wanted, count_from(steps, steps.text, "979M"));
  const std::size_t slash = rate.text.find('/');
  if (slash == std::string::npos) return error_of(rate, "is no rate", "300k/84h");
  const std::string_view in_rate = std::string_view(rate.text).substr(0, slash);
  JOULERY_TRY(const double done, count_from(rate, in_rate, "300k/84h"));
  const WrittenValue time{rate.text.substr(slash + 1), rate.where, rate.code};
  JOULERY_TRY(Estimate<Seconds> taken, read_duration(time));
  const double factor = wanted / done;
  const double relative =
      std::hypot(taken.u / *taken.value, std::hypot(rounding_u(steps.text), rounding_u(in_rate)));
  if (!std::isfinite(factor * taken.value->count()) ||
      factor * taken.value->count() > kMostDeviceHours * kSecondsPerHour)
    return error_of(steps, "takes longer than anybody can wait", "979M");
  taken.value = *taken.value * factor;
  taken.u = *taken.value * relative;
  return taken;
}

Result<Estimate<Watts>> read_power(const WrittenValue& value, double unstated) {
  JOULERY_TRY(auto power, read_with_spread<Watts>(value, parse_power, unstated, "given power"));
  if (*power.value > kMostPower)
    return error_of(value, "is more than all computers of the world draw", "188W");
  return power;
}

Result<Estimate<Joules>> read_energy(const WrittenValue& value, double unstated) {
  JOULERY_TRY(auto energy, read_with_spread<Joules>(value, parse_energy, unstated, "given energy"));
  if (*energy.value > kMostEnergy)
    return error_of(value, "is more than all computers of the world have used", "1287MWh");
  return energy;
}

Result<Estimate<GramsCo2>> read_carbon(const WrittenValue& value, double unstated) {
  return read_with_spread<GramsCo2>(value, parse_mass, unstated, "given carbon");
}

Result<double> read_count(const WrittenValue& value, const std::string& example) {
  return count_from(value, value.text, example);
}

Result<double> read_devices(const WrittenValue& value) {
  JOULERY_TRY(const double count, read_count(value, "8"));
  if (count > kMostDevices) return error_of(value, "is more than there are in the world", "8");
  return count;
}

Result<double> read_operations(const WrittenValue& value) {
  return count_from(value, value.text, "3.14e23", kMostOperations);
}

Result<double> read_share(const WrittenValue& value) {
  const std::string_view text = trim(value.text);
  const bool percent = text.ends_with('%');
  const auto number = parse_number(percent ? text.substr(0, text.size() - 1) : text);
  const double share = number ? *number / (percent ? 100 : 1) : -1;
  if (share > 0 && share <= 1) return share;
  return error_of(value, "is no share above 0 and up to 100%", "60%");
}

Result<bool> read_switch(const WrittenValue& value) {
  if (value.text.empty() || value.text == "true") return true;
  if (value.text == "false") return false;
  return error_of(value, "is neither true nor false", "true");
}

Result<FunctionalUnit> read_unit(const WrittenValue& value) {
  const std::string_view text = trim(value.text);
  const std::size_t blank = text.find(' ');
  const auto number = scaled_number(text.substr(0, blank));
  if (!number || !(*number > 0) || blank == std::string_view::npos)
    return error_of(value, "is no number and name", "\"1.5M responses\"");
  return FunctionalUnit{*number, std::string(trim(text.substr(blank)))};
}

}  // namespace joulery::estimate
