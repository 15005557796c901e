// base: numbers with units, fields, names, see text.h.
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace joulery {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array kDurations = {Unit{"ms", 1e-3}, Unit{"s", 1.0}, Unit{"min", 60.0},
                                   Unit{"h", 3600.0}, Unit{"d", 86400.0}};
constexpr std::array kPowers = {Unit{"W", 1.0}, Unit{"kW", 1e3}, Unit{"MW", 1e6}};
constexpr std::array kClocks = {Unit{"MHz", kHertzPerMegahertz}, Unit{"GHz", 1e9}};
constexpr std::array kEnergies = {Unit{"J", 1.0},     Unit{"kJ", 1e3},
                                  Unit{"MJ", 1e6},    Unit{"GJ", 1e9},
                                  Unit{"Wh", 3600.0}, Unit{"kWh", kJoulesPerKilowattHour},
                                  Unit{"MWh", 3.6e9}, Unit{"GWh", 3.6e12}};
constexpr std::array kIntensities = {Unit{"g/kWh", 1.0 / kJoulesPerKilowattHour},
                                     Unit{"kg/kWh", 1e3 / kJoulesPerKilowattHour},
                                     Unit{"lb/kWh", kGramsPerPound / kJoulesPerKilowattHour}};
constexpr std::array kMemories = {Unit{"MB", 1e6},     Unit{"GB", 1e9},     Unit{"TB", 1e12},
                                  Unit{"MiB", 0x1p20}, Unit{"GiB", 0x1p30}, Unit{"TiB", 0x1p40}};
constexpr std::array kThroughputs = {Unit{"GFLOP/s", 1e9}, Unit{"TFLOP/s", 1e12},
                                     Unit{"PFLOP/s", 1e15}};

// PUE below 1 is impossible by definition (ISO/IEC 30134-2); above 10 no survey has ever reported
// one.
constexpr double kMaxPue = 10;
// A century: anything longer is a slip of the unit.
constexpr double kMaxSeconds = 100.0 * 365.25 * 86400.0;
// The dirtiest grids are near 1,000 g/kWh; ten times that is a slip of the unit.
constexpr double kMaxGramsPerKwh = 10'000;
// Above what any grid has ever charged; a slip of the unit.
constexpr double kMaxPrice = 1e6;
// A choice: an amount in the smallest currencies, for what no transfer costs.
constexpr double kMaxMoney = 1e12;

Error flag_error(std::string_view flag, std::string_view text, std::string_view problem,
                 std::string_view example) {
  return Error{ErrorCode::kUsage,
               fmt::format("{}: '{}' {}; for example {} {}", flag, text, problem, flag, example)};
}

std::string list_units(std::span<const Unit> units) {
  std::string names;
  for (const Unit& unit : units) names += (names.empty() ? "" : ", ") + std::string(unit.name);
  return names;
}

// Splits "12.5kWh" behind its number. Empty where it does not start with one.
std::optional<std::pair<double, std::string_view>> split_number(std::string_view text) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return {};
  return std::pair(value, trim(text.substr(static_cast<std::size_t>(rest - text.data()))));
}

Result<double> parse_with_unit(std::string_view text, std::string_view flag,
                               std::span<const Unit> units, std::string_view example) {
  const auto number = split_number(trim(text));
  if (!number) return flag_error(flag, text, "is not a number with a unit", example);
  const auto [value, name] = *number;
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&wanted = name](const Unit& u) { return u.name == wanted; });
  if (unit == units.end())
    return flag_error(flag, text, "needs one of the units " + list_units(units), example);
  if (value < 0) return flag_error(flag, text, "is negative", example);
  const double scaled = value * unit->factor;
  if (!std::isfinite(scaled)) return flag_error(flag, text, "is too large", example);
  return scaled;
}

