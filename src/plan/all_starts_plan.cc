// plan: what a job of 1 kW takes from every slot of a series on, see joulery/plan.h.
#include <fmt/format.h>

#include "base/errors.h"
#include "joulery/plan.h"
#include "plan/moments.h"
#include "plan/place_rates.h"
#include "plan/remarks.h"

namespace joulery {
namespace {

using plan::PlaceRates;
using plan::Rate;

constexpr double kWatts = 1000;  // of 1 kW

struct SeriesKind {
  const Rate* rate;
  std::string unit;
};

/// The objective's rate, without the PUE where none is known.
Result<SeriesKind> kind_of(const PlanRequest& request, const PlaceRates& rates) {
  const PlanObjective& objective = request.objective;
  const PlanPlace& place = request.places[0];
  if ((objective.carbon > 0) + (objective.energy > 0) + (objective.cost > 0) != 1)
    return usage(
        "--all-starts: goes by one of carbon, energy, cost; for example --objective "
        "carbon");
  if (objective.energy > 0) return SeriesKind{&rates.energy, "J"};
  if (objective.carbon > 0)
    return SeriesKind{rates.without_pue ? &rates.plain_carbon : &rates.carbon, "gCO2e"};
  return SeriesKind{rates.without_pue ? &rates.plain_cost : &rates.cost,
                    place.price ? place.price->currency : place.place.currency};
}

/// From the first of what the series know to the last, for constants beside them.
Slot horizon_of(const PlanPlace& place) {
  Slot all{plan::kLastMoment, -plan::kLastMoment.time_since_epoch() + WallTime{}};
  for (const auto* series : {&place.intensity, &place.forecast, &place.pue, &place.price}) {
    if (!*series) continue;
    all.begin = std::min(all.begin, (*series)->pieces.front().begin);
    all.end = std::max(all.end, (*series)->pieces.back().end);
  }
  return all;
}

Result<void> check(const PlanRequest& request) {
  const JobShape& job = request.job;
  if (request.places.size() != 1) return usage("--all-starts: is of one place, without --where");
  if (job.shortest_slot > Seconds(0) || job.resume_time > Seconds(0) ||
      request.resume_energy > Joules(0))
    return usage(
        "--all-starts: is of jobs whose pauses cost nothing, without --min-run, "
        "--resume-time and --resume-energy");
  if (!job.profile.empty())
    return usage("--all-starts: is of a constant load and one length, for example --duration 6h");
  const PlanPlace& place = request.places[0];
  if (place.intensity || place.pue || place.price) return {};
  return usage("--all-starts: needs a series, for example --series zones.csv:DE");
}

}  // namespace

Result<AllStartsPlan> make_all_starts_plan(const PlanRequest& request) {
  JOULERY_CHECK(check(request));
  const PlanPlace& place = request.places[0];
  const PlaceRates rates = plan::rates_of(place, horizon_of(place), false);
  JOULERY_TRY(const SeriesKind kind, kind_of(request, rates));
  if (!kind.rate->pieces)
    return usage(fmt::format("--objective {}: {}", request.objective.text, kind.rate->why));
  AllStartsPlan out;
  out.unit = kind.unit;
  JOULERY_TRY(out.intensity_kind, plan::common_kind(request));
  JOULERY_TRY(const RateCurve curve, RateCurve::make(plan::scaled(*kind.rate->pieces, kWatts)));
  JOULERY_TRY(out.costs, plan_all_starts(curve, request.job));
  if (out.costs.mean_now > 0)
    out.saving_pct = 100 * (1 - out.costs.mean_planned / out.costs.mean_now);
  plan::add_series_remarks(request, out.intensity_kind, out.warnings);
  out.warnings.insert(out.warnings.end(), request.notes.begin(), request.notes.end());
  return out;
}

}  // namespace joulery
