// report: a place's factors and the cloud cost in JSON, the same in every document.
#pragma once

#include "base/json_writer.h"
#include "joulery/account.h"

namespace joulery {

/// "pue": {…} and "intensity": {…}.
void put_pue(JsonWriter& json, const Factor<double>& pue);
void put_intensity(JsonWriter& json, const Factor<GramsPerJoule>& intensity,
                   const char* key = "intensity");
/// "cloud_cost": {"low": {…}, "high": {…}}.
void put_cloud_cost(JsonWriter& json, const CostRange& cost, const std::string& currency);

}  // namespace joulery
