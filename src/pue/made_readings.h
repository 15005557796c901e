// pue: made clocks, stamps and readings for tests.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "joulery/pue.h"

namespace joulery {

/// "2020-01-01T12:00Z", or with seconds.
inline WallTime at(std::string_view text) {
  std::string full(text);
  if (full.size() == 17) full.insert(16, ":00");
  return parse_time(full).value();
}

inline std::chrono::seconds utc(WallTime) { return std::chrono::seconds(0); }

/// America/Denver in 2020: -7 h, and -6 h from 8 March to 1 November.
inline std::chrono::seconds denver_2020(WallTime time) {
  const bool summer = time >= at("2020-03-08T09:00Z") && time < at("2020-11-01T08:00Z");
  return std::chrono::hours(summer ? -6 : -7);
}

/// One value a step.
inline Series made_series(SeriesMeasure measure, const std::string& name, std::string_view begin,
                          std::chrono::minutes step, std::size_t steps,
                          const std::function<double(std::size_t)>& value) {
  Series series;
  series.measure = measure;
  series.name = name;
  series.source = "hall.csv, column " + name;
  for (std::size_t i = 0; i < steps; ++i) {
    const WallTime from = at(begin) + static_cast<int>(i) * step;
    series.pieces.push_back({from, from + step, value(i)});
  }
  return series;
}

inline PueReadings made_meters(Series it, Series facility, bool facility_has_it = false) {
  PueReadings readings;
  readings.file = "hall.csv";
  readings.it = std::move(it);
  readings.facility = std::move(facility);
  readings.facility_has_it = facility_has_it;
  return readings;
}

inline PueReadings made_ratios(Series pue) {
  PueReadings readings;
  readings.file = "hall.csv";
  readings.pue = std::move(pue);
  return readings;
}

}  // namespace joulery
