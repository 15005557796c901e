// simulate: McDonald, Li, Frey, Tiwari, Gadepally, Samsi: Great Power, Great Responsibility:
// Recommendations for Reducing Energy for Training Language Models. NAACL 2022 (Findings), arXiv
// 2205.09646: what section 3.2 says of PUE over time, from its own printed numbers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "estimate/preset.h"
#include "joulery/simulate.h"

namespace joulery {
namespace {

using Verdict = PresetCell::Verdict;

// A PUE is printed to two digits: what was rounded lies so far around it.
constexpr double kHalfDigit = 0.005;

/// A percent and the least and most that it can be, as its inputs are rounded.
struct Bounded {
  double value, least, most;
};

/// By how many percent `high` is more than `low`.
Bounded more_than(double high, double low) {
  const auto percent = [](double h, double l) { return 100 * (h / l - 1); };
  return {percent(high, low), percent(high - kHalfDigit, low + kHalfDigit),
          percent(high + kHalfDigit, low - kHalfDigit)};
}
/// By how many percent `low` is less than `high`.
Bounded less_than(double low, double high) {
  const auto percent = [](double l, double h) { return 100 * (1 - l / h); };
  return {percent(low, high), percent(low + kHalfDigit, high - kHalfDigit),
          percent(low - kHalfDigit, high + kHalfDigit)};
}

/// What the facility takes of a PUE's whole, in percent.
Bounded facility_share(double pue) {
  const auto percent = [](double p) { return 100 * (1 - 1 / p); };
  return {percent(pue), percent(pue - kHalfDigit), percent(pue + kHalfDigit)};
}

PresetCell plain(double value, int decimals) {
  return {"", format_fixed(value, decimals), Verdict::kMissing};
}

/// Follows within rounding where the printed number, itself rounded, can be one of the bounded.
PresetTable::Row claim(const std::string& name, const std::string& printed,
                       const Bounded& bounded) {
  PresetCell cell = estimate::cell(printed, bounded.value);
  const std::size_t point = printed.find('.');
  const int decimals =
      point == std::string::npos ? 0 : static_cast<int>(printed.size() - point - 1);
  const double half = 0.5 * std::pow(10, -decimals);
  const double said = parse_number(printed).value_or(0);
  if (cell.verdict != Verdict::kSame)
    cell.verdict = said + half >= bounded.least && said - half <= bounded.most ? Verdict::kRounding
                                                                               : Verdict::kOther;
  const int more = std::max(decimals, 1) + (decimals > 1 ? 1 : 0);
  return {name, {cell, plain(bounded.least, more), plain(bounded.most, more)}};
}

PresetTable seasons() {
  PresetTable table{"Section 3.2: PUE over the year and the day",
                    {"claim", "percent", "at least", "at most"},
                    {},
                    {}};
  table.rows = {
      claim("July's 1.49 against January's 1.05", "42", more_than(1.49, 1.05)),
      claim("27 July, 2 p.m.: 1.63 against 1.46", "12", more_than(1.63, 1.46)),
      claim("27 July, greatest 1.63 against least 1.48", "10.4", more_than(1.63, 1.48)),
      claim("a job moved from day to night", "10", less_than(1.46, 1.63)),
      claim("a job moved from summer to winter", "33", less_than(1.05, 1.49)),
      claim("share of the facility at PUE 1.59", "40", facility_share(1.59)),
  };
  table.notes = {
      "at least, at most: what PUEs that round to the printed ones allow.",
      "10.4: the printed 1.63 and 1.48 give 10.1; unrounded ones that give 10.4 are possible. The "
      "caption's least hour, 1.48, is more than the 1.46 that the text has for ten hours after 2 "
      "p.m.; 1.63 down to 1.46 is 10.4 % less, which is the night's \"roughly 10\" too.",
      "33: 1.49 down to 1.05 saves 29.5 %, and no rounding makes it 33. Against January's 1.05 it "
      "would need a summer's PUE of 1.57; a month that has it is not printed.",
      "40: the paper says \"nearly\".",
      "PUE says what the facility adds to the same IT energy: none of this changes the energy that "
      "the job itself uses."};
  return table;
}

struct Month {
  double variation;  ///< percent, Table 1
  double days;       ///< of 2020
};
constexpr std::array kMonths = {Month{1.30, 31}, Month{0.69, 29},  Month{0.77, 31},
                                Month{2.15, 30}, Month{11.51, 31}, Month{21.70, 30},
                                Month{7.76, 31}, Month{17.37, 31}, Month{12.41, 30},
                                Month{8.07, 31}, Month{2.88, 30},  Month{1.07, 31}};

/// The mean of Table 1's months, of which each may be off by half a digit.
Bounded annual(bool by_days) {
  double sum = 0, weights = 0;
  for (const Month& month : kMonths) {
    const double weight = by_days ? month.days : 1;
    sum += month.variation * weight;
    weights += weight;
  }
  const double mean = sum / weights;
  return {mean, mean - kHalfDigit, mean + kHalfDigit};
}

PresetTable table1() {
  PresetTable table{"Table 1: daily variation of the PUE, the year",
                    {"claim", "percent", "at least", "at most"},
                    {},
                    {}};
  table.rows = {claim("the months, each by its days", "7.30", annual(true)),
                claim("the months, each as much as another", "7.30", annual(false)),
                claim("\"7.3% on average\"", "7.3", annual(true))};
  table.notes = {
      "The caption says that the year is the mean over all days and not over the months. The "
      "months' own numbers by their days give 7.32; 7.30 is nearer to the plain mean of the "
      "months, "
      "7.31. Days without readings would explain it; the paper names none."};
  return table;
}

}  // namespace

Result<Preset> make_shift_preset(const std::string& name) {
  if (name != "mcdonald2022")
    return Error{ErrorCode::kUsage,
                 fmt::format("--preset: \"{}\" is no preset; there is mcdonald2022", name)};
  return Preset{"mcdonald2022",
                "McDonald, Li, Frey, Tiwari, Gadepally, Samsi: Great Power, Great Responsibility: "
                "Recommendations for Reducing Energy for Training Language Models. Findings of "
                "NAACL 2022, arXiv 2205.09646",
                {seasons(), table1()},
                {}};
}

}  // namespace joulery
