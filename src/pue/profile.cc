// pue: hourly means, and what follows from them, see joulery/pue.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "joulery/pue.h"
#include "pue/civil_hours.h"
#include "pue/flow.h"
#include "pue/hours.h"
#include "pue/periods.h"

namespace joulery {
namespace {

// A choice: readings of more than a working life are a stamp that was read wrongly, and an hour
// takes memory.
constexpr std::chrono::days kLongest{50 * 366};

Result<void> check_span(const PueReadings& readings, const std::vector<Flow>& flows) {
  if (flows.empty())
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: at no time are both IT and facility known", readings.file)};
  const auto span = flows.back().end - flows.front().begin;
  if (span > kLongest)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: its readings are {:.0f} years apart, 50 are the most",
                             readings.file, Seconds(span).count() / (365.25 * 86400))};
  return {};
}

std::string source_of(const PueReadings& readings) {
  if (!readings.pue) return readings.it->source + "; " + readings.facility->source;
  return readings.it ? readings.pue->source + "; " + readings.it->source : readings.pue->source;
}

/// Standard uncertainty of (PUE - 1) or of PUE, relative, from the gain of two meters whose errors
/// are as likely anywhere within their limits (GUM, 4.3.7), and do not depend on each other.
double ratio_u(double accuracy) { return accuracy * std::sqrt(2.0 / 3.0); }

void count_left_out(PueProfile& profile) {
  for (const PueHour& hour : profile.hours) {
    if (hour.mean) continue;
    if (hour.coverage <= 0)
      ++profile.silent_hours;
    else if (hour.coverage < kLeastHourCoverage)
      ++profile.partial_hours;
    else
      ++profile.idle_hours;
  }
}

void add_notes(PueProfile& profile, const std::optional<Series>& series) {
  if (!series) return;
  for (const std::string& note : series->notes)
    if (std::find(profile.notes.begin(), profile.notes.end(), note) == profile.notes.end())
      profile.notes.push_back(note);
}

}  // namespace

Result<PueProfile> profile_of(const PueReadings& readings, const ClockOffset& clock,
                              std::optional<double> meter_accuracy) {
  PueProfile profile;
  profile.source = source_of(readings);
  if (readings.temperature) profile.temperature = readings.temperature->name;
  profile.accuracy_given = meter_accuracy.has_value();
  profile.meter_accuracy = meter_accuracy.value_or(kUsualMeterAccuracy);
  JOULERY_TRY(const Flows flows, make_flows(readings, profile.meter_accuracy));
  JOULERY_CHECK(check_span(readings, flows.flows));
  profile.below_one = flows.below_one;
  profile.hours = make_hours(readings, flows.flows, clock);
  count_left_out(profile);
  const bool gain_of_overhead = !readings.pue && !readings.facility_has_it;
  add_periods({ratio_u(profile.meter_accuracy), gain_of_overhead}, profile);
  if (!profile.all.mean)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: of no hour at least {:.0f} % is known, with IT that draws "
                             "anything",
                             readings.file, 100 * kLeastHourCoverage)};
  for (const auto* series :
       {&readings.pue, &readings.it, &readings.facility, &readings.temperature})
    add_notes(profile, *series);
  return profile;
}

Result<PueProfile> make_pue_profile(const PueReadings& readings, const TimeZone& zone,
                                    std::optional<double> meter_accuracy) {
  JOULERY_TRY(
      PueProfile profile,
      profile_of(
          readings, [zone](WallTime time) { return zone.offset_at(time); }, meter_accuracy));
  profile.time_zone = zone.name();
  return profile;
}

}  // namespace joulery
