#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "joulery/control.h"

namespace joulery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

Result<std::vector<GridAxis>> grid_of(const std::string& text) {
  const std::string path = testing::TempDir() + "joulery-grid-" + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << text;
  auto grid = load_grid(path);
  ::unlink(path.c_str());
  return grid;
}

TEST(Grid, KeepsTheOrderOfTheFile) {
  const auto grid = grid_of("[axes]\nmodel = [\"bert\", \"gpt\"]\nbatch = [8, 1.5, true]\n");

  ASSERT_TRUE(grid) << grid.error().message;
  ASSERT_THAT(*grid, SizeIs(2));
  EXPECT_EQ((*grid)[0].name, "model");
  EXPECT_THAT((*grid)[1].values, ElementsAre("8", "1.5", "true"));
}

TEST(Grid, MakesEveryCombination) {
  const auto points = make_grid({{"model", {"a", "b"}}, {"batch", {"8", "16"}}},
                                {"train", "--model={model}", "{model}/{model}"});

  ASSERT_THAT(points, SizeIs(4));
  EXPECT_THAT(points[0].key, ElementsAre(Pair("model", "a"), Pair("batch", "8")));
  EXPECT_THAT(points[0].command, ElementsAre("env", "batch=8", "train", "--model=a", "a/a"));
  EXPECT_THAT(points[1].key, ElementsAre(Pair("model", "a"), Pair("batch", "16")));
  EXPECT_THAT(points[3].key, ElementsAre(Pair("model", "b"), Pair("batch", "16")));
}

TEST(Grid, LeavesOtherBracesAlone) {
  const auto points = make_grid({{"n", {"1"}}}, {"sh", "-c", "echo {n} ${x} {m}"});

  EXPECT_THAT(points[0].command, ElementsAre("sh", "-c", "echo 1 ${x} {m}"));
}

TEST(Grid, AValueThatNamesAnAxisIsNotPutInAgain) {
  const auto points = make_grid({{"n", {"{n}{m}"}}, {"m", {"1"}}}, {"x", "{n}{m}"});

  EXPECT_THAT(points[0].command, ElementsAre("x", "{n}{m}1"));
}

TEST(Grid, IsRefusedWithFileLineAndColumn) {
  std::string many = "[axes]\n";
  for (const char* name : {"a", "b", "c", "d"}) {
    many += std::string(name) + " = [";
    for (int i = 0; i < 10; ++i) many += std::to_string(i) + ",";
    many += "]\n";
  }
  const std::vector<std::pair<std::string, const char*>> cases = {
      {"", ":1:1: needs a table [axes]"},
      {"[axes]\n", ":1:1: needs a table [axes]"},
      {"axes = 3\n", ":1:1: needs a table [axes]"},
      {"[axes]\nbatch = 8\n", ":2:9: batch: needs a list"},
      {"[axes]\nbatch = []\n", ":2:9: batch: needs a list"},
      {"[axes]\nbatch = [8, 8]\n", "given twice"},
      {"[axes]\nbatch = [[8]]\n", "a value is a text"},
      {"[axes]\nbatch = [nan]\n", "a value is a text"},
      {"[axes]\n\"a b\" = [8]\n", "an axis is named by"},
      {"[axes]\n\"A=B\" = [8]\n", "an axis is named by"},
      {"[axis]\nbatch = [8]\n", "a grid has one table"},
      {"[axes\n", ":1:"},
      {"\xff\xfe", ":1:"},
      {many, "more than 1000 combinations"},
  };
  for (const auto& [text, what] : cases) {
    const auto grid = grid_of(text);

    ASSERT_FALSE(grid) << text;
    EXPECT_EQ(grid.error().code, ErrorCode::kInvalid) << text;
    EXPECT_THAT(grid.error().message, HasSubstr(what)) << text;
  }
  EXPECT_FALSE(load_grid("/nowhere/grid.toml"));
}

}  // namespace
}  // namespace joulery
