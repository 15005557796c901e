#include "ledger/draft.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <chrono>

#include "base/clock.h"
#include "ledger/index.h"
#include "ledger/temp_home.h"

namespace joulery {
namespace {

using testing::UnorderedElementsAre;

class DraftTest : public TempHome {
 protected:
  void put(const std::string& name, std::chrono::minutes age) const {
    const std::string path = home_ + "/" + name;
    ASSERT_TRUE(save_file(path, ""));
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - age);
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(home_))
      names.push_back(entry.path().filename().string());
    return names;
  }
};

TEST_F(DraftTest, TheNextIndexRemovesThoseOfKilledWriters) {
  put("index.sqlite.new-Ab3xyZ", std::chrono::minutes(61));
  put("index.sqlite.new-other0", std::chrono::minutes(59));  // its writer may live

  ASSERT_TRUE(save_index(home_ + "/index.sqlite", {}));

  EXPECT_THAT(names(), UnorderedElementsAre("runs", "index.sqlite", "index.sqlite.new-other0"));
}

TEST_F(DraftTest, OnlyFilesOfThatNameAreRemoved) {
  const auto day = std::chrono::minutes(24 * 60);
  for (const char* name : {"index.sqlite.new-", "index.sqlite.new-abcde",
                           "index.sqlite.new-abcde7x", "index.sqlite.new-ab-cd", "my.new-abcdef"})
    put(name, day);
  std::filesystem::create_symlink("/etc/passwd", home_ + "/index.sqlite.new-linked");
  std::filesystem::create_directory(home_ + "/index.sqlite.new-folder");
  const std::size_t before = names().size();

  ASSERT_TRUE(save_index(home_ + "/index.sqlite", {}));

  EXPECT_EQ(names().size(), before + 1);
}

TEST_F(DraftTest, TheFileServersTimeIsThatOfAFileMadeNow) {
  const WallTime before = wall_now();
  const WallTime time = file_time(home_ + "/index.sqlite");

  // A local disk has our clock, as of its last tick of 10 ms at most.
  EXPECT_GE(time, before - std::chrono::milliseconds(20));
  EXPECT_LE(time, wall_now());
  EXPECT_THAT(names(), UnorderedElementsAre("runs"));
}

TEST_F(DraftTest, OurOwnTimeServesWhereNoFileCanBeMade) {
  const WallTime before = wall_now();

  const WallTime time = file_time(home_ + "/missing/index.sqlite");

  EXPECT_GE(time, before);
  EXPECT_LE(time, wall_now());
}

}  // namespace
}  // namespace joulery
