// slurm: the times of a plan that was written down, see joulery/slurm.h. The only file here that
// includes nlohmann.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "joulery/slurm.h"

namespace joulery {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostBytes = 16U << 20;  // a choice: a slot takes some 60 bytes
constexpr const char* kSchema = "joulery/plan/1";

WallTime time_in(const Json& text) {
  const auto time = parse_time(text.get_ref<const std::string&>());
  if (!time) throw std::runtime_error(text.dump() + " is no time of RFC 3339");
  return *time;
}

PlannedTimes times_in(const Json& document) {
  if (document.at("schema") != kSchema)
    throw std::runtime_error(std::string("its schema is not ") + kSchema);
  PlannedTimes times;
  const Json& planned = document.at("planned");
  if (planned.contains("place")) times.place = planned.at("place").get<std::string>();
  for (const Json& slot : planned.at("slots"))
    times.slots.emplace_back(time_in(slot.at(0)), time_in(slot.at(1)));
  if (document.contains("deadline") && !document.at("deadline").is_null())
    times.deadline = time_in(document.at("deadline"));
  return times;
}

}  // namespace

Result<PlannedTimes> read_plan_document(const std::string& file) {
  JOULERY_TRY(const std::string text, load_file(file, kMostBytes));
  try {
    return times_in(Json::parse(text));
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: no document of joulery plan --json: {}", printable(file),
                             shortened(printable(error.what()), 200))};
  }
}

}  // namespace joulery
