// report: the members of a plan's document, for documents that hold a plan.
#pragma once

#include "base/json_writer.h"
#include "joulery/plan.h"

namespace joulery {

/// Into an open object, all but the schema.
void put_plan(JsonWriter& json, const Plan& plan);

}  // namespace joulery
