// series: units in headings, see units.h.
#include "series/units.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "base/text.h"

namespace joulery::series {
namespace {

struct Unit {
  SeriesMeasure measure;
  std::string_view name;  ///< in lower case
  double factor;
  double offset = 0;
};

constexpr double kPerKilowattHour = 1 / kJoulesPerKilowattHour;
constexpr double kPerMegawattHour = kPerKilowattHour / 1000;

constexpr std::array kUnits = {
    Unit{SeriesMeasure::kIntensity, "g/kwh", kPerKilowattHour},
    Unit{SeriesMeasure::kIntensity, "kg/mwh", kPerKilowattHour},
    Unit{SeriesMeasure::kIntensity, "g/mwh", kPerMegawattHour},
    Unit{SeriesMeasure::kIntensity, "kg/kwh", 1000 * kPerKilowattHour},
    Unit{SeriesMeasure::kIntensity, "t/mwh", 1000 * kPerKilowattHour},
    Unit{SeriesMeasure::kIntensity, "t/gwh", kPerKilowattHour},
    Unit{SeriesMeasure::kIntensity, "lb/kwh", kGramsPerPound* kPerKilowattHour},
    Unit{SeriesMeasure::kIntensity, "lbs/kwh", kGramsPerPound* kPerKilowattHour},
    Unit{SeriesMeasure::kIntensity, "lb/mwh", kGramsPerPound* kPerMegawattHour},
    Unit{SeriesMeasure::kIntensity, "lbs/mwh", kGramsPerPound* kPerMegawattHour},
    Unit{SeriesMeasure::kPower, "w", 1},
    Unit{SeriesMeasure::kPower, "kw", 1e3},
    Unit{SeriesMeasure::kPower, "mw", 1e6},
    Unit{SeriesMeasure::kPower, "gw", 1e9},
    Unit{SeriesMeasure::kEnergy, "j", 1},
    Unit{SeriesMeasure::kEnergy, "kj", 1e3},
    Unit{SeriesMeasure::kEnergy, "mj", 1e6},
    Unit{SeriesMeasure::kEnergy, "gj", 1e9},
    Unit{SeriesMeasure::kEnergy, "wh", 3600},
    Unit{SeriesMeasure::kEnergy, "kwh", 3.6e6},
    Unit{SeriesMeasure::kEnergy, "mwh", 3.6e9},
    Unit{SeriesMeasure::kEnergy, "gwh", 3.6e12},
    Unit{SeriesMeasure::kTemperature, "c", 1},
    Unit{SeriesMeasure::kTemperature, "degc", 1},
    Unit{SeriesMeasure::kTemperature, "celsius", 1},
    Unit{SeriesMeasure::kTemperature, "f", 5.0 / 9, -160.0 / 9},
    Unit{SeriesMeasure::kTemperature, "degf", 5.0 / 9, -160.0 / 9},
    Unit{SeriesMeasure::kTemperature, "fahrenheit", 5.0 / 9, -160.0 / 9},
    Unit{SeriesMeasure::kTemperature, "k", 1, -273.15},
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to), at += to.size();
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

/// "kw_h", "kw-h", "kw h" are spelled "kwh", as a word of its own: else a power would be read.
void join_watt_hours(std::string& out) {
  for (const std::string_view hour : {"w_h", "w-h", "w h", "w·h", "w*h"}) {
    for (std::size_t at = out.find(hour); at != std::string::npos; at = out.find(hour, at + 1)) {
      const bool prefix = at > 0 && std::string_view("kmg").find(out[at - 1]) != std::string::npos;
      const std::size_t begin = prefix ? at - 1 : at;
      const std::size_t end = at + hour.size();
      if (begin > 0 && is_letter(out[begin - 1])) continue;
      if (end < out.size() && is_letter(out[end])) continue;
      out.replace(at, hour.size(), "wh");
    }
  }
}

/// In lower case, without what says of which gas the grams are, and with signs spelled out.
std::string plain(std::string_view text) {
  std::string out = lower(text);
  replace_all(out, "₂", "2");
  for (const std::string_view gas : {"co2-eq", "co2_eq", "co2 eq", "co2eq", "co2e", "co2"})
    replace_all(out, gas, "");
  replace_all(out, "€", "eur");
  replace_all(out, "£", "gbp");
  replace_all(out, "$", "usd");
  replace_all(out, "°", "deg");
  replace_all(out, "_per_", "/");
  replace_all(out, " per ", "/");
  replace_all(out, " /", "/");
  replace_all(out, "/ ", "/");
  join_watt_hours(out);
  return out;
}

/// "EUR/MWh": three letters of a currency, and the energy that it buys. "ct" is the euro's cent, as
/// the dollar's is written otherwise.
std::optional<UnitScale> price_scale(std::string_view unit) {
  for (const auto& [cent, whole] : {std::pair("ct/", "eur/"), std::pair("¢/", "usd/")}) {
    if (!unit.starts_with(cent)) continue;
    auto scale = price_scale(whole + std::string(unit.substr(std::string_view(cent).size())));
    if (scale) scale->factor /= 100;
    return scale;
  }
  if (unit.size() < 7 || unit[3] != '/') return {};
  std::string currency(unit.substr(0, 3));
  for (char& c : currency) {
    if (c < 'a' || c > 'z') return {};
    c = static_cast<char>(c - 'a' + 'A');
  }
  const std::string_view energy = unit.substr(4);
  if (energy == "kwh") return UnitScale{kPerKilowattHour, 0, currency};
  if (energy == "mwh") return UnitScale{kPerMegawattHour, 0, currency};
  return {};
}

std::vector<std::string_view> words_of(const std::string& text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  const auto is_break = [](char c) {
    return c == ' ' || c == '_' || c == '(' || c == ')' || c == '[' || c == ']' || c == ',' ||
           c == '-';
  };
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !is_break(text[i])) continue;
    if (i > begin) words.push_back(std::string_view(text).substr(begin, i - begin));
    begin = i + 1;
  }
  return words;
}

