// slurm: the #SBATCH lines that sbatch heeds, and those that it does not.
#include "slurm/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace joulery {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> said(std::string_view script) {
  std::vector<std::string> all;
  for (const auto& [option, line] : read_script_options(script).options)
    all.push_back(std::to_string(line) + " " + option.name + "=" + option.value);
  return all;
}

TEST(Script, OptionsStandInTheLinesBeforeTheFirstCommand) {
  EXPECT_THAT(said("#!/bin/bash\n"
                   "\n"
                   "# a comment\n"
                   "#SBATCH --time=7 --job-name=\"a b\"  # of a test\n"
                   "#SBATCH\t-p main\n"
                   "#SBATCH\n"
                   "##SBATCH --time=9\n"
                   "sleep 1\n"
                   "#SBATCH --time=10\n"),
              ElementsAre("4 time=7", "4 job-name=a b", "5 partition=main"));
}

TEST(Script, ACommentMayBeIndentedAMarkMayNot) {
  EXPECT_THAT(said("#!/bin/sh\n #SBATCH --time=8\n\t# x\n#SBATCH --time=9\n"),
              ElementsAre("4 time=9"));
  EXPECT_THAT(said("#SBATCH--time=8\n"), ElementsAre("1 time=8"));
  EXPECT_THAT(said("#SBATCHx --time=8\n"), IsEmpty());
}

TEST(Script, QuotesAndBackslashesAreThoseOfSbatch) {
  EXPECT_THAT(said("#SBATCH -J 'a # b' --comment=c\\ d\\\\ -o \"x\n"),
              ElementsAre("1 job-name=a # b", "1 comment=c d\\", "1 output=x"));
  EXPECT_THAT(said("#SBATCH --comment=\"a\\\" --time=8\" --time=9\n"),
              ElementsAre("1 comment=a\" --time=8", "1 time=9"));
  EXPECT_THAT(said("#SBATCH --comment=a#b --time=8\n"), ElementsAre("1 comment=a"));
}

TEST(Script, AValueMayStandOnTheNextLine) {
  EXPECT_THAT(said("#SBATCH --time \\\n#SBATCH 2 -n1\n"), ElementsAre("1 time=2", "2 ntasks=1"));
}

TEST(Script, LinesOfOtherBatchSystemsCount) {
  const auto read = read_script_options(
      "#PBS -a 0800 -q main\n#SBATCH --time=9\n#PBS -l nodes=1,walltime=00:07:00\n #PBS -a 9\n"
      "#BSUB -W7\n#PBS -l nodes=1\n");
  std::vector<std::string> foreign;
  for (const auto& [option, line] : read.foreign)
    foreign.push_back(std::to_string(line) + " " + option.name + "=" + option.value);

  EXPECT_EQ(read.options.size(), 1U);
  EXPECT_THAT(foreign,
              ElementsAre("1 begin=0800", "1 partition=main", "3 time=00:07:00", "5 time=7"));
}

TEST(Script, ComponentsAndUnknownOptionsAreTold) {
  EXPECT_TRUE(read_script_options("#SBATCH -n1\n#SBATCH hetjob\n#SBATCH -n2\n").heterogeneous);

  const auto read = read_script_options("#SBATCH --time=5\n#SBATCH --power-cap 200\n#SBATCH -n1\n");
  EXPECT_EQ(read.unknown, "line 2: --power-cap");
  EXPECT_EQ(read.options.size(), 2U);
}

TEST(Script, HasNoEndOfItsLastLineOrNothingAtAll) {
  EXPECT_THAT(said("#SBATCH --time=5"), ElementsAre("1 time=5"));
  EXPECT_THAT(said(""), IsEmpty());
  EXPECT_THAT(said(std::string_view("\0\0#SBATCH -n1\n", 14)), IsEmpty());
}

}  // namespace
}  // namespace joulery
