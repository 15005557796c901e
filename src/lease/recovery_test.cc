// lease: what becomes of leases whose holder, time, record, machine or driver has ended.
#include "lease/lease_fixture.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
class EndedLeases : public Leases {};

TEST_F(EndedLeases, GiveBackThoughTheirRecordWasRemovedByHand) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  world.disk.remove("gpu,GPU-a,board.lease");

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kGone);
  EXPECT_TRUE(lease->release());
  EXPECT_EQ(requested(kA), 250);
}

TEST_F(EndedLeases, RememberABounceThatTheySaw) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  world.devices[kA].requested_uw = 200'000'000;
  (void)lease->check();
  world.devices[kA].requested_uw = 150'000'000;
  const int writes = world.devices[kA].writes;

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kForeign);
  process.end();  // the guard reads on disk what the holder saw
  FakeProcess next(world);
  const auto done = make_fake_control(next)->recover();

  ASSERT_THAT(done, SizeIs(1));
  EXPECT_FALSE(done[0].restored);
  EXPECT_THAT(done[0].why, HasSubstr("200 W"));
  EXPECT_EQ(world.devices[kA].writes, writes);
  EXPECT_THAT(world.disk.names(), SizeIs(0));
}

TEST_F(EndedLeases, EndByThemselvesWhenTheirTimeIsOver) {
  const auto lease = take(process, {kA}, Seconds(60));
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  world.now_us += 61'000'000;
  FakeProcess other(world);

  const auto done = make_fake_control(other)->recover();

  ASSERT_THAT(done, SizeIs(1));
  EXPECT_TRUE(done[0].restored);
  EXPECT_EQ(requested(kA), 250);
  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kGone);
  EXPECT_EQ(lease->set(kA, Watts(150)).error().code, ErrorCode::kGone);
  EXPECT_TRUE(lease->release());
  EXPECT_EQ(requested(kA), 250);
}

TEST_F(EndedLeases, OfTheDeadAreRecoveredByWhoeverTakesNext) {
  auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  process.end();
  FakeProcess next(world);

  const auto second = take(next, {kA});

  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->found()[0].requested, Watts(150));
  EXPECT_EQ(requested(kA), 250);
  ASSERT_TRUE(second->set(kA, Watts(120)));
  ASSERT_TRUE(second->release());
  EXPECT_EQ(requested(kA), 250);
}

TEST_F(EndedLeases, AreDroppedAfterAnotherStartOfTheMachineOrItsDriver) {
  for (const bool reboot : {true, false}) {
    FakeProcess holder(world);
    auto lease = take(holder, {kA});
    const auto set = lease->set(kA, Watts(150));
    ASSERT_TRUE(set) << set.error().message;
    holder.end();
    (reboot ? world.boot : world.epoch) += "x";
    const int writes = world.devices[kA].writes;
    FakeProcess next(world);

    const auto done = make_fake_control(next)->recover();

    ASSERT_THAT(done, SizeIs(1));
    EXPECT_FALSE(done[0].restored);
    EXPECT_FALSE(done[0].failed);
    EXPECT_THAT(done[0].why, HasSubstr(reboot ? "machine was started" : "driver was loaded"));
    EXPECT_EQ(world.devices[kA].writes, writes);
    EXPECT_THAT(world.disk.names(), SizeIs(0));
    world.devices[kA].requested_uw = 250'000'000;
  }
}

TEST_F(EndedLeases, StayOnDiskWhileTheDeviceCannotBeReached) {
  auto lease = take(process, {kA, kB});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  ASSERT_TRUE(lease->set(kB, Watts(150)));
  world.devices[kA].failure = Error{ErrorCode::kGone, "GPU is lost"};
  process.end();
  FakeProcess next(world);
  const auto control = make_fake_control(next);

  const auto done = control->recover();
  world.devices[kA].failure.reset();
  const auto again = control->recover();

  ASSERT_THAT(done, SizeIs(2));
  EXPECT_TRUE(done[0].failed);
  EXPECT_TRUE(done[1].restored);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_TRUE(again[0].restored);
  EXPECT_EQ(requested(kA), 250);
}

