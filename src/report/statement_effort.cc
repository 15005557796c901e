// report: how the energy is known and what was done to use less, see statement_effort.h.
#include "report/statement_effort.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/text.h"
#include "base/utf8.h"
#include "report/number.h"
#include "report/statement_sources.h"
#include "report/statement_words.h"

namespace joulery {
namespace {

const char* way_of(Evidence evidence) {
  switch (evidence) {
    case Evidence::kMeasured:
      return "measured by counters";
    case Evidence::kIntegrated:
      return "integrated from power readings";
    case Evidence::kModelled:
      return "modelled";
    case Evidence::kConstant:
      return "taken from a table";
    case Evidence::kMissing:
      break;
  }
  return "not seen";
}

std::string share_of(Joules part, const Statement& statement) {
  Joules whole{};
  for (const StatedMethod& method : statement.methods) whole += method.energy;
  return whole > Joules{} ? percent(part / whole) : "a part";
}

std::string excluded_words(const Statement& statement) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < statement.excludes.size(); ++i) {
    parts.push_back(printable(statement.excludes[i]));
    if (statement.excluded_in[i] < statement.runs)
      parts.back() += fmt::format(" (in {} of the runs)", statement.excluded_in[i]);
  }
  if (parts.empty()) return "";
  return fmt::format(" Not seen, so that the energy is a lower bound: {}.", fmt::join(parts, ", "));
}

std::string failed_words(const Statement& statement) {
  const auto count = [](std::size_t n, const char* what) { return fmt::format("{} {}", n, what); };
  std::string what;
  if (statement.failed > 0) what = count(statement.failed, "failed");
  if (statement.unfinished > 0)
    what += (what.empty() ? "" : " and ") + count(statement.unfinished, "did not end");
  return what;
}

std::string change_words(const Estimate<double>& change, const char* more, const char* less) {
  if (!change) return "not known (" + told_reason(change.why) + ")";
  Estimate<double> size = as_number(change, 100);
  *size.value = std::abs(*size.value);
  return fmt::format("{} {}", plus_minus(size, "%"), *change.value > 0 ? more : less);
}

// A change within its own interval is no saving.
bool is_clear(const Estimate<double>& change) {
  return change && std::abs(*change.value) > 2 * change.u;
}

std::string time_words(const Estimate<double>& change) {
  const std::string size = change_words(change, "longer", "less time");
  if (!change) return "a time that is " + size;
  return is_clear(change) ? size : "as long within the scatter (" + size + ")";
}

// "found 400 W": the tag that a sweep gives the runs at the limit in force when it began.
std::string limit_of(const StatedSaving& saving) {
  constexpr std::string_view kFound = "found ";
  const std::string& text = saving.baseline;
  return text.starts_with(kFound) ? text.substr(kFound.size()) : text;
}

std::string saving_words(const StatedSaving& saving) {
  const std::string cap = printable(saving.cap);
  std::string text = fmt::format("Power caps were compared in a sweep of {} runs: ", saving.runs);
  if (!saving.energy_change) {
    text += fmt::format("what a cap of {} saves is {}.", cap,
                        change_words(saving.energy_change, "", ""));
  } else if (!is_clear(saving.energy_change) || *saving.energy_change.value > 0) {
    text +=
        fmt::format("{} (at {}: {}).",
                    is_clear(saving.energy_change) ? "none saved IT energy"
                                                   : "no saving could be told from their scatter",
                    cap, change_words(saving.energy_change, "more IT energy", "less IT energy"));
  } else {
    text += fmt::format("a run at {} used {} than at the limit that was found, {}, and took {}.",
                        cap, change_words(saving.energy_change, "more IT energy", "less IT energy"),
                        printable(limit_of(saving)), time_words(saving.time_change));
  }
  return text;
}

