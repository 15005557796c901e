// joulery: the flags of a choice among power caps, see choice_flags.h.
#include "choice_flags.h"

#include "base/text.h"

namespace joulery::cli {
namespace {

Result<Objective> read_objective(const std::string& text) {
  if (text == "energy") return Objective::kEnergy;
  if (text == "edp") return Objective::kEdp;
  if (text == "cost") return Objective::kCost;
  return Error{ErrorCode::kUsage, "--objective: \"" + text +
                                      "\" is none of energy, edp, cost; for example --objective "
                                      "energy"};
}

Result<double> read_share(const std::string& text) {
  constexpr double kMost = 1000;  // a job that takes eleven times as long is no bound any more
  const std::string_view word = trim(text);
  const auto percent =
      word.ends_with('%') ? parse_number(trim(word.substr(0, word.size() - 1))) : std::nullopt;
  if (percent && *percent >= 0 && *percent <= kMost) return *percent / 100;
  return Error{ErrorCode::kUsage, "--max-slowdown: '" + text +
                                      "' is no percentage of 0 to 1000; for example "
                                      "--max-slowdown 5%"};
}

}  // namespace

Result<ChoiceRules> read_choice_rules(const Args& args, const Place& place) {
  ChoiceRules rules;
  JOULERY_TRY(rules.objective, read_objective(args.get("--objective", "energy")));
  if (args.has("--max-slowdown")) {
    JOULERY_TRY(rules.max_slowdown, read_share(args.get("--max-slowdown")));
  }
  if (args.has("--base-power")) {
    JOULERY_TRY(rules.base_power, parse_power(args.get("--base-power"), "--base-power"));
  }
  rules.electricity_price = place.electricity_price.estimate.value;
  rules.rent = place.cloud_price;
  return rules;
}

}  // namespace joulery::cli
