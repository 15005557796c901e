// lease: the real directory of records.
#include "lease/lease_files.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "lease/book.h"

namespace joulery {
namespace {

using testing::HasSubstr;

class DiskLeases : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "joulery_lease_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root = std::filesystem::canonical(pattern);
    path = root + "/joulery/leases";
  }
  void TearDown() override { std::filesystem::remove_all(root); }

  static LeaseRecord record(std::int64_t asked_uw) {
    LeaseRecord record;
    record.device = "cpu/0/package";
    record.holder = {1, 0};
    record.asked_uw = asked_uw;
    return record;
  }

  std::string root, path;
};

TEST_F(DiskLeases, KeepsTheNewestRecordOfADevice) {
  const auto files = open_lease_files(path, false);
  LeaseBook book(*files);
  ASSERT_TRUE(book.load());
  EXPECT_TRUE(book.load()->records.empty());
  ASSERT_TRUE(files->prepare());
  const auto lock = BookLock::take(book, "cpu/0/package");
  ASSERT_TRUE(lock) << lock.error().message;

  ASSERT_TRUE(book.store(record(1)));
  ASSERT_TRUE(book.store(record(2)));

  const auto content = book.load();
  ASSERT_TRUE(content);
  ASSERT_EQ(content->records.size(), 1u);
  EXPECT_EQ(content->records[0].asked_uw, 2);
  struct stat info {};
  ASSERT_EQ(::stat((path + "/cpu,0,package.lease").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0644u);
  ASSERT_TRUE(book.erase("cpu/0/package"));
  EXPECT_FALSE(*book.find("cpu/0/package"));
}

TEST_F(DiskLeases, WritesOverTheDraftOfADeadOne) {
  const auto files = open_lease_files(path, false);
  LeaseBook book(*files);
  ASSERT_TRUE(files->prepare());
  std::ofstream(path + "/.cpu,0,package.lease.draft") << "half";

  ASSERT_TRUE(book.store(record(1)));

  EXPECT_EQ((*book.find("cpu/0/package"))->asked_uw, 1);
}

TEST_F(DiskLeases, FollowsNoLink) {
  const auto files = open_lease_files(path, false);
  LeaseBook book(*files);
  ASSERT_TRUE(files->prepare());
  std::ofstream(root + "/precious") << "kept";
  std::filesystem::create_symlink(root + "/precious", path + "/.cpu,0,package.lease.draft");
  std::filesystem::create_symlink(root + "/precious", path + "/cpu,1,package.lease");

  ASSERT_TRUE(book.store(record(1)));

  std::string kept;
  std::ifstream(root + "/precious") >> kept;
  EXPECT_EQ(kept, "kept");
  EXPECT_EQ(book.load()->damaged.size(), 1u);
}

TEST_F(DiskLeases, IsNotWhereOthersMayWrite) {
  std::filesystem::create_directories(path);
  ASSERT_EQ(::chmod((root + "/joulery").c_str(), 0777), 0);

  const auto prepared = open_lease_files(path, false)->prepare();

  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(prepared.error().message, HasSubstr(root + "/joulery: others may write"));
}

TEST_F(DiskLeases, IsNotBehindALink) {
  std::filesystem::create_directories(root + "/elsewhere/leases");
  std::filesystem::create_symlink(root + "/elsewhere", root + "/joulery");

  EXPECT_FALSE(open_lease_files(path, false)->prepare());
}

TEST_F(DiskLeases, IsLockedForOneAtATime) {
  const auto first = open_lease_files(path, false);
  const auto second = open_lease_files(path, false);
  ASSERT_TRUE(first->lock("a.lock"));

  const auto refused = second->lock("a.lock");
  first->unlock();

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTransient);
  EXPECT_TRUE(second->lock("a.lock"));
}

TEST_F(DiskLeases, AreLockedEachByItself) {
  const auto first = open_lease_files(path, false);
  const auto second = open_lease_files(path, false);
  ASSERT_TRUE(first->lock("a.lock"));

  EXPECT_TRUE(second->lock("b.lock"));
}

TEST_F(DiskLeases, AreNotInADirectoryOfAllThoughItIsSticky) {
  std::filesystem::create_directories(path);
  ASSERT_EQ(::chmod(path.c_str(), 01777), 0);

  const auto listed = open_lease_files(path, false)->list();

  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(listed.error().message, HasSubstr("leases: others may write"));
}

TEST_F(DiskLeases, AreTheWritingOfTheirOwnerAlone) {
  const auto files = open_lease_files(path, false);
  LeaseBook book(*files);
  ASSERT_TRUE(files->prepare());
  ASSERT_TRUE(book.store(record(1)));
  const std::string file = path + "/cpu,0,package.lease";

  ASSERT_EQ(::chmod(file.c_str(), 0664), 0);
  EXPECT_EQ(book.find("cpu/0/package").error().code, ErrorCode::kInvalid);
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  std::filesystem::create_hard_link(file, root + "/second");
  EXPECT_EQ(book.find("cpu/0/package").error().code, ErrorCode::kInvalid);
  std::filesystem::remove(root + "/second");
  EXPECT_TRUE(book.find("cpu/0/package"));
  if (::geteuid() != 0) return;  // only root can give a file away
  ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);
  EXPECT_EQ(book.find("cpu/0/package").error().code, ErrorCode::kInvalid);
}

TEST_F(DiskLeases, AreOfRootsGroupWhoeverCalls) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(::setegid(65534), 0);
  const auto files = open_lease_files(path, true);
  LeaseBook book(*files);
  const auto prepared = files->prepare();
  const auto stored = book.store(record(1));
  ASSERT_EQ(::setegid(0), 0);

  ASSERT_TRUE(prepared && stored);
  for (const std::string& place : {path, path + "/cpu,0,package.lease"}) {
    struct stat info {};
    ASSERT_EQ(::stat(place.c_str(), &info), 0);
    EXPECT_EQ(info.st_gid, 0u) << place;
  }
}

TEST_F(DiskLeases, AreNotAbsentWhereSomethingElseIsInTheirPlace) {
  std::ofstream(root + "/joulery") << "a file";

  const auto listed = open_lease_files(path, false)->list();

  EXPECT_EQ(listed.error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace joulery
