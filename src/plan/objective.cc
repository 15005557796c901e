// plan: what a plan makes small, as a user writes it.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "joulery/plan.h"

namespace joulery {
namespace {

double* weight_of(PlanObjective& objective, std::string_view name) {
  if (name == "carbon") return &objective.carbon;
  if (name == "energy") return &objective.energy;
  if (name == "cost") return &objective.cost;
  return nullptr;
}

}  // namespace

Result<PlanObjective> parse_plan_objective(std::string_view text, std::string_view flag) {
  PlanObjective objective{0, 0, 0, std::string(trim(text))};
  const Error error{
      ErrorCode::kUsage,
      fmt::format("{}: '{}' is none of carbon, energy, cost, nor weights of them, for "
                  "example carbon=0.5,cost=0.5",
                  flag, text)};
  if (double* const alone = weight_of(objective, objective.text)) {
    *alone = 1;
    return objective;
  }
  for (const std::string_view part : split(text, ',')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return error;
    double* const weight = weight_of(objective, trim(part.substr(0, equals)));
    const auto number = parse_number(trim(part.substr(equals + 1)));
    if (weight == nullptr || !number || *number < 0 || *weight > 0) return error;
    *weight = *number;
  }
  // Only what they are to each other counts: in sums none is lost or grows beyond all numbers.
  const double most = std::max({objective.carbon, objective.energy, objective.cost});
  if (most <= 0) return error;
  objective.carbon /= most;
  objective.energy /= most;
  objective.cost /= most;
  return objective;
}

}  // namespace joulery
