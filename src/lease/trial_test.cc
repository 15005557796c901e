// lease: virtual trials: holder, guard and those who come next are killed at random calls, while
// others look on and clocks run: the found limit is back, always.
#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

#include "lease/lease_fixture.h"

namespace joulery {
namespace {

constexpr int kTrials = 10'000;  // 2 s
constexpr int kCallsOfALongLease = 200;

/// One life of a lease on a machine of three devices, and everything that follows its death.
class Trial {
 public:
  explicit Trial(unsigned seed) : random_(seed) {
    for (const char* id : {"gpu/GPU-a/board", "gpu/GPU-b/board", "cpu/0/package"}) {
      FakeDevice& device = world_.devices[id];
      device.requested_uw = 1'000'000 * static_cast<std::int64_t>(110 + draw(190));
      device.step_uw = draw(3) == 0 ? 125'000 : 1;
      if (device.requested_uw % device.step_uw != 0) device.step_uw = 1;
      found_[id] = device.requested_uw;
      ids_.emplace_back(id);
    }
    world_.between = [this] { look_on(); };
  }

  void run() {
    hold();
    if (draw(2) == 0) world_.now_us += 3'600'000'000;
    guard();
    while (draw(3) == 0) come_next(static_cast<int>(draw(kCallsOfALongLease)));
    world_.between = {};
    come_next({});
    check();
  }

 private:
  std::size_t draw(std::size_t n) { return random_() % n; }

  // A holder that is killed at some call, or comes to its end.
  void hold() {
    FakeProcess process(world_, static_cast<int>(draw(kCallsOfALongLease)));
    std::vector<std::string> devices(ids_.begin(),
                                     ids_.begin() + static_cast<std::ptrdiff_t>(1 + draw(3)));
    const std::optional<Seconds> lifetime =
        draw(3) == 0 ? std::optional<Seconds>(Seconds(static_cast<double>(draw(3)))) : std::nullopt;
    auto lease = make_fake_control(process)->take(devices, lifetime);
    if (!lease) return;
    for (std::size_t i = draw(12); i > 0; --i) {
      if (draw(4) == 0) world_.guards.clear();
      if (draw(3) == 0)
        (void)(*lease)->check();
      else if (draw(3) == 0)
        (void)(*lease)->lock_clock(devices[draw(devices.size())], hertz_of(1200)).has_value();
      else
        (void)(*lease)
            ->set(devices[draw(devices.size())], Watts(100 + static_cast<double>(draw(201))))
            .has_value();
    }
    if (draw(4) == 0) (void)(*lease)->release().has_value();
    process.end();
  }

  // Where the guard lives, it acts; it may be killed at that, too.
  void guard() {
    for (const auto& [lease, holder] : std::map(world_.guards)) {
      FakeProcess process(world_);
      if (draw(2) == 0) process_dies_soon(lease);
      (void)give_back_lease(*make_fake_machine(process), lease).has_value();
    }
  }
  void process_dies_soon(std::uint64_t lease) {
    FakeProcess process(world_, static_cast<int>(draw(30)));
    (void)give_back_lease(*make_fake_machine(process), lease).has_value();
  }

  void come_next(std::optional<int> last) {
    FakeProcess process(world_, last);
    (void)make_fake_control(process)->recover();
  }

  // Another joulery, at any moment: it recovers what is over, or tries to take what is not.
  void look_on() {
    if (draw(40) != 0) return;
    FakeProcess process(world_);
    const auto control = make_fake_control(process);
    if (draw(2) == 0) {
      (void)control->recover();
      return;
    }
    if (auto lease = control->take({ids_[draw(ids_.size())]}, {}); lease)
      (void)(*lease)->set((*lease)->found()[0].id, Watts(140)).has_value();
  }

  void check() {
    for (const auto& [id, found_uw] : found_)
      EXPECT_EQ(world_.devices[id].requested_uw, found_uw) << id;
    for (const auto& [id, device] : world_.devices) EXPECT_FALSE(device.lock_mhz) << id;
    EXPECT_TRUE(world_.locks.empty());
    for (const std::string& name : world_.disk.names())
      EXPECT_FALSE(name.ends_with(".lease")) << name;
    FakeProcess process(world_);
    EXPECT_TRUE(make_fake_control(process)->take(ids_, {}));
  }

  std::mt19937 random_;
  FakeWorld world_;
  std::map<std::string, std::int64_t> found_;
  std::vector<std::string> ids_;
};

/// A lease whose device somebody else sets, to a value that no lease asks for.
void run_foreign_trial(unsigned seed) {
  constexpr std::int64_t kForeign = 177'777'777;
  std::mt19937 random(seed);
  FakeWorld world;
  world.devices[kA].requested_uw = 250'000'000;
  FakeProcess process(world);
  auto lease = make_fake_control(process)->take({kA}, {});
  ASSERT_TRUE(lease);
  const auto act = [&] {
    if (random() % 2 == 0)
      (void)(*lease)->check();
    else
      (void)(*lease)->set(kA, Watts(100 + static_cast<double>(random() % 201))).has_value();
  };
  for (std::size_t i = random() % 4; i > 0; --i) act();

  world.devices[kA].requested_uw = kForeign;
  const int writes = world.devices[kA].writes;
  for (std::size_t i = random() % 4; i > 0; --i) act();
  if (random() % 2 == 0) (void)(*lease)->release().has_value();
  process.end();
  FakeProcess next(world);
  (void)make_fake_control(next)->recover();

  EXPECT_EQ(world.devices[kA].requested_uw, kForeign);
  EXPECT_EQ(world.devices[kA].writes, writes);
  EXPECT_TRUE(world.disk.names().empty());
}

TEST(LeaseTrials, NeverWriteOverSomebodyElsesValue) {
  for (unsigned seed = 0; seed < kTrials && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run_foreign_trial(seed);
  }
}

TEST(LeaseTrials, GiveBackWhatWasFoundWhoeverIsKilled) {
  for (int seed = 0; seed < kTrials && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Trial(static_cast<unsigned>(seed)).run();
  }
}

}  // namespace
}  // namespace joulery
