#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "joulery/trace.h"
#include "trace/clock_watch.h"
#include "trace/lane.h"
#include "trace/record_fixture.h"

namespace joulery {
namespace {

using testing::HasSubstr;

/// Lets a test wait for a number to be reached.
class Counter {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_ >= count; });
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

/// Two channels in one group; counts its reads; `behave` says what a read gives.
class FakeSensor : public Sensor {
 public:
  using Behave = std::function<Result<void>(int read)>;
  FakeSensor(const std::string& component, Counter& reads, Pace pace, Behave behave)
      : reads_(reads), pace_(pace), behave_(std::move(behave)) {
    channels_ = {make_channel(component + "/energy", Measure::kEnergy, 1e-3, 0),
                 make_channel(component + "/power", Measure::kPower, 1e-3, 0)};
  }
  std::span<const Channel> channels() const override { return channels_; }
  Pace pace() const override { return pace_; }
  Result<void> read(std::vector<Sample>& out) override {
    reads_.add();
    JOULERY_CHECK(behave_(reads_.count()));
    for (std::uint16_t channel = 0; channel < 2; ++channel)
      out.push_back({.time = monotonic_now(),
                     .value = static_cast<double>(reads_.count()),
                     .channel = channel});
    return {};
  }

 private:
  Counter& reads_;
  Pace pace_;
  Behave behave_;
  std::vector<Channel> channels_;
};

class KeepingSink : public SampleSink {
 public:
  void accept(std::span<const Sample> samples) override {
    const std::lock_guard lock(mutex_);
    samples_.insert(samples_.end(), samples.begin(), samples.end());
  }
  void note(const Event& event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
  }
  std::vector<Sample> samples_of(std::uint16_t channel) {
    const std::lock_guard lock(mutex_);
    std::vector<Sample> found;
    for (const Sample& sample : samples_)
      if (sample.channel == channel) found.push_back(sample);
    return found;
  }
  std::vector<Event> events_of(Event::Kind kind) {
    const std::lock_guard lock(mutex_);
    std::vector<Event> found;
    for (const Event& event : events_)
      if (event.kind == kind) found.push_back(event);
    return found;
  }

 private:
  std::mutex mutex_;
  std::vector<Sample> samples_;
  std::vector<Event> events_;
};

const FakeSensor::Behave kGood = [](int) { return Result<void>(); };

class SamplingLoopTest : public testing::Test {
 protected:
  void add(const std::string& component, Counter& reads, Pace pace = {},
           FakeSensor::Behave behave = kGood) {
    sensors_.push_back(std::make_unique<FakeSensor>(component, reads, pace, std::move(behave)));
  }
  SamplingLoop& make(Seconds period, Seconds patience = Seconds(600)) {
    auto loop = make_sampling_loop(std::move(sensors_), {.period = period, .patience = patience});
    EXPECT_TRUE(loop) << loop.error().message;
    loop_ = std::move(*loop);
    return *loop_;
  }

