// lease: the power is cut after each call: recovery sees the old record or the new one, and what it
// sees is enough to give the device back.
#include <gmock/gmock.h>

#include <random>

#include "lease/lease_fixture.h"

namespace joulery {
namespace {

constexpr int kOutcomes = 40;  // of what was not synced, for each call that is the last

/// Two sets, the found value, and the end of a lease.
void hold(FakeProcess& process) {
  auto lease = make_fake_control(process)->take({kA}, {});
  if (!lease) return;
  (void)(*lease)->set(kA, Watts(150)).has_value();
  (void)(*lease)->lock_clock(kA, hertz_of(1200)).has_value();
  (void)(*lease)->set(kA, Watts(200)).has_value();
  (void)(*lease)->set_found(kA).has_value();
  (void)(*lease)->set_all({{kA, Watts(120), hertz_of(1000)}}).has_value();
  (void)(*lease)->release().has_value();
}

int calls_of_a_whole_lease() {
  FakeWorld world;
  world.devices[kA].requested_uw = 250'000'000;
  FakeProcess process(world);
  hold(process);
  return process.calls();
}

void cut_and_recover(int last_call, std::mt19937& random) {
  FakeWorld world;
  world.devices[kA].requested_uw = 250'000'000;
  FakeProcess process(world, last_call);
  hold(process);
  world.disk.cut_power([&](std::size_t n) { return random() % n; });
  process.end();

  for (const std::string& name : world.disk.names()) {
    if (!name.ends_with(".lease")) continue;
    const auto record = parse_record(world.disk.content(name));
    ASSERT_TRUE(record) << record.error().message << " after call " << last_call;
  }
  // As hard as can be: the limit has survived the cut, so that the record must be enough.
  FakeProcess next(world);
  const auto control = make_fake_control(next);
  for (const GivenBack& done : control->recover()) EXPECT_TRUE(done.restored) << done.why;
  EXPECT_EQ(world.devices[kA].requested_uw, 250'000'000) << "after call " << last_call;
  EXPECT_FALSE(world.devices[kA].lock_mhz) << "after call " << last_call;
  EXPECT_TRUE(control->take({kA}, {})) << "after call " << last_call;
}

TEST(PowerCut, LeavesTheOldRecordOrTheNewAfterEachCall) {
  const int calls = calls_of_a_whole_lease();
  ASSERT_GT(calls, 60);
  std::mt19937 random(20261125);

  for (int last = 0; last <= calls && !HasFailure(); ++last)
    for (int i = 0; i < kOutcomes && !HasFailure(); ++i) cut_and_recover(last, random);
}

TEST(PowerCut, IsForgottenWithTheMachinesLife) {
  const int calls = calls_of_a_whole_lease();
  std::mt19937 random(20261125);
  for (int last = 0; last <= calls; ++last) {
    FakeWorld world;
    world.devices[kA].requested_uw = 250'000'000;
    FakeProcess process(world, last);
    hold(process);
    world.disk.cut_power([&](std::size_t n) { return random() % n; });
    process.end();
    world.boot = "boot-2";
    world.devices[kA] = FakeDevice{};  // the default, in force after a start

    FakeProcess next(world);
    (void)make_fake_control(next)->recover();

    EXPECT_EQ(world.devices[kA].requested_uw, FakeDevice{}.requested_uw);
    EXPECT_EQ(world.devices[kA].writes, 0);
  }
}

}  // namespace
}  // namespace joulery
