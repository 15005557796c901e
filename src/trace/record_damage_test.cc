// What is left of a record that was cut off, changed, mixed up with another one, or written to a
// full disk.
#include <sys/resource.h>

#include <csignal>

#include "trace/record_fixture.h"
#include "trace/record_reader.h"

namespace joulery {
namespace {

class RecordDamage : public RecordTest {};

TEST_F(RecordDamage, IgnoresTheTailOfAnotherRecord) {
  auto writer = create(three_channels());
  auto other = create(three_channels(), "other");
  other->note({.time = at_us(1), .kind = Event::Kind::kMark, .text = "elsewhere"});
  other->accept(ticks(0, 10));
  RecordWriter::create(folder_.file("third"), three_channels(), start_info(), "differs")
      .value()
      ->accept(ticks(0, 4));

  std::filesystem::copy(folder_.file("other.tail"), folder_.file("third.tail"),
                        std::filesystem::copy_options::overwrite_existing);

  EXPECT_EQ(count_prefix(*load("third"), ticks(0, 10)), 0);
}

// Small, with a large frame, small frames behind it, a mark and a lost sample.
std::pair<std::string, std::string> small_record(TemporaryFolder& folder,
                                                 std::vector<Sample>& written) {
  const std::vector<Channel> channels = {make_channel("a/energy", Measure::kEnergy, 1e-3, 0)};
  for (std::int64_t i = 0; i < 1100; ++i)
    written.push_back(
        {.time = at_us(i * 1000), .value = static_cast<double>(i / 64), .channel = 0});
  auto writer = RecordWriter::create(folder.file("small"), channels, start_info(), "").value();
  const std::span<const Sample> all = written;
  writer->accept(all.subspan(0, 1090));
  writer->note({.time = at_us(7), .kind = Event::Kind::kMark, .text = "m"});
  writer->accept(all.subspan(1090, 5));
  writer->accept(all.subspan(1095, 5));
  return {load_file(folder.file("small"), 1 << 20).value(),
          load_file(folder.file("small.tail"), 1 << 20).value()};
}

// The number of samples that survive; fails where they are not a prefix.
std::int64_t survivors(std::string_view record, std::string_view tail,
                       const std::vector<Sample>& written) {
  const auto read = RecordBytes::read(record, tail);
  if (!read) return 0;
  MemoryTrace trace(read->info, read->channels);
  const auto done = read->scan(
      [](const Channel&) { return true; },
      [&](std::uint16_t channel, const Block& block) {
        for (std::size_t i = 0; i < block.value.size(); ++i)
          trace.add({.time = block.time[i], .value = block.value[i], .channel = channel});
      });
  EXPECT_TRUE(done) << done.error().message;
  const std::int64_t count = count_prefix(trace, written);
  EXPECT_GE(count, 0);
  return count;
}

TEST_F(RecordDamage, CutOffAnywhereIsAPrefix) {
  std::vector<Sample> written;
  const auto [record, tail] = small_record(folder_, written);
  ASSERT_EQ(survivors(record, tail, written), 1100);

  std::int64_t before = 0;
  for (std::size_t size = 0; size <= record.size(); ++size) {
    const std::int64_t now = survivors(record.substr(0, size), "", written);
    EXPECT_GE(now, before);
    before = now;
  }
  EXPECT_EQ(before, 1090);
  for (std::size_t size = 0; size <= tail.size(); ++size) {
    const std::int64_t now = survivors(record, tail.substr(0, size), written);
    EXPECT_GE(now, before);
    before = now;
  }
  EXPECT_EQ(before, 1100);
}

std::string flipped(std::string bytes, std::size_t i) {
  bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
  return bytes;
}

TEST_F(RecordDamage, ABitFlippedAnywhereLeavesAPrefix) {
  std::vector<Sample> written;
  const auto [record, tail] = small_record(folder_, written);

  for (std::size_t i = 0; i < record.size(); ++i)
    EXPECT_EQ(survivors(flipped(record, i), tail, written), 0) << i;
  for (std::size_t i = 0; i < tail.size(); ++i)
    EXPECT_LT(survivors(record, flipped(tail, i), written), 1100) << i;
}

TEST_F(RecordDamage, SaysWhereItIsDamaged) {
  auto writer = create(three_channels());
  const auto header = std::to_string(bytes_of("run").size());
  writer->accept(ticks(0, 2000));
  const std::string bytes = bytes_of("run");

  const auto cut = RecordBytes::read(std::string_view(bytes).substr(0, bytes.size() - 1), "");
  std::string damaged = bytes;
  damaged.back() = static_cast<char>(damaged.back() + 1);
  const auto changed = RecordBytes::read(damaged, "");

  ASSERT_TRUE(cut && changed);
  EXPECT_EQ(cut->info.flags[0], "record cut off inside the frame at byte " + header);
  EXPECT_EQ(changed->info.flags[0], "damaged frame at byte " + header);
}

TEST_F(RecordDamage, RefusesWhatIsNoRecord) {
  EXPECT_FALSE(load_record(folder_.file("absent")));
  ASSERT_TRUE(save_file(folder_.file("empty"), ""));
  EXPECT_FALSE(load_record(folder_.file("empty")));
  ASSERT_TRUE(save_file(folder_.file("text"), std::string(5000, 'x')));
  EXPECT_FALSE(load_record(folder_.file("text")));
}

// A limit on the size of files stands in for the full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &found_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = found_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &found_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit found_{};
  void (*handler_)(int);
};

TEST_F(RecordDamage, LosesNothingOnADiskThatIsFullForAWhile) {
  const std::vector<Sample> written = ticks(0, 6000);
  auto writer = create(three_channels());
  {
    const FullDisk full(bytes_of("run").size() + 5000);
    for (std::int64_t i = 0; i < 4000; i += 10) writer->accept(ticks(i, i + 10));
    ASSERT_TRUE(writer->failure());
    EXPECT_GT(count_prefix(*load(), written), 0);
  }

  for (std::int64_t i = 4000; i < 6000; i += 10) writer->accept(ticks(i, i + 10));
  ASSERT_TRUE(writer->close(start_info(), ""));

  EXPECT_EQ(count_prefix(*load(), written), std::ssize(written));
}

TEST_F(RecordDamage, WritesAgainAfterADiskThatWasFullForTooLong) {
  auto writer = create(three_channels());
  {
    const FullDisk full(bytes_of("run").size() + 5000);
    for (std::int64_t i = 0; i < 90'000; i += 100) writer->accept(ticks(i, i + 100));
  }

  for (std::int64_t i = 90'000; i < 92'000; i += 100) writer->accept(ticks(i, i + 100));
  ASSERT_TRUE(writer->close(start_info(), ""));

  const auto samples = read_all(*load());
  const auto since = std::lower_bound(samples[0].begin(), samples[0].end(), tick(90'000)[0].time,
                                      [](const Sample& s, Instant time) { return s.time < time; });
  EXPECT_EQ(samples[0].end() - since, 2000);
  EXPECT_LT(samples[0].size(), 92'000u);
  EXPECT_NE(load()->info().flags.at(0).find("samples were lost"), std::string::npos);
}

TEST_F(RecordDamage, StaysReadableOnADiskThatStaysFull) {
  const std::vector<Sample> written = ticks(0, 5000);
  auto writer = create(three_channels());
  const FullDisk full(bytes_of("run").size() + 1000);
  for (std::int64_t i = 0; i < 5000; i += 10) writer->accept(ticks(i, i + 10));

  const auto closed = writer->close(start_info(), "");

  EXPECT_FALSE(closed);
  EXPECT_GT(count_prefix(*load(), written), 0);
}

TEST_F(RecordDamage, LeavesNothingBehindWhereItCannotBegin) {
  {
    const FullDisk full(10);
    EXPECT_FALSE(RecordWriter::create(folder_.file("run"), three_channels(), start_info(), ""));
  }

  EXPECT_TRUE(RecordWriter::create(folder_.file("run"), three_channels(), start_info(), ""));
}

}  // namespace
}  // namespace joulery
