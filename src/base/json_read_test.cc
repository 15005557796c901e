// base: JSON that others wrote: whole, broken, and beyond its bounds.
#include "base/json_read.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>

namespace joulery {
namespace {

using testing::HasSubstr;

constexpr JsonBounds kBounds{.depth = 2, .values = 10};

TEST(JsonRead, GivesWhatWasWritten) {
  const auto json = parse_json(R"({"a": [1, {"b": "x"}]})", {.depth = 3, .values = 5});

  ASSERT_TRUE(json) << json.error().message;
  ASSERT_NE(find_member(*json, "a"), nullptr);
  EXPECT_EQ(find_member((*json)["a"][1], "b")->get<std::string>(), "x");
}

TEST(JsonRead, HasNoMemberOfWhatIsNoObject) {
  EXPECT_EQ(find_member(nlohmann::json::array({1}), "a"), nullptr);
  EXPECT_EQ(find_member(nlohmann::json::object(), "a"), nullptr);
}

TEST(JsonRead, SaysWhereTextStopsBeingJson) {
  for (const std::string text : {"", "{", "{\"a\": nan}", "{\"a\": 1e999}", "{\"a\": \"\xff\"}"}) {
    const auto json = parse_json(text, kBounds);
    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(json.error().message, HasSubstr("is no JSON"));
  }
  EXPECT_THAT(parse_json("{\n\"a\": nan}", kBounds).error().message, HasSubstr("line 2"));
}

TEST(JsonRead, EndsAtItsBounds) {
  EXPECT_TRUE(parse_json("[[[1]]]", {.depth = 3, .values = 4}));
  EXPECT_THAT(parse_json("[[[1]]]", kBounds).error().message, HasSubstr("more than 2 deep"));
  EXPECT_THAT(parse_json(std::string(1'000'000, '['), kBounds).error().message,
              HasSubstr("more than 2 deep"));
  EXPECT_THAT(parse_json("[1,2,3,4,5,6,7,8,9,10]", kBounds).error().message,
              HasSubstr("more than 10 values"));
}

/// Minutes, where each object has the parser walk through the list before it.
TEST(JsonRead, ReadsALongListOfObjects) {
  constexpr std::size_t kObjects = 200'000;
  std::string list = "[{\"a\": 0}";
  for (std::size_t i = 1; i < kObjects; ++i) list += ", {\"a\": 0}";

  const auto json = parse_json(list + "]", {.depth = 2, .values = 2 * kObjects + 1});

  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ(json->size(), kObjects);
}

TEST(JsonRead, CutsALongReason) {
  const auto json = parse_json("{\"" + std::string(100'000, 'x') + "\x01\"}", kBounds);
  EXPECT_LT(json.error().message.size(), 400u);
}

}  // namespace
}  // namespace joulery
