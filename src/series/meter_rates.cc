// series: rates of meters, see meter_rates.h.
#include "series/meter_rates.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace joulery::series {
namespace {

// Choices: a load rises to ten times what it stays below in nine of ten intervals, not more; of few
// intervals, among which one fault is more than a tenth, to a hundred times the median.
constexpr double kShareBelow = 0.9;
constexpr double kTimesShare = 10;
constexpr std::size_t kFew = 20;
constexpr double kTimesMedian = 100;
// A choice: no rise at all is as strange as a twentieth of the usual one. Meters that count whole
// megawatt hours often stand still.
constexpr double kStandstill = 0.05;

double quantile(std::vector<double>& values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

MeterRates::MeterRates(const std::vector<TimedReading>& states) {
  std::vector<double> times, rates;
  for (std::size_t i = 1; i < states.size(); ++i)
    times.push_back(static_cast<double>((states[i].time - states[i - 1].time).count()));
  if (times.empty()) return;
  least_time_ = Micros(static_cast<std::int64_t>(quantile(times, 0.5)));
  for (std::size_t i = 1; i < states.size(); ++i) {
    const double rise = *states[i].value - *states[i - 1].value;
    if (rise > 0) rates.push_back(rate(rise, states[i].time - states[i - 1].time));
  }
  if (rates.empty()) return;
  usual_ = quantile(rates, 0.5);
  most_ = rates.size() < kFew ? kTimesMedian * usual_ : kTimesShare * quantile(rates, kShareBelow);
}

/// Within less than the usual interval a meter that counts in steps may take one.
double MeterRates::rate(double energy, Micros time) const {
  return energy / Seconds(std::max(time, least_time_)).count();
}

bool MeterRates::plausible(double energy, Micros time) const {
  return energy >= 0 && rate(energy, time) <= most_;
}

double MeterRates::strangeness(double energy, Micros time) const {
  if (!plausible(energy, time)) return std::numeric_limits<double>::infinity();
  if (usual_ <= 0) return 0;
  return std::abs(std::log(std::max(rate(energy, time) / usual_, kStandstill)));
}

}  // namespace joulery::series
