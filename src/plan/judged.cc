// plan: what running at a place in certain slots takes, see judged.h.
#include "plan/judged.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "plan/contiguous.h"
#include "plan/paused_slots.h"

namespace joulery::plan {
namespace {

/// A power, or why there is none, times what a rate adds up to.
template <class T>
Result<Estimate<T>> total(const PlanRequest& request, const PlanPlace& place, const Rate& rate,
                          const std::vector<Slot>& slots) {
  if (!rate.pieces) return Estimate<T>::missing(rate.why);
  JOULERY_TRY(const double seconds, load_integral(request, place, *rate.pieces, slots));
  const Estimate<Watts>& load = request.load;
  if (!load) return Estimate<T>::missing(load.why);
  const double watts = load.value->count();
  const double load_u = load.u.count() / watts;
  const double value = watts * seconds;
  return Estimate<T>::of(T(value), T(std::abs(value) * std::hypot(load_u, rate.relative_u)),
                         std::max(load.evidence, Evidence::kConstant),
                         rate.relative_u > load_u ? rate.top : load.top);
}

}  // namespace

Seconds seconds_of_load(const PlanRequest& request, Joules energy) {
  return request.load && energy > Joules(0) ? energy / *request.load.value : Seconds(0);
}

bool is_elsewhere(const PlanRequest& request, const PlanPlace& place) {
  return &place != &request.places.front();
}

Result<double> load_integral(const PlanRequest& request, const PlanPlace& place,
                             const Pieces& pieces, const std::vector<Slot>& slots) {
  JOULERY_TRY(const RateCurve curve, RateCurve::make(pieces));
  for (const Slot& slot : slots)
    if (!curve.integral(slot.begin, slot.end))
      return Error{
          ErrorCode::kInvalid,
          fmt::format("the series{}{} do not cover {} to {}", place.name.empty() ? "" : " of ",
                      place.name, format_time(slot.begin), format_time(slot.end))};
  const auto& profile = request.job.profile;
  double sum = profile.empty()
                   ? cost_of(curve, slots, seconds_of_load(request, request.resume_energy).count())
                   : profile_integral(curve, slots.front().begin, profile).value_or(0);
  if (is_elsewhere(request, place))
    sum += seconds_of_load(request, request.transfer_energy).count() *
           curve.pieces()[curve.piece_after(slots.front().begin)].value;
  return sum;
}

Result<PlannedRun> judged(const PlanRequest& request, const PlanPlace& place,
                          const PlaceRates& rates, std::vector<Slot> slots) {
  PlannedRun run;
  run.place = place.name;
  run.currency = place.price ? place.price->currency : place.place.currency;
  const Slot all{slots.front().begin, slots.back().end};
  const Rate one{Pieces{{all.begin, all.end, 1.0}}, "", 0, ""};
  JOULERY_TRY(run.it_energy, total<Joules>(request, place, one, slots));
  JOULERY_TRY(run.site_energy, total<Joules>(request, place, rates.energy, slots));
  JOULERY_TRY(run.carbon, total<GramsCo2>(request, place, rates.carbon, slots));
  JOULERY_TRY(run.cost, total<Money>(request, place, rates.cost, slots));
  run.slots = std::move(slots);
  return run;
}

PlannedRun judged_unknown(const PlanRequest& request, const std::string& why) {
  const PlanPlace& place = request.places.front();
  const Seconds length = request.job.length;
  PlannedRun run;
  run.place = place.name;
  run.currency = place.price ? place.price->currency : place.place.currency;
  run.slots = {
      {request.job.release, request.job.release + std::chrono::duration_cast<Micros>(length)}};
  const Estimate<Watts>& load = request.load;
  run.it_energy = load ? Estimate<Joules>::of(*load.value * length, load.u * length, load.evidence,
                                              load.top, load.coverage)
                       : Estimate<Joules>::missing(load.why);
  run.site_energy = Estimate<Joules>::missing(why);
  run.carbon = Estimate<GramsCo2>::missing(why);
  run.cost = Estimate<Money>::missing(why);
  return run;
}

}  // namespace joulery::plan
