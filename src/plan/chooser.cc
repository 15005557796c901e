// plan: the best slots of a job at each of its places, see chooser.h.
#include "plan/chooser.h"

#include <fmt/format.h>

#include <functional>

#include "plan/judged.h"
#include "plan/moments.h"

namespace joulery::plan {
namespace {

Error usage(std::string message) { return {ErrorCode::kUsage, std::move(message)}; }

/// A factor of the objective: its weight, and where it comes from.
struct Term {
  double weight;
  const char* name;
  const char* flags;
  const Rate PlaceRates::*whole;
  const Rate PlaceRates::*plain;  ///< without the PUE; null: there is no such
};

std::vector<Term> terms_of(const PlanObjective& objective) {
  const Term all[] = {
      {objective.carbon, "carbon", "--series FILE or --intensity 432g/kWh", &PlaceRates::carbon,
       &PlaceRates::plain_carbon},
      {objective.energy, "energy", "--pue-series FILE", &PlaceRates::energy, nullptr},
      {objective.cost, "cost", "--price-series FILE or --electricity-price 0.12USD/kWh",
       &PlaceRates::cost, &PlaceRates::plain_cost},
  };
  std::vector<Term> terms;
  for (const Term& term : all)
    if (term.weight > 0) terms.push_back(term);
  return terms;
}

std::string of_place(const PlanPlace& place) {
  return place.name.empty() ? "" : fmt::format(" of {}", place.name);
}

/// Without a PUE that of one place is taken as constant; several are not compared so.
Result<const Rate*> rate_of(const PlanRequest& request, const PlanPlace& place,
                            const PlaceRates& rates, const Term& term) {
  const Rate& whole = rates.*term.whole;
  if (whole.pieces) return &whole;
  const Rate* const plain = term.plain != nullptr ? &(rates.*term.plain) : nullptr;
  if (plain == nullptr || !plain->pieces)
    return usage(fmt::format("--objective {} needs what it is made of{}: {}", term.name,
                             of_place(place), term.flags));
  if (request.places.size() > 1)
    return usage(
        fmt::format("--where compares places by their PUE, and that{} is not known: --pue "
                    "1.3, --pue-series FILE or a site that has one",
                    of_place(place)));
  return plain;
}

/// What running now takes of a term, to which it counts relative where there are several.
Result<double> share_of_now(const PlanRequest& request, const Rate& rate, const Term& term) {
  const WallTime begin = request.job.release;
  JOULERY_TRY(const double now, load_integral(request, request.places[0], *rate.pieces,
                                              {{begin, begin + micros(request.job.length)}}));
  if (now > 0) return now;
  return Error{ErrorCode::kInvalid,
               fmt::format("--objective: the {} of running now is not above 0, so that no weight "
                           "can be relative to it",
                           term.name)};
}

}  // namespace

Result<Chooser> Chooser::make(const PlanRequest& request, bool by_forecast) {
  Chooser out(request);
  out.job_ = request.job;
  out.job_.resume_load = seconds_of_load(request, request.resume_energy);
  const JobShape& job = request.job;
  const Slot horizon{job.release, job.release + micros(job.slack) + micros(job.length)};
  if (!is_moment(job.release) || horizon.begin >= horizon.end)
    return Error{ErrorCode::kInvalid, "the job has no length, or begins out of all calendars"};
  for (const PlanPlace& place : request.places)
    out.rates_.push_back(rates_of(place, horizon, by_forecast));
  out.objectives_.resize(request.places.size());
  const auto terms = terms_of(request.objective);
  for (const Term& term : terms) {
    double scale = 1;
    for (std::size_t i = 0; i < request.places.size(); ++i) {
      JOULERY_TRY(const Rate* const rate, rate_of(request, request.places[i], out.rates_[i], term));
      if (i == 0 && terms.size() > 1) {
        JOULERY_TRY(const double now, share_of_now(request, *rate, term));
        scale = term.weight / now;
      }
      PlaceObjective& sum = out.objectives_[i];
      Pieces part = scaled(*rate->pieces, scale);
      sum.pieces = &term == &terms[0] ? part : combined(sum.pieces, part, std::plus<>());
      // Of several terms: an upper bound, as if they were off together.
      sum.relative_u += rate->relative_u;
    }
  }
  return out;
}

Result<JobWindow> Chooser::now() const {
  JOULERY_TRY(const RateCurve curve, RateCurve::make(objectives_[0].pieces));
  return run_now(curve, job_);
}

Result<JobWindow> Chooser::best_at(std::size_t place) const {
  JOULERY_TRY(const RateCurve curve, RateCurve::make(objectives_[place].pieces));
  return best_window(curve, job_);
}

Result<double> Chooser::score(std::size_t place, const std::vector<Slot>& slots) const {
  return load_integral(request_, request_.places[place], objectives_[place].pieces, slots);
}

}  // namespace joulery::plan
