// lease: taking, setting, watching and giving back on a machine that a test owns.
#include <cmath>

#include "base/log.h"
#include "lease/lease_fixture.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST_F(Leases, GiveBackWhatWasFoundAndNotTheDefault) {
  auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  EXPECT_EQ(requested(kA), 150);
  EXPECT_THAT(world.disk.names(), SizeIs(1));

  ASSERT_TRUE(lease->release());

  EXPECT_EQ(requested(kA), 250);
  EXPECT_THAT(world.disk.names(), SizeIs(0));
  EXPECT_EQ(world.devices[kB].writes, 0);
  EXPECT_TRUE(world.guards.empty());
}

TEST_F(Leases, AreReleasedByTheirEnd) {
  { ASSERT_TRUE(take(process, {kA})->set(kA, Watts(150))); }

  EXPECT_EQ(requested(kA), 250);
}

TEST_F(Leases, TakeAllOrNone) {
  world.devices[kB].failure = Error{ErrorCode::kGone, "lost"};

  const auto lease = make_fake_control(process)->take({kA, kB}, {});

  ASSERT_FALSE(lease);
  EXPECT_THAT(world.disk.names(), SizeIs(0));
  EXPECT_EQ(world.devices[kA].writes, 0);
}

TEST_F(Leases, TakeNothingWithoutAGuard) {
  world.has_guards = false;

  const auto lease = make_fake_control(process)->take({kA}, {});

  ASSERT_FALSE(lease);
  EXPECT_THAT(lease.error().message, HasSubstr("no such program"));
  EXPECT_THAT(world.disk.names(), SizeIs(0));
}

TEST_F(Leases, UndoTheirOwnRecordsAlone) {
  FakeProcess other(world);
  std::unique_ptr<CapLease> others;
  world.on_guard = [&] {  // takes so long that the lease has expired
    world.now_us += 2'000'000;
    others = take(other, {kA});
    world.has_guards = false;
  };

  EXPECT_FALSE(make_fake_control(process)->take({kA}, Seconds(1)));

  EXPECT_THAT(world.disk.names(), SizeIs(1));
  world.has_guards = true;
  ASSERT_TRUE(others->set(kA, Watts(200)));
  EXPECT_TRUE(others->release());
  EXPECT_EQ(requested(kA), 250);
}

