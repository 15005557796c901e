// simulate: uncertainties of sums and savings, see place_errors.h.
#include "simulate/place_errors.h"

#include <algorithm>
#include <cmath>

#include "plan/saving_u.h"

namespace joulery::simulate {
namespace {

using plan::PlaceRates;

PlanPlace plan_place_of(const PlaceSignals& place) {
  PlanPlace out;
  out.name = place.intensity.name;
  out.place = place.constants;
  out.intensity = place.intensity;
  out.pue = place.pue;
  out.price = place.price;
  return out;
}

/// The value that holds in each piece of the signals, whose bounds are among theirs.
std::vector<double> by_piece(const plan::Pieces& pieces, const Signals& signals) {
  std::vector<double> out(signals.pieces());
  std::size_t at = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const WallTime begin = signals.begin_of(i);
    while (at < pieces.size() && pieces[at].end <= begin) ++at;
    if (at < pieces.size() && pieces[at].begin <= begin) out[i] = pieces[at].value;
  }
  return out;
}

}  // namespace

PlaceErrors::Sum PlaceErrors::sum_of(double PerWatt::*value, const plan::Rate& rate,
                                     const std::vector<plan::RateError>& errors,
                                     const Signals& signals) {
  Sum sum{value, rate.pieces.has_value(), rate.why, {}};
  for (const plan::RateError& error : errors)
    sum.errors.push_back({error.name, error.same_at_all_times, by_piece(error.u, signals)});
  return sum;
}

PlaceErrors::PlaceErrors(const PlaceSignals& place, const Signals& signals,
                         const Workload& workload)
    : workload_(workload) {
  const PlanPlace planned = plan_place_of(place);
  const Slot horizon{signals.begin(), signals.end()};
  const PlaceRates rates = plan::rates_of(planned, horizon, false);
  const auto errors = [&](plan::Rate PlaceRates::*with_pue, plan::Rate PlaceRates::*plain) {
    return plan::errors_of(planned, rates, rates.without_pue ? plain : with_pue, horizon);
  };
  // A PUE that nobody tells has no uncertainty either: it is taken as constant.
  site_ = sum_of(&PerWatt::site, rates.energy, errors(&PlaceRates::energy, &PlaceRates::energy),
                 signals);
  carbon_ = sum_of(&PerWatt::carbon, rates.carbon,
                   errors(&PlaceRates::carbon, &PlaceRates::plain_carbon), signals);
  cost_ = sum_of(&PerWatt::money, rates.cost, errors(&PlaceRates::cost, &PlaceRates::plain_cost),
                 signals);
}

/// What may be off at each moment by itself moves two runs alike where both draw power at once.
std::vector<plan::Shift> PlaceErrors::rate_shifts(const Sum& sum, const Figures& run,
                                                  const Figures& other) const {
  std::vector<plan::Shift> out;
  for (const StepError& error : sum.errors) {
    plan::Shift shift{error.name, error.same_at_all_times};
    for (std::size_t i = 0; i < error.u.size(); ++i) {
      const double both = std::min(run.joules[i], other.joules[i]);
      shift.within += both * error.u[i];
      shift.beside += (run.joules[i] - both) * error.u[i];
    }
    out.push_back(std::move(shift));
  }
  return out;
}

void PlaceErrors::add_power_shifts(const Sum& sum, const Figures& run,
                                   std::vector<plan::Shift>& out) const {
  const auto& sources = workload_.power_sources;
  std::vector<double> by_source(sources.size());
  for (std::size_t mix = 0; mix < std::min(run.by_mix.size(), workload_.power_mixes.size()); ++mix)
    for (const auto& [source, share] : workload_.power_mixes[mix])
      by_source[source] += share * run.by_mix[mix].*(sum.value);
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i].relative_u > 0 && by_source[i] != 0)
      out.push_back({sources[i].name, true, 0, sources[i].relative_u * by_source[i]});
}

Estimate<double> PlaceErrors::one_of(const Sum& sum, const Figures& run, bool power) const {
  if (!sum.known) return Estimate<double>::missing(sum.why);
  std::vector<plan::Shift> shifts = rate_shifts(sum, run, run);
  if (power) add_power_shifts(sum, run, shifts);
  double square = 0, most = 0;
  std::string top;
  for (const plan::Shift& shift : shifts) {
    square += shift.all() * shift.all();
    if (std::abs(shift.all()) <= most) continue;
    most = std::abs(shift.all());
    top = shift.name;
  }
  const double value = std::abs(run.jobs.*(sum.value));
  return Estimate<double>::of(1, value > 0 ? std::sqrt(square) / value : 0, Evidence::kModelled,
                              std::move(top));
}

SumsBasis PlaceErrors::basis_of(const Figures& run, bool power) const {
  return {one_of(it_energy_, run, power), one_of(site_, run, power), one_of(carbon_, run, power),
          one_of(cost_, run, power)};
}
SumsBasis PlaceErrors::basis_of(const Figures& run) const { return basis_of(run, true); }
SumsBasis PlaceErrors::basis_without_power(const Figures& run) const {
  return basis_of(run, false);
}

std::optional<double> PlaceErrors::saved_u(const Sum& sum, const Figures& now,
                                           const Figures& run) const {
  const auto total = [&](const Figures& one, const Figures& other) {
    plan::Total out{one.jobs.*(sum.value), rate_shifts(sum, one, other), 0};
    add_power_shifts(sum, one, out.shifts);
    if (one.capped_u > 0)
      out.shifts.push_back({plan::kCapName, true, 0, one.capped_u * (one.capped.*(sum.value))});
    return std::vector<plan::TermTotal>{{1, std::move(out)}};
  };
  auto u = plan::saving_u_pct(total(now, run), total(run, now), true);
  if (u) *u /= 100;
  return u;
}

SavedU PlaceErrors::saved_u(const Figures& now, const Figures& run) const {
  return {saved_u(site_, now, run), saved_u(carbon_, now, run), saved_u(cost_, now, run)};
}

}  // namespace joulery::simulate
