// pue: days, months and years, see periods.h.
#include "pue/periods.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace joulery {
namespace {

std::string day_name(const PueHour& hour) {
  const std::chrono::year_month_day date(
      std::chrono::floor<std::chrono::days>(hour.begin + hour.offset));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// One period as it adds up.
class PeriodSums {
 public:
  PeriodSums(std::string name, const MeterGain& gain) : gain_(gain) {
    period_.name = std::move(name);
  }
  [[nodiscard]] const std::string& name() const { return period_.name; }
  /// The hour at that position of `hours`.
  void add(const std::vector<PueHour>& hours, std::size_t at);
  void add(const PuePeriod& day);
  /// Of a day: the percent by which its greatest hourly mean exceeds its least.
  [[nodiscard]] PuePeriod day(const std::vector<PueHour>& hours);
  [[nodiscard]] PuePeriod longer();

 private:
  void put_means();

  const MeterGain& gain_;
  PuePeriod period_;
  double pue_hours_ = 0;
  double it_ = 0, site_ = 0;  ///< of hours whose load is known
  double variation_ = 0;
  std::optional<double> variation_u_;  ///< absent where that of a day is
};

void PeriodSums::add(const std::vector<PueHour>& hours, std::size_t at) {
  const PueHour& hour = hours[at];
  period_.hours += hour.hours();
  if (!hour.mean) return;
  const double pue = *hour.mean;
  period_.known_hours += hour.hours();
  pue_hours_ += pue * hour.hours();
  if (!period_.least_hour || pue < *hours[*period_.least_hour].mean) period_.least_hour = at;
  if (!period_.greatest_hour || pue > *hours[*period_.greatest_hour].mean)
    period_.greatest_hour = at;
  if (!hour.load) return;
  it_ += hour.load->count() * hour.hours();
  site_ += pue * hour.load->count() * hour.hours();
}

void PeriodSums::add(const PuePeriod& day) {
  if (day.mean) ++period_.days;
  if (!day.variation_pct) return;
  ++period_.days_of_variation;
  variation_ += *day.variation_pct;
  if (day.variation_u_pct) variation_u_ = variation_u_.value_or(0) + *day.variation_u_pct;
}

void PeriodSums::put_means() {
  if (period_.known_hours <= 0) return;
  period_.mean = pue_hours_ / period_.known_hours;
  if (it_ > 0) period_.energy_weighted_mean = site_ / it_;
  period_.u = gain_u(gain_, *period_.mean);
}

PuePeriod PeriodSums::day(const std::vector<PueHour>& hours) {
  put_means();
  if (!period_.mean) return period_;
  period_.days = 1;
  if (period_.known_hours < kLeastDayCoverage * period_.hours) return period_;
  const double least = *hours[*period_.least_hour].mean;
  const double more = *hours[*period_.greatest_hour].mean - least;
  period_.days_of_variation = 1;
  period_.variation_pct = 100 * more / least;
  // With PUE = 1 + g r the derivative of greatest / least by g, at g = 1.
  if (gain_.overhead) period_.variation_u_pct = 100 * gain_.u * more / (least * least);
  return period_;
}

PuePeriod PeriodSums::longer() {
  put_means();
  if (period_.days_of_variation == 0) return period_;
  const auto days = static_cast<double>(period_.days_of_variation);
  period_.variation_pct = variation_ / days;
  if (variation_u_) period_.variation_u_pct = *variation_u_ / days;
  return period_;
}

std::vector<PuePeriod> days_of(const std::vector<PueHour>& hours, const MeterGain& gain) {
  std::vector<PuePeriod> days;
  std::optional<PeriodSums> open;
  for (std::size_t at = 0; at < hours.size(); ++at) {
    std::string name = day_name(hours[at]);
    if (open && open->name() != name) days.push_back(open->day(hours));
    if (!open || open->name() != name) open.emplace(std::move(name), gain);
    open->add(hours, at);
  }
  if (open) days.push_back(open->day(hours));
  return days;
}

/// Periods whose names are the first `letters` of their days' names.
std::vector<PuePeriod> longer_periods(const PueProfile& profile, std::size_t letters,
                                      const MeterGain& gain) {
  std::vector<PuePeriod> periods;
  std::optional<PeriodSums> open;
  std::size_t at = 0;
  for (const PuePeriod& day : profile.days) {
    std::string name = day.name.substr(0, letters);
    if (open && open->name() != name) periods.push_back(open->longer());
    if (!open || open->name() != name) open.emplace(std::move(name), gain);
    open->add(day);
    for (; at < profile.hours.size() && day_name(profile.hours[at]) == day.name; ++at)
      open->add(profile.hours, at);
  }
  if (open) periods.push_back(open->longer());
  return periods;
}

}  // namespace

double gain_u(const MeterGain& gain, double pue) {
  return gain.u * (gain.overhead ? std::max(pue - 1, 0.0) : pue);
}

void add_periods(const MeterGain& gain, PueProfile& profile) {
  constexpr std::size_t kMonth = 7, kYear = 4;  // of "2020-07-27"
  profile.days = days_of(profile.hours, gain);
  profile.months = longer_periods(profile, kMonth, gain);
  profile.years = longer_periods(profile, kYear, gain);
  profile.all = longer_periods(profile, 0, gain).front();
}

}  // namespace joulery
