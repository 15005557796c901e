// lease: a machine for tests: devices, files, processes and time, in which every call of a process
// can be its last.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lease/control.h"
#include "lease/machine.h"

namespace joulery {

/// The records' directory with what a power cut would leave of it.
class FakeDisk {
 public:
  using Entries = std::map<std::string, std::size_t>;  // names to contents

  bool has(const std::string& name) const { return now_.back().count(name) != 0; }
  std::string& content(const std::string& name) { return contents_[now_.back().at(name)].now; }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, content] : now_.back()) names.push_back(name);
    return names;
  }
  void create(const std::string& name) {
    contents_.emplace_back();
    Entries next = now_.back();
    next[name] = contents_.size() - 1;
    now_.push_back(std::move(next));
  }
  void rename(const std::string& from, const std::string& to) {
    Entries next = now_.back();
    next[to] = next.at(from);
    next.erase(from);
    now_.push_back(std::move(next));
  }
  void remove(const std::string& name) {
    Entries next = now_.back();
    next.erase(name);
    now_.push_back(std::move(next));
  }
  void sync(const std::string& name) {
    Content& content = contents_[now_.back().at(name)];
    content.synced = content.now;
  }
  void sync_directory() { now_.erase(now_.begin(), now_.end() - 1); }

  /// Of the changes of names that were not synced some first ones are kept; of the bytes that were
  /// not, some first ones too. `draw(n)`: a number from 0 to n - 1.
  void cut_power(const std::function<std::size_t(std::size_t)>& draw) {
    const Entries kept = now_[draw(now_.size())];
    now_ = {kept};
    for (Content& content : contents_) {
      if (content.now != content.synced)
        content.now = content.now.substr(0, draw(content.now.size() + 1));
      content.synced = content.now;
    }
  }

 private:
  struct Content {
    std::string now, synced;
  };
  std::vector<Content> contents_;
  std::vector<Entries> now_{{}};  ///< the first is on disk, the last is what a process sees
};

struct FakeDevice {
  std::int64_t requested_uw = 300'000'000;
  std::optional<std::int64_t> enforced_uw;  ///< of an out-of-band limiter
  std::int64_t step_uw = 1;                 ///< what the driver rounds to
  bool obeys = true;
  std::optional<Error> failure;             ///< of every call
  std::optional<Error> write_failure;       ///< of writes, which take effect all the same
  std::optional<Error> failure_afterwards;  ///< of every call that comes after a write
  CapRefusal refusal;
  bool chosen = true;
  bool simulated = false;
  int writes = 0;
  std::optional<std::int64_t> lock_mhz;  ///< empty: unlocked
  std::optional<Error> lock_failure;     ///< of locking, which takes effect all the same
  bool has_clocks = true;
  int unlocks = 0;
};

struct FakeWorld {
  std::map<std::string, FakeDevice> devices;
  FakeDisk disk;
  std::map<std::string, pid_t> locks;  ///< by name
  std::set<pid_t> living;
  std::map<std::uint64_t, pid_t> guards;  ///< by lease
  bool has_guards = true;
  bool guards_are_slow = false;  ///< they start, and are not ready yet
  int guard_starts = 0;
  std::size_t most_jobs = 0;  ///< that were run at once
  bool has_proc = true;
  bool disk_is_full = false;
  bool disk_is_unreadable = false;
  std::optional<pid_t> forked;  ///< the process that acts is a child that was forked
  std::string boot = "boot-1", epoch = "module:1";
  std::int64_t now_us = 1'000'000'000;
  pid_t last_pid = 100;
  std::uint64_t last_lease = 0;
  /// Called by each wait, each sync of the directory, the next start of a guard.
  std::function<void()> on_wait, on_sync, on_guard;
  std::function<void()> between;  ///< called before each call of a process, if set
};

/// A process: ends at its `last` call, which has no effect any more; so do all later ones.
class FakeProcess {
 public:
  explicit FakeProcess(FakeWorld& world, std::optional<int> last = {})
      : world_(world), pid_(++world.last_pid), left_(last) {
    world_.living.insert(pid_);
  }
  ~FakeProcess() { end(); }
  FakeProcess(const FakeProcess&) = delete;
  FakeProcess& operator=(const FakeProcess&) = delete;

