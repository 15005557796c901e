// pue: what a facility draws, see flow.h.
#include "pue/flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "pue/overlap.h"

namespace joulery {
namespace {

/// What cannot be, kept until it is known how often it comes.
struct Refusal {
  std::string first;
  std::size_t count = 0;

  void add(const std::function<std::string()>& what) {
    if (count++ == 0) first = what();
  }
  [[nodiscard]] Error error(const std::string& advice) const {
    const std::string more = count > 1 ? fmt::format(" (and {} more such)", count - 1) : "";
    return {ErrorCode::kInvalid, first + more + advice};
  }
};

Result<void> check_not_negative(const Series& series) {
  Refusal refusal;
  for (const SeriesPiece& piece : series.pieces)
    if (!(piece.value >= 0) || !std::isfinite(piece.value))
      refusal.add([&] {
        return fmt::format("{}: {:.6g} {} is less than nothing", place_in(series, piece.begin),
                           piece.value, series.measure == SeriesMeasure::kPower ? "W" : "J");
      });
  if (refusal.count > 0) return refusal.error("; IT and facility readings are 0 or more");
  return {};
}

Result<Flows> flows_of_ratios(const Series& pue, double accuracy) {
  Flows out;
  Refusal refusal;
  for (const SeriesPiece& piece : pue.pieces) {
    if (!(piece.value >= least_ratio(accuracy) && piece.value <= kMostPue))
      refusal.add([&] {
        return fmt::format("{}: a PUE of {:.6g}", place_in(pue, piece.begin), piece.value);
      });
    out.below_one += piece.value < 1 ? 1U : 0U;
    out.flows.push_back({piece.begin, piece.end, piece.value, 1});
  }
  if (refusal.count > 0) return refusal.error("; it is a ratio of 1 or more, up to 100");
  return out;
}

std::string words_of(const Flow& flow, const PueReadings& readings) {
  return fmt::format("{}: the site draws {:.6g} W, its IT {:.6g} W, a PUE of {:.4g}",
                     place_in(*readings.facility, flow.begin), flow.site, flow.it,
                     flow.site / flow.it);
}

Result<Flows> flows_of_meters(const PueReadings& readings, double accuracy) {
  JOULERY_CHECK(check_not_negative(*readings.it));
  JOULERY_CHECK(check_not_negative(*readings.facility));
  Flows out;
  Refusal refusal;
  for_each_overlap(
      readings.it->pieces, readings.facility->pieces,
      [&](const SeriesPiece& it, const SeriesPiece& facility, WallTime begin, WallTime end) {
        Flow flow{begin, end, watts_in(*readings.facility, facility), watts_in(*readings.it, it)};
        if (!readings.facility_has_it) flow.site += flow.it;
        if (flow.site < flow.it * least_ratio(accuracy))
          refusal.add([&] { return words_of(flow, readings); });
        out.below_one += flow.site < flow.it ? 1U : 0U;
        out.flows.push_back(flow);
      });
  if (refusal.count > 0)
    return refusal.error(fmt::format(
        "; a total has the IT in it: if {} leaves it out, its name begins with facility_",
        readings.facility->name));
  return out;
}

}  // namespace

// One meter at its upper limit, the other at its lower.
double least_ratio(double accuracy) { return (1 - accuracy) / (1 + accuracy); }

double watts_in(const Series& series, const SeriesPiece& piece) {
  if (series.measure != SeriesMeasure::kEnergy) return piece.value;
  return piece.value / Seconds(piece.end - piece.begin).count();
}

std::string place_in(const Series& series, WallTime time) {
  const auto after =
      std::upper_bound(series.pieces.begin(), series.pieces.end(), time,
                       [](WallTime at, const SeriesPiece& piece) { return at < piece.begin; });
  const auto piece = static_cast<std::size_t>(after - series.pieces.begin());
  const std::string line = piece > 0 && piece <= series.lines.size()
                               ? fmt::format(", line {}", series.lines[piece - 1])
                               : "";
  return fmt::format("{}{}, at {}", series.source, line, format_time(time));
}

Result<Flows> make_flows(const PueReadings& readings, double accuracy) {
  if (readings.pue) return flows_of_ratios(*readings.pue, accuracy);
  if (!readings.it || !readings.facility)
    return Error{ErrorCode::kInvalid,
                 readings.file + ": holds neither PUE nor both IT and facility readings"};
  return flows_of_meters(readings, accuracy);
}

}  // namespace joulery
