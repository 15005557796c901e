#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

namespace joulery {
namespace {

TEST(JsonWriter, WritesWhatAnotherReaderReads) {
  std::ostringstream out;
  JsonWriter json(out);
  json.begin_object();
  json.member("text", "a \"quoted\" \\ line\nand \x7f \u00b1");
  json.member("number", 0.1);
  json.member("whole", std::uint64_t{18446744073709551615u});
  json.member("none", std::optional<int>{});
  json.member("list", std::vector<std::string>{"x", "y"});
  json.key("empty");
  json.begin_object();
  json.end_object();
  json.end_object();

  const auto read = nlohmann::json::parse(out.str());
  EXPECT_EQ(read["text"], "a \"quoted\" \\ line\nand \x7f \u00b1");
  EXPECT_EQ(read["number"], 0.1);
  EXPECT_EQ(read["whole"], 18446744073709551615u);
  EXPECT_TRUE(read["none"].is_null());
  EXPECT_EQ(read["list"].size(), 2u);
  EXPECT_TRUE(read["empty"].is_object());
}

TEST(JsonWriter, StaysValidWithBytesThatAreNoText) {
  std::ostringstream out;
  JsonWriter json(out);
  json.begin_array();
  json.value(std::string_view("\xc0\xaf \xed\xa0\x80 \xff \xe2\x82 \0", 12));
  json.end_array();

  EXPECT_NO_THROW({ [[maybe_unused]] auto read = nlohmann::json::parse(out.str()); }) << out.str();
}

TEST(JsonWriter, WritesNullForWhatIsNoNumber) {
  std::ostringstream out;
  JsonWriter json(out);
  json.begin_array();
  json.value(std::numeric_limits<double>::quiet_NaN());
  json.value(-std::numeric_limits<double>::infinity());
  json.end_array();

  EXPECT_EQ(out.str(), "[null, null]\n");
}

TEST(JsonWriter, HandsALongDocumentOverInPiecesAndWhole) {
  std::ostringstream out;
  JsonWriter json(out);
  json.begin_array();
  for (int i = 0; i < 100'000; ++i) json.value(i);
  const auto before_the_end = out.str().size();
  json.end_array();

  EXPECT_GT(before_the_end, 500'000u);
  EXPECT_EQ(nlohmann::json::parse(out.str()).size(), 100'000u);
}

}  // namespace
}  // namespace joulery
