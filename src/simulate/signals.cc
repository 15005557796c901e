// simulate: a place over time, see signals.h.
#include "simulate/signals.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace joulery::simulate {
namespace {

double seconds_of(Micros time) { return Seconds(time).count(); }

/// Walks through the pieces of a series, whose order is that of time.
class Walk {
 public:
  explicit Walk(const Series& series) : series_(series) {}

  /// The piece that holds `time`, which never goes back; null where nothing is known.
  const SeriesPiece* at(WallTime time) {
    while (next_ < series_.pieces.size() && series_.pieces[next_].end <= time) ++next_;
    if (next_ == series_.pieces.size() || series_.pieces[next_].begin > time) return nullptr;
    return &series_.pieces[next_];
  }
  [[nodiscard]] const Series& series() const { return series_; }

 private:
  const Series& series_;
  std::size_t next_ = 0;
};

Error gap_error(const Series& series, WallTime time, WallTime until) {
  const bool before = time < series.pieces.front().begin;
  return Error{
      ErrorCode::kInvalid,
      fmt::format(
          "{}: nothing is known {} {}, and the jobs need {}: --at TIME lays the log's first "
          "job onto another time",
          series.source, before ? "before" : "from",
          format_time(before ? series.pieces.front().begin : time),
          before ? "it from " + format_time(time) : "it up to " + format_time(until))};
}

}  // namespace

PerWatt& PerWatt::operator+=(const PerWatt& other) {
  seconds += other.seconds;
  site += other.site;
  carbon += other.carbon;
  money += other.money;
  return *this;
}

Result<Signals> Signals::make(const PlaceSignals& place, WallTime from, WallTime until) {
  Signals out;
  const Place& constants = place.constants;
  out.has_price_ = place.price || constants.electricity_price.estimate;
  std::vector<Walk> walks{Walk(place.intensity)};
  if (place.pue) walks.emplace_back(*place.pue);
  if (place.price) walks.emplace_back(*place.price);
  for (WallTime time = from;;) {
    WallTime end = WallTime::max();
    double values[3] = {};
    const Series* unknown = nullptr;
    for (std::size_t i = 0; i < walks.size(); ++i) {
      const SeriesPiece* const piece = walks[i].at(time);
      if (piece == nullptr) {
        unknown = &walks[i].series();
        break;
      }
      values[i] = piece->value;
      end = std::min(end, piece->end);
    }
    out.bounds_.push_back(time);
    if (unknown != nullptr) {
      if (time < until || time == from) return gap_error(*unknown, time, until);
      break;
    }
    const double pue = place.pue ? values[1] : constants.pue.estimate.value.value_or(1);
    const double price =
        place.price ? values[walks.size() - 1]
                    : constants.electricity_price.estimate.value.value_or(MoneyPerJoule(0)).count();
    out.rates_.push_back({1, pue, values[0] * pue, price * pue});
    out.intensities_.push_back(values[0]);
    time = end;
  }
  out.add_up();
  return out;
}

void Signals::add_up() {
  sums_.assign(1, {});
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    PerWatt sum = sums_.back();
    sum += rates_[i] * seconds_of(bounds_[i + 1] - bounds_[i]);
    sums_.push_back(sum);
  }
}

std::size_t Signals::piece_at(WallTime time) const {
  const auto after = std::upper_bound(bounds_.begin(), bounds_.end(), time);
  const auto piece = static_cast<std::size_t>(after - bounds_.begin());
  return std::clamp<std::size_t>(piece, 1, rates_.size()) - 1;
}

PerWatt Signals::over(WallTime begin, WallTime end) const {
  const std::size_t first = piece_at(begin);
  const std::size_t last = end <= bounds_[first + 1] ? first : piece_at(end);
  if (first == last) return rates_[first] * seconds_of(end - begin);
  PerWatt out = rates_[first] * seconds_of(bounds_[first + 1] - begin);
  out += sums_[last];
  out += sums_[first + 1] * -1;
  out += rates_[last] * seconds_of(end - bounds_[last]);
  return out;
}

std::vector<double> Signals::rates(ShiftObjective objective) const {
  std::vector<double> out;
  out.reserve(rates_.size());
  for (const PerWatt& rate : rates_) {
    const bool carbon = objective == ShiftObjective::kCarbon;
    out.push_back(carbon                                 ? rate.carbon
                  : objective == ShiftObjective::kEnergy ? rate.site
                                                         : rate.money);
  }
  return out;
}

Result<RateCurve> Signals::curve(const std::vector<double>& rates) const {
  std::vector<SeriesPiece> pieces;
  pieces.reserve(rates.size());
  for (std::size_t i = 0; i < rates.size(); ++i)
    pieces.push_back({bounds_[i], bounds_[i + 1], rates[i]});
  return RateCurve::make(std::move(pieces));
}

Signals Signals::with_power(const std::vector<double>& factors) const {
  Signals out = *this;
  for (std::size_t i = 0; i < factors.size(); ++i) out.rates_[i] = rates_[i] * factors[i];
  out.add_up();
  return out;
}

}  // namespace joulery::simulate
