// plan: when a run draws how much of its load, see uses.h.
#include "plan/uses.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "plan/moments.h"

namespace joulery::plan {
namespace {

bool is_moment_of(const Use& use) { return use.begin == use.end; }

/// The part of a use that lies in [begin, end).
void add_part(const Use& use, WallTime begin, WallTime end, std::vector<Use>& parts) {
  if (begin >= end) return;
  const double share = Seconds(end - begin) / Seconds(use.end - use.begin);
  parts.push_back({begin, end, share * use.seconds});
}

void divide(const Use& use, const std::vector<Slot>& slots, DividedUses& out) {
  WallTime at = use.begin;
  for (const Slot& slot : slots) {
    if (slot.end <= at) continue;
    if (slot.begin >= use.end) break;
    add_part(use, at, slot.begin, out.beside);
    at = std::max(at, slot.begin);
    add_part(use, at, std::min(use.end, slot.end), out.within);
    at = std::min(use.end, slot.end);
  }
  add_part(use, at, use.end, out.beside);
}

std::optional<double> integral_of_one(const RateCurve& curve, const Use& use) {
  if (!is_moment_of(use)) {
    const auto integral = curve.integral(use.begin, use.end);
    if (!integral) return {};
    return *integral * (use.seconds / Seconds(use.end - use.begin).count());
  }
  const std::size_t piece = curve.piece_after(use.begin);
  if (piece == curve.pieces().size() || use.begin < curve.pieces()[piece].begin) return {};
  return use.seconds * curve.pieces()[piece].value;
}

}  // namespace

std::vector<Use> uses_of(const PlanRequest& request, const PlanPlace& place,
                         const std::vector<Slot>& slots) {
  std::vector<Use> uses;
  const WallTime start = slots.front().begin;
  Seconds offset{0};
  for (const LoadStep& step : request.job.profile) {
    const WallTime begin = start + micros(offset);
    offset += step.length;
    const WallTime end = start + micros(offset);
    if (begin < end) uses.push_back({begin, end, step.share * Seconds(end - begin).count()});
  }
  const double resume = seconds_of_load(request, request.resume_energy).count();
  for (const Slot& slot : slots) {
    if (request.job.profile.empty())
      uses.push_back({slot.begin, slot.end, Seconds(slot.end - slot.begin).count()});
    if (&slot != &slots.front() && resume > 0) uses.push_back({slot.begin, slot.begin, resume});
  }
  const double transfer = seconds_of_load(request, request.transfer_energy).count();
  if (&place != &request.places.front() && transfer > 0) uses.push_back({start, start, transfer});
  return uses;
}

DividedUses divided(const std::vector<Use>& uses, const std::vector<Slot>& slots) {
  DividedUses out;
  for (const Use& use : uses) {
    const auto holds = [&](const Slot& slot) {
      return slot.begin <= use.begin && use.begin < slot.end;
    };
    if (!is_moment_of(use))
      divide(use, slots, out);
    else
      (std::any_of(slots.begin(), slots.end(), holds) ? out.within : out.beside).push_back(use);
  }
  return out;
}

std::optional<double> integral_of(const RateCurve& curve, const std::vector<Use>& uses) {
  double sum = 0;
  for (const Use& use : uses) {
    const auto one = integral_of_one(curve, use);
    if (!one) return {};
    sum += *one;
  }
  return sum;
}

std::optional<double> integral_of_moments(const RateCurve& curve, const std::vector<Use>& uses) {
  std::vector<Use> moments;
  std::copy_if(uses.begin(), uses.end(), std::back_inserter(moments), is_moment_of);
  return integral_of(curve, moments);
}

Result<double> load_integral(const PlanRequest& request, const PlanPlace& place,
                             const Pieces& pieces, const std::vector<Slot>& slots) {
  if (!pieces.empty()) {
    JOULERY_TRY(const RateCurve curve, RateCurve::make(pieces));
    if (const auto sum = integral_of(curve, uses_of(request, place, slots))) return *sum;
  }
  return Error{
      ErrorCode::kInvalid,
      fmt::format("the series{}{} do not cover all from {} to {}", place.name.empty() ? "" : " of ",
                  place.name, format_time(slots.front().begin), format_time(slots.back().end))};
}

double transfer_cost(const PlanRequest& request, const PlanPlace& place,
                     const Rate PlaceRates::*which) {
  const bool of_money = which == &PlaceRates::cost || which == &PlaceRates::plain_cost;
  if (!of_money || &place == &request.places.front() || !request.load) return 0;
  return request.transfer_cost.count() / request.load.value->count();
}

Seconds seconds_of_load(const PlanRequest& request, Joules energy) {
  return request.load && energy > Joules(0) ? energy / *request.load.value : Seconds(0);
}

}  // namespace joulery::plan
