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
  Measure measure;
  std::string_view name;  ///< in lower case
  double factor;
  double offset = 0;
};

constexpr double kPerKilowattHour = 1 / kJoulesPerKilowattHour;
constexpr double kPerMegawattHour = kPerKilowattHour / 1000;

constexpr std::array kUnits = {
    Unit{Measure::kIntensity, "g/kwh", kPerKilowattHour},
    Unit{Measure::kIntensity, "kg/mwh", kPerKilowattHour},
    Unit{Measure::kIntensity, "g/mwh", kPerMegawattHour},
    Unit{Measure::kIntensity, "kg/kwh", 1000 * kPerKilowattHour},
    Unit{Measure::kIntensity, "t/mwh", 1000 * kPerKilowattHour},
    Unit{Measure::kIntensity, "t/gwh", kPerKilowattHour},
    Unit{Measure::kIntensity, "lb/kwh", kGramsPerPound* kPerKilowattHour},
    Unit{Measure::kIntensity, "lbs/kwh", kGramsPerPound* kPerKilowattHour},
    Unit{Measure::kIntensity, "lb/mwh", kGramsPerPound* kPerMegawattHour},
    Unit{Measure::kIntensity, "lbs/mwh", kGramsPerPound* kPerMegawattHour},
    Unit{Measure::kPower, "w", 1},
    Unit{Measure::kPower, "kw", 1e3},
    Unit{Measure::kPower, "mw", 1e6},
    Unit{Measure::kPower, "gw", 1e9},
    Unit{Measure::kEnergy, "j", 1},
    Unit{Measure::kEnergy, "kj", 1e3},
    Unit{Measure::kEnergy, "mj", 1e6},
    Unit{Measure::kEnergy, "gj", 1e9},
    Unit{Measure::kEnergy, "wh", 3600},
    Unit{Measure::kEnergy, "kwh", 3.6e6},
    Unit{Measure::kEnergy, "mwh", 3.6e9},
    Unit{Measure::kEnergy, "gwh", 3.6e12},
    Unit{Measure::kTemperature, "c", 1},
    Unit{Measure::kTemperature, "degc", 1},
    Unit{Measure::kTemperature, "celsius", 1},
    Unit{Measure::kTemperature, "f", 5.0 / 9, -160.0 / 9},
    Unit{Measure::kTemperature, "degf", 5.0 / 9, -160.0 / 9},
    Unit{Measure::kTemperature, "fahrenheit", 5.0 / 9, -160.0 / 9},
    Unit{Measure::kTemperature, "k", 1, -273.15},
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to), at += to.size();
}

/// In lower case, without what says of which gas the grams are, and with signs spelled out.
std::string plain(std::string_view text) {
  std::string out = lower(text);
  for (const std::string_view gas : {"co₂eq", "co₂e", "co₂", "co2eq", "co2e", "co2"})
    replace_all(out, gas, "");
  replace_all(out, "€", "eur");
  replace_all(out, "£", "gbp");
  replace_all(out, "$", "usd");
  replace_all(out, "°", "deg");
  replace_all(out, "_per_", "/");
  replace_all(out, " per ", "/");
  replace_all(out, " /", "/");
  replace_all(out, "/ ", "/");
  return out;
}

/// "EUR/MWh": three letters of a currency, and the energy that it buys.
std::optional<UnitScale> price_scale(std::string_view unit) {
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

}  // namespace

std::optional<UnitScale> scale_of(std::string_view unit, Measure measure) {
  const std::string name = plain(trim(unit));
  if (measure == Measure::kPrice) return price_scale(name);
  for (const Unit& known : kUnits)
    if (known.measure == measure && known.name == name)
      return UnitScale{known.factor, known.offset, ""};
  return {};
}

std::optional<UnitScale> unit_in_heading(std::string_view heading, Measure measure) {
  const std::string text = plain(heading);
  const auto words = words_of(text);
  // A unit is told last, "it_power_kw", or in brackets behind the name: never the first word.
  for (std::size_t i = words.size(); i > 1; --i)
    if (const auto scale = scale_of(words[i - 1], measure)) return scale;
  return {};
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

std::string_view example_unit(Measure measure) {
  switch (measure) {
    case Measure::kIntensity:
      return "g/kWh";
    case Measure::kPue:
      return "1";
    case Measure::kPrice:
      return "EUR/MWh";
    case Measure::kPower:
      return "kW";
    case Measure::kEnergy:
      return "kWh";
    case Measure::kTemperature:
      return "degC";
  }
  return "";
}

}  // namespace joulery::series
