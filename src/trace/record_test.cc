#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>

#include "joulery/trace.h"
#include "trace/record_fixture.h"

namespace joulery {
namespace {

class Record : public RecordTest {};

TEST_F(Record, GivesBackWhatWasWritten) {
  const std::vector<Sample> written = ticks(0, 5000);
  auto writer = create(three_channels());
  for (std::int64_t i = 0; i < 5000; i += 10) writer->accept(ticks(i, i + 10));
  ASSERT_TRUE(writer->close(start_info(), "closing"));

  const auto record = load();

  EXPECT_EQ(count_prefix(*record, written), std::ssize(written));
  EXPECT_FALSE(writer->failure());
  EXPECT_TRUE(record->info().complete);
  EXPECT_TRUE(record->info().flags.empty());
}

TEST_F(Record, KeepsTheFrameOfTheTrace) {
  auto writer = create(three_channels());
  TraceInfo end = start_info();
  end.end = at_us(9'000'000);
  end.begin = at_us(1'000'500);
  end.loop = {.ticks = 80,
              .late = 2,
              .lost = 1,
              .cpu = Seconds(0.25),
              .read_p50 = Seconds(1e-5),
              .read_p99 = Seconds(2e-4)};
  end.flags = {"a note"};
  ASSERT_TRUE(writer->close(end, std::string("closing \xff\0 text", 15)));

  const auto record = load();

  const TraceInfo& info = record->info();
  EXPECT_EQ(record->about(), "about");
  EXPECT_EQ(record->closing(), std::string("closing \xff\0 text", 15));
  EXPECT_EQ(info.begin, end.begin);
  EXPECT_EQ(info.end, end.end);
  EXPECT_EQ(info.wall_begin, end.wall_begin);
  EXPECT_EQ(info.idle_begin, end.idle_begin);
  EXPECT_EQ(info.period, end.period);
  EXPECT_EQ(info.loop.ticks, 80U);
  EXPECT_EQ(info.loop.read_p99, end.loop.read_p99);
  EXPECT_EQ(info.flags, end.flags);
}

TEST_F(Record, KeepsEveryWordOfAChannel) {
  Channel channel = make_channel("gpu/GPU-1/board/energy", Measure::kThrottleTime, 0.25, 3);
  channel.kind = ComponentKind::kGpu;
  channel.rule = Rule::kWindowAverage;
  channel.evidence = Evidence::kModelled;
  channel.model = "Caf\xe9";  // Latin-1, not UTF-8
  channel.max_power = Watts(700);
  channel.part_of = "node";
  channel.accuracy = {.gain = 1.01,
                      .gain_u = 0.05,
                      .offset = Watts(1),
                      .offset_u = Watts(0.5),
                      .correlation = 0.3,
                      .family = "A100",
                      .source = "a study"};
  channel.flags = {"simulated"};
  ASSERT_TRUE(create({channel})->close(start_info(), ""));

  const auto record = load();

  const Channel& read = record->channels()[0];
  EXPECT_EQ(read.id, channel.id);
  EXPECT_EQ(read.component, "gpu/GPU-1/board");
  EXPECT_EQ(read.measure, channel.measure);
  EXPECT_EQ(read.rule, channel.rule);
  EXPECT_EQ(read.evidence, channel.evidence);
  EXPECT_EQ(read.model, "Caf\xef\xbf\xbd");
  EXPECT_EQ(read.max_power, channel.max_power);
  EXPECT_EQ(read.part_of, channel.part_of);
  EXPECT_EQ(read.accuracy.offset_u, channel.accuracy.offset_u);
  EXPECT_EQ(read.accuracy.family, "A100");
  EXPECT_EQ(read.group, 3U);
  EXPECT_EQ(read.flags, channel.flags);
}

TEST_F(Record, KeepsMissingSamplesMissingAndRestartsInPlace) {
  std::vector<Sample> written;
  for (Sample sample : ticks(0, 3000)) {
    const std::int64_t i = sample.time.time_since_epoch().count() / 100'000;
    if (sample.channel == 1 && i % 3 == 0) continue;
    sample.restart = sample.channel == 0 && i % 1000 == 500;
    written.push_back(sample);
  }
  auto writer = create(three_channels());
  writer->accept(written);
  ASSERT_TRUE(writer->close(start_info(), ""));

  EXPECT_EQ(count_prefix(*load(), written), std::ssize(written));
}

TEST_F(Record, KeepsAChannelThatComesLateOrEndsEarly) {
  for (const bool late : {true, false}) {
    const std::string name = late ? "late" : "early";
    std::vector<Sample> written;
    auto writer = create(three_channels(), name);
    for (std::int64_t i = 0; i < 2600; i += 13) {
      std::vector<Sample> batch = ticks(i, i + 13);
      const auto absent = [&](const Sample& s) {
        return s.channel == 1 && (s.time < at_us(151'000'000)) == late;
      };
      batch.erase(std::remove_if(batch.begin(), batch.end(), absent), batch.end());
      writer->accept(batch);
      written.insert(written.end(), batch.begin(), batch.end());
    }
    ASSERT_TRUE(writer->close(start_info(), ""));

    EXPECT_EQ(count_prefix(*load(name), written), std::ssize(written));
  }
}

TEST_F(Record, KeepsValuesExactlyWhateverTheResolution) {
  std::mt19937_64 random(1);
  std::vector<Channel> channels;
  std::vector<Sample> written;
  for (const double resolution : {1e-3, 1e-6, 1.0 / 16384, 3.0, 1e9}) {
    const auto channel = static_cast<std::uint16_t>(channels.size());
    channels.push_back(
        make_channel("x/" + std::to_string(channel), Measure::kEnergy, resolution, channel));
    for (std::int64_t i = 0; i < 200; ++i) {
      const auto whole = static_cast<double>(random() % 100'000);
      const std::vector<double> values = {whole * resolution,
                                          whole / std::round(1 / std::min(resolution, 1.0)),
                                          whole / 7, -whole * resolution, std::ldexp(whole, 900)};
      written.push_back({.time = at_us(i), .value = values[channel], .channel = channel});
    }
  }
  auto writer = create(channels);
  writer->accept(written);
  ASSERT_TRUE(writer->close(start_info(), ""));

  EXPECT_EQ(count_prefix(*load(), written), std::ssize(written));
}

TEST_F(Record, DropsWhatIsNoSample) {
  auto writer = create(three_channels());
  writer->accept(std::vector<Sample>{{.time = at_us(100), .value = 1},
                                     {.time = at_us(99), .value = 2},
                                     {.time = at_us(101), .value = std::nan("")},
                                     {.time = at_us(102), .value = 3, .channel = 3}});
  ASSERT_TRUE(writer->close(start_info(), ""));

  const auto samples = read_all(*load());

  EXPECT_EQ(samples[0].size(), 1U);
  EXPECT_EQ(samples[1].size() + samples[2].size(), 0U);
}

TEST_F(Record, PutsEventsInOrderOfTime) {
  auto writer = create(three_channels());
  writer->note({.time = at_us(30), .kind = Event::Kind::kMark, .text = "second"});
  writer->accept({});
  writer->note({.time = at_us(20), .kind = Event::Kind::kSensorLost, .text = "first"});
  ASSERT_TRUE(writer->close(start_info(), ""));

  const auto record = load();

  const std::vector<Event>& events = record->info().events;
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].text, "first");
  EXPECT_EQ(events[0].kind, Event::Kind::kSensorLost);
  EXPECT_EQ(events[1].text, "second");
  EXPECT_EQ(events[1].time, at_us(30));
}

TEST_F(Record, IsReadWhileItIsWritten) {
  const std::vector<Sample> written = ticks(0, 1500);  // past the first large frame
  auto writer = create(three_channels());

  for (std::int64_t i = 0; i < 1500; i += 50) {
    writer->accept(ticks(i, i + 50));
    const auto record = load();

    ASSERT_EQ(count_prefix(*record, written), 3 * (i + 50));
    EXPECT_FALSE(record->info().complete);
    EXPECT_EQ(record->info().end, tick(i + 49).back().time);
    EXPECT_EQ(record->closing(), "");
  }
}

TEST_F(Record, KeepsItsTailFreshWhileThereIsNothingToWrite) {
  const auto writer = create({});
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  std::filesystem::last_write_time(folder_.file("run.tail"), old);

  writer->accept({});

  EXPECT_GT(std::filesystem::last_write_time(folder_.file("run.tail")), old);
  EXPECT_EQ(std::filesystem::file_size(folder_.file("run.tail")), 0U);
}

TEST_F(Record, IsItsUsersAlone) {
  const auto writer = create(three_channels());

  for (const char* name : {"run", "run.tail"})
    EXPECT_EQ(std::filesystem::status(folder_.file(name)).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << name;
}

TEST_F(Record, LeavesOneFileBehindWhenItIsClosed) {
  ASSERT_TRUE(create(three_channels())->close(start_info(), ""));

  EXPECT_TRUE(std::filesystem::exists(folder_.file("run")));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("run.tail")));
}

