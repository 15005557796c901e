// hw: the real tree below a root, and the fake that stands in for it.
#include "hw/file_tree.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "hw/fake_file_tree.h"

namespace joulery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DiskTreeTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "joulery_tree_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    std::filesystem::create_directories(root_ + "/sys/zone");
    write("/sys/zone/name", "package-0\n");
    write("/sys/zone/energy_uj", "12345\n");
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void write(const std::string& path, const std::string& content) const {
    std::ofstream(root_ + path) << content;
  }

  std::string root_;
};

TEST_F(DiskTreeTest, ReadsBelowItsRootWithoutTrailingSpace) {
  const auto tree = open_file_tree(root_ + "/");

  EXPECT_EQ(*tree->read("/sys/zone/name"), "package-0");
  EXPECT_EQ(*tree->read_u64("/sys/zone/energy_uj"), 12345u);
  EXPECT_THAT(*tree->list("/sys/zone"), ElementsAre("energy_uj", "name"));
}

TEST_F(DiskTreeTest, NamesThePathOfAnAbsentFile) {
  const auto absent = open_file_tree(root_)->read("/sys/zone/power");

  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(absent.error().message, testing::HasSubstr("/sys/zone/power"));
}

TEST_F(DiskTreeTest, RefusesWhatIsNotAWholeNumber) {
  for (const char* text : {"", "-1", "12 34", "1.5", "0x10", "99999999999999999999999"}) {
    write("/sys/zone/energy_uj", text);
    EXPECT_FALSE(open_file_tree(root_)->read_u64("/sys/zone/energy_uj")) << text;
  }
}

TEST_F(DiskTreeTest, AnOpenFileSeesLaterContent) {
  const auto file = open_file_tree(root_)->open("/sys/zone/energy_uj");
  ASSERT_TRUE(file);

  write("/sys/zone/energy_uj", "67890\n");

  EXPECT_EQ(*(*file)->read(), "67890\n");
}

TEST_F(DiskTreeTest, ReadsFilesThatAreLargerThanAPage) {
  const std::string large(100'000, 'x');
  write("/sys/zone/large", large);
  const auto tree = open_file_tree(root_);

  EXPECT_EQ(tree->read("/sys/zone/large")->size(), large.size());
  EXPECT_EQ((*tree->open("/sys/zone/large"))->read()->size(), large.size());
}

TEST_F(DiskTreeTest, DoesNotLeaveItsRootThroughALink) {
  std::filesystem::create_symlink("/proc", root_ + "/proc");
  std::filesystem::create_symlink("zone", root_ + "/sys/relative");
  const auto tree = open_file_tree(root_);

  EXPECT_EQ(tree->read("/proc/stat").error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(tree->list("/proc"));
  EXPECT_EQ(*tree->read("/sys/relative/name"), "package-0");
  EXPECT_EQ(*tree->resolve("/sys/relative/name"), "/sys/zone/name");
}

TEST_F(DiskTreeTest, APipeDoesNotHang) {
  ASSERT_EQ(::mkfifo((root_ + "/sys/pipe").c_str(), 0600), 0);

  const auto content = open_file_tree(root_)->read("/sys/pipe");

  EXPECT_TRUE(!content || content->empty());
}

TEST_F(DiskTreeTest, SaysDeniedWhereAFileMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read every file";
  ::chmod((root_ + "/sys/zone/energy_uj").c_str(), 0);

  EXPECT_EQ(open_file_tree(root_)->open("/sys/zone/energy_uj").error().code, ErrorCode::kDenied);
}

TEST_F(DiskTreeTest, WritesBelowItsRoot) {
  EXPECT_TRUE(open_file_tree(root_)->write("/sys/zone/energy_uj", "7"));

  EXPECT_EQ(*open_file_tree(root_)->read("/sys/zone/energy_uj"), "7");
}

TEST_F(DiskTreeTest, DoesNotWriteThroughARootThatIsTheMachinesOwn) {
  const auto written = open_file_tree("/")->write(root_ + "/sys/zone/name", "psys");

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kDenied);
  EXPECT_THAT(written.error().message, HasSubstr("this machine's own"));
  EXPECT_EQ(*open_file_tree(root_)->read("/sys/zone/name"), "package-0");
}

TEST_F(DiskTreeTest, DoesNotWriteIntoTheKernelByAnotherPath) {
  if (::access("/sys/class/net/lo/mtu", W_OK) != 0) GTEST_SKIP() << "sysfs is read-only here";

  const auto written = open_file_tree("/sys")->write("/class/net/lo/mtu", "");  // harmless if done

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kDenied);
}

TEST(FakeFileTree, FollowsScriptsLinksAndRemoval) {
  FakeFileTree tree;
  tree.script("/sys/devices/zone/energy_uj", {"1", "2"});
  tree.link("/sys/class/zone", "/sys/devices/zone");
  const auto file = tree.open("/sys/class/zone/energy_uj");
  ASSERT_TRUE(file);

  EXPECT_EQ(*(*file)->read(), "1");
  EXPECT_EQ(*tree.read_u64("/sys/devices/zone/energy_uj"), 2u);
  EXPECT_EQ(*(*file)->read(), "2");
  EXPECT_THAT(*tree.list("/sys/class"), ElementsAre("zone"));

  tree.remove("/sys/class/zone/energy_uj");
  EXPECT_EQ((*file)->read().error().code, ErrorCode::kGone);
}

}  // namespace
}  // namespace joulery
