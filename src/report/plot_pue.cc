// report: PUE over time as a picture, in the form of Figures 4 and 5 of arXiv 2205.09646: daily
// means over all days, and hourly means over a week.
#include <fmt/format.h>

#include <algorithm>

#include "joulery/report.h"
#include "report/gnuplot.h"
#include "report/picture.h"
#include "report/pue_words.h"

namespace joulery {
namespace {

constexpr std::size_t kDaysOfWeek = 7;

/// Positions of days in a profile: from `first` up to `last`, which is not part of it.
struct Days {
  std::size_t first = 0, last = 0;
};

Result<Days> week_from(const PueProfile& profile, const std::string& first_day) {
  const auto& days = profile.days;
  const auto day = std::find_if(days.begin(), days.end(),
                                [&](const PuePeriod& d) { return d.name == first_day; });
  if (day == days.end())
    return Error{ErrorCode::kUsage,
                 fmt::format("--week: \"{}\" is no day of the readings, which are from {} to {}; "
                             "for example --week {}",
                             first_day, days.front().name, days.back().name, days.front().name)};
  const auto first = static_cast<std::size_t>(day - days.begin());
  return Days{first, std::min(first + kDaysOfWeek, days.size())};
}

/// The seven days whose variations have the greatest sum; those without one count as none.
Days liveliest_week(const PueProfile& profile) {
  const auto& days = profile.days;
  Days best{0, std::min(kDaysOfWeek, days.size())};
  double sum = 0, most = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    sum += days[i].variation_pct.value_or(0);
    if (i >= kDaysOfWeek) sum -= days[i - kDaysOfWeek].variation_pct.value_or(0);
    if (i + 1 < kDaysOfWeek || sum <= most) continue;
    most = sum;
    best = {i + 1 - kDaysOfWeek, i + 1};
  }
  return best;
}

std::int64_t unix_seconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// Each day's mean at the noon of its clock; a blank line is a gap.
std::string daily_data(const PueProfile& profile) {
  std::string data = "\"t\" \"daily means\"\n";
  for (const PuePeriod& day : profile.days) {
    if (!day.mean) {
      data += '\n';
      continue;
    }
    const PueHour& hour = profile.hours[*day.least_hour];
    const auto midnight = std::chrono::floor<std::chrono::days>(hour.begin + hour.offset);
    data += fmt::format("{} {}\n", unix_seconds(midnight + std::chrono::hours(12)), *day.mean);
  }
  return data + "\n\n";
}

/// By one clock from end to end, so that no hour is drawn twice where the clock is set.
std::string hourly_data(const PueProfile& profile, Days week) {
  std::string data =
      fmt::format("\"t\" \"hourly means, {} to {}, clock of {}\"\n", profile.days[week.first].name,
                  profile.days[week.last - 1].name, gnuplot_label(profile.time_zone));
  std::optional<std::chrono::seconds> clock;
  for (const PueHour& hour : profile.hours) {
    const std::string date = date_of(hour);
    if (date < profile.days[week.first].name || date > profile.days[week.last - 1].name) continue;
    if (!clock) clock = hour.offset;
    const WallTime middle = hour.begin + (hour.end - hour.begin) / 2 + *clock;
    data += hour.mean ? fmt::format("{} {}\n", unix_seconds(middle), *hour.mean) : "\n";
  }
  return data + "\n\n";
}

std::string script_of(const PueProfile& profile, const std::string& terminal) {
  const bool months = profile.days.size() > 62;
  const auto panel = [](int index, const char* format, const std::string& tics, const char* color) {
    return fmt::format(
        "set format x '{}'\nset xtics {}\nplot 'data' index {} using 1:2 with lines linewidth 1.5 "
        "linecolor rgb '{}' title columnheader(2)\n",
        format, tics, index, color);
  };
  return fmt::format(
             "set terminal {}\nset output 'picture'\nset encoding utf8\n"
             "set datafile separator whitespace\nset xdata time\nset timefmt '%s'\n"
             "set ylabel 'PUE'\nset format y '%.2f'\nset grid\nset key above\nset border 3\n"
             "set tics nomirror out\nset lmargin 10\nset rmargin 6\nset multiplot layout 2,1\n",
             terminal) +
         panel(0, months ? "%b %Y" : "%d %b", "autofreq", "#4477aa") +
         panel(1, "%a %d %b", "86400", "#ee7733") + "unset multiplot\n";
}

}  // namespace

Result<void> plot_pue(const PueProfile& profile, const std::string& first_day,
                      const std::string& path) {
  JOULERY_TRY(const std::string terminal, terminal_of(path));
  Days week = liveliest_week(profile);
  if (!first_day.empty()) {
    JOULERY_TRY(week, week_from(profile, first_day));
  }
  JOULERY_TRY(const std::string picture,
              run_gnuplot({script_of(profile, terminal),
                           daily_data(profile) + hourly_data(profile, week)}));
  return write_picture(path, picture);
}

}  // namespace joulery
