// pue: hourly means, and what follows from them, see joulery/pue.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "joulery/pue.h"
#include "pue/civil_hours.h"
#include "pue/far_out.h"
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

/// A choice: with less than a tenth of the usual load the IT is all but off, so that its PUE says
/// nothing; with more it is the site's reading that cannot be.
double least_running_load(const std::vector<PueHour>& hours) {
  constexpr double kShare = 0.1;
  std::vector<double> loads;
  for (const PueHour& hour : hours)
    if (hour.mean && hour.load) loads.push_back(hour.load->count());
  if (loads.empty()) return std::numeric_limits<double>::infinity();
  const auto middle = loads.begin() + static_cast<std::ptrdiff_t>(loads.size() / 2);
  std::nth_element(loads.begin(), middle, loads.end());
  return kShare * *middle;
}

void count_left_out(PueProfile& profile) {
  const double running = least_running_load(profile.hours);
  for (std::size_t at = 0; at < profile.hours.size(); ++at) {
    const PueHour& hour = profile.hours[at];
    if (hour.mean) continue;
    if (hour.coverage <= 0)
      ++profile.silent_hours;
    else if (hour.coverage < kLeastHourCoverage)
      ++profile.partial_hours;
    else if (hour.load && hour.load->count() >= running)
      profile.absurd_hours.push_back(at);
    else
      ++profile.idle_hours;
  }
}

/// What the readings themselves show that a user should know.
void note_readings(const PueReadings& readings, const Flows& flows, PueProfile& profile) {
  for (const auto* series : {&readings.pue, &readings.it, &readings.facility}) {
    if (!*series) continue;
    const auto& pieces = (*series)->pieces;
    const auto longer = std::count_if(pieces.begin(), pieces.end(), [](const SeriesPiece& piece) {
      return piece.end - piece.begin > kLongReading;
    });
    if (longer > 0)
      profile.notes.push_back(
          fmt::format("{}: {} of {} readings are longer than an hour; their hours have the mean of "
                      "the reading, which hides how they vary",
                      (*series)->name, longer, pieces.size()));
  }
  if (flows.no_overhead > 0)
    profile.notes.push_back(
        fmt::format("{}: shows 0 in {} reading{} while the IT runs, first at {}: a PUE of 1, which "
                    "counts",
                    readings.facility->name, flows.no_overhead, flows.no_overhead == 1 ? "" : "s",
                    format_time(flows.first_no_overhead)));
  constexpr std::size_t kLeastReadings = 24;  // a choice: of a day of hours
  const auto& ratios = flows.flows;
  if (readings.pue && ratios.size() >= kLeastReadings &&
      std::all_of(ratios.begin(), ratios.end(),
                  [&](const Flow& flow) { return flow.site == ratios.front().site; }))
    profile.notes.push_back(
        fmt::format("{}: all {} values are {:.6g}: a number that was set, and no readings?",
                    readings.pue->name, ratios.size(), ratios.front().site));
}

/// Notes of the reader with the columns that they are of.
void add_notes(const PueReadings& readings, PueProfile& profile) {
  std::vector<std::pair<std::string, std::string>> notes;  // columns, note
  for (const auto* series :
       {&readings.pue, &readings.it, &readings.facility, &readings.temperature}) {
    if (!*series) continue;
    for (const std::string& note : (*series)->notes) {
      const auto same = std::find_if(notes.begin(), notes.end(),
                                     [&](const auto& known) { return known.second == note; });
      if (same == notes.end())
        notes.emplace_back((*series)->name, note);
      else
        same->first.append(", ").append((*series)->name);
    }
  }
  for (const auto& [columns, note] : notes)
    profile.notes.push_back(fmt::format("{}: {}", columns, note));
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
  const MeterGain gain{ratio_u(profile.meter_accuracy), !readings.pue && !readings.facility_has_it};
  for (PueHour& hour : profile.hours)
    if (hour.mean) hour.u = gain_u(gain, *hour.mean);
  add_periods(gain, profile);
  if (!profile.all.mean)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: of no hour at least {:.0f} % is known, with IT that draws "
                             "anything",
                             readings.file, 100 * kLeastHourCoverage)};
  find_far_out(gain, profile);
  note_readings(readings, flows, profile);
  add_notes(readings, profile);
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
