#include "job/name.h"

#include <gtest/gtest.h>

namespace joulery {
namespace {

TEST(Name, TakesWordsOfAnyLanguage) {
  for (const char* name : {"epoch 1", "größe", "訓練", "a/b:c", "\xf0\x9f\x94\x8c"})
    EXPECT_TRUE(check_name(name, "--name")) << name;
}

TEST(Name, RefusesWhatATerminalOrALogWouldTrip) {
  for (const char* name : {"", "a\nb", "\x1b[31m", "\x7f", "\xc2\x85", "\xff", "\xc3", "\xc0\xaf",
                           "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe2\x82"}) {
    const auto checked = check_name(name, "mark NAME");

    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, ErrorCode::kUsage);
    EXPECT_EQ(checked.error().message.rfind("mark NAME: ", 0), 0u);
  }
}

TEST(Name, SaysHowLongItMayBe) {
  EXPECT_TRUE(check_name(std::string(kMaxNameBytes, 'x'), "--name"));
  EXPECT_FALSE(check_name(std::string(kMaxNameBytes + 1, 'x'), "--name"));
}

TEST(Name, OfARunIsNeverLast) {
  EXPECT_FALSE(check_run_name("last", "--name"));
  EXPECT_TRUE(check_run_name("last one", "--name"));
}

TEST(Tag, SplitsAtTheFirstEqualsSign) {
  const auto tag = parse_tag("lr=a=b");
  const auto empty = parse_tag("debug=");

  ASSERT_TRUE(tag);
  EXPECT_EQ(*tag, (std::pair<std::string, std::string>("lr", "a=b")));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->second, "");
}

TEST(Tag, WithoutKeyOrValueNamesTheFlag) {
  for (const char* text : {"", "seed", "=17", "a\n=1", "a=\x01"}) {
    const auto tag = parse_tag(text);

    ASSERT_FALSE(tag) << text;
    EXPECT_NE(tag.error().message.find("--tag"), std::string::npos);
  }
}

}  // namespace
}  // namespace joulery
