// plan: what a reader of a plan has to know about it, and what must not be mixed.
#pragma once

#include "joulery/plan.h"

namespace joulery::plan {

/// Of all intensities of the request; empty where none tells. Errors: kInvalid where they differ.
Result<std::string> common_kind(const PlanRequest& request);
/// Errors: kInvalid where prices of several currencies would be compared.
Result<void> check_currencies(const PlanRequest& request);
/// Of the series alone.
void add_series_remarks(const PlanRequest& request, const std::string& kind,
                        std::vector<std::string>& warnings);
void add_remarks(const PlanRequest& request, const JobWindow& window, Plan& plan);

}  // namespace joulery::plan