TEST_F(Record, NeverTouchesWhatIsThere) {
  ASSERT_TRUE(create(three_channels())->close(start_info(), ""));
  const std::string before = bytes_of("run");

  const auto second = RecordWriter::create(folder_.file("run"), three_channels(), start_info(), "");

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(bytes_of("run"), before);
}

TEST_F(Record, OnlyGrows) {
  auto writer = create(three_channels());
  std::string before;
  for (std::int64_t i = 0; i < 5000; i += 100) {
    writer->accept(ticks(i, i + 100));
    const std::string now = bytes_of("run");
    ASSERT_EQ(now.substr(0, before.size()), before);
    before = now;
  }
}

TEST_F(Record, RefusesAChannelThatCannotBeWritten) {
  const std::vector<Channel> channels = {make_channel("x/power", Measure::kPower, 0, 0)};

  const auto writer = RecordWriter::create(folder_.file("run"), channels, start_info(), "");

  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().message, testing::HasSubstr("x/power"));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("run")));
}

TEST_F(Record, PutsManyMarksInFramesOfTheRecord) {
  auto writer = create(three_channels());
  for (std::int64_t i = 0; i < 2500; ++i) {
    writer->note({.time = at_us(i), .kind = Event::Kind::kMark, .text = "m"});
    if (i % 100 == 99) writer->accept({});
  }

  EXPECT_EQ(load()->info().events.size(), 2500U);
  EXPECT_GT(bytes_of("run").size(), bytes_of("run.tail").size());
}

