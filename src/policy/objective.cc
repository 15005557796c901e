// policy: energy, energy-delay product and money, see objective.h.
#include "policy/objective.h"

#include <fmt/format.h>

#include <cmath>

namespace joulery {
namespace {

bool not_below_zero(double value) { return std::isfinite(value) && value >= 0; }

Money rent_of(Seconds time, int devices, const ChoiceRules& rules) {
  if (!rules.rent) return Money(0);
  const auto& [low, high] = *rules.rent;
  return (time * low + time * high) * (0.5 * devices);
}

Money electricity_of(Joules energy, const ChoiceRules& rules) {
  return rules.electricity_price ? energy * *rules.electricity_price : Money(0);
}

}  // namespace

Result<void> check_rules(const ChoiceRules& rules) {
  if (!not_below_zero(rules.max_slowdown.value_or(0)))
    return Error{ErrorCode::kUsage,
                 fmt::format("the bound on slowdown, {}, is below 0", *rules.max_slowdown)};
  if (!not_below_zero(rules.base_power.count()))
    return Error{ErrorCode::kUsage,
                 fmt::format("the base power, {} W, is below 0", rules.base_power.count())};
  if (rules.objective == Objective::kCost && !rules.electricity_price && !rules.rent)
    return Error{ErrorCode::kUsage,
                 "the objective cost needs a price: --electricity-price 0.12USD/kWh or "
                 "--cloud-price 2.48USD/h"};
  return {};
}

Joules with_base(Joules device_energy, Seconds time, int devices, const ChoiceRules& rules) {
  return device_energy + rules.base_power * time * devices;
}

double objective_of(Seconds time, Joules energy, int devices, const ChoiceRules& rules) {
  switch (rules.objective) {
    case Objective::kEnergy:
      return energy.count();
    case Objective::kEdp:
      return energy.count() * time.count();
    case Objective::kCost:
      return (electricity_of(energy, rules) + rent_of(time, devices, rules)).count();
  }
  return energy.count();
}

double energy_weight(Seconds time, Joules energy, Joules device_energy, int devices,
                     const ChoiceRules& rules) {
  const double of_energy = device_energy / energy;
  if (rules.objective != Objective::kCost) return of_energy;
  const double all = objective_of(time, energy, devices, rules);
  return all > 0 ? of_energy * electricity_of(energy, rules).count() / all : 0;
}

}  // namespace joulery
