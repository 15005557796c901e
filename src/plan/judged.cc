// plan: what running at a place in certain slots takes, see judged.h.
#include "plan/judged.h"

#include <cmath>

#include "plan/errors.h"

namespace joulery::plan {
namespace {

/// With the uncertainty of the load, of which `fixed` does not depend.
template <class T>
Estimate<T> estimate_of(const Total& total, const Estimate<Watts>& load) {
  const double watts = load.value->count();
  const double of_load = load.u.count() * (total.value - total.fixed);
  double square = of_load * of_load;
  double most = std::abs(of_load);
  std::string top = load.top;
  for (const Shift& shift : total.shifts) {
    if (shift.name == kLoadName) continue;
    const double u = watts * shift.all();
    square += u * u;
    if (std::abs(u) <= most) continue;
    most = std::abs(u);
    top = shift.name;
  }
  return Estimate<T>::of(T(watts * total.value), T(std::sqrt(square)),
                         std::max(load.evidence, Evidence::kConstant), std::move(top));
}

/// A power, or why there is none, times what a rate adds up to.
template <class T>
Estimate<T> total(const PlanRequest& request, const PlanPlace& place, const PlaceRates& rates,
                  const Rate PlaceRates::*which, const std::vector<Slot>& slots) {
  const Rate& rate = rates.*which;
  if (!rate.pieces) return Estimate<T>::missing(rate.why);
  const auto errors = errors_of(place, rates, which, {slots.front().begin, slots.back().end});
  const auto sum = total_of(request, place, *rate.pieces, errors, slots, {},
                            transfer_cost(request, place, which));
  if (!sum) return Estimate<T>::missing(sum.error().message);
  if (!request.load) return Estimate<T>::missing(request.load.why);
  return estimate_of<T>(*sum, request.load);
}

/// Without a PUE.
Result<Estimate<Joules>> it_energy(const PlanRequest& request, const PlanPlace& place,
                                   const std::vector<Slot>& slots) {
  const Pieces one{{slots.front().begin, slots.back().end, 1.0}};
  JOULERY_TRY(const Total sum, total_of(request, place, one, {}, slots, {}, 0));
  if (!request.load) return Estimate<Joules>::missing(request.load.why);
  return estimate_of<Joules>(sum, request.load);
}

}  // namespace

Result<PlannedRun> judged(const PlanRequest& request, const PlanPlace& place,
                          const PlaceRates& rates, std::vector<Slot> slots) {
  PlannedRun run;
  run.place = place.name;
  run.currency = place.price ? place.price->currency : place.place.currency;
  JOULERY_TRY(run.it_energy, it_energy(request, place, slots));
  run.site_energy = total<Joules>(request, place, rates, &PlaceRates::energy, slots);
  run.carbon = total<GramsCo2>(request, place, rates, &PlaceRates::carbon, slots);
  run.cost = total<Money>(request, place, rates, &PlaceRates::cost, slots);
  run.slots = std::move(slots);
  return run;
}

}  // namespace joulery::plan
