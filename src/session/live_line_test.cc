#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "joulery/session.h"

namespace joulery {
namespace {

std::string read_pipe(int fd) {
  std::array<char, 4096> text;
  const ssize_t n = ::read(fd, text.data(), text.size());
  return {text.data(), static_cast<std::size_t>(n > 0 ? n : 0)};
}

Channel counter(ComponentKind kind) {
  Channel channel;
  channel.kind = kind;
  channel.measure = Measure::kEnergy;
  channel.rule = Rule::kCounter;
  return channel;
}

Sample at(std::int64_t seconds, double value, std::uint16_t channel) {
  return Sample{.time = Instant(std::chrono::seconds(seconds)), .value = value, .channel = channel};
}

TEST(LiveLine, TellsPowerByKindAndEnergyOnceForEachJoule) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  Channel part = counter(ComponentKind::kDram);
  part.part_of = "cpu/0/package";
  const std::vector<Channel> channels{counter(ComponentKind::kGpu), counter(ComponentKind::kGpu),
                                      part};
  const auto line = make_live_line(channels, ends[1]);

  line->note(Event{Instant(), Event::Kind::kMark, "epoch 1"});
  line->accept(std::array{at(1, 100, 0), at(1, 0, 1), at(1, 0, 2), at(3, 700, 0), at(3, 100, 1),
                          at(3, 9e9, 2)});
  const std::string text = read_pipe(ends[0]);

  EXPECT_NE(text.find("gpu 350.0 W"), std::string::npos) << text;  // 600 J and 100 J in 2 s
  EXPECT_NE(text.find("0.0002 kWh"), std::string::npos) << text;   // 700 J
  EXPECT_NE(text.find("[epoch 1]"), std::string::npos) << text;
  EXPECT_EQ(text.find("dram"), std::string::npos) << text;
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(LiveLine, DropsWhatTheTerminalDoesNotTake) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::vector<Channel> channels{counter(ComponentKind::kCpu)};
  const auto line = make_live_line(channels, ends[1]);

  for (int i = 0; i < 10'000; ++i)
    line->accept(std::array{at(i, i, 0)});  // a pipe holds 64 KiB: none blocks for ever

  EXPECT_FALSE(read_pipe(ends[0]).empty());
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace joulery
