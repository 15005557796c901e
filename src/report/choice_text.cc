// report: a choice among power caps for people.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "report/choice.h"
#include "report/number.h"
#include "report/text_table.h"

namespace joulery {
namespace {

Scale time_scale(double seconds) {
  if (seconds < 300) return {"s", 1};
  if (seconds < 3 * 3600) return {"min", 1.0 / 60};
  return {"h", 1.0 / 3600};
}

Estimate<double> plain(double value) { return Estimate<double>::of(value, 0, Evidence::kConstant); }

std::string in_scale(double value, const Scale& scale) {
  return three_digits(plain(value * scale.factor)) + " " + scale.name;
}

/// What a point is, in words.
std::string marks_of(const CapPoint& point, bool recommended) {
  std::string marks;
  const auto add = [&marks](const char* mark) {
    marks += (marks.empty() ? "" : ", ") + std::string(mark);
  };
  if (point.baseline) add("baseline");
  if (recommended) add("<- recommended");
  if (point.unequal > 0) add("unequal work");
  if (point.failed > 0 && point.trials == 0) add("failed");
  if (point.inert) add("never bound");
  if (!point.obeyed) add("not obeyed");
  if (point.time_change && !point.on_frontier && !recommended) add("beaten by another");
  return marks;
}

/// The units of a table: those of its largest numbers; of relative ones, the baseline's percent.
struct Units {
  Scale time, energy;

  static Units of(const CapChoice& choice) {
    if (choice.relative) return {{"%", 100}, {"%", 100}};
    Seconds longest{};
    Joules most{};
    for (const CapPoint& point : choice.points) {
      longest = std::max(longest, point.time);
      most = std::max(most, point.energy);
    }
    return {time_scale(longest.count()), energy_scale(most.count())};
  }
};

const char* objective_text(Objective objective) {
  return objective == Objective::kEdp ? "energy x time" : "cost";
}

/// A third change where there is room for one: of what is made small, else of the devices alone.
std::string extra_head(const CapChoice& choice) {
  if (choice.objective != Objective::kEnergy) return objective_text(choice.objective);
  return choice.has_node ? "devices alone" : "";
}
const std::optional<Change>& extra_change(const CapChoice& choice, const CapPoint& point) {
  return choice.objective != Objective::kEnergy ? point.objective_change
                                                : point.device_energy_change;
}

std::vector<std::string> cells_of(const CapChoice& choice, std::size_t i, const Units& units) {
  const CapPoint& point = choice.points[i];
  const bool seen = point.trials > 0;
  std::vector<std::string> cells{fmt::format("{:.4g} W", point.cap.count()),
                                 seen ? in_scale(point.time.count(), units.time) : "-",
                                 point.baseline ? "" : signed_percent(point.time_change),
                                 seen ? in_scale(point.energy.count(), units.energy) : "-",
                                 point.baseline ? "" : signed_percent(point.energy_change)};
  if (!extra_head(choice).empty())
    cells.push_back(point.baseline ? "" : signed_percent(extra_change(choice, point)));
  cells.push_back(marks_of(point, choice.recommended == i));
  return cells;
}

}  // namespace

void write_choice_table(const CapChoice& choice, std::ostream& out) {
  std::vector<std::string> heads{"cap", "time", "change", "energy", "change"};
  std::vector<Align> aligns(heads.size(), Align::kRight);
  if (!extra_head(choice).empty()) {
    heads.push_back(extra_head(choice));
    aligns.push_back(Align::kRight);
  }
  heads.emplace_back("");
  aligns.push_back(Align::kLeft);
  TextTable table(std::move(heads), std::move(aligns));
  const Units units = Units::of(choice);
  for (std::size_t i = 0; i < choice.points.size(); ++i) table.add(cells_of(choice, i, units));
  table.write(out, 2);
}

std::string choice_sentence(const CapChoice& choice, const ChoiceRules& rules) {
  const double found = choice.points[choice.baseline].cap.count();
  const std::string bound =
      rules.max_slowdown
          ? fmt::format(", within the bound of {:.4g} % on slowdown", 100 * *rules.max_slowdown)
          : "";
  if (!choice.recommended) return "No cap is recommended: nothing can be compared.";
  const CapPoint& best = choice.points[*choice.recommended];
  if (best.baseline)
    return fmt::format(
        "Keep {:.4g} W: {}{}.", found,
        choice.is_sweep ? "a better cap could not be told apart from it" : "no other cap is better",
        bound);
  std::string what = fmt::format(
      "{} and {} than at {:.4g} W{}", more_or_less(*best.time_change, "more time", "less time"),
      more_or_less(*best.energy_change, "more energy", "less energy"), found, bound);
  if (choice.has_node && best.device_energy_change)
    what +=
        "; " + more_or_less(*best.device_energy_change, "more", "less") + " of the devices alone";
  if (rules.objective != Objective::kEnergy && best.objective_change)
    what += fmt::format("; {} {}", objective_text(rules.objective),
                        signed_percent(best.objective_change));
  return fmt::format("Recommended: {:.4g} W, with {}.", best.cap.count(), what);
}

}  // namespace joulery