/// What was expected of a plan. By several objectives, or by an uncertain forecast, it may take
/// more.
std::string expected_words(const StatedPlan& plan) {
  if (!plan.saving_pct) return "";
  const double size = std::abs(*plan.saving_pct);
  const auto saving =
      Estimate<double>::of(size, plan.saving_u_pct.value_or(0), Evidence::kModelled, "plan");
  return fmt::format(", which was expected to {} {}{}{}", *plan.saving_pct < 0 ? "take" : "save",
                     plus_minus(saving, "%"), *plan.saving_pct < 0 ? " more" : "",
                     plan.saving_u_pct ? "" : " (no interval is known)");
}

std::string plan_words(const StatedPlan& plan, std::size_t runs) {
  const auto minute = [](WallTime time) { return format_time(time).substr(0, 16) + "Z"; };
  const bool weights = plan.objective.find('=') != std::string::npos;
  std::string text = fmt::format("A plan {} {} chose ", weights ? "by weights," : "for least",
                                 printable(plan.objective) + (weights ? "," : ""));
  if (!plan.place.empty()) text += "the place, " + printable(plan.place) + ", and ";
  text += plan.now == plan.start
              ? "to begin at once, at " + minute(plan.start)
              : fmt::format("to begin at {} and not at {}", minute(plan.start), minute(plan.now));
  return text + expected_words(plan) +
         fmt::format("; {} of the {} run{} began within its slots.", plan.kept, runs,
                     runs == 1 ? "" : "s");
}

}  // namespace

std::string method_words(const Statement& statement) {
  std::string text;
  for (const StatedMethod& method : statement.methods) {
    text += text.empty() ? "" : "; ";
    text += fmt::format("{} of the IT energy was {} ({}: {})", share_of(method.energy, statement),
                        way_of(method.evidence), fmt::join(method.kinds, ", "),
                        printable(fmt::format("{}", fmt::join(method.sources, ", "))));
  }
  text += text.empty() ? "No energy was seen." : ".";
  if (statement.it_energy)
    text += fmt::format(" Readings cover {} of the time.", percent(statement.it_energy.coverage));
  text += excluded_words(statement);
  const auto& kinds = statement.includes;
  if (std::find(kinds.begin(), kinds.end(), "node") == kinds.end())
    text += " Fans, boards, disks, network and losses of power supplies are not counted.";
  if (statement.without_energy > 0)
    text += fmt::format(" {} of the runs have no energy ({}), and are not in the sum.",
                        statement.without_energy, told_reason(statement.why_without));
  for (const std::string& note : statement.notes) text += " Note: " + note + ".";
  return text;
}

std::string runs_words(const Statement& statement) {
  std::string text = fmt::format("{} run{}", statement.runs, statement.runs == 1 ? "" : "s");
  const std::string failed = failed_words(statement);
  if (failed.empty()) {
    text += statement.runs == 1 ? ", which did not fail." : ", none of which failed.";
  } else {
    text += fmt::format(", of which {}; {} counted above, and used {}.", failed,
                        statement.failed + statement.unfinished == 1 ? "it is" : "these are",
                        statement.lost_energy ? energy_words(statement.lost_energy)
                                              : "an energy that is not known");
  }
  for (const StatedCost& cost : statement.costs)
    text += fmt::format(" Electricity of {} of the runs: {}.", cost.runs,
                        plus_minus(as_number(cost.electricity), printable(cost.currency)));
  for (const StatedRent& rent : statement.rents)
    text += fmt::format(" Renting the devices of {} of the runs: {} to {}.", rent.runs,
                        plus_minus(as_number(rent.low)),
                        plus_minus(as_number(rent.high), printable(rent.currency)));
  if (!statement.left_out.empty())
    text += fmt::format(" Records that could not be read, and are not counted: {}.",
                        printable(fmt::format("{}", fmt::join(statement.left_out, ", "))));
  return text;
}

std::string steps_words(const Statement& statement) {
  std::string text;
  for (const StatedSaving& saving : statement.savings)
    text += (text.empty() ? "" : " ") + saving_words(saving);
  if (text.empty()) text = "No comparison of power caps is on record.";
  for (const StatedPlan& plan : statement.plans) text += " " + plan_words(plan, statement.runs);
  if (statement.plans.empty())
    text += " Whether time and place were chosen for less carbon is not on record.";
  return text;
}

}  // namespace joulery
