#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace joulery {
namespace {

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string name = testing::TempDir() + "joulery_file_XXXXXX";
    dir_ = ::mkdtemp(name.data());
  }
  ~FileTest() override { std::filesystem::remove_all(dir_); }
  std::string dir_;
};

TEST_F(FileTest, ReadsBackWhatItSaved) {
  ASSERT_TRUE(save_file(dir_ + "/a", "old"));
  ASSERT_TRUE(save_file(dir_ + "/a", std::string("new\0bytes", 9)));

  const auto bytes = load_file(dir_ + "/a", 100);

  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, std::string("new\0bytes", 9));
}

TEST_F(FileTest, LeavesNoDraftBehind) {
  ASSERT_TRUE(save_file(dir_ + "/a", "x"));
  EXPECT_FALSE(save_file(dir_ + "/missing/a", "x"));

  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(dir_)) ++files;
  EXPECT_EQ(files, 1u);
}

TEST_F(FileTest, NamesTheFileAndTheReason) {
  const auto absent = load_file(dir_ + "/absent", 100);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(absent.error().message.find(dir_ + "/absent"), std::string::npos);

  const auto directory = load_file(dir_, 100);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, ErrorCode::kInvalid);
}

TEST_F(FileTest, NeitherWaitsForAPipeNorReadsADevice) {
  ASSERT_EQ(::mkfifo((dir_ + "/pipe").c_str(), 0600), 0);

  for (const std::string& path : {dir_ + "/pipe", std::string("/dev/zero")}) {
    const auto bytes = load_file(path, 100);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, ErrorCode::kInvalid);
    EXPECT_NE(bytes.error().message.find(path + ": is no plain file"), std::string::npos);
  }
}

TEST_F(FileTest, ReadsTheKernelsFiles) {
  const auto status = load_file("/proc/self/status", 1 << 16);

  ASSERT_TRUE(status) << status.error().message;
  EXPECT_NE(status->find("VmRSS"), std::string::npos);
}

TEST_F(FileTest, FollowsNoLinkInPlaceOfItsDraft) {
  ASSERT_TRUE(save_file(dir_ + "/victim", "precious"));
  std::filesystem::create_symlink("victim", dir_ + "/a.tmp." + std::to_string(::getpid()));

  ASSERT_TRUE(save_file(dir_ + "/a", "x"));

  EXPECT_EQ(load_file(dir_ + "/victim", 100).value(), "precious");
}

TEST_F(FileTest, RefusesWhatIsLargerThanTheBound) {
  ASSERT_TRUE(save_file(dir_ + "/a", "12345"));

  EXPECT_TRUE(load_file(dir_ + "/a", 5));
  EXPECT_FALSE(load_file(dir_ + "/a", 4));
}

}  // namespace
}  // namespace joulery
