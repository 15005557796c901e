// statement: a plan that runs followed, see joulery/statement.h.
#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "statement/parts.h"

namespace joulery {

Result<StatedPlan> statement::stated_plan_of(const plan::Document& document,
                                             const std::string& file) {
  if (document.objective.empty() || !document.now)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: a plan that does not tell its {}", printable(file),
                             document.objective.empty() ? "objective"
                                                        : "begin without the plan (now, start)")};
  StatedPlan stated;
  stated.objective = document.objective;
  stated.place = document.place;
  stated.now = *document.now;
  stated.start = document.slots.front().begin;
  for (const Slot& slot : document.slots) stated.slots.emplace_back(slot.begin, slot.end);
  stated.saving_pct = document.saving_pct;
  stated.saving_u_pct = document.saving_u_pct;
  return stated;
}

Result<StatedPlan> read_stated_plan(const std::string& file) {
  JOULERY_TRY(const plan::Document document, plan::read_document(file));
  return statement::stated_plan_of(document, file);
}

void statement::put_kept(const Runs& runs, std::vector<StatedPlan>& plans) {
  for (StatedPlan& plan : plans)
    plan.kept =
        static_cast<std::size_t>(std::count_if(runs.begin(), runs.end(), [&](const Account* run) {
          return std::any_of(plan.slots.begin(), plan.slots.end(), [&](const auto& slot) {
            return run->begin >= slot.first && run->begin < slot.second;
          });
        }));
}

}  // namespace joulery
