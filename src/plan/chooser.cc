// plan: the best slots of a job at each of its places, see chooser.h.
#include "plan/chooser.h"

#include <fmt/format.h>

#include <functional>

#include "base/errors.h"
#include "base/text.h"
#include "plan/moments.h"
#include "plan/uses.h"

namespace joulery::plan {
namespace {

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
Result<const Rate PlaceRates::*> rate_of(const PlanRequest& request, const PlanPlace& place,
                                         const PlaceRates& rates, const Term& term) {
  if ((rates.*term.whole).pieces) return term.whole;
  if (term.plain == nullptr || !(rates.*term.plain).pieces)
    return usage(fmt::format("--objective {} needs what it is made of{}: {}", term.name,
                             of_place(place), term.flags));
  if (request.places.size() > 1)
    return usage(
        fmt::format("--where compares places by their PUE, and that{} is not known: --pue "
                    "1.3, --pue-series FILE or a site that has one",
                    of_place(place)));
  return term.plain;
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
  out.horizon_ = {job.release, job.release + micros(job.slack) + micros(job.length)};
  const Slot& horizon = out.horizon_;
  if (!is_moment(job.release) || horizon.begin >= horizon.end)
    return Error{ErrorCode::kInvalid, "the job has no length, or begins out of all calendars"};
  for (const PlanPlace& place : request.places)
    out.rates_.push_back(rates_of(place, horizon, by_forecast));
  out.objectives_.resize(request.places.size());
  const auto terms = terms_of(request.objective);
  for (const Term& term : terms) {
    double scale = 1;
    for (std::size_t i = 0; i < request.places.size(); ++i) {
      const PlanPlace& place = request.places[i];
      JOULERY_TRY(const auto which, rate_of(request, place, out.rates_[i], term));
      const Rate& rate = out.rates_[i].*which;
      if (i == 0 && terms.size() > 1) {
        JOULERY_TRY(const double now, share_of_now(request, rate, term));
        scale = term.weight / now;
      }
      PlaceObjective& sum = out.objectives_[i];
      Pieces part = scaled(*rate.pieces, scale);
      sum.pieces = &term == &terms[0] ? part : combined(sum.pieces, part, std::plus<>());
      sum.move += scale * transfer_cost(request, place, which);
      sum.terms.push_back({term.weight, which});
    }
  }
  return out;
}

Result<RateCurve> Chooser::curve_of(std::size_t place) const {
  const Pieces& pieces = objectives_[place].pieces;
  if (!pieces.empty()) return RateCurve::make(pieces);
  return Error{ErrorCode::kInvalid,
               fmt::format("nothing is known{} from {} to {}", of_place(request_.places[place]),
                           format_time(horizon_.begin), format_time(horizon_.end))};
}

Result<JobWindow> Chooser::now() const {
  JOULERY_TRY(const RateCurve curve, curve_of(0));
  return run_now(curve, job_);
}

Result<JobWindow> Chooser::best_at(std::size_t place) const {
  JOULERY_TRY(const RateCurve curve, curve_of(place));
  if (place == 0 || request_.transfer_energy <= Joules(0)) return best_window(curve, job_);
  JobShape whole = job_;
  whole.start_load = seconds_of_load(request_, request_.transfer_energy);
  whole.interruptible = false;
  auto window = best_window(curve, whole);
  if (!job_.interruptible) return window;
  // Slots do not know what the move takes where they begin: one window may be better.
  auto slots = best_window(curve, job_);
  if (!slots || !window) return slots;
  JOULERY_TRY(const double of_slots, score(place, slots->slots));
  JOULERY_TRY(const double of_window, score(place, window->slots));
  return of_window < of_slots ? window : slots;
}

Result<double> Chooser::score(std::size_t place, const std::vector<Slot>& slots) const {
  JOULERY_TRY(const double running,
              load_integral(request_, request_.places[place], objectives_[place].pieces, slots));
  return running + objectives_[place].move;
}

Result<std::vector<TermTotal>> Chooser::totals(std::size_t place, const std::vector<Slot>& slots,
                                               const std::vector<Slot>& other) const {
  const PlanPlace& where = request_.places[place];
  const PlaceRates& rates = rates_[place];
  std::vector<TermTotal> totals;
  for (const PlaceTerm& term : objectives_[place].terms) {
    JOULERY_TRY(Total total, total_of(request_, where, *(rates.*term.rate).pieces,
                                      errors_of(where, rates, term.rate, horizon_), slots, other,
                                      transfer_cost(request_, where, term.rate)));
    totals.push_back({term.weight, std::move(total)});
  }
  return totals;
}

}  // namespace joulery::plan
