// report: what some jobs used and cost, as members of an object that the caller has begun.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "joulery/project.h"

namespace joulery {

void put_job_totals(JsonWriter& json, const JobTotals& totals, const std::string& currency);
/// `it_energy` alone; `includes` may be null.
void put_job_energy(JsonWriter& json, const JobTotals& totals,
                    const std::vector<std::string>* includes);
/// `site_energy`, `carbon`, `cloud_cost`, `electricity_cost`.
void put_job_consequences(JsonWriter& json, const JobTotals& totals, const std::string& currency,
                          JsonWriter::Layout layout);

}  // namespace joulery
