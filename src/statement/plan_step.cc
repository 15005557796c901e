// statement: a plan that runs followed, see joulery/statement.h. The only file here that includes
// nlohmann.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "statement/parts.h"

namespace joulery {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostBytes = 16U << 20;  // a choice: a slot takes some 60 bytes
constexpr std::size_t kNameColumns = 60;         // a choice: of an objective, of a place
constexpr const char* kSchema = "joulery/plan/1";

WallTime time_in(const Json& text) {
  const auto time = parse_time(text.get_ref<const std::string&>());
  if (!time) throw std::runtime_error(text.dump() + " is no time of RFC 3339");
  return *time;
}

std::optional<double> number_in(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number() ? std::optional(at->get<double>()) : std::nullopt;
}

StatedPlan plan_in(const Json& document) {
  if (document.at("schema") != kSchema)
    throw std::runtime_error(std::string("its schema is not ") + kSchema);
  const Json& planned = document.at("planned");
  StatedPlan plan;
  plan.objective = shortened(document.at("objective").get<std::string>(), kNameColumns);
  plan.place = shortened(planned.value("place", std::string()), kNameColumns);
  plan.now = time_in(document.at("now").at("start"));
  plan.start = time_in(planned.at("start"));
  for (const Json& slot : planned.at("slots"))
    plan.slots.emplace_back(time_in(slot.at(0)), time_in(slot.at(1)));
  plan.saving_pct = number_in(document, "saving_pct");
  plan.saving_u_pct = number_in(document, "saving_u_pct");
  return plan;
}

}  // namespace

Result<StatedPlan> read_stated_plan(const std::string& file) {
  JOULERY_TRY(const std::string text, load_file(file, kMostBytes));
  try {
    return plan_in(Json::parse(text));
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: no document of joulery plan --json: {}", printable(file),
                             shortened(printable(error.what()), 200))};
  }
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
