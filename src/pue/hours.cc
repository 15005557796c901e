// pue: hourly means, see hours.h.
#include "pue/hours.h"

#include "pue/overlap.h"

namespace joulery {
namespace {

/// Of one hour.
struct HourSums {
  double seconds = 0;
  double site = 0, it = 0;  ///< the integrals of Flow
};

/// Adds up by hour; `hours` has no gaps, so that the position of one follows from a walk.
template <class Piece, class Add>
std::vector<HourSums> sum_by_hour(const std::vector<CivilHour>& hours,
                                  const std::vector<Piece>& pieces, Add add) {
  std::vector<HourSums> sums(hours.size());
  for_each_overlap(hours, pieces,
                   [&](const CivilHour& hour, const Piece& piece, WallTime begin, WallTime end) {
                     const double seconds = Seconds(end - begin).count();
                     HourSums& sum = sums[static_cast<std::size_t>(&hour - hours.data())];
                     sum.seconds += seconds;
                     add(sum, piece, seconds);
                   });
  return sums;
}

double share_of(const HourSums& sum, const PueHour& hour) {
  return sum.seconds / (hour.hours() * 3600);
}

/// Means over time of a series, where enough of the hour was known.
template <class Put>
void put_means(const Series& series, const std::vector<CivilHour>& civil,
               std::vector<PueHour>& hours, Put put) {
  const auto sums = sum_by_hour(civil, series.pieces,
                                [&](HourSums& sum, const SeriesPiece& piece, double seconds) {
                                  sum.it += watts_in(series, piece) * seconds;
                                });
  for (std::size_t i = 0; i < hours.size(); ++i)
    if (share_of(sums[i], hours[i]) >= kLeastHourCoverage)
      put(hours[i], sums[i].it / sums[i].seconds);
}

/// Ready ratios know no load; of meters it is that of the time in which both were known.
void put_pue(const HourSums& sum, bool metered, PueHour& hour) {
  hour.coverage = share_of(sum, hour);
  if (hour.coverage < kLeastHourCoverage) return;
  if (sum.it > 0 && sum.site <= kMostPue * sum.it) hour.mean = sum.site / sum.it;
  if (metered) hour.load = Watts(sum.it / sum.seconds);
}

}  // namespace

std::vector<PueHour> make_hours(const PueReadings& readings, const std::vector<Flow>& flows,
                                const ClockOffset& clock) {
  const auto civil = civil_hours(flows.front().begin, flows.back().end, clock);
  const auto sums = sum_by_hour(civil, flows, [](HourSums& sum, const Flow& flow, double seconds) {
    sum.site += flow.site * seconds;
    sum.it += flow.it * seconds;
  });
  std::vector<PueHour> hours(civil.size());
  for (std::size_t i = 0; i < civil.size(); ++i) {
    hours[i].begin = civil[i].begin;
    hours[i].end = civil[i].end;
    hours[i].offset = civil[i].offset;
    put_pue(sums[i], !readings.pue.has_value(), hours[i]);
  }
  if (readings.pue && readings.it)
    put_means(*readings.it, civil, hours,
              [](PueHour& hour, double watts) { hour.load = Watts(watts); });
  if (readings.temperature)
    put_means(*readings.temperature, civil, hours,
              [](PueHour& hour, double celsius) { hour.temperature = celsius; });
  return hours;
}

}  // namespace joulery
