// factors: tables that are broken are refused, with file, line and column.
#include "factors/csv_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace joulery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array<std::string_view, 3> kColumns = {"name", "watts", "source"};

std::string table_error(std::string_view text) {
  const auto table = parse_csv_table(text, "t.csv", kColumns);
  return table ? "" : table.error().message;
}

TEST(CsvTable, TakesItsColumnsInAnyOrder) {
  const auto table =
      parse_csv_table("\xef\xbb\xbfwatts,source,name\r\n\r\n# a remark\r\n5,\"a, b\",x;y ; \r\n",
                      "t.csv", kColumns);

  ASSERT_TRUE(table) << table.error().message;
  ASSERT_EQ(table->size(), 1U);
  EXPECT_EQ((*table)[0].text("source"), "a, b");
  EXPECT_EQ((*table)[0].needed_number("watts", {0, 10}).value_or(-1), 5);
  EXPECT_THAT((*table)[0].list("name"), ElementsAre("x", "y"));
  EXPECT_EQ((*table)[0].place(), "t.csv:4");
}

TEST(CsvTable, RefusesColumnsThatAreMissingDoubledOrUnknown) {
  EXPECT_THAT(table_error(""), HasSubstr("t.csv: is empty"));
  EXPECT_EQ(table_error("name,watts\n"), "t.csv:1: column 'source' is missing");
  EXPECT_EQ(table_error("name,watts,watts,source\n"), "t.csv:1: column 'watts' is there twice");
  EXPECT_THAT(table_error("name,watts,kilowatts,source\n"),
              HasSubstr("unknown column 'kilowatts'"));
}

TEST(CsvTable, RefusesRowsOfAnotherLength) {
  EXPECT_EQ(table_error("name,watts,source\na,1\n"), "t.csv:2: a row has 3 columns, this one 2");
  EXPECT_EQ(table_error("name,watts,source\n\na,1,s,\n"),
            "t.csv:3: a row has 3 columns, this one 4");
  EXPECT_THAT(table_error("name,watts,source\na,1,\"s\n"),
              HasSubstr("t.csv:2: a quote is not closed"));
}

TEST(CsvTable, RefusesWhatIsNotUtf8) {
  EXPECT_THAT(table_error("name,watts,source\nZ\xfcrich,1,s\n"),
              HasSubstr("t.csv:2: byte 2 is not UTF-8 text: Z\\xfcrich"));
  EXPECT_THAT(table_error(std::string_view("n\0a\0", 4)),
              HasSubstr("t.csv:1: byte 2 is not UTF-8"));
  EXPECT_EQ(table_error("name,watts,source\nZürich,1,s\n"), "");
}

TEST(CsvTable, RefusesNumbersOutOfBounds) {
  const auto table = parse_csv_table("name,watts,source\na,11,s\nb,1 W,s\nc,nan,s\nd,,s\ne,2.5,\n",
                                     "t.csv", kColumns);

  ASSERT_TRUE(table) << table.error().message;
  for (const std::size_t i : {0U, 1U, 2U})
    EXPECT_THAT((*table)[i].number("watts", {0, 10}).error().message,
                HasSubstr("is not a number from 0 to 10"));
  EXPECT_EQ((*table)[3].number("watts", {0, 10}).value_or(5.0), std::nullopt);
  EXPECT_EQ((*table)[3].needed_number("watts", {0, 10}).error().message,
            "t.csv:5: column 'watts': is empty");
  EXPECT_THAT((*table)[4].needed_integer("watts", {0, 10}).error().message,
              HasSubstr("is not a whole number"));
  EXPECT_FALSE((*table)[4].needed_text("source"));
}

}  // namespace
}  // namespace joulery