// "0.74..2.48" or "0.12" before a currency and `suffix`.
Result<Price> parse_price(std::string_view text, std::string_view flag, std::string_view suffix,
                          std::string_view example, double most = kMaxPrice) {
  const std::string_view whole = trim(text);
  if (!whole.ends_with(suffix) || whole.size() < suffix.size() + 3)
    return flag_error(flag, text,
                      fmt::format("needs a currency{}{}", suffix.empty() ? "" : " and ", suffix),
                      example);
  const std::string_view body = whole.substr(0, whole.size() - suffix.size());
  const std::string_view currency = body.substr(body.size() - 3);
  if (!std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
    return flag_error(flag, text, "needs a currency of three capital letters", example);
  const std::string_view amounts = trim(body.substr(0, body.size() - 3));
  const std::size_t dots = amounts.find("..");
  const auto low = parse_number(amounts.substr(0, dots));
  const auto high = dots == std::string_view::npos ? low : parse_number(amounts.substr(dots + 2));
  if (!low || !high) return flag_error(flag, text, "has no amount", example);
  if (*low < 0 || *high < 0) return flag_error(flag, text, "is negative", example);
  if (*low > *high) return flag_error(flag, text, "is a range upside down", example);
  if (*high > most) return flag_error(flag, text, "is too large", example);
  return Price{*low, *high, std::string(currency)};
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

Result<Seconds> parse_duration(std::string_view text, std::string_view flag) {
  if (trim(text).ends_with('m') && split_number(trim(text)) &&
      split_number(trim(text))->second == "m")
    return flag_error(flag, text, "could be minutes, months or metres: write min", "90min");
  JOULERY_TRY(const double seconds, parse_with_unit(text, flag, kDurations, "1.5h"));
  if (seconds > kMaxSeconds) return flag_error(flag, text, "is longer than a century", "1.5h");
  return Seconds(seconds);
}

Result<Watts> parse_power(std::string_view text, std::string_view flag) {
  JOULERY_TRY(const double watts, parse_with_unit(text, flag, kPowers, "250W"));
  return Watts(watts);
}

Result<Hertz> parse_clock(std::string_view text, std::string_view flag) {
  JOULERY_TRY(const double hertz, parse_with_unit(text, flag, kClocks, "1200MHz"));
  return Hertz(hertz);
}

Result<Joules> parse_energy(std::string_view text, std::string_view flag) {
  JOULERY_TRY(const double joules, parse_with_unit(text, flag, kEnergies, "12.5kWh"));
  return Joules(joules);
}

Result<GramsPerJoule> parse_intensity(std::string_view text, std::string_view flag) {
  constexpr std::string_view kExample = "432g/kWh";
  JOULERY_TRY(const double intensity, parse_with_unit(text, flag, kIntensities, kExample));
  if (intensity * kJoulesPerKilowattHour > kMaxGramsPerKwh)
    return flag_error(flag, text, "is more than ten times what the dirtiest grids emit", kExample);
  return GramsPerJoule(intensity);
}

Result<double> parse_memory(std::string_view text, std::string_view flag) {
  return parse_with_unit(text, flag, kMemories, "16GiB");
}

Result<double> parse_throughput(std::string_view text, std::string_view flag) {
  return parse_with_unit(text, flag, kThroughputs, "15.7TFLOP/s");
}

Result<Price> parse_energy_price(std::string_view text, std::string_view flag) {
  return parse_price(text, flag, "/kWh", "0.12USD/kWh");
}

Result<Price> parse_money(std::string_view text, std::string_view flag) {
  constexpr const char* kExample = "180USD";
  JOULERY_TRY(const Price price, parse_price(text, flag, "", kExample, kMaxMoney));
  if (price.low < price.high) return flag_error(flag, text, "is a range, not one amount", kExample);
  return price;
}

Result<Price> parse_hourly_price(std::string_view text, std::string_view flag) {
  return parse_price(text, flag, "/h", "0.74..2.48USD/h");
}

Result<Value> parse_pue(std::string_view text, std::string_view flag) {
  constexpr std::string_view kExample = "1.58, or 1.58+-0.1";
  std::string_view whole = trim(text);
  std::string_view spread;
  for (const std::string_view sign : {"+-", "±"}) {
    if (const std::size_t at = whole.find(sign); at != std::string_view::npos) {
      spread = trim(whole.substr(at + sign.size()));
      whole = trim(whole.substr(0, at));
      if (spread.empty())
        return flag_error(flag, text, "has no uncertainty behind its sign", kExample);
      break;
    }
  }
  const auto value = parse_number(whole);
  if (!value) return flag_error(flag, text, "is not a number", kExample);
  if (*value < 1) return flag_error(flag, text, "is below 1, which no site can reach", kExample);
  if (*value > kMaxPue)
    return flag_error(flag, text, "is above 10, more than any site reports", kExample);
  if (spread.empty()) return Value{*value, {}};
  const auto u = parse_number(spread);
  if (!u || *u < 0 || *u > *value)
    return flag_error(flag, text, "has no right uncertainty", kExample);
  return Value{*value, u};
}

std::optional<double> parse_number(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  text = trim(text);
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return {};
  return value;
}

std::string_view trim(std::string_view text) {
  // By hand: readers call it for each field, and find_first_not_of() searches its set each time.
  const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::vector<std::string>> split_csv(std::string_view line) {
  std::vector<std::string> fields;
  for (;;) {
    const std::size_t start = std::min(line.find_first_not_of(" \t"), line.size());
    if (start == line.size() || line[start] != '"') {
      const std::size_t end = line.find(',');
      fields.emplace_back(trim(line.substr(0, end)));
      if (end == std::string_view::npos) return fields;
      line.remove_prefix(end + 1);
      continue;
    }
    std::string field;
    std::size_t at = start + 1;
    for (;; ++at) {
      if (at >= line.size()) return {};
      if (line[at] != '"') {
        field += line[at];
      } else if (at + 1 < line.size() && line[at + 1] == '"') {
        field += line[++at];
      } else {
        break;
      }
    }
    fields.push_back(std::move(field));
    const std::size_t end = line.find(',', at + 1);
    if (!trim(line.substr(at + 1, end == std::string_view::npos ? end : end - at - 1)).empty())
      return {};
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

std::vector<std::string> nearest_names(std::string_view wanted,
                                       const std::vector<std::string>& names, std::size_t most) {
  const std::string target = lower(wanted);
  std::vector<std::pair<std::size_t, std::string>> scored;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(target, lower(name));
    // More than half of the letters wrong is no misspelling any more.
    if (2 * distance <= std::max(target.size(), name.size())) scored.emplace_back(distance, name);
  }
  std::stable_sort(scored.begin(), scored.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> nearest;
  for (std::size_t i = 0; i < scored.size() && i < most; ++i) nearest.push_back(scored[i].second);
  return nearest;
}

std::string format_duration(Seconds t) {
  const double s = t.count();
  if (s < 1) return fmt::format("{:.0f} ms", s * 1e3);
  if (s < 60) return fmt::format("{:.1f} s", s);
  const auto whole = static_cast<std::int64_t>(std::llround(s));
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  const std::int64_t minutes = (whole + 30) / 60;
  if (minutes < 24 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {} h", minutes / (24 * 60), minutes % (24 * 60) / 60);
}

std::string format_fixed(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  const bool zero = text.find_first_not_of("-0.") == std::string::npos;
  return zero && text.starts_with('-') ? text.substr(1) : text;
}

std::pair<std::string, std::string> format_rounded(double value, double expanded_u) {
  // Two digits of the uncertainty carry all it knows (GUM 7.2.6); without one, six significant
  // digits.
  if (!(expanded_u > 0)) return {fmt::format("{:.6g}", value == 0 ? 0 : value), "0"};
  const int exponent = static_cast<int>(std::floor(std::log10(expanded_u)));
  const int decimals = std::max(0, 1 - exponent);
  if (exponent <= 1) return {format_fixed(value, decimals), format_fixed(expanded_u, decimals)};
  const double step = std::pow(10.0, exponent - 1);
  return {format_fixed(std::round(value / step) * step, 0),
          format_fixed(std::round(expanded_u / step) * step, 0)};
}

}  // namespace joulery
