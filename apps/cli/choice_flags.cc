// joulery: the flags that say what a good power cap is; recommend and sweep share them.
#include <fmt/format.h>

#include "base/text.h"
#include "common.h"

namespace joulery::cli {
namespace {

Result<Objective> objective_of(const Args& args) {
  const std::string name = args.get("--objective", "energy");
  if (name == "energy") return Objective::kEnergy;
  if (name == "edp") return Objective::kEdp;
  if (name == "cost") return Objective::kCost;
  return Error{ErrorCode::kUsage,
               fmt::format("--objective: \"{}\" is none of energy, edp, cost", name)};
}

Result<std::optional<double>> max_slowdown_of(const Args& args) {
  if (!args.has("--max-slowdown")) return std::optional<double>();
  constexpr double kMostPercent = 1000;  // a job that takes eleven times as long: a slip of the pen
  const std::string given = args.get("--max-slowdown");
  const std::string_view text = trim(given);
  const auto percent =
      text.ends_with('%') ? parse_number(text.substr(0, text.size() - 1)) : std::nullopt;
  if (!percent || *percent < 0 || *percent > kMostPercent)
    return Error{ErrorCode::kUsage,
                 fmt::format("--max-slowdown: \"{}\" is no percentage from 0% to 1000%, for "
                             "example --max-slowdown 5%",
                             given)};
  return std::optional(*percent / 100);
}

}  // namespace

Result<ChoiceRules> choice_rules_of(const Args& args) {
  ChoiceRules rules;
  JOULERY_TRY(rules.objective, objective_of(args));
  JOULERY_TRY(rules.max_slowdown, max_slowdown_of(args));
  if (args.has("--base-power")) {
    JOULERY_TRY(rules.base_power, parse_power(args.get("--base-power"), "--base-power"));
  }
  JOULERY_TRY(const Place place, make_place_from(args));
  rules.electricity_price = place.electricity_price.estimate.value;
  rules.rent = place.cloud_price;
  if (rules.objective == Objective::kCost && !rules.electricity_price && !rules.rent)
    return Error{ErrorCode::kUsage,
                 "--objective cost needs --electricity-price 0.12USD/kWh or --cloud-price "
                 "2.48USD/h"};
  return rules;
}

}  // namespace joulery::cli
