// report: what the quality of a project's runs took, in its document and its text.
#pragma once

#include <iosfwd>

#include "base/json_writer.h"
#include "joulery/project.h"

namespace joulery {

/// The key "worth" of an object that the caller has begun.
void put_worth_json(JsonWriter& json, const ProjectAccount& account);
void put_front_point(JsonWriter& json, const FrontPoint& at);
/// Nothing where there is no worth.
void write_worth_text(const ProjectAccount& account, std::ostream& out);
/// Points and the fronts that they are on; money in `currency`.
void write_front_text(const std::vector<FrontPoint>& front, const std::string& currency,
                      std::ostream& out);

}  // namespace joulery
