// statement: the parts of a statement, each a pure function of the runs.
#pragma once

#include <string>
#include <vector>

#include "joulery/statement.h"
#include "plan/document.h"
#include "statement/sums.h"

namespace joulery::statement {

/// By falling energy.
std::vector<StatedPlace> group_places(const Runs& runs, const std::vector<SiteEntry>& sites);
/// "node7" or the name of a site.
std::string place_name(const Account& run);

std::vector<StatedHardware> count_hardware(const Runs& runs);
/// From best to worst evidence.
std::vector<StatedMethod> group_methods(const Runs& runs);

/// Of each sweep over caps whose runs are here, those that failed left out.
std::vector<StatedSaving> find_savings(const Runs& runs);

/// What a statement says of a plan. Errors: kInvalid, naming `file`, where it does not tell its
/// objective, or when the job would have begun without it.
Result<StatedPlan> stated_plan_of(const plan::Document& document, const std::string& file);
/// How many of the runs began within the slots of each plan.
void put_kept(const Runs& runs, std::vector<StatedPlan>& plans);

bool is_failed(const Account& run);
bool is_unfinished(const Account& run);
/// What must be said of the runs' flags: shared boards, simulation, time counted twice.
std::vector<std::string> warn_of(const Runs& runs);

/// The value of a tag, empty where the run has none.
std::string tag_of(const Account& run, const std::string& key);

}  // namespace joulery::statement