  Counter reads_, other_reads_;
  KeepingSink sink_;  // outlives the loop
  std::vector<std::unique_ptr<Sensor>> sensors_;
  std::unique_ptr<SamplingLoop> loop_;
};

constexpr Seconds kHour{3600};
constexpr Seconds kMillisecond{1e-3};

TEST_F(SamplingLoopTest, TellsChannelsAndGroupsOfDifferentSensorsApart) {
  add("a", reads_);
  add("b", other_reads_);

  const SamplingLoop& loop = make(kHour);

  ASSERT_EQ(loop.channels().size(), 4U);
  EXPECT_EQ(loop.channels()[2].id, "b/energy");
  EXPECT_EQ(loop.channels()[0].group, loop.channels()[1].group);
  EXPECT_NE(loop.channels()[1].group, loop.channels()[2].group);
}

TEST_F(SamplingLoopTest, ReadsFirstAndLastWhateverThePeriod) {
  add("a", reads_);
  add("b", other_reads_);
  SamplingLoop& loop = make(kHour);

  ASSERT_TRUE(loop.start({&sink_}));
  EXPECT_EQ(reads_.count(), 1);
  const LoopStats stats = loop.stop();

  EXPECT_EQ(reads_.count(), 2);
  for (std::uint16_t channel = 0; channel < 4; ++channel)
    EXPECT_EQ(sink_.samples_of(channel).size(), 2U);
  EXPECT_EQ(stats.ticks, 1U);
  EXPECT_EQ(stats.lost, 0U);
}

TEST_F(SamplingLoopTest, HandsOverEverySampleInOrder) {
  add("a", reads_);
  SamplingLoop& loop = make(kMillisecond);

  ASSERT_TRUE(loop.start({&sink_}));
  reads_.wait_for(50);
  const LoopStats stats = loop.stop();

  const std::vector<Sample> samples = sink_.samples_of(1);
  ASSERT_EQ(std::ssize(samples), reads_.count());
  for (std::size_t i = 0; i < samples.size(); ++i)
    EXPECT_EQ(samples[i].value, static_cast<double>(i + 1));
  EXPECT_EQ(stats.ticks + 1, samples.size());
}

TEST_F(SamplingLoopTest, ReadsASlowSensorOnAThreadOfItsOwn) {
  std::atomic<std::thread::id> fast, slow;
  add("fast", reads_, {}, [&](int read) {
    if (read == 2) fast = std::this_thread::get_id();
    return Result<void>();
  });
  add("slow", other_reads_, {.period = kMillisecond}, [&](int read) {
    if (read == 2) slow = std::this_thread::get_id();
    return Result<void>();
  });
  SamplingLoop& loop = make(kMillisecond);

  ASSERT_TRUE(loop.start({&sink_}));
  reads_.wait_for(3);
  other_reads_.wait_for(3);
  loop.stop();

  EXPECT_NE(fast.load(), slow.load());
  EXPECT_EQ(std::ssize(sink_.samples_of(2)), other_reads_.count());
}

TEST_F(SamplingLoopTest, ReadsACounterBeforeItWrapsHoweverSlowTheLoop) {
  add("wraps", reads_, {.longest = kMillisecond});
  SamplingLoop& loop = make(kHour);

  ASSERT_TRUE(loop.start({&sink_}));
  reads_.wait_for(5);
  loop.stop();

  EXPECT_GE(sink_.samples_of(0).size(), 5U);
}

TEST_F(SamplingLoopTest, TellsOfALostSensorOnceAndReadsItNoMore) {
  add("good", reads_);
  add("lost", other_reads_, {}, [](int read) {
    return read < 3 ? Result<void>() : Result<void>(Error{ErrorCode::kGone, "fell off the bus"});
  });
  SamplingLoop& loop = make(kMillisecond);

  ASSERT_TRUE(loop.start({&sink_}));
  reads_.wait_for(20);
  loop.stop();

  EXPECT_EQ(other_reads_.count(), 3);
  EXPECT_EQ(sink_.samples_of(2).size(), 2U);
  const auto events = sink_.events_of(Event::Kind::kSensorLost);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].text, "lost: fell off the bus");
}

TEST_F(SamplingLoopTest, TakesASensorThatThrowsForLost) {
  add("throws", reads_, {}, [](int) -> Result<void> { throw std::runtime_error("bad"); });
  SamplingLoop& loop = make(kHour);

  ASSERT_TRUE(loop.start({&sink_}));
  loop.stop();

  EXPECT_EQ(sink_.events_of(Event::Kind::kSensorLost).size(), 1U);
}

TEST_F(SamplingLoopTest, SkipsAFailedReadAndSumsTheFailuresUp) {
  add("flaky", reads_, {}, [](int read) {
    return read % 2 == 0 ? Result<void>() : Result<void>(Error{ErrorCode::kTransient, "busy"});
  });
  SamplingLoop& loop = make(kMillisecond);

  ASSERT_TRUE(loop.start({&sink_}));
  reads_.wait_for(20);
  loop.stop();

  EXPECT_EQ(std::ssize(sink_.samples_of(0)), reads_.count() / 2);
  const auto events = sink_.events_of(Event::Kind::kReadFailed);
  ASSERT_GE(events.size(), 1U);
  EXPECT_THAT(events.back().text, HasSubstr("busy"));
}

TEST_F(SamplingLoopTest, PutsMarksBetweenTheSamples) {
  add("a", reads_);
  SamplingLoop& loop = make(kHour);

  ASSERT_TRUE(loop.start({&sink_}));
  loop.note({.time = at_us(5), .kind = Event::Kind::kMark, .text = "epoch 1"});
  loop.stop();

  const auto events = sink_.events_of(Event::Kind::kMark);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].text, "epoch 1");
}

TEST_F(SamplingLoopTest, LeavesASensorBehindThatHangs) {
  auto hung = std::make_shared<Counter>();
  auto release = std::make_shared<Counter>();
  auto reads = std::make_shared<Counter>();
  add("good", reads_);
  add("hangs", *reads, {.period = kMillisecond}, [hung, release, reads](int) {
    hung->add();
    release->wait_for(1);
    return Result<void>();
  });
  SamplingLoop& loop = make(kHour, Seconds(0));

  ASSERT_TRUE(loop.start({&sink_}));
  hung->wait_for(1);
  loop.stop();
  loop_.reset();

  EXPECT_EQ(sink_.samples_of(0).size(), 2U);
  EXPECT_TRUE(sink_.samples_of(2).empty());
  release->add();
}