bool has_word(std::string_view heading, std::initializer_list<std::string_view> wanted) {
  const std::string text = lower(heading);
  const auto words = words_of(text);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
  });
}

/// What `of` finds in the last word of a heading that is a unit. A unit is told last,
/// "it_power_kw", or in brackets behind the name: never as the first word, unless it can be nothing
/// else, "g/kWh".
template <class Of>
auto last_unit(std::string_view heading, Of of) -> decltype(of(heading)) {
  const std::string text = plain(heading);
  const auto words = words_of(text);
  for (std::size_t i = words.size(); i > 0; --i) {
    if (i == 1 && words[0].find('/') == std::string_view::npos) break;
    if (auto found = of(words[i - 1])) return found;
  }
  return {};
}

}  // namespace

std::optional<UnitScale> scale_of(std::string_view unit, SeriesMeasure measure) {
  const std::string name = plain(trim(unit));
  if (measure == SeriesMeasure::kPrice) return price_scale(name);
  for (const Unit& known : kUnits)
    if (known.measure == measure && known.name == name)
      return UnitScale{known.factor, known.offset, ""};
  return {};
}

std::optional<UnitScale> unit_in_heading(std::string_view heading, SeriesMeasure measure) {
  auto scale = last_unit(heading, [&](std::string_view word) { return scale_of(word, measure); });
  if (scale) return scale;
  // WattTime's own unit, which its files do not repeat.
  if (measure == SeriesMeasure::kIntensity && has_word(heading, {"moer", "aoer"}))
    return scale_of("lbs/mwh", measure);
  return {};
}

std::optional<SeriesMeasure> meter_measure(std::string_view unit) {
  for (const SeriesMeasure measure : {SeriesMeasure::kPower, SeriesMeasure::kEnergy})
    if (scale_of(unit, measure)) return measure;
  return {};
}

std::optional<SeriesMeasure> meter_measure_in_heading(std::string_view heading) {
  return last_unit(heading, meter_measure);
}

bool names_a_rate(std::string_view heading) {
  const std::string text = plain(heading);
  const auto names = [&](std::string_view energy) {
    return text.find(energy) != std::string::npos;
  };
  return names("/kwh") || names("/mwh") || names("/gwh") || names("/wh");
}

std::string kind_in_heading(std::string_view heading) {
  // WattTime's names: marginal and average operating emissions rates; EPA's AVERT: short run.
  if (has_word(heading, {"marginal", "moer", "srmer", "lrmer"})) return "marginal";
  if (has_word(heading, {"average", "aoer"})) return "average";
  // The two columns of Electricity Maps, which are averages.
  if (has_word(heading, {"carbon"}) && has_word(heading, {"cycle", "lca", "direct"}))
    return "average";
  return "";
}

bool is_forecast_heading(std::string_view heading) {
  return has_word(heading, {"forecast", "predicted"});
}

bool is_cumulative_heading(std::string_view heading) {
  return has_word(heading, {"meter", "counter", "cumulative"});
}

std::string_view example_unit(SeriesMeasure measure) {
  switch (measure) {
    case SeriesMeasure::kIntensity:
      return "g/kWh";
    case SeriesMeasure::kPue:
      return "1";
    case SeriesMeasure::kPrice:
      return "EUR/MWh";
    case SeriesMeasure::kPower:
      return "kW";
    case SeriesMeasure::kEnergy:
      return "kWh";
    case SeriesMeasure::kTemperature:
      return "degC";
  }
  return "";
}

}  // namespace joulery::series
