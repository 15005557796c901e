#include <gtest/gtest.h>

#include <cstdlib>

#include "joulery/session.h"

namespace joulery {
namespace {

using Devices = std::vector<std::string>;

class GpuSelectionTest : public testing::Test {
 protected:
  GpuSelectionTest() { forget(); }
  ~GpuSelectionTest() override { forget(); }
  static void forget() {
    ::unsetenv("CUDA_VISIBLE_DEVICES");
    ::unsetenv("SLURM_JOB_GPUS");
  }
};

TEST_F(GpuSelectionTest, IsAllWhereNobodyChose) {
  const auto selection = find_gpu_selection("");

  ASSERT_TRUE(selection);
  EXPECT_TRUE(selection->devices.empty());
  EXPECT_FALSE(selection->none);
  EXPECT_EQ(selection->origin, "all");
}

TEST_F(GpuSelectionTest, PutsTheFlagBeforeCudaAndCudaBeforeSlurm) {
  ::setenv("SLURM_JOB_GPUS", "3", 1);
  const auto slurm = find_gpu_selection("");
  ::setenv("CUDA_VISIBLE_DEVICES", "1", 1);
  const auto cuda = find_gpu_selection("");
  const auto flag = find_gpu_selection("0,GPU-1b2c");
  const auto all = find_gpu_selection("all");

  ASSERT_TRUE(slurm && cuda && flag && all);
  EXPECT_EQ(slurm->devices, Devices{"3"});
  EXPECT_EQ(cuda->devices, Devices{"1"});
  EXPECT_EQ(flag->devices, (Devices{"0", "GPU-1b2c"}));
  EXPECT_TRUE(all->devices.empty());
}

TEST_F(GpuSelectionTest, KnowsByWhichOrderCudaCounts) {
  ::setenv("CUDA_VISIBLE_DEVICES", "1", 1);
  const auto unsaid = find_gpu_selection("");
  ::setenv("CUDA_DEVICE_ORDER", "FASTEST_FIRST", 1);
  const auto fastest = find_gpu_selection("");
  ::setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", 1);
  const auto pci = find_gpu_selection("");
  ::unsetenv("CUDA_DEVICE_ORDER");

  ASSERT_TRUE(unsaid && fastest && pci);
  EXPECT_FALSE(unsaid->pci_order);
  EXPECT_FALSE(fastest->pci_order);
  EXPECT_TRUE(pci->pci_order);
  EXPECT_TRUE(find_gpu_selection("1")->pci_order);
}

TEST_F(GpuSelectionTest, EndsCudasListAtItsFirstWordThatIsNoDevice) {
  ::setenv("CUDA_VISIBLE_DEVICES", " 2, MIG-GPU-1b2c/1/0,-1,0", 1);

  const auto selection = find_gpu_selection("");

  ASSERT_TRUE(selection);
  EXPECT_EQ(selection->devices, (Devices{"2", "MIG-GPU-1b2c/1/0"}));
}

TEST_F(GpuSelectionTest, IsNoneWhereCudaMaySeeNone) {
  for (const char* text : {"", "-1", "NoDevFiles"}) {
    ::setenv("CUDA_VISIBLE_DEVICES", text, 1);

    const auto selection = find_gpu_selection("");

    ASSERT_TRUE(selection);
    EXPECT_TRUE(selection->none) << text;
  }
}

TEST_F(GpuSelectionTest, ExpandsSlurmsRangesAndIgnoresAMalformedOne) {
  ::setenv("SLURM_JOB_GPUS", "0,2-4", 1);
  const auto ranges = find_gpu_selection("");
  ::setenv("SLURM_JOB_GPUS", "0-99999999", 1);
  const auto hostile = find_gpu_selection("");

  ASSERT_TRUE(ranges && hostile);
  EXPECT_EQ(ranges->devices, (Devices{"0", "2", "3", "4"}));
  EXPECT_EQ(hostile->origin, "all");
}

TEST_F(GpuSelectionTest, NamesAMalformedFlagWithARightValue) {
  for (const char* text : {"a", "0,,1", "0;1", "-1", "GPU-"}) {
    const auto selection = find_gpu_selection(text);

    ASSERT_FALSE(selection) << text;
    EXPECT_EQ(selection.error().code, ErrorCode::kUsage);
    EXPECT_NE(selection.error().message.find("--gpus 0,2"), std::string::npos);
  }
}

}  // namespace
}  // namespace joulery