TEST_F(EndedLeases, AreLeftAloneWhereTheirRecordIsDamaged) {
  world.disk.create("gpu,GPU-a,board.lease");
  const auto control = make_fake_control(process);

  const auto done = control->recover();

  ASSERT_THAT(done, SizeIs(1));
  EXPECT_TRUE(done[0].failed);
  const auto taken = control->take({kA}, {});
  EXPECT_EQ(taken.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(taken.error().message, HasSubstr("/leases/gpu,GPU-a,board.lease: lease record"));
  EXPECT_THAT(control->list()[0].refused, HasSubstr("gpu,GPU-a,board.lease: lease record"));
}

TEST_F(EndedLeases, AreToldWhereNobodyCanGiveThemBackNow) {
  auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  process.end();
  FakeProcess next(world);
  const auto control = make_fake_control(next);
  world.locks["gpu,GPU-a,board.lease.lock"] = 1;  // somebody else has it

  const auto busy = control->recover();
  world.locks.clear();
  world.disk_is_unreadable = true;
  const auto unreadable = control->recover();
  world.disk_is_unreadable = false;

  ASSERT_THAT(busy, SizeIs(1));
  EXPECT_TRUE(busy[0].failed);
  EXPECT_EQ(busy[0].why, "locked");
  ASSERT_THAT(unreadable, SizeIs(1));
  EXPECT_TRUE(unreadable[0].failed);
  EXPECT_TRUE(control->recover()[0].restored);
}

TEST_F(EndedLeases, AreNotHeldUpByAnotherDeviceThatHangs) {
  auto lease = take(process, {kA, kB});
  ASSERT_TRUE(lease->set_all({{kA, Watts(150)}, {kB, Watts(150)}}));
  world.locks["gpu,GPU-a,board.lease.lock"] = 1;  // somebody waits for the driver in there
  FakeProcess guard(world);

  const auto done = give_back_lease(*make_fake_machine(guard), 1);

  ASSERT_TRUE(done);
  EXPECT_TRUE((*done)[0].failed);
  EXPECT_TRUE((*done)[1].restored);
  EXPECT_EQ(requested(kB), 300);
  EXPECT_FALSE(lease->release());  // of the first; the second is back already
  world.locks.clear();
  EXPECT_TRUE(lease->release());
  EXPECT_EQ(requested(kA), 250);
}

TEST_F(EndedLeases, AreGivenBackAllAtOnce) {
  FakeProcess guard(world);
  const auto host = std::make_unique<FakeLeaseHost>(guard);
  for (const bool by_guard : {true, false}) {
    const auto lease = take(process, {kA, kB});
    ASSERT_TRUE(lease->set_all({{kA, Watts(150)}, {kB, Watts(150)}}));
    world.most_jobs = 0;

    if (by_guard)
      give_back_until_done(world.last_lease, make_fake_machine(guard), {}, *host);
    else
      EXPECT_TRUE(lease->release());

    EXPECT_EQ(world.most_jobs, 2u);
    EXPECT_EQ(requested(kB), 300);
  }
}

TEST_F(EndedLeases, AreGuardedOnlyByWhoFindsAndReadsTheirDevices) {
  const auto lease = take(process, {kA});
  FakeProcess guard(world);

  EXPECT_TRUE(check_guardable(*make_fake_machine(guard), 1));
  world.devices[kA].failure = Error{ErrorCode::kGone, "GPU is lost"};
  const auto unread = check_guardable(*make_fake_machine(guard), 1);
  world.devices[kA].failure.reset();
  const FakeDevice device = world.devices[kA];
  world.devices.erase(kA);
  const auto unseen = check_guardable(*make_fake_machine(guard), 1);
  world.devices[kA] = device;

  EXPECT_EQ(unread.error().code, ErrorCode::kGone);
  EXPECT_THAT(unseen.error().message, HasSubstr("the guard does not find it"));
}

TEST_F(EndedLeases, AreGivenBackOnceADeviceIsThereAgain) {
  auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  process.end();
  const FakeDevice device = world.devices[kA];
  world.devices.erase(kA);
  FakeProcess guard(world);
  FakeLeaseHost host(guard);
  std::vector<std::int64_t> waits_us{world.now_us};
  world.on_wait = [&] {
    waits_us.push_back(world.now_us);
    if (waits_us.size() == 71) world.devices[kA] = device;
  };

  give_back_until_done(
      1, nullptr,
      [&]() -> Result<std::shared_ptr<LeaseMachine>> { return make_fake_machine(guard); }, host);

  EXPECT_EQ(requested(kA), 250);
  EXPECT_EQ(waits_us[1] - waits_us[0], 1'000'000);
  EXPECT_EQ(waits_us[70] - waits_us[69], 60'000'000);
}

TEST_F(EndedLeases, InAContainerAreOfSimulatedDevicesAlone) {
  auto lease = take(process, {kA, kB});
  ASSERT_TRUE(lease->set_all({{kA, Watts(150)}, {kB, Watts(150)}}));
  process.end();  // or so it seems from in there
  world.devices[kB].simulated = true;
  FakeProcess next(world);
  const NoRight container{{ErrorCode::kUnavailable, "a container"}, "", true};

  const auto done = make_cap_control(make_fake_machine(next), container, {})->recover();

  ASSERT_THAT(done, SizeIs(1));
  EXPECT_EQ(requested(kA), 150);
  EXPECT_EQ(requested(kB), 300);
}

TEST_F(EndedLeases, AreNotThoseOfHoldersInAnotherContainer) {
  auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  FakeProcess inside(world);
  inside.pid_namespace = 2;
  world.living.erase(process.pid());  // the number means nothing in there
  const auto control = make_fake_control(inside);

  EXPECT_THAT(control->recover(), SizeIs(0));
  EXPECT_FALSE(control->take({kA}, {}));
  EXPECT_FALSE(control->list()[0].holder->dead);
  EXPECT_EQ(requested(kA), 150);
  inside.pid_namespace = 0;  // /proc does not tell it: as before
  EXPECT_THAT(control->recover(), SizeIs(1));
}

TEST_F(EndedLeases, OfDevicesThatWereNotChosenAreRecoveredAndNotListed) {
  auto lease = take(process, {kB});
  ASSERT_TRUE(lease->set(kB, Watts(150)));
  process.end();
  world.devices[kB].chosen = false;
  FakeProcess next(world);
  const auto control = make_fake_control(next);

  EXPECT_THAT(control->list(), SizeIs(1));
  EXPECT_THAT(control->recover(), SizeIs(1));
  EXPECT_EQ(requested(kB), 300);
}

}  // namespace
}  // namespace joulery
