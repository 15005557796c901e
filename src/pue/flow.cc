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

/// Joins the readings of two meters. What a meter shows is a mean over its reading, so that of two
/// the longer one is the time over which a ratio is one: within it the IT of one quarter of an hour
/// may well be above the hour's mean of the total.
class MeterFlows {
 public:
  MeterFlows(const PueReadings& readings, double accuracy)
      : readings_(readings), accuracy_(accuracy) {}
  Result<Flows> take();

 private:
  void add(const SeriesPiece& it, const SeriesPiece& facility, WallTime begin, WallTime end);
  void close();
  void check(const Flow& mean);
  [[nodiscard]] std::string words_of(const Flow& flow) const;

  const PueReadings& readings_;
  const double accuracy_;
  const SeriesPiece* longer_ = nullptr;
  std::vector<Flow> open_;  ///< of the reading `longer_`
  Flows out_;
  Refusal refusal_;
};

void MeterFlows::add(const SeriesPiece& it, const SeriesPiece& facility, WallTime begin,
                     WallTime end) {
  const SeriesPiece& longer = it.end - it.begin > facility.end - facility.begin ? it : facility;
  if (&longer != longer_) close();
  longer_ = &longer;
  Flow flow{begin, end, watts_in(*readings_.facility, facility), watts_in(*readings_.it, it)};
  if (!readings_.facility_has_it && flow.site == 0 && flow.it > 0 && out_.no_overhead++ == 0)
    out_.first_no_overhead = begin;
  if (!readings_.facility_has_it) flow.site += flow.it;
  open_.push_back(flow);
}

void MeterFlows::close() {
  if (open_.empty()) return;
  double seconds = 0, site = 0, it = 0;
  for (const Flow& flow : open_) {
    const double length = Seconds(flow.end - flow.begin).count();
    seconds += length;
    site += flow.site * length;
    it += flow.it * length;
  }
  const Flow mean{open_.front().begin, open_.back().end, site / seconds, it / seconds};
  const Micros length = longer_->end - longer_->begin;
  // Of less than half of a reading its mean says too little to refuse a file for.
  if (2 * seconds >= Seconds(length).count()) check(mean);
  for (const Flow& flow : open_)
    out_.flows.push_back(length > kLongReading ? Flow{flow.begin, flow.end, mean.site, mean.it}
                                               : flow);
  open_.clear();
}

void MeterFlows::check(const Flow& mean) {
  if (mean.site < mean.it * least_ratio(accuracy_)) refusal_.add([&] { return words_of(mean); });
  out_.below_one += mean.site < mean.it ? 1U : 0U;
}

std::string MeterFlows::words_of(const Flow& flow) const {
  return fmt::format("{}: the site draws {:.6g} W, its IT {:.6g} W, a PUE of {:.4g}",
                     place_in(*readings_.facility, flow.begin), flow.site, flow.it,
                     flow.site / flow.it);
}

Result<Flows> MeterFlows::take() {
  JOULERY_CHECK(check_not_negative(*readings_.it));
  JOULERY_CHECK(check_not_negative(*readings_.facility));
  for_each_overlap(readings_.it->pieces, readings_.facility->pieces,
                   [&](const SeriesPiece& it, const SeriesPiece& facility, WallTime begin,
                       WallTime end) { add(it, facility, begin, end); });
  close();
  if (refusal_.count > 0)
    return refusal_.error(fmt::format(
        "; a total has the IT in it: if {} leaves it out, its name begins with facility_",
        readings_.facility->name));
  return std::move(out_);
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
  return MeterFlows(readings, accuracy).take();
}

}  // namespace joulery
