// project: devices of jobs, as Slurm writes them.
#include "project/device_sets.h"

#include <gtest/gtest.h>

namespace joulery::project {
namespace {

using Counts = std::vector<std::pair<std::string, double>>;

Counts gpus_of(const TresCounts& counts) { return {counts.gpus.begin(), counts.gpus.end()}; }

TEST(Tres, TypedCountsArePartOfTheUntypedOne) {
  TresCounts counts;
  parse_tres("billing=8,cpu=16,energy=512,gres/gpu:a100=4,gres/gpu=4,mem=64G,node=1", counts);
  EXPECT_EQ(gpus_of(counts), (Counts{{"a100", 4}}));
  EXPECT_EQ(counts.cpus, 16);
  EXPECT_EQ(counts.energy_j, 512);

  parse_tres("gres/gpu=6,gres/gpu:a100=2,gres/gpu:v100=3", counts);
  EXPECT_EQ(gpus_of(counts), (Counts{{"a100", 2}, {"v100", 3}, {"", 1}}));
}

TEST(Tres, OtherResourcesAreNotDevices) {
  TresCounts counts;
  parse_tres("cpu=2,gres/gpumem=4G,gres/gpuutil=90,gres/shard=3,gres/gpu:v100=0", counts);
  EXPECT_TRUE(counts.gpus.empty());
  EXPECT_FALSE(counts.garbled);
}

TEST(Tres, ACountThatIsNoneIsTold) {
  for (const char* text : {"gres/gpu=x", "gres/gpu:a100=-1", "gres/gpu=nan", "cpu=1e400",
                           "gres/gpu=18446744073709551614"}) {
    TresCounts counts;
    parse_tres(text, counts);
    EXPECT_TRUE(counts.garbled) << text;
  }
}

TEST(Gres, CountsANode) {
  TresCounts counts;
  parse_gres("gpu:v100:4", 2, counts);
  EXPECT_EQ(gpus_of(counts), (Counts{{"v100", 8}}));
  counts.gpus.clear();
  parse_gres("gres:gpu:2(IDX:0,3),craynetwork:1", 1, counts);
  EXPECT_EQ(gpus_of(counts), (Counts{{"", 2}}));
  counts.gpus.clear();
  parse_gres("gpu:a100:2(S:0-1),gpu", 1, counts);
  EXPECT_EQ(gpus_of(counts), (Counts{{"a100", 2}, {"", 1}}));
}

TEST(DeviceSets, AreKeptOnceAndKindsWhateverTheCase) {
  DeviceSets sets;
  const std::uint32_t a100 = sets.device("A100");
  EXPECT_EQ(sets.device("a100"), a100);
  const std::uint32_t v100 = sets.device("V100");
  const std::uint32_t one = sets.put({{a100, 4}});
  const std::uint32_t two = sets.put({{a100, 4}, {v100, 1}});
  EXPECT_NE(one, two);
  EXPECT_EQ(sets.put({{a100, 4}}), one);
  EXPECT_EQ(sets.at(two).size(), 2u);
}

TEST(DeviceSets, MoreKindsThanAnybodyHasBecomeOne) {
  DeviceSets sets;
  for (int i = 0; i < 1000; ++i) sets.device("gpu" + std::to_string(i));
  EXPECT_EQ(sets.names().size(), DeviceSets::kMostDevices);
  EXPECT_EQ(sets.names().back(), "other");
}

}  // namespace
}  // namespace joulery::project