  void end() {
    world_.living.erase(pid_);
    std::erase_if(world_.locks, [this](const auto& lock) { return lock.second == pid_; });
  }
  bool call() {
    if (world_.between && alive()) {
      const auto between = std::exchange(world_.between, {});  // not from inside of itself
      between();
      world_.between = between;
    }
    if (alive() && left_ && (*left_)-- <= 0) end();
    if (alive()) ++calls_;
    return alive();
  }
  bool alive() const { return world_.living.count(pid_) != 0; }
  int calls() const { return calls_; }
  pid_t pid() const { return pid_; }
  FakeWorld& world() { return world_; }
  std::uint64_t pid_namespace = 1;
  static Error killed() { return {ErrorCode::kInternal, "killed"}; }

 private:
  FakeWorld& world_;
  pid_t pid_;
  std::optional<int> left_;
  int calls_ = 0;
};

/// Works at the highest clock that its lock allows.
class FakeClocks final : public ClockLock {
 public:
  FakeClocks(FakeProcess& process, std::string id) : process_(process), id_(std::move(id)) {}
  Result<ClockRange> range() override {
    JOULERY_CHECK(call());
    return ClockRange{hertz_of(200), hertz_of(1400)};
  }
  Result<Hertz> now() override {
    JOULERY_CHECK(call());
    return hertz_of(device().lock_mhz.value_or(1400));
  }
  Result<void> lock(Hertz most) override {
    JOULERY_CHECK(call());
    device().lock_mhz = megahertz(most);
    return device().lock_failure ? Result<void>(*device().lock_failure) : Result<void>();
  }
  Result<void> unlock() override {
    JOULERY_CHECK(call());
    device().lock_mhz.reset();
    ++device().unlocks;
    return {};
  }

 private:
  Result<void> call() {
    if (!process_.call()) return FakeProcess::killed();
    return device().failure ? Result<void>(*device().failure) : Result<void>();
  }
  FakeDevice& device() { return process_.world().devices[id_]; }
  FakeProcess& process_;
  std::string id_;
};

class FakeCap final : public PowerCap {
 public:
  FakeCap(FakeProcess& process, const std::string& id) : process_(process), clocks_(process, id) {
    info_.id = id;
    info_.model = "Fake";
    info_.refusal = device().refusal;
    info_.chosen = device().chosen;
    info_.simulated = device().simulated;
    info_.epoch = process.world().epoch;
  }
  const CapInfo& info() const override { return info_; }
  Result<CapReading> read() override {
    if (!process_.call()) return FakeProcess::killed();
    if (device().failure) return *device().failure;
    CapReading reading;
    reading.least = Watts(100);
    reading.most = reading.default_limit = Watts(300);
    reading.requested = watts_of(device().requested_uw);
    reading.enforced = watts_of(
        std::min(device().requested_uw, device().enforced_uw.value_or(device().requested_uw)));
    return reading;
  }
  Result<void> write(Watts limit) override {
    if (!process_.call()) return FakeProcess::killed();
    if (device().failure) return *device().failure;
    ++device().writes;
    const std::int64_t step = device().step_uw;
    if (device().obeys) device().requested_uw = microwatts(limit) / step * step;
    if (device().failure_afterwards) device().failure = device().failure_afterwards;
    return device().write_failure ? Result<void>(*device().write_failure) : Result<void>();
  }

  ClockLock* clocks() override { return device().has_clocks ? &clocks_ : nullptr; }

 private:
  FakeDevice& device() { return process_.world().devices[info_.id]; }
  FakeProcess& process_;
  FakeClocks clocks_;
  CapInfo info_;
};

class FakeLeaseFiles final : public LeaseFiles {
 public:
  explicit FakeLeaseFiles(FakeProcess& process) : process_(process) {}