TEST_F(SamplingLoopTest, SlowSensorsShareOneDeadlineAtTheEnd) {
  auto hung = std::make_shared<Counter>();
  auto release = std::make_shared<Counter>();
  auto reads = std::make_shared<Counter>();
  add("hangs", *reads, {.period = kHour}, [hung, release, reads](int) {
    hung->add();
    release->wait_for(1);
    return Result<void>();
  });
  add("quick", other_reads_, {.period = kHour / 2});
  SamplingLoop& loop = make(kHour);

  ASSERT_TRUE(loop.start({&sink_}));
  hung->wait_for(1);
  other_reads_.wait_for(1);
  loop.stop();  // the seldomer one, which comes first, takes all of the time that there is
  loop_.reset();

  EXPECT_EQ(other_reads_.count(), 1);
  release->add();
}

class LaneTest : public testing::Test {
 protected:
  void start() {
    lane_->add(std::make_unique<FakeSensor>("a", reads_, Pace{}, kGood), 0);
    ASSERT_TRUE(Lane::start(lane_, true));
  }

  Counter reads_;
  std::shared_ptr<Lane> lane_ =
      std::make_shared<Lane>(Micros(3'600'000'000), std::make_shared<Alarm>());
};

TEST_F(LaneTest, ReadsOnceMoreWhereThatCanBeDoneInTime) {
  start();
  lane_->finish(false, monotonic_now() + Micros(3'600'000'000));
  EXPECT_EQ(reads_.count(), 2);
}

TEST_F(LaneTest, ReadsNoMoreWhereNoTimeIsLeft) {
  start();
  lane_->finish(false, monotonic_now());
  EXPECT_EQ(reads_.count(), 1);
}

TEST_F(LaneTest, AlwaysReadsOnceMoreWhereItMust) {
  start();
  lane_->finish(true, monotonic_now());
  EXPECT_EQ(reads_.count(), 2);
}

TEST(QuickRead, IsAThousandthOfTheJobWithinBounds) {
  EXPECT_EQ(quick_read(Micros(100'000)), Micros(2'000));
  EXPECT_EQ(quick_read(Micros(5'000'000)), Micros(5'000));
  EXPECT_EQ(quick_read(Micros(3'600'000'000)), Micros(20'000));
}

TEST_F(SamplingLoopTest, GoesOnForOtherSinksWhereOneThrows) {
  struct : SampleSink {
    void accept(std::span<const Sample>) override { throw std::runtime_error("full"); }
    void note(const Event&) override {}
  } bad;
  add("a", reads_);
  SamplingLoop& loop = make(kHour);

  ASSERT_TRUE(loop.start({&bad, &sink_}));
  loop.stop();

  EXPECT_EQ(sink_.samples_of(0).size(), 2U);
}

TEST_F(SamplingLoopTest, FillsARecordThatIsReadBack) {
  const TemporaryFolder folder;
  add("a", reads_);
  SamplingLoop& loop = make(kMillisecond);
  auto writer = RecordWriter::create(folder.file("run"), loop.channels(), TraceInfo{}, "").value();

  ASSERT_TRUE(loop.start({&sink_, writer.get()}));
  reads_.wait_for(30);
  TraceInfo end;
  end.loop = loop.stop();
  ASSERT_TRUE(writer->close(end, ""));

  const auto record = load_record(folder.file("run")).value();
  EXPECT_EQ(std::ssize(read_all(*record)[0]), reads_.count());
}

TEST(MakeSamplingLoop, TakesPeriodsFromAMillisecondToAnHour) {
  for (const double period : {0.0, -1.0, 0.9e-3, 3601.0, std::nan("")}) {
    const auto loop = make_sampling_loop({}, {.period = Seconds(period)});
    ASSERT_FALSE(loop);
    EXPECT_EQ(loop.error().code, ErrorCode::kUsage);
  }
  for (const double period : {1e-3, 0.1, 3600.0})
    EXPECT_TRUE(make_sampling_loop({}, {.period = Seconds(period)}));
}

TEST(ClockWatch, TellsOfAStepAndNotOfSlewing) {
  ClockWatch watch;
  const auto wall = [](std::int64_t us) { return WallTime(Micros(us)); };
  EXPECT_FALSE(watch.look(at_us(0), wall(5'000'000)));
  EXPECT_FALSE(watch.look(at_us(1'000'000), wall(6'000'400)));

  const auto step = watch.look(at_us(2'000'000), wall(3'607'000'400));

  ASSERT_TRUE(step);
  EXPECT_EQ(step->kind, Event::Kind::kClockStep);
  EXPECT_THAT(step->text, HasSubstr("+3600.000 s"));
  EXPECT_FALSE(watch.look(at_us(3'000'000), wall(3'608'000'400)));
}

}  // namespace
}  // namespace joulery
