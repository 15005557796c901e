// lease: writes that fail, are rounded, or meet somebody else's or a full disk's.
#include "lease/lease_fixture.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class LeaseWrites : public Leases {
 protected:
  void expect_given_back(CapLease& lease) {
    EXPECT_TRUE(lease.release());
    EXPECT_EQ(requested(kA), 250);
    EXPECT_THAT(world.disk.names(), SizeIs(0));
  }
};

TEST_F(LeaseWrites, AreGivenBackThoughTheyFailedAndTookEffect) {
  const auto lease = take(process, {kA});
  world.devices[kA].write_failure = Error{ErrorCode::kTransient, "timeout"};

  EXPECT_EQ(lease->set(kA, Watts(150)).error().code, ErrorCode::kTransient);
  world.devices[kA].write_failure.reset();

  EXPECT_EQ(requested(kA), 150);
  expect_given_back(*lease);
}

TEST_F(LeaseWrites, AreGivenBackThoughTheyCouldNotBeReadBack) {
  const auto lease = take(process, {kA});
  world.devices[kA].write_failure = Error{ErrorCode::kTransient, "timeout"};
  world.devices[kA].failure_afterwards = Error{ErrorCode::kTransient, "timeout"};
  EXPECT_FALSE(lease->set(kA, Watts(150)));
  world.devices[kA].write_failure.reset();
  world.devices[kA].failure_afterwards.reset();
  world.devices[kA].failure.reset();

  expect_given_back(*lease);
}

TEST_F(LeaseWrites, ThatFailedAreJudgedByTheNextLook) {
  const auto lease = take(process, {kA});
  world.devices[kA].write_failure = Error{ErrorCode::kTransient, "timeout"};
  EXPECT_FALSE(lease->set(kA, Watts(150)));

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kHeld);
  EXPECT_EQ(lease->check()[0].asked, Watts(150));
  world.devices[kA].requested_uw = 200'000'000;

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kForeign);
}

TEST_F(LeaseWrites, ThatFailedAndWereChangedSinceAreForeign) {
  const auto lease = take(process, {kA});
  world.devices[kA].write_failure = Error{ErrorCode::kTransient, "timeout"};
  EXPECT_FALSE(lease->set(kA, Watts(150)));
  world.devices[kA].requested_uw = 200'000'000;

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kForeign);
  EXPECT_TRUE(lease->release());
  EXPECT_EQ(requested(kA), 200);
}

TEST_F(LeaseWrites, AreTheLeasesHoweverCoarselyTheDriverRounds) {
  world.devices[kA].step_uw = 5'000'000;
  const auto lease = take(process, {kA});

  const auto set = lease->set(kA, Watts(153));

  EXPECT_EQ(set.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(set.error().message, HasSubstr("153 W was asked for, 150 W is requested"));
  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kHeld);
  EXPECT_TRUE(lease->set(kA, Watts(160)));
  expect_given_back(*lease);
}

TEST_F(LeaseWrites, AreGivenBackByTheNextWhereTheHolderDiedBeforeTheSecondLook) {
  world.devices[kA].step_uw = 5'000'000;
  const auto lease = take(process, {kA});
  world.on_wait = [&] { process.end(); };
  EXPECT_FALSE(lease->set(kA, Watts(153)));
  FakeProcess next(world);

  (void)make_fake_control(next)->recover();

  EXPECT_EQ(requested(kA), 250);
}

TEST_F(LeaseWrites, SeeWhatWasSetWhileTheRecordWasWritten) {
  const auto lease = take(process, {kA});
  world.on_sync = [&] { world.devices[kA].requested_uw = 200'000'000; };

  const auto set = lease->set(kA, Watts(150));
  world.on_sync = {};

  EXPECT_EQ(set.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(world.devices[kA].writes, 0);
  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kForeign);
}

TEST_F(LeaseWrites, TellOfSomebodyElseThoughTheDiskIsFull) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  const int writes = world.devices[kA].writes;
  world.disk_is_full = true;
  world.devices[kA].requested_uw = 200'000'000;

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kForeign);
  world.devices[kA].requested_uw = 150'000'000;

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kForeign);
  EXPECT_TRUE(lease->release());
  EXPECT_EQ(world.devices[kA].writes, writes);
}

TEST_F(LeaseWrites, KeepALeaseWhoseRecordCannotBeReadForAMoment) {
  const auto lease = take(process, {kA});
  ASSERT_TRUE(lease->set(kA, Watts(150)));
  world.disk_is_unreadable = true;

  EXPECT_EQ(lease->check()[0].state, CapWatch::State::kHeld);
  world.disk_is_unreadable = false;

  expect_given_back(*lease);
}

TEST_F(LeaseWrites, AreNotGivenBackByAChildThatWasForked) {
  {
    const auto lease = take(process, {kA});
    ASSERT_TRUE(lease->set(kA, Watts(150)));
    world.forked = process.pid() + 1000;
  }

  EXPECT_EQ(requested(kA), 150);
  EXPECT_THAT(world.disk.names(), SizeIs(1));
}

}  // namespace
}  // namespace joulery
