#include "session/marks.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "base/clock.h"
#include "joulery/session.h"

namespace joulery {
namespace {

TEST(MarkMessage, SurvivesItsWay) {
  const Mark mark{Instant(Micros(123'456'789)), "epoch 1 größe"};

  const auto decoded = decode_mark(encode_mark(mark));

  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->time, mark.time);
  EXPECT_EQ(decoded->name, mark.name);
}

TEST(MarkMessage, IsRefusedWhereItIsMalformed) {
  const std::string stamp = "joulery-mark/1 5 ";
  for (const std::string& message :
       {std::string(), std::string("joulery-mark/2 5 a"), std::string("joulery-mark/1 a"), stamp,
        std::string("joulery-mark/1 x a"), stamp + "a\nb", stamp + "\xff",
        stamp + std::string(257, 'x'), std::string(1 << 20, 'x')})
    EXPECT_FALSE(decode_mark(message)) << message.substr(0, 40);
}

class MarkSocketTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = MarkSocket::open();
    ASSERT_TRUE(opened) << opened.error().message;
    socket_.emplace(std::move(*opened));
    ::setenv(kMarkVariable, socket_->path().c_str(), 1);
  }
  void TearDown() override { ::unsetenv(kMarkVariable); }

  std::optional<MarkSocket> socket_;
};

TEST_F(MarkSocketTest, TakesMarksInOrderWithTheirOwnStamps) {
  const Instant begin = monotonic_now();
  ASSERT_TRUE(send_mark("load"));
  ASSERT_TRUE(send_mark("train"));
  const Instant sent = monotonic_now();

  const auto first = socket_->next(begin);
  const auto second = socket_->next(begin);

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->name, "load");
  EXPECT_EQ(second->name, "train");
  EXPECT_LE(begin, first->time);
  EXPECT_LE(first->time, second->time);
  EXPECT_LE(second->time, sent);
  EXPECT_FALSE(socket_->next(begin));
}

TEST_F(MarkSocketTest, ReplacesAStampFromBeforeTheRun) {
  ASSERT_TRUE(send_mark("early"));
  const Instant begin = monotonic_now() + Micros(1);

  const auto mark = socket_->next(begin);

  ASSERT_TRUE(mark);
  EXPECT_GE(mark->time + Micros(1), begin);
}

TEST_F(MarkSocketTest, LetsNobodyElseIn) {
  const std::string directory = socket_->path().substr(0, socket_->path().rfind('/'));
  struct stat info {};

  ASSERT_EQ(::stat(directory.c_str(), &info), 0);

  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_F(MarkSocketTest, LeavesNothingBehindAndSaysThatTheMeterHasEnded) {
  const std::string path = socket_->path();
  socket_.reset();

  const auto sent = send_mark("late");

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kGone);
  struct stat info {};
  EXPECT_NE(::stat(path.substr(0, path.rfind('/')).c_str(), &info), 0);
}

TEST(SendMark, NamesTheVariableOutsideOfAJob) {
  ::unsetenv(kMarkVariable);

  const auto sent = send_mark("x");

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(sent.error().message.find(kMarkVariable), std::string::npos);
}

}  // namespace
}  // namespace joulery
