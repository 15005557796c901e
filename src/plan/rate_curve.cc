// plan: what a joule costs over time, with its integral at hand, see joulery/plan.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "joulery/plan.h"
#include "plan/moments.h"

namespace joulery {
namespace {

/// Of a rounded sum of n rounded terms, compensated: one unit in the last place and the rounding
/// of the terms, of the greatest integral that there may be. A choice: ten times that.
constexpr double kSumRounding = 2e-15;

/// Nothing: the piece can be used.
std::string fault_of(const SeriesPiece& piece) {
  if (!plan::is_moment(piece.begin) || !plan::is_moment(piece.end))
    return "is out of all calendars";
  if (piece.begin >= piece.end) return "ends before it begins";
  if (!std::isfinite(piece.value)) return "has no value";
  return {};
}

}  // namespace

Result<RateCurve> RateCurve::make(std::vector<SeriesPiece> pieces) {
  if (pieces.empty()) return Error{ErrorCode::kInvalid, "a series without values"};
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::string fault = fault_of(pieces[i]);
    if (fault.empty() && i > 0 && pieces[i].begin < pieces[i - 1].end)
      fault = "begins before the one before it ends";
    if (fault.empty()) continue;
    // A time that no calendar has cannot be printed.
    const std::string from =
        plan::is_moment(pieces[i].begin) ? ", from " + format_time(pieces[i].begin) + "," : "";
    return Error{ErrorCode::kInvalid, fmt::format("piece {} of a series{} {}", i + 1, from, fault)};
  }
  return RateCurve(std::move(pieces));
}

// Neumaier's compensated sum (ZAMM 54, 1974): without it the error of a difference of two integrals
// would grow with the length of the series.
RateCurve::RateCurve(std::vector<SeriesPiece> pieces) : pieces_(std::move(pieces)) {
  double sum = 0;
  double lost = 0;
  double magnitude = 0;
  integral_.reserve(pieces_.size());
  for (const SeriesPiece& piece : pieces_) {
    integral_.push_back(sum + lost);
    const double term = piece.value * Seconds(piece.end - piece.begin).count();
    const double next = sum + term;
    lost += std::abs(sum) >= std::abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
    magnitude += std::abs(term);
  }
  resolution_ = kSumRounding * magnitude;
  last_.resize(pieces_.size());
  for (std::size_t i = pieces_.size(); i-- > 0;) {
    const bool goes_on = i + 1 < pieces_.size() && pieces_[i].end == pieces_[i + 1].begin;
    last_[i] = goes_on ? last_[i + 1] : i;
  }
}

std::size_t RateCurve::piece_after(WallTime time) const {
  const auto found =
      std::upper_bound(pieces_.begin(), pieces_.end(), time,
                       [](WallTime t, const SeriesPiece& piece) { return t < piece.end; });
  return static_cast<std::size_t>(found - pieces_.begin());
}

double RateCurve::integral_up_to(std::size_t piece, WallTime time) const {
  return integral_[piece] + pieces_[piece].value * Seconds(time - pieces_[piece].begin).count();
}

WallTime RateCurve::known_until(WallTime time) const {
  const std::size_t i = piece_after(time);
  if (i == pieces_.size()) return end();
  return time < pieces_[i].begin ? time : pieces_[last_[i]].end;
}

std::optional<double> RateCurve::integral(WallTime begin, WallTime end) const {
  if (end <= begin) return end == begin ? std::optional(0.0) : std::nullopt;
  const std::size_t first = piece_after(begin);
  if (first == pieces_.size() || begin < pieces_[first].begin) return {};
  if (end > pieces_[last_[first]].end) return {};
  std::size_t last = piece_after(end);
  if (last > last_[first]) last = last_[first];
  return integral_up_to(last, end) - integral_up_to(first, begin);
}

}  // namespace joulery
