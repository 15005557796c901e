// fuzz: hostile documents of plans, through to what a statement says of them in every format.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/text_table.h"
#include "statement/parts.h"

namespace joulery {
namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check_document(const plan::Document& document) {
  require(!document.slots.empty());
  for (std::size_t i = 0; i < document.slots.size(); ++i) {
    require(document.slots[i].begin < document.slots[i].end);
    require(i == 0 || document.slots[i - 1].end <= document.slots[i].begin);
  }
  require(document.saving_u_pct.value_or(0) >= 0);
  require(width_of(document.objective) <= 60 && width_of(document.place) <= 60);
}

// Of no run: what is written is the plan, and that all else is missing.
void check_statement(const StatedPlan& stated) {
  StatementExtras extras;
  extras.plans = {stated};
  const Statement statement = make_statement({}, "", {}, extras);
  for (const StatementFormat& format : statement_formats()) {
    std::ostringstream out;
    format.write(statement, out);
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) {
      require(printable(line) == line);
      if (std::string_view(format.name) == "text") require(width_of(line) <= kTextColumns);
    }
  }
  std::ostringstream json;
  write_statement_json(statement, json);
  require(nlohmann::json::accept(json.str()));
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace joulery;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = plan::parse_document(text, "plan.json");
  if (!document) {
    require(document.error().message.starts_with("plan.json: "));
    return 0;
  }
  check_document(*document);
  const auto stated = statement::stated_plan_of(*document, "plan.json");
  if (!stated) {
    require(stated.error().message.starts_with("plan.json: "));
    return 0;
  }
  check_statement(*stated);
  return 0;
}
