// lease: records: whole or nothing.
#include "lease/record.h"

#include <gmock/gmock.h>

#include <vector>

namespace joulery {
namespace {

LeaseRecord full() {
  LeaseRecord record;
  record.device = "gpu/GPU-1b2c/board";
  record.lease = 0x0123456789abcdef;
  record.boot = "2a1f2c1e-0000-4000-8000-00000000000a";
  record.driver = "module:4711";
  record.found_uw = 250'000'001;
  record.asked_uw = 150'000'000;
  record.before_uw = 200'000'000;
  record.foreign_uw = 175'000'000;
  record.clock_mhz = 1200;
  record.foreign_clock_mhz = 1410;
  record.holder = {4711, 123456};
  record.pid_namespace = 4026531836;
  record.uid = 1000;
  record.command = "joulery sweep -- python3 train.py";
  record.since_us = 1'764'000'000'000'000;
  record.expires_us = 7'200'000'000;
  record.detached = true;
  return record;
}

TEST(LeaseRecord, ReadsBackAsItWasWritten) {
  LeaseRecord least;
  least.device = "cpu/0/package";
  least.holder = {1, 0};

  for (const LeaseRecord& record : {full(), least}) {
    const auto read = parse_record(format_record(record));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, record);
  }
}

TEST(LeaseRecord, IsRefusedWhereverItIsCut) {
  const std::string text = format_record(full());

  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(parse_record(text.substr(0, size))) << size;
  EXPECT_FALSE(parse_record(text + "\n"));
}

TEST(LeaseRecord, IsRefusedWhereverAByteIsWrong) {
  const std::string text = format_record(full());

  for (std::size_t i = 0; i < text.size(); ++i)
    for (const char flip : {'\x01', '\x20', '\x80'}) {
      std::string wrong = text;
      wrong[i] = static_cast<char>(wrong[i] ^ flip);
      EXPECT_FALSE(parse_record(wrong)) << i;
    }
}

TEST(LeaseRecord, KeepsWhatACommandHoldsOnOneLine) {
  LeaseRecord record = full();
  record.command = "a\nfound_uw=1\xff " + std::string(1000, 'x') + "\xc3\xa4";

  const auto read = parse_record(format_record(record));

  ASSERT_TRUE(read) << read.error().message;
  EXPECT_LE(read->command.size(), kMostCommandBytes);
  EXPECT_THAT(read->command, testing::StartsWith("a\\x0afound_uw=1\\xff xxx"));
  EXPECT_EQ(read->found_uw, record.found_uw);
}

TEST(LeaseRecord, SaysThatALockWhichWasFoundCannotBeRead) {
  EXPECT_THAT(format_record(full()),
              testing::HasSubstr("clock_mhz=1200\nfound_clock=unlocked,cannot-be-read\n"));
  LeaseRecord without = full();
  without.clock_mhz.reset();
  without.foreign_clock_mhz.reset();
  EXPECT_THAT(format_record(without), testing::Not(testing::HasSubstr("clock")));
}

TEST(LeaseRecord, HasANameThatLeadsNowhere) {
  EXPECT_EQ(record_name("gpu/GPU-1b2c/board"), "gpu,GPU-1b2c,board.lease");
  EXPECT_EQ(record_name("../x"), "");
  for (const std::string& id :
       std::vector<std::string>{"", "a b", "a\n", ".lease", std::string(200, 'a')})
    EXPECT_EQ(record_name(id), "") << id;
}

}  // namespace
}  // namespace joulery
