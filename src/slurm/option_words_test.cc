// slurm: words to options as sbatch's own getopt_long reads them.
#include "slurm/option_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace joulery {
namespace {

using testing::ElementsAre;

std::vector<std::string> said(const OptionWords& read) {
  std::vector<std::string> all;
  for (const GivenOption& option : read.options) all.push_back(option.name + "=" + option.value);
  return all;
}

TEST(OptionWords, ValuesStandBehindAnEqualsSignOrInTheNextWord) {
  const auto read = read_option_words({"sbatch", "--time=60", "--gres", "gpu:2", "job.sh"}, 1);

  EXPECT_THAT(said(read), ElementsAre("time=60", "gres=gpu:2"));
  EXPECT_EQ(read.rest, 4U);
}

TEST(OptionWords, LettersMayStandTogetherAndTheLastMayHoldItsValue) {
  const auto read = read_option_words({"-QHt60", "-p", "main", "-n4", "x.sh", "-t1"}, 0);

  EXPECT_THAT(said(read), ElementsAre("quiet=", "hold=", "time=60", "partition=main", "ntasks=4"));
  EXPECT_EQ(read.rest, 4U);
}

TEST(OptionWords, NamesMayBeCutWhereOneAloneBeginsSo) {
  EXPECT_THAT(said(read_option_words({"--beg=now", "--dead", "noon"}, 0)),
              ElementsAre("begin=now", "deadline=noon"));
  // --parsable and --partition.
  EXPECT_EQ(read_option_words({"--par", "job.sh"}, 0).unknown, "--par");
  // A whole name that others begin with.
  EXPECT_THAT(said(read_option_words({"--time", "5", "--mem", "1G"}, 0)),
              ElementsAre("time=5", "mem=1G"));
}

TEST(OptionWords, OptionalValuesStandBehindAnEqualsSignOnly) {
  const auto read = read_option_words({"--exclusive", "--nice=5", "--no-kill", "job.sh"}, 0);

  EXPECT_THAT(said(read), ElementsAre("exclusive=", "nice=5", "no-kill="));
  EXPECT_EQ(read.rest, 3U);
}

TEST(OptionWords, WhatAPluginAddsIsTakenWithAnEqualsSignAndEndsTheReadingWithoutOne) {
  const auto with = read_option_words({"--power-cap=200", "--time=5", "job.sh"}, 0);
  EXPECT_THAT(said(with), ElementsAre("power-cap=200", "time=5"));
  EXPECT_EQ(with.unknown, "");

  const auto without = read_option_words({"--time=5", "--power-cap", "200", "job.sh"}, 0);
  EXPECT_THAT(said(without), ElementsAre("time=5"));
  EXPECT_EQ(without.unknown, "--power-cap");
  EXPECT_EQ(read_option_words({"-t5", "-Z"}, 0).unknown, "-Z");
}

TEST(OptionWords, EndAtTwoDashesAtADashAndAtTheEnd) {
  EXPECT_EQ(read_option_words({"-H", "--", "--time=5"}, 0).rest, 2U);
  EXPECT_EQ(read_option_words({"-H", "-", "x"}, 0).rest, 1U);
  EXPECT_EQ(read_option_words({"-H", ":", "-t1"}, 0).rest, 1U);

  const auto cut = read_option_words({"--time"}, 0);
  EXPECT_THAT(said(cut), ElementsAre("time="));
  EXPECT_EQ(cut.rest, 1U);
}

}  // namespace
}  // namespace joulery
