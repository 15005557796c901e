// pue: hours that stand far out, see far_out.h.
#include "pue/far_out.h"

#include <algorithm>
#include <limits>

namespace joulery {
namespace {

// Far out as in Tukey, Exploratory Data Analysis, 1977: three times the spread of the middle half
// above its upper end.
constexpr double kFences = 3;
// Choices: halls whose values hardly vary have small spreads, so that it takes twice the median PUE
// too, and ten times the median load, which goes from idle to full; quartiles of less than a day
// tell little; and what one hour in twenty has is usual there.
constexpr double kTimesPue = 2, kTimesLoad = 10;
constexpr std::size_t kLeastToJudge = 24, kMostOneIn = 20;

double quantile(std::vector<double>& values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

/// Above which a value is far out; none is where the values are too few or often are.
double bound_of(std::vector<double> values, double times_median) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  if (values.size() < kLeastToJudge) return kNone;
  const double lower = quantile(values, 0.25), upper = quantile(values, 0.75);
  const double bound =
      std::max(upper + kFences * (upper - lower), times_median * quantile(values, 0.5));
  const auto above =
      std::count_if(values.begin(), values.end(), [&](double value) { return value > bound; });
  return static_cast<std::size_t>(above) * kMostOneIn > values.size() ? kNone : bound;
}

PuePeriod all_without(const PueProfile& profile, const MeterGain& gain) {
  PueProfile rest;
  rest.hours = profile.hours;
  for (const std::size_t at : profile.far_out.hours) {
    rest.hours[at].mean.reset();
    rest.hours[at].load.reset();
  }
  add_periods(gain, rest);
  return rest.all;
}

}  // namespace

void find_far_out(const MeterGain& gain, PueProfile& profile) {
  std::vector<double> pues, loads;
  for (const PueHour& hour : profile.hours) {
    if (!hour.mean) continue;
    pues.push_back(*hour.mean);
    if (hour.load) loads.push_back(hour.load->count());
  }
  FarOutHours& far_out = profile.far_out;
  far_out.above_pue = bound_of(std::move(pues), kTimesPue);
  far_out.above_load = Watts(bound_of(std::move(loads), kTimesLoad));
  for (std::size_t at = 0; at < profile.hours.size(); ++at) {
    const PueHour& hour = profile.hours[at];
    if (!hour.mean) continue;
    if (*hour.mean > far_out.above_pue || (hour.load && *hour.load > far_out.above_load))
      far_out.hours.push_back(at);
  }
  if (!far_out.hours.empty()) far_out.without = all_without(profile, gain);
}

}  // namespace joulery
