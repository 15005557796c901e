// report: PUE over time for people: the year, its months, the days that stand out, what was left
// out.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/number.h"
#include "report/pue_words.h"
#include "report/text_table.h"

namespace joulery {
namespace {

Estimate<double> mean_of(const std::optional<double>& mean, double u) {
  return mean ? Estimate<double>::of(*mean, u, Evidence::kIntegrated)
              : Estimate<double>::missing("");
}

/// With so many digits behind the point; a number beyond all reason stays as short.
std::string fixed_text(const std::optional<double>& number, int decimals) {
  constexpr double kMost = 1e5;
  if (!number) return "-";
  return *number < kMost ? fmt::format("{:.{}f}", *number, decimals)
                         : fmt::format("{:.3g}", *number);
}
/// The third decimal is a tenth of a percent of the site's draw.
std::string pue_text(const std::optional<double>& pue) { return fixed_text(pue, 3); }
/// As the paper's Table 1.
std::string pct_text(const std::optional<double>& pct) { return fixed_text(pct, 2); }

std::string six_digits(double hours) { return fmt::format("{:.6g}", hours); }

void write_head(const PueProfile& profile, std::ostream& out) {
  const PuePeriod& all = profile.all;
  write_paragraph(out, "PUE of ", printable(profile.source));
  write_paragraph(out, "  ",
                  fmt::format("{} to {} by the clock of {}: {} of {} hours known ({})",
                              profile.days.front().name, profile.days.back().name,
                              printable(profile.time_zone), six_digits(all.known_hours),
                              six_digits(all.hours), percent(all.known_hours / all.hours)));
  out << '\n';
}

std::string variation_text(const PuePeriod& period) {
  return period.variation_u_pct ? plus_minus(mean_of(period.variation_pct, *period.variation_u_pct))
                                : pct_text(period.variation_pct);
}

void write_year(const PueProfile& profile, std::ostream& out) {
  const PuePeriod& all = profile.all;
  out << fmt::format("  mean             {}  (of the hourly means, weighted by time)\n",
                     plus_minus(mean_of(all.mean, all.u)));
  if (all.energy_weighted_mean)
    out << fmt::format(
        "  energy-weighted  {}  (times the IT's energy this is what the site drew)\n",
        plus_minus(mean_of(all.energy_weighted_mean, all.u)));
  if (all.variation_pct)
    out << fmt::format(
        "  daily variation  {} %  (greatest hour of a day above its least, mean of {} "
        "day{})\n",
        variation_text(all), all.days_of_variation, all.days_of_variation == 1 ? "" : "s");
  out << '\n';
}

void add_row(TextTable& table, const PuePeriod& period, const std::string& name) {
  table.add({name, pue_text(period.mean), pue_text(period.energy_weighted_mean),
             pct_text(period.variation_pct), fmt::format("{}", period.days_of_variation),
             six_digits(period.known_hours), six_digits(period.hours)});
}

void write_months(const PueProfile& profile, std::ostream& out) {
  TextTable table(
      {"month", "mean PUE", "energy-weighted", "daily variation (%)", "days", "hours known", "of"},
      {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight, Align::kRight,
       Align::kRight});
  for (const PuePeriod& month : profile.months) add_row(table, month, month.name);
  if (profile.years.size() > 1)
    for (const PuePeriod& year : profile.years) add_row(table, year, year.name);
  add_row(table, profile.all, "all days");
  table.write(out, 2);
  out << '\n';
}

/// Of two months the one that costs more, in the paper's words: January against July.
void write_seasons(const PueProfile& profile, std::ostream& out) {
  const auto& months = profile.months;
  const auto less = [](const PuePeriod& a, const PuePeriod& b) {
    return a.mean.value_or(0) < b.mean.value_or(0);
  };
  std::vector<PuePeriod> known;
  std::copy_if(months.begin(), months.end(), std::back_inserter(known),
               [](const PuePeriod& month) { return month.mean.has_value(); });
  if (known.size() < 2) return;
  const auto [least, greatest] = std::minmax_element(known.begin(), known.end(), less);
  write_paragraph(
      out, "",
      fmt::format("The same IT work draws {} % more in {} (PUE {}) than in {} ({}).",
                  fixed_text(100 * (*greatest->mean / *least->mean - 1), 1), greatest->name,
                  fixed_text(greatest->mean, 2), least->name, fixed_text(least->mean, 2)));
  out << '\n';
}

void add_day(TextTable& table, const PueProfile& profile, const char* what, const PuePeriod& day) {
  const auto hour_text = [&](std::size_t at) {
    const PueHour& hour = profile.hours[at];
    return fmt::format("{} at {}", pue_text(hour.mean), clock_of(hour));
  };
  table.add({what, day.name, pue_text(day.mean), hour_text(*day.least_hour),
             hour_text(*day.greatest_hour), pct_text(day.variation_pct)});
}

void write_days(const PueProfile& profile, std::ostream& out) {
  std::vector<const PuePeriod*> days;
  for (const PuePeriod& day : profile.days)
    if (day.variation_pct) days.push_back(&day);
  if (days.size() < 2) return;
  const auto by = [&](auto value) {
    return std::minmax_element(
        days.begin(), days.end(),
        [&](const PuePeriod* a, const PuePeriod* b) { return value(*a) < value(*b); });
  };
  const auto variation = by([](const PuePeriod& d) { return *d.variation_pct; });
  const auto mean = by([](const PuePeriod& d) { return *d.mean; });
  TextTable table(
      {"days of", "", "mean PUE", "least hour", "greatest hour", "variation (%)"},
      {Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  add_day(table, profile, "greatest variation", **variation.second);
  add_day(table, profile, "greatest mean", **mean.second);
  add_day(table, profile, "least mean", **mean.first);
  table.write(out, 2);
  out << '\n';
}

void write_left_out(const PueProfile& profile, std::ostream& out) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, const char* unit, const std::string& why) {
    if (count > 0)
      parts.push_back(fmt::format("{} {}{} {}", count, unit, count == 1 ? "" : "s", why));
  };
  add(profile.silent_hours, "hour", "without readings");
  add(profile.partial_hours, "hour",
      fmt::format("of which less than {:.0f} % was known", 100 * kLeastHourCoverage));
  add(profile.idle_hours, "hour", "in which the IT was all but off");
  const auto& absurd = profile.absurd_hours;
  if (!absurd.empty())
    add(absurd.size(), "hour",
        fmt::format("in which the site drew more than {:.0f} times the running IT, {}at {}",
                    kMostPue, absurd.size() > 1 ? "first " : "",
                    hour_name(profile.hours[absurd.front()])));
  add(profile.days.size() - profile.all.days_of_variation, "day",
      fmt::format("of which less than {:.0f} % of the hours was known (of the variation only)",
                  100 * kLeastDayCoverage));
  if (!parts.empty())
    write_paragraph(out, "Left out: ", fmt::format("{}.", fmt::join(parts, "; ")));
}

/// By PUE, or where none of them is far out by that, by load.
std::string greatest_text(const PueProfile& profile) {
  const auto& far_out = profile.far_out;
  const auto greatest = *std::max_element(far_out.hours.begin(), far_out.hours.end(),
                                          [&](std::size_t a, std::size_t b) {
                                            return *profile.hours[a].mean < *profile.hours[b].mean;
                                          });
  const PueHour& hour = profile.hours[greatest];
  if (*hour.mean > far_out.above_pue)
    return fmt::format("a PUE of {} at {}", pue_text(hour.mean), hour_name(hour));
  return fmt::format("an IT load of {:.4g} kW at {}", hour.load->count() / 1000, hour_name(hour));
}

void write_far_out(const PueProfile& profile, std::ostream& out) {
  const auto& far_out = profile.far_out;
  if (far_out.hours.empty()) return;
  const PuePeriod &with = profile.all, &without = far_out.without;
  const std::size_t count = far_out.hours.size();
  std::string text = fmt::format(
      "{} hour{} far out from the others, {}{}. {} in all means, and not in the model. Without {} "
      "the mean is {} (with: {})",
      count, count == 1 ? " stands" : "s stand", count == 1 ? "" : "such as ",
      greatest_text(profile), count == 1 ? "It counts" : "They count", count == 1 ? "it" : "them",
      pue_text(without.mean), pue_text(with.mean));
  if (with.energy_weighted_mean)
    text += fmt::format(", energy-weighted {} ({})", pue_text(without.energy_weighted_mean),
                        pue_text(with.energy_weighted_mean));
  if (with.variation_pct)
    text += fmt::format(", the daily variation {} % ({} %)", pct_text(without.variation_pct),
                        pct_text(with.variation_pct));
  write_paragraph(out, "Far out: ", text + ".");
}

void write_basis(const PueProfile& profile, std::ostream& out) {
  write_paragraph(
      out, "Meters: ",
      fmt::format("taken as right to ±{:.3g} %{}; this error is common to all readings, so that "
                  "no mean makes it smaller.",
                  100 * profile.meter_accuracy,
                  profile.accuracy_given ? "" : " (class 1; --meter-accuracy says otherwise)") +
          (profile.all.variation_pct && !profile.all.variation_u_pct
               ? " It cancels in the variation, of which nothing else is known: no uncertainty."
               : ""));
  if (profile.below_one > 0)
    write_paragraph(
        out, "",
        fmt::format("{} reading{} below a PUE of 1, by less than the meters may be off.",
                    profile.below_one, profile.below_one == 1 ? " is" : "s are"));
  for (const std::string& note : profile.notes) write_paragraph(out, "Note: ", printable(note));
}

}  // namespace

void write_pue_text(const PueProfile& profile, const std::optional<PueModel>& model,
                    std::ostream& out) {
  write_head(profile, out);
  write_year(profile, out);
  write_months(profile, out);
  write_seasons(profile, out);
  write_days(profile, out);
  if (model) write_pue_model_text(*model, out);
  write_left_out(profile, out);
  write_far_out(profile, out);
  write_basis(profile, out);
}

}  // namespace joulery