TEST_F(Record, IsMadeOfAnyTrace) {
  MemoryTrace trace(start_info(), three_channels());
  trace.info().events = {{.time = at_us(5), .kind = Event::Kind::kMark, .text = "phase"}};
  for (const Sample& sample : ticks(0, 200)) trace.add(sample);

  ASSERT_TRUE(save_record(folder_.file("run"), trace, "about", "closing"));

  const auto record = load();
  EXPECT_EQ(count_prefix(*record, ticks(0, 200)), 600);
  ASSERT_EQ(record->info().events.size(), 1U);
  EXPECT_EQ(record->info().events[0].text, "phase");
}

TEST_F(Record, OfATraceLeavesWhatIsThereAndNothingHalfDone) {
  const MemoryTrace trace(start_info(), three_channels());
  ASSERT_TRUE(save_record(folder_.file("run"), trace, "first", "closing"));

  EXPECT_FALSE(save_record(folder_.file("run"), trace, "second", "closing"));
  EXPECT_FALSE(
      save_record(folder_.file("half"), trace, "", std::string(std::size_t{1} << 26, 'x')));

  EXPECT_EQ(load()->about(), "first");
  EXPECT_FALSE(std::filesystem::exists(folder_.file("half")));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("half.tail")));
}

}  // namespace
}  // namespace joulery