TEST_F(Leases, NeedAProcessOfWhichOthersCanTellThatItLives) {
  world.has_proc = false;

  EXPECT_EQ(make_fake_control(process)->take({kA}, {}).error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(world.disk.names(), SizeIs(0));
}

TEST_F(Leases, LastThirtyDaysAtMost) {
  for (const double s : {-1.0, 31 * 86400.0, 1e300, std::nan("")})
    EXPECT_EQ(make_fake_control(process)->take({kA}, Seconds(s)).error().code, ErrorCode::kUsage);
}

TEST_F(Leases, RefuseASecondOneWithTheHoldersName) {
  const auto lease = take(process, {kA});
  FakeProcess other(world);

  const auto second = make_fake_control(other)->take({kB, kA}, {});

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(second.error().message,
              HasSubstr("held by \"joulery sweep\" (process " + std::to_string(process.pid()) +
                        ", user 1000) since"));
  EXPECT_THAT(world.disk.names(), SizeIs(1));
}

TEST_F(Leases, AreOfDevicesThatThereAreAndThatCanBeSet) {
  world.devices[kB].refusal = {"MIG is on", "turn it off"};
  const auto control = make_fake_control(process);

  EXPECT_EQ(control->take({"gpu/none/board"}, {}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(control->take({kA, kA}, {}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(control->take({}, {}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(control->take({kB}, {}).error().message, std::string(kB) + ": MIG is on; turn it off");
}

TEST_F(Leases, NameTheRangeOfACapOutsideOfIt) {
  const auto lease = take(process, {kA});

  for (const double cap : {99.0, 301.0, 0.0, -5.0}) {
    const auto set = lease->set(kA, Watts(cap));
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, ErrorCode::kUsage);
    EXPECT_THAT(set.error().message, HasSubstr("100 W to 300 W"));
  }
  EXPECT_EQ(world.devices[kA].writes, 0);
}

TEST_F(Leases, SetSeveralDevicesWithOneWait) {
  const auto lease = take(process, {kA, kB});
  const std::int64_t before_us = world.now_us;

  ASSERT_TRUE(lease->set_all({{kA, Watts(150)}, {kB, Watts(160)}}));

  EXPECT_EQ(world.now_us - before_us, 100'000);
  EXPECT_EQ(requested(kA), 150);
  EXPECT_EQ(requested(kB), 160);
  EXPECT_EQ(lease->set_all({{kA, Watts(140)}, {"gpu/none/board", Watts(140)}}).error().code,
            ErrorCode::kUsage);
  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kHeld);
  EXPECT_EQ(lease->check()[0].asked, Watts(140));
}

TEST_F(Leases, SayWhatWasNotObeyed) {
  const auto lease = take(process, {kA});
  world.devices[kA].obeys = false;

  const auto set = lease->set(kA, Watts(150));

  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().message, HasSubstr("150 W was asked for, 250 W is still requested"));
  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kHeld);
}

TEST_F(Leases, FollowTheRoundingOfTheDriver) {
  world.devices[kA].step_uw = 125'000;  // 1/8 W, as RAPL
  const auto lease = take(process, {kA});

  ASSERT_TRUE(lease->set(kA, Watts(150.3)));

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kHeld);
  EXPECT_EQ(lease->check()[0].asked, Watts(150.25));
  ASSERT_TRUE(lease->release());
  EXPECT_EQ(requested(kA), 250);
}

TEST_F(Leases, StopWhereSomebodyElseSetsTheDevice) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  const int writes = world.devices[kA].writes;
  world.devices[kA].requested_uw = 200'000'000;

  const auto watches = lease->check();

  EXPECT_EQ(watches[0].state, CapWatch::State::kForeign);
  EXPECT_THAT(watches[0].why, HasSubstr("asked for 200 W, this lease for 150 W"));
  EXPECT_EQ(lease->set(kA, Watts(180)).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(lease->release());
  EXPECT_EQ(world.devices[kA].writes, writes);
  EXPECT_EQ(requested(kA), 200);
}

TEST_F(Leases, SeeAForeignValueBeforeTheyWriteOverIt) {
  const auto lease = take(process, {kA});
  world.devices[kA].requested_uw = 200'000'000;

  const auto set = lease->set(kA, Watts(150));

  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(world.devices[kA].writes, 0);
}

TEST_F(Leases, StartAnotherGuardWhereTheirsWasKilled) {
  const auto lease = take(process, {kA});
  world.guards.clear();

  (void)lease->check();

  EXPECT_THAT(world.guards, SizeIs(1));
}

TEST_F(Leases, StartOneGuardAtATimeAndWarnOnceWhereNoneCanBeHad) {
  const auto lease = take(process, {kA});
  world.guards.clear();
  world.guards_are_slow = true;
  (void)lease->check();
  EXPECT_EQ(world.guard_starts, 1);

  world.guards_are_slow = false;
  world.has_guards = false;
  std::vector<std::string> told;
  set_log_receiver([&](const std::string& message) { told.push_back(message); });
  for (int i = 0; i < 5; ++i) (void)lease->check();
  set_log_receiver({});

  EXPECT_EQ(world.guard_starts, 6);
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(told[0], HasSubstr("no such program"));
}

TEST_F(Leases, EndWhereNoGuardCanBeHadForAMinute) {
  const auto lease = take(process, {kA, kB});
  ASSERT_TRUE(lease->set_all({{kA, Watts(150)}, {kB, Watts(150)}}));
  world.guards.clear();
  world.has_guards = false;
  for (int i = 0; i < 60; ++i, world.now_us += 1'000'000)
    EXPECT_EQ(lease->check()[0].state, CapWatch::State::kHeld);

  const auto watches = lease->check();

  EXPECT_EQ(watches[1].state, CapWatch::State::kGone);
  EXPECT_THAT(watches[1].why, HasSubstr("no guard could be had for a minute: given back"));
  EXPECT_EQ(requested(kA), 250);
  EXPECT_EQ(requested(kB), 300);
  EXPECT_THAT(world.disk.names(), SizeIs(0));
  EXPECT_EQ(lease->set(kA, Watts(150)).error().code, ErrorCode::kGone);
}

TEST_F(Leases, GoOnWhereAGuardWasLateAndCame) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  world.guards_are_slow = true;
  for (int i = 0; i < 50; ++i, world.now_us += 1'000'000) (void)lease->check();
  world.guards_are_slow = false;
  (void)lease->check();
  world.guards_are_slow = true;

  for (int i = 0; i < 50; ++i, world.now_us += 1'000'000)
    EXPECT_EQ(lease->check()[0].state, CapWatch::State::kHeld);
}

TEST_F(Leases, AreNotTakenWhereTheirRecordCouldNotBeReadBack) {
  world.boot = "two\nlines";

  EXPECT_EQ(make_fake_control(process)->take({kA}, {}).error().code, ErrorCode::kInvalid);
  EXPECT_THAT(world.disk.names(), SizeIs(0));
}

TEST_F(Leases, DoNotTouchADeviceWhoseRecordCannotBeWritten) {
  const auto lease = take(process, {kA});
  world.disk_is_full = true;
  FakeProcess other(world);

  const auto set = lease->set(kA, Watts(150));
  const auto taken = make_fake_control(other)->take({kB}, {});
  world.disk_is_full = false;

  EXPECT_EQ(set.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(taken);
  EXPECT_EQ(world.devices[kA].writes + world.devices[kB].writes, 0);
  EXPECT_TRUE(lease->set(kA, Watts(160)));
  EXPECT_TRUE(lease->release());
  EXPECT_EQ(requested(kA), 250);
}

TEST_F(Leases, SayWhereADeviceIsLost) {
  const auto lease = take(process, {kA, kB});
  world.devices[kA].failure = Error{ErrorCode::kGone, "GPU is lost"};
  world.devices[kB].failure = Error{ErrorCode::kTransient, "timeout"};

  const auto watches = lease->check();

  EXPECT_EQ(watches[0].state, CapWatch::State::kGone);
  EXPECT_EQ(watches[0].why, "GPU is lost");
  EXPECT_EQ(watches[1].state, CapWatch::State::kHeld);
  EXPECT_FALSE(watches[1].requested);
  EXPECT_EQ(lease->set(kA, Watts(150)).error().code, ErrorCode::kGone);
  EXPECT_FALSE(lease->release());
  world.devices[kA].failure.reset();
  world.devices[kB].failure.reset();
  EXPECT_TRUE(lease->release());
}

TEST_F(Leases, TellOfAnOutOfBandCap) {
  world.devices[kA].requested_uw = 300'000'000;
  world.devices[kA].enforced_uw = 200'000'000;

  const auto devices = make_fake_control(process)->list();

  EXPECT_EQ(devices[0].enforced, Watts(200));
  EXPECT_THAT(devices[0].notes, testing::Contains(HasSubstr("out-of-band cap: 200 W")));
  EXPECT_TRUE(devices[1].notes.empty());
}

TEST_F(Leases, NeedTheRightThatIsMissing) {
  const auto control =
      make_cap_control(make_fake_machine(process),
                       NoRight{{ErrorCode::kDenied, "needs root"}, "use sudo", false}, {});

  EXPECT_EQ(control->list()[0].refused, "needs root");
  EXPECT_EQ(control->take({kA}, {}).error().code, ErrorCode::kDenied);
  EXPECT_TRUE(control->recover().empty());
}

TEST_F(Leases, NameTheirHolderInTheList) {
  const auto lease = take(process, {kA}, Seconds(60));
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  FakeProcess other(world);

  const auto devices = make_fake_control(other)->list();

  ASSERT_TRUE(devices[0].holder);
  EXPECT_FALSE(devices[1].holder);
  EXPECT_EQ(devices[0].holder->pid, process.pid());
  EXPECT_EQ(devices[0].holder->found, Watts(250));
  EXPECT_EQ(devices[0].holder->asked, Watts(150));
  EXPECT_NEAR(devices[0].holder->left->count(), 60, 1);
  EXPECT_FALSE(devices[0].holder->dead);
}

}  // namespace
}  // namespace joulery
