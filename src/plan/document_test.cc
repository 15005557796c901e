// plan: documents of `joulery plan --json`, whole, minimal and broken.
#include "plan/document.h"

#include <gmock/gmock.h>

#include <string>

#include "base/text.h"

namespace joulery::plan {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* kHead = R"({"schema": "joulery/plan/1", "planned": {"slots": )";
constexpr const char* kSlot = R"(["2026-01-02T02:00:00Z", "2026-01-02T05:00:00Z"])";

std::string with(const std::string& slots, const std::string& more = "") {
  return kHead + slots + "}" + more + "}";
}

/// A member that no plan has, so many brackets deep.
std::string nested(std::size_t brackets) {
  return R"(, "x": )" + std::string(brackets, '[') + "1" + std::string(brackets, ']');
}

TEST(PlanDocument, TellsWhatThePlanChose) {
  const auto document = parse_document(
      R"({"schema": "joulery/plan/1", "objective": "carbon", "deadline": "2026-01-03T00:00:00Z",
          "now": {"start": "2026-01-01T18:00:00Z"},
          "planned": {"place": "FRA", "slots": [["2026-01-02T02:00:00Z", "2026-01-02T05:00:00Z"],
                                                ["2026-01-02T06:00:00Z", "2026-01-02T08:00:00+01:00"]]},
          "saving_pct": -14.2, "saving_u_pct": 3})",
      "p.json");

  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->objective, "carbon");
  EXPECT_EQ(document->place, "FRA");
  EXPECT_EQ(document->now, parse_time("2026-01-01T18:00:00Z"));
  EXPECT_EQ(document->deadline, parse_time("2026-01-03T00:00:00Z"));
  ASSERT_THAT(document->slots, SizeIs(2));
  EXPECT_EQ(document->slots[1].end, *parse_time("2026-01-02T07:00:00Z"));
  EXPECT_EQ(document->saving_pct, -14.2);
  EXPECT_EQ(document->saving_u_pct, 3);
}

TEST(PlanDocument, MayTellItsSlotsAlone) {
  for (const std::string& more :
       {std::string(), std::string(R"(, "deadline": null, "saving_pct": null, "now": null)"),
        nested(15)}) {
    const auto document = parse_document(with("[" + std::string(kSlot) + "]", more), "p.json");
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_TRUE(document->objective.empty() && document->place.empty());
    EXPECT_FALSE(document->now || document->deadline || document->saving_pct);
  }
}

TEST(PlanDocument, ThatIsNoneIsRefusedWithItsFile) {
  const std::string slot = kSlot, twice = "[" + slot + ", " + slot + "]";
  const std::string instant = R"([["2026-01-02T02:00:00Z", "2026-01-02T02:00:00Z"]])";
  const std::string good = "[" + slot + "]";
  for (const auto& [text, told] :
       {std::pair{std::string(), "parse error"},
        {std::string(100000, '['), "its brackets are more than 16 deep"},
        {with(good, nested(16)), "its brackets are more than 16 deep"},
        {std::string("[]"), "with array"},
        {std::string("{}"), "'schema' not found"},
        {std::string(R"({"schema": "joulery/plan-all/1"})"), "its schema is not"},
        {with("[]"), "no slots"},
        {with("1"), "no slots"},
        {with("[[1, 2]]"), "number is no text"},
        {with(R"([["noon", "night"]])"), "\"noon\" is no time"},
        {with(instant), "a slot ends"},
        {with(twice), "not in order"},
        {with(good, R"(, "saving_pct": "much")"), "is no number"},
        {with(good, R"(, "saving_pct": 1e999)"), "overflow"},
        {with(good, R"(, "saving_u_pct": -1)"), "saving_u_pct is negative"},
        {with(good, R"(, "objective": 3)"), "number is no text"}}) {
    const auto document = parse_document(text, "p.json");
    ASSERT_FALSE(document) << text.substr(0, 80);
    EXPECT_EQ(document.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(document.error().message, StartsWith("p.json: no document of joulery plan --json"));
    EXPECT_THAT(document.error().message, HasSubstr(told));
  }
  EXPECT_EQ(read_document("/nonexistent/plan.json").error().code, ErrorCode::kUnavailable);
}

TEST(PlanDocument, CutsNamesThatNoLineHolds) {
  const auto document = parse_document(
      with("[" + std::string(kSlot) + "]", R"(, "objective": ")" + std::string(1000, 'x') + "\""),
      "p.json");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->objective.size(), 60u);
}

}  // namespace
}  // namespace joulery::plan
