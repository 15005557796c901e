// lease: locked clocks: recorded before they are set, unlocked by whoever gives back.
#include "lease/clock_lease.h"

#include "lease/lease_fixture.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class LockedClocks : public Leases {
 protected:
  std::optional<std::int64_t> lock(const char* device = kA) {
    return world.devices[device].lock_mhz;
  }
  /// Looks at the device twice, a second apart.
  CapWatch look_twice(CapLease& lease) {
    (void)lease.check();
    world.now_us += 1'000'000;
    return lease.check()[0];
  }
};

TEST_F(LockedClocks, AreUnlockedAtTheEnd) {
  const auto lease = take(process, {kA, kB});

  ASSERT_TRUE(lease->lock_clock(kA, hertz_of(1200)));

  EXPECT_EQ(lock(), 1200);
  EXPECT_EQ(world.devices[kA].writes, 0);
  EXPECT_EQ(make_fake_control(process)->list()[0].holder->clock, hertz_of(1200));
  EXPECT_EQ(look_twice(*lease).state, CapWatch::State::kHeld);
  ASSERT_TRUE(lease->release());
  EXPECT_FALSE(lock());
  EXPECT_THAT(world.disk.names(), SizeIs(0));
}

TEST_F(LockedClocks, LeaveALockAloneThatALeaseHasNotSet) {
  world.devices[kA].lock_mhz = 900;
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));

  ASSERT_TRUE(lease->release());

  EXPECT_EQ(lock(), 900);
}

TEST_F(LockedClocks, AreSetBesideALimit) {
  const auto lease = take(process, {kA});

  ASSERT_TRUE(lease->set_all({{kA, Watts(150), hertz_of(1200)}}));

  EXPECT_EQ(requested(kA), 150);
  EXPECT_EQ(lock(), 1200);
  ASSERT_TRUE(lease->set_found(kA));
  EXPECT_EQ(requested(kA), 250);
  EXPECT_FALSE(lock());
  ASSERT_TRUE(lease->release());
  EXPECT_EQ(world.devices[kA].unlocks, 1);
}

TEST_F(LockedClocks, NameTheRangeOfAClockOutsideOfIt) {
  const auto lease = take(process, {kA});

  for (const std::int64_t mhz : {0, 199, 1401, -5})
    EXPECT_THAT(lease->lock_clock(kA, hertz_of(mhz)).error().message,
                HasSubstr("outside of its range, 200 MHz to 1400 MHz"));
  world.devices[kA].has_clocks = false;
  EXPECT_EQ(lease->lock_clock(kA, hertz_of(1200)).error().code, ErrorCode::kUnavailable);
  world.devices[kA].has_clocks = true;
  EXPECT_FALSE(lock());
  EXPECT_TRUE(lease->release());
  EXPECT_EQ(world.devices[kA].unlocks, 0);
}

TEST_F(LockedClocks, AreUnlockedByTheNextWhereTheHolderWasKilled) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->lock_clock(kA, hertz_of(1200)));
  process.end();
  FakeProcess next(world);

  const auto done = make_fake_control(next)->recover();

  ASSERT_THAT(done, SizeIs(1));
  EXPECT_TRUE(done[0].unlocked);
  EXPECT_TRUE(done[0].restored);
  EXPECT_FALSE(lock());
}

TEST_F(LockedClocks, AreUnlockedThoughLockingFailedAndTookEffect) {
  const auto lease = take(process, {kA});
  world.devices[kA].lock_failure = Error{ErrorCode::kTransient, "timeout"};

  EXPECT_FALSE(lease->lock_clock(kA, hertz_of(1200)));

  ASSERT_TRUE(lease->release());
  EXPECT_FALSE(lock());
}

TEST_F(LockedClocks, ThatWereRefusedAreNotUnlocked) {
  const auto lease = take(process, {kA});
  world.devices[kA].lock_failure = Error{ErrorCode::kDenied, "no permission"};
  EXPECT_EQ(lease->lock_clock(kA, hertz_of(1200)).error().code, ErrorCode::kDenied);

  ASSERT_TRUE(lease->release());

  EXPECT_EQ(world.devices[kA].unlocks, 0);
}

TEST_F(LockedClocks, AreSomebodyElsesWhereTheClockStaysAboveThem) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->lock_clock(kA, hertz_of(1200)));
  world.devices[kA].lock_mhz = 1300;

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kHeld);  // one look may be too early
  const CapWatch watch = look_twice(*lease);

  EXPECT_EQ(watch.state, CapWatch::State::kForeign);
  EXPECT_THAT(watch.why, HasSubstr("at 1300 MHz, above the 1200 MHz"));
  EXPECT_FALSE(lease->lock_clock(kA, hertz_of(1000)));
  process.end();  // whoever gives back reads what the holder saw
  FakeProcess next(world);
  EXPECT_THAT(make_fake_control(next)->recover(), SizeIs(1));
  EXPECT_EQ(lock(), 1300);
  EXPECT_EQ(world.devices[kA].unlocks, 0);
}

TEST_F(LockedClocks, AreSomebodyElsesThoughTheDiskIsFull) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->lock_clock(kA, hertz_of(1200)));
  world.devices[kA].lock_mhz = 1300;
  world.disk_is_full = true;

  EXPECT_EQ(look_twice(*lease).state, CapWatch::State::kForeign);
  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kForeign);
  EXPECT_TRUE(lease->release());

  EXPECT_EQ(lock(), 1300);
}

TEST_F(LockedClocks, AreOneStepAboveTheirLockStillTheirs) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->lock_clock(kA, hertz_of(1200)));
  world.devices[kA].lock_mhz = 1215;

  EXPECT_EQ(look_twice(*lease).state, CapWatch::State::kHeld);
}

TEST_F(LockedClocks, AreUnlockedThoughTheLimitIsSomebodyElses) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set_all({{kA, Watts(150), hertz_of(1200)}}));
  world.devices[kA].requested_uw = 200'000'000;
  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kForeign);

  EXPECT_TRUE(lease->release());

  EXPECT_EQ(requested(kA), 200);
  EXPECT_FALSE(lock());
}

TEST_F(LockedClocks, AreUnlockedOnceThoughTheLimitNeedsAnotherTry) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set_all({{kA, Watts(150), hertz_of(1200)}}));
  world.devices[kA].obeys = false;
  EXPECT_FALSE(lease->release());
  EXPECT_FALSE(lock());
  world.devices[kA].obeys = true;
  world.devices[kA].lock_mhz = 900;  // somebody's, meanwhile

  EXPECT_TRUE(lease->release());

  EXPECT_EQ(requested(kA), 250);
  EXPECT_EQ(lock(), 900);
}

}  // namespace
}  // namespace joulery
