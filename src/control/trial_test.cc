#include "control/trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace joulery {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kBoard = "gpu/GPU-1/board";

Instant at(double seconds) { return Instant(Micros(std::llround(seconds * 1e6))); }

Channel channel(const std::string& name, Measure measure) {
  Channel made;
  made.component = kBoard;
  made.id = std::string(kBoard) + "/" + name;
  made.kind = ComponentKind::kGpu;
  made.measure = measure;
  made.resolution = 1e-3;
  if (measure == Measure::kEnergy) made.rule = Rule::kCounter;
  return made;
}

/// A run of 10 s at 200 W, capped at 200 W, with what a test adds.
class Record {
 public:
  Record() {
    info.begin = at(100);
    info.end = at(110);
    add(channel("energy", Measure::kEnergy), {{100, 0}, {110, 2000}});
  }
  void add(const Channel& made, const std::vector<std::pair<double, double>>& samples) {
    const auto index = static_cast<std::uint16_t>(channels_.size());
    channels_.push_back(made);
    for (const auto& [time, value] : samples)
      samples_.push_back({.time = at(time), .value = value, .channel = index});
  }
  void note(Event::Kind kind, const std::string& text) {
    info.events.push_back({.time = at(110), .kind = kind, .text = text});
  }
  SweepRun read() {
    KeptRun kept;
    kept.job.id = "run";
    auto trace = std::make_unique<MemoryTrace>(info, channels_);
    for (const Sample& sample : samples_) trace->add(sample);
    kept.trace = std::move(trace);
    CapDevice device;
    device.id = kBoard;
    SweepRun run;
    failure = {};
    if (auto done = read_run(kept, {device}, {Watts(200)}, run); !done) failure = done.error();
    return run;
  }

  TraceInfo info;
  std::optional<Error> failure;

 private:
  std::vector<Channel> channels_;
  std::vector<Sample> samples_;
};

TEST(Trial, HasTimeAndEnergyOfTheRunAndWhatTheMachineDid) {
  Record record;
  // What was sampled before the command began is not its doing.
  record.add(channel("temperature", Measure::kTemperature), {{99, 20}, {101, 60}, {109, 70}});
  record.add(channel("sm_clock", Measure::kClock), {{101, 1.1e9}, {109, 1.3e9}});
  record.add(channel("memory_clock", Measure::kClock), {{101, 5e9}});
  record.add(channel("throttle_power", Measure::kThrottleTime), {{99, 1}, {101, 3}, {109, 7}});
  record.add(channel("throttle_thermal", Measure::kThrottleTime), {{101, 0}, {109, 8}});

  const SweepRun run = record.read();

  ASSERT_FALSE(record.failure) << record.failure->message;
  EXPECT_DOUBLE_EQ(run.trial.time.count(), 10);
  EXPECT_NEAR(run.trial.device_energy.count(), 2000, 1e-6);
  EXPECT_FALSE(run.trial.node_energy) << "nothing beside the device was seen";
  EXPECT_DOUBLE_EQ(*run.trial.temperature_c, 65);
  EXPECT_DOUBLE_EQ(*run.trial.clock_mhz, 1200);
  EXPECT_DOUBLE_EQ(*run.trial.throttle_share, 0.5);
  EXPECT_TRUE(run.controlled);
}

TEST(Trial, WithoutReadingsHasNoneOfThem) {
  Record record;
  record.add(channel("throttle_power", Measure::kThrottleTime), {{105, 3}});

  const SweepRun run = record.read();

  EXPECT_FALSE(run.trial.throttle_share) << "one reading of a counter tells no share";
  EXPECT_FALSE(run.trial.temperature_c);
  EXPECT_FALSE(run.trial.clock_mhz);
}

TEST(Trial, ALimitThatBouncedBetweenTwoLooksIsFoundInTheSamples) {
  Record record;
  record.add(channel("power_limit", Measure::kPowerLimit),
             {{99, 250}, {101, 200}, {102, 250}, {103, 200}, {109, 200}});
  record.add(channel("power_limit_default", Measure::kPowerLimit), {{101, 250}});

  const SweepRun run = record.read();

  EXPECT_FALSE(run.controlled);
  EXPECT_THAT(run.notes, Contains(HasSubstr("200 W was asked for, the limit was seen at 250 W")));
}

TEST(Trial, ALimitThatBouncedOnceInALongRunIsFoundToo) {
  Record record;
  std::vector<std::pair<double, double>> samples;
  for (int i = 0; i < 1000; ++i) samples.emplace_back(101 + i * 0.008, i == 500 ? 190 : 200);
  record.add(channel("power_limit", Measure::kPowerLimit), samples);

  const SweepRun run = record.read();

  EXPECT_FALSE(run.controlled);
  EXPECT_THAT(run.notes, Contains(HasSubstr("the limit was seen at 190 W")));
}

TEST(Trial, ALimitThatStoodIsControlled) {
  Record record;
  record.add(channel("power_limit", Measure::kPowerLimit), {{99, 250}, {101, 200}, {109, 200}});

  const SweepRun run = record.read();

  EXPECT_TRUE(run.controlled);
  EXPECT_THAT(run.notes, IsEmpty());
}

TEST(Trial, ReadsBackWhatTheSweepNoted) {
  Record record;
  record.note(Event::Kind::kMark, "sweep: file not-a-note");
  record.note(Event::Kind::kNote, "clock step");
  record.note(Event::Kind::kNote, std::string(kDigestNote) + "0123abcd");
  record.note(Event::Kind::kNote, std::string(kInterruptNote) + "2");
  record.note(Event::Kind::kNote, std::string(kLostControlNote) + "both values");

  const SweepRun run = record.read();

  EXPECT_EQ(run.marks, 1u);
  EXPECT_EQ(run.digest, "0123abcd");
  EXPECT_TRUE(run.interrupted);
  EXPECT_FALSE(run.controlled);
  EXPECT_THAT(run.notes, Contains("not controlled: both values"));
}

TEST(Trial, WhatTwoSensorsContradictIsNoScatterOfTheRun) {
  Record agreeing, contradicting;
  Channel power = channel("power", Measure::kPower);
  power.rule = Rule::kTrapezoid;
  std::vector<std::pair<double, double>> readings;
  for (int i = 0; i <= 100; ++i) readings.emplace_back(100 + i / 10.0, 200);
  agreeing.add(power, readings);
  for (auto& [time, value] : readings) value = 120;
  contradicting.add(power, readings);

  const SweepRun one = agreeing.read(), other = contradicting.read();

  EXPECT_EQ(one.trial.disagreement, 0);
  EXPECT_NEAR(other.trial.disagreement, -0.4 / std::sqrt(3.0), 0.02);
  EXPECT_NEAR(other.trial.device_energy_u.count(), one.trial.device_energy_u.count(), 1);
}

TEST(Trial, OfADeviceWithoutEnergyIsAnError) {
  Record record;
  record.info.begin = at(200);
  record.info.end = at(210);

  (void)record.read();

  ASSERT_TRUE(record.failure);
  EXPECT_THAT(record.failure->message, HasSubstr(kBoard));
}

}  // namespace
}  // namespace joulery