  std::unique_ptr<LeaseFiles> again() const override {
    return std::make_unique<FakeLeaseFiles>(process_);
  }
  std::string place(const std::string& name) const override { return "/leases/" + name; }
  Result<std::vector<std::string>> list() override {
    if (!process_.call()) return FakeProcess::killed();
    return disk().names();
  }
  Result<std::string> read(const std::string& name) override {
    if (!process_.call()) return FakeProcess::killed();
    if (process_.world().disk_is_unreadable)
      return Error{ErrorCode::kTransient, "too many open files"};
    if (!disk().has(name)) return Error{ErrorCode::kUnavailable, name + ": absent"};
    return disk().content(name);
  }
  Result<void> prepare() override {
    return step([] {});
  }
  Result<void> lock(const std::string& name) override {
    if (!process_.call()) return FakeProcess::killed();
    const auto [lock, is_new] = process_.world().locks.emplace(name, process_.pid());
    if (!is_new) return Error{ErrorCode::kTransient, "locked"};
    return {};
  }
  void unlock() override {
    std::erase_if(process_.world().locks,
                  [this](const auto& lock) { return lock.second == process_.pid(); });
  }
  Result<void> create(const std::string& name) override {
    if (!process_.call()) return FakeProcess::killed();
    if (disk().has(name)) return Error{ErrorCode::kInvalid, name + ": exists"};
    disk().create(name);
    return {};
  }
  Result<void> write(const std::string& name, std::string_view bytes) override {
    if (process_.world().disk_is_full) return Error{ErrorCode::kUnavailable, "no space left"};
    return step([&] { disk().content(name) += bytes; });
  }
  Result<void> sync(const std::string& name) override {
    return step([&] { disk().sync(name); });
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return step([&] { disk().rename(from, to); });
  }
  Result<void> remove(const std::string& name) override {
    if (!process_.call()) return FakeProcess::killed();
    if (!disk().has(name)) return Error{ErrorCode::kUnavailable, name + ": absent"};
    disk().remove(name);
    return {};
  }
  Result<void> sync_directory() override {
    return step([&] {
      disk().sync_directory();
      if (process_.world().on_sync) process_.world().on_sync();
    });
  }

 private:
  template <class Body>
  Result<void> step(Body body) {
    if (!process_.call()) return FakeProcess::killed();
    body();
    return {};
  }
  FakeDisk& disk() { return process_.world().disk; }
  FakeProcess& process_;
};

class FakeGuard final : public GuardHandle {
 public:
  FakeGuard(FakeWorld& world, std::uint64_t lease) : world_(world), lease_(lease) {}
  State state() override {
    if (world_.guards_are_slow) return State::kStarting;
    return world_.guards.count(lease_) != 0 ? State::kReady : State::kEnded;
  }
  std::string why() override { return {}; }
  void dismiss() override { world_.guards.erase(lease_); }

 private:
  FakeWorld& world_;
  std::uint64_t lease_;
};

class FakeLeaseHost final : public LeaseHost {
 public:
  explicit FakeLeaseHost(FakeProcess& process) : process_(process) {}

  std::string boot_id() override { return world().boot; }
  std::int64_t boot_time_us() override { return world().now_us; }
  WallTime wall_time() override { return WallTime(Micros(world().now_us)); }
  void wait(Seconds time) override {
    world().now_us += std::int64_t(time.count() * 1e6);
    if (world().on_wait) world().on_wait();
  }
  ProcessIdentity self() override {
    return {world().forked.value_or(process_.pid()), world().has_proc ? 1u : 0u};
  }
  std::uint64_t pid_namespace() override { return process_.pid_namespace; }
  bool is_alive(const ProcessIdentity& process) override {
    return process.start == 1 && world().living.count(process.pid) != 0;
  }
  Result<void> signal(const ProcessIdentity&, int) override {
    return Error{ErrorCode::kGone, "no signals here"};
  }
  std::uint64_t random() override { return ++world().last_lease; }
  std::uint32_t uid() override { return 1000; }
  std::string command() override { return "joulery sweep"; }
  void run_all(const std::vector<std::function<void()>>& jobs) override {
    world().most_jobs = std::max(world().most_jobs, jobs.size());
    for (const auto& job : jobs) job();
  }
  Result<std::unique_ptr<GuardHandle>> start_guard(std::uint64_t lease, bool) override {
    if (!process_.call()) return FakeProcess::killed();
    ++world().guard_starts;
    if (const auto act = std::exchange(world().on_guard, {})) act();
    if (!world().has_guards) return Error{ErrorCode::kUnavailable, "no such program"};
    world().guards[lease] = process_.pid();
    return std::unique_ptr<GuardHandle>(std::make_unique<FakeGuard>(world(), lease));
  }

 private:
  FakeWorld& world() { return process_.world(); }
  FakeProcess& process_;
};

inline std::shared_ptr<LeaseMachine> make_fake_machine(FakeProcess& process) {
  PowerCaps caps;
  for (const auto& [id, device] : process.world().devices)
    caps.push_back(std::make_unique<FakeCap>(process, id));
  return std::make_shared<LeaseMachine>(std::move(caps), std::make_unique<FakeLeaseFiles>(process),
                                        std::make_unique<FakeLeaseHost>(process));
}

inline std::unique_ptr<CapControl> make_fake_control(FakeProcess& process) {
  return make_cap_control(make_fake_machine(process), {}, {});
}

}  // namespace joulery
