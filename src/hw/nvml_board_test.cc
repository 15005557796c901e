// hw: which boards belong to the job.
#include "hw/nvml_board.h"

#include <gmock/gmock.h>

#include "hw/fake_nvml.h"

namespace joulery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Indices that a selection gives on four boards, or the error.
Result<std::vector<std::size_t>> select(FakeNvml& fake, const GpuSelection& selection) {
  const auto nvml = fake.open();
  if (!nvml) return nvml.error();
  const auto boards = list_nvml_boards(**nvml);
  if (!boards) return boards.error();
  return select_nvml_boards(**nvml, *boards, selection);
}

GpuSelection from(const char* origin, std::vector<std::string> devices) {
  return {.devices = std::move(devices), .none = false, .pci_order = true, .origin = origin};
}

class NvmlSelection : public testing::Test {
 protected:
  FakeNvml fake{"gpus=4;model=A100;fault=mig:gpu=2"};
  std::string uuid(std::size_t i) { return fake.machine().gpu(i).uuid(); }
};

TEST_F(NvmlSelection, TakesAllWhereNothingIsChosen) {
  EXPECT_THAT(*select(fake, {}), ElementsAre(0, 1, 2, 3));
}

TEST_F(NvmlSelection, TakesNoneWhereTheJobHasNone) {
  EXPECT_TRUE(
      select(fake, {.devices = {}, .none = true, .origin = "CUDA_VISIBLE_DEVICES"})->empty());
}

TEST_F(NvmlSelection, TakesIndicesUuidsAndPrefixesOnceEach) {
  EXPECT_THAT(*select(fake, from("--gpus", {"3", uuid(1), uuid(0).substr(0, 10), "1"})),
              ElementsAre(3, 1, 0));
}

TEST_F(NvmlSelection, TakesTheBoardOfAnInstance) {
  const std::string by_driver = "MIG-" + uuid(2).substr(4);
  const std::string old_style = "MIG-" + uuid(2) + "/3/0";

  EXPECT_THAT(*select(fake, from("--gpus", {by_driver})), ElementsAre(2));
  EXPECT_THAT(*select(fake, from("--gpus", {old_style})), ElementsAre(2));
}

TEST_F(NvmlSelection, NamesWhatIsNotThereAndWhatIs) {
  for (const std::string word : {"7", "GPU-ffffffff", "MIG-00000000", "GPU-"}) {
    const auto chosen = select(fake, from("--gpus", {word}));

    ASSERT_FALSE(chosen) << word;
    EXPECT_EQ(chosen.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(chosen.error().message, HasSubstr("--gpus: '" + word + "'"));
    EXPECT_THAT(chosen.error().message, HasSubstr(uuid(3)));
  }
}

TEST_F(NvmlSelection, RefusesAPrefixOfTwoBoards) {
  FakeNvml many("gpus=64;model=A100");  // more boards than first digits
  std::string prefix;
  for (std::size_t i = 1; i < 64 && prefix.empty(); ++i)
    if (many.machine().gpu(i).uuid()[4] == many.machine().gpu(0).uuid()[4])
      prefix = many.machine().gpu(0).uuid().substr(0, 5);
  ASSERT_FALSE(prefix.empty());

  const auto chosen = select(many, from("--gpus", {prefix}));

  ASSERT_FALSE(chosen);
  EXPECT_THAT(chosen.error().message, HasSubstr("GPUs here"));
}

TEST_F(NvmlSelection, EndsCudasListAtTheFirstThatIsNotThere) {
  EXPECT_THAT(*select(fake, from("CUDA_VISIBLE_DEVICES", {"2", "9", "0"})), ElementsAre(2));
}

TEST_F(NvmlSelection, SeesThatSlurmCountsBoardsThatTheJobDoesNotSee) {
  EXPECT_THAT(*select(fake, from("SLURM_JOB_GPUS", {"1", "2"})), ElementsAre(1, 2));
  EXPECT_THAT(*select(fake, from("SLURM_JOB_GPUS", {"4", "5", "6", "7"})), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(*select(fake, from("SLURM_JOB_GPUS", {"6"})), ElementsAre(0, 1, 2, 3));
}

TEST(NvmlBoards, OfSeveralModelsAreCountedByCudaInItsOwnOrder) {
  FakeNvml mixed("gpus=2;model.0=V100;model.1=H100");
  const auto nvml = mixed.open();
  const auto boards = list_nvml_boards(**nvml);
  ASSERT_TRUE(boards);
  GpuSelection cuda = from("CUDA_VISIBLE_DEVICES", {"0"});
  cuda.pci_order = false;
  GpuSelection by_uuid = cuda;
  by_uuid.devices = {(*boards)[0].uuid};

  EXPECT_TRUE(may_mean_others(*boards, cuda));
  EXPECT_FALSE(may_mean_others(*boards, by_uuid));
  EXPECT_FALSE(may_mean_others(*boards, from("--gpus", {"0"})));
  EXPECT_FALSE(may_mean_others({(*boards)[0], (*boards)[0]}, cuda));
}

TEST(NvmlBoards, KeepTheIndicesOfTheLost) {
  FakeNvml fake("gpus=3;model=A100;fault=lost:gpu=0");

  const auto nvml = fake.open();
  const auto boards = list_nvml_boards(**nvml);

  ASSERT_TRUE(boards);
  ASSERT_EQ(boards->size(), 3u);
  EXPECT_TRUE((*boards)[0].failure);
  EXPECT_EQ((*boards)[2].uuid, fake.machine().gpu(2).uuid());
}

TEST(NvmlBoards, TellGa100FromItsSiblings) {
  FakeNvml fake("gpus=2;model.0=A100;model.1=A40");

  const auto nvml = fake.open();
  const auto boards = list_nvml_boards(**nvml);

  ASSERT_TRUE(boards);
  EXPECT_TRUE((*boards)[0].ga100);
  EXPECT_FALSE((*boards)[1].ga100);
  EXPECT_EQ((*boards)[0].architecture, (*boards)[1].architecture);
}

}  // namespace
}  // namespace joulery
