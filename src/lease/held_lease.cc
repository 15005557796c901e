// lease: setting, watching and releasing held devices, see held_lease.h. A record is on disk before
// the write that it tells of.
#include "lease/held_lease.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <utility>

#include "base/log.h"
#include "lease/clock_lease.h"
#include "lease/guard_keeper.h"

namespace joulery {
namespace {

constexpr Seconds kReadBack{0.1};  // a choice: NVML's limit is read back by the next call already,
                                   // a daemon that would set it again needs its own period

bool is_near(Watts a, Watts b) { return std::abs((a - b).count()) <= kCapStep.count(); }

struct Held {
  LeaseRecord record;
  PowerCap* cap;
  Watts wished{};                          ///< by the last set(): drivers round it
  bool read_back = false;                  ///< the record has what the driver made of the wish
  std::optional<std::int64_t> foreign_uw;  ///< kept here, too, for a disk that is full
  std::optional<std::int64_t> foreign_clock_mhz;  ///< the same
  ClockWatch clock;
};

Error ended(const Held& held) {
  return {ErrorCode::kGone, held.record.device +
                                ": the lease has ended: it expired or was given "
                                "back by somebody else"};
}

Error foreign(const Held& held, std::int64_t seen_uw) {
  return {
      ErrorCode::kInvalid,
      fmt::format("{}: somebody else asked for {:g} W, this lease for {:g} W: left as it is, and "
                  "not written again",
                  held.record.device, watts_of(seen_uw).count(),
                  watts_of(held.record.asked_uw).count())};
}

Error not_obeyed(const Held& held, Watts requested) {
  return {ErrorCode::kInvalid,
          fmt::format("{}: not obeyed: {:g} W was asked for, {:g} W is {}requested",
                      held.record.device, held.wished.count(), requested.count(),
                      microwatts(requested) == held.record.found_uw ? "still " : "")};
}

// With ten digits: a watt's millionth more than the range must not read as its end.
Result<void> check_range(const Held& held, const CapReading& now, Watts cap) {
  const double least = now.least.value_or(Watts(0)).count();
  const bool above = now.most && cap > *now.most;
  if (cap.count() > 0 && cap.count() >= least && !above && std::isfinite(cap.count())) return {};
  const std::string range = now.most
                                ? fmt::format("{:.10g} W to {:.10g} W", least, now.most->count())
                                : fmt::format("above {:.10g} W", least);
  return Error{ErrorCode::kUsage, fmt::format("{}: a cap of {:.10g} W is outside of its range, {}",
                                              held.record.device, cap.count(), range)};
}

class HeldLease final : public CapLease {
 public:
  HeldLease(std::shared_ptr<LeaseMachine> machine, std::vector<LeaseRecord> records,
            std::vector<CapDevice> found, std::unique_ptr<GuardHandle> guard)
      : machine_(std::move(machine)),
        found_(std::move(found)),
        guard_(*machine_->host, records.empty() ? 0 : records[0].lease, std::move(guard)) {
    for (LeaseRecord& record : records) {
      PowerCap* const cap = machine_->find(record.device);
      Held& held = held_.emplace_back();
      held.record = std::move(record);
      held.cap = cap;
    }
  }
  ~HeldLease() override {
    if (const auto done = release(); !done) log_warning(done.error().message);
  }

  const std::vector<CapDevice>& found() const override { return found_; }

  Result<void> set(const std::string& device, Watts cap) override {
    return set_all({{device, cap}});
  }
  Result<void> lock_clock(const std::string& device, Hertz most) override {
    return set_all({{device, {}, most}});
  }
  Result<void> set_all(const std::vector<CapWish>& caps) override;
  Result<void> set_found(const std::string& device) override;

  std::vector<CapWatch> check() override {
    std::vector<CapWatch> watches;
    bool any_held = false;
    for (Held& held : held_) {
      watches.push_back(look_at(held));
      any_held = any_held || watches.back().state == CapWatch::State::kHeld;
    }
    if (any_held && !guard_.keep()) end_unguarded(watches);
    return watches;
  }

  Result<void> release() override;

 private:
  /// The record as it is on disk, where it is still this lease's: the guard may have ended it.
  Result<void> refresh(Held& held) {
    JOULERY_TRY(auto record, machine_->book.find(held.record.device));
    if (!record || record->lease != held.record.lease) return ended(held);
    held.record = std::move(*record);
    keep_what_was_seen(held);
    return {};
  }
  static void keep_what_was_seen(Held& held) {
    if (!held.record.foreign_uw) held.record.foreign_uw = held.foreign_uw;
    if (held.record.clock_mhz && !held.record.foreign_clock_mhz)
      held.record.foreign_clock_mhz = held.foreign_clock_mhz;
  }
  Result<Held*> find(const std::string& device) {
    for (Held& held : held_)
      if (held.record.device == device) return &held;
    return Error{ErrorCode::kUsage, device + ": is not held by this lease"};
  }
  Result<void> store(Held& held, const LeaseRecord& next) {
    JOULERY_CHECK(machine_->book.store(next));
    held.record = next;
    return {};
  }
  /// Whether there was anything to write.
  Result<bool> write(Held& held, Watts cap);
  Result<void> ask(Held& held, Watts cap, std::int64_t before_uw);
  Result<void> own_what_was_made(Held& held);
  Result<void> settle(Held& held);
  Error give_up(Held& held, std::int64_t seen_uw);
  CapWatch look_at(Held& held);
  void judge(Held& held, CapWatch& watch);
  void judge_clock(Held& held, CapWatch& watch);
  /// Changes the lock of the clock: to `most`, or none.
  Result<void> change_lock(Held& held, std::optional<Hertz> most);
  void end_unguarded(std::vector<CapWatch>& watches);
  Result<void> release_one(Held& held);

  std::shared_ptr<LeaseMachine> machine_;
  std::vector<Held> held_;
  std::vector<CapDevice> found_;
  GuardKeeper guard_;
  bool released_ = false;
};

Result<void> HeldLease::set_all(const std::vector<CapWish>& caps) {
  std::vector<Held*> written;
  Result<void> done;
  for (const CapWish& wish : caps) {
    const Result<Held*> held = find(wish.device);
    if (!held) done = held.error();
    if (done && wish.clock) done = change_lock(**held, wish.clock);
    if (!done) break;
    if (!wish.cap) continue;
    const Result<bool> wrote = write(**held, *wish.cap);
    if (!wrote) done = wrote.error();
    if (wrote && *wrote) written.push_back(*held);
  }
  if (!written.empty()) machine_->host->wait(kReadBack);
  for (Held* held : written)
    if (auto settled = settle(*held); !settled && done) done = std::move(settled);
  return done;
}

Result<void> HeldLease::set_found(const std::string& device) {
  JOULERY_TRY(Held* const held, find(device));
  if (held->record.clock_mhz) JOULERY_CHECK(change_lock(*held, {}));
  return set(device, watts_of(held->record.found_uw));
}

Result<void> HeldLease::change_lock(Held& held, std::optional<Hertz> most) {
  JOULERY_TRY(const BookLock lock, BookLock::take(machine_->book, held.record.device));
  JOULERY_CHECK(refresh(held));
  if (is_over(held.record, *machine_->host)) return ended(held);
  if (held.record.foreign_uw) return foreign(held, *held.record.foreign_uw);
  if (!most) return unlock_clock(held.record, *held.cap, machine_->book);
  return joulery::lock_clock(held.record, *held.cap, machine_->book, *most);
}

Result<bool> HeldLease::write(Held& held, Watts cap) {
  JOULERY_TRY(const BookLock lock, BookLock::take(machine_->book, held.record.device));
  JOULERY_CHECK(refresh(held));
  if (is_over(held.record, *machine_->host)) return ended(held);
  if (held.record.foreign_uw) return foreign(held, *held.record.foreign_uw);
  JOULERY_TRY(const CapReading now, held.cap->read());
  JOULERY_CHECK(check_range(held, now, cap));
  const std::int64_t requested_uw = microwatts(now.requested);
  // Of a write of this lease whose settling failed either value is its own.
  const bool ours =
      requested_uw == held.record.asked_uw ||
      (held.record.before_uw && (requested_uw == *held.record.before_uw ||
                                 is_near(now.requested, watts_of(held.record.asked_uw))));
  if (!ours) return give_up(held, requested_uw);
  if (requested_uw == microwatts(cap) && !held.record.before_uw) return false;
  JOULERY_CHECK(ask(held, cap, requested_uw));
  return true;
}

Result<void> HeldLease::ask(Held& held, Watts cap, std::int64_t before_uw) {
  const LeaseRecord earlier = held.record;
  LeaseRecord next = earlier;
  next.asked_uw = microwatts(cap);
  next.before_uw = before_uw;
  JOULERY_CHECK(store(held, next));
  // The disk took milliseconds, in which somebody else may have asked for a limit.
  const auto now = held.cap->read();
  if (!now || microwatts(now->requested) != before_uw) {
    JOULERY_CHECK(store(held, earlier));
    return now ? give_up(held, microwatts(now->requested)) : now.error();
  }
  held.wished = cap;
  held.read_back = false;
  const auto written = held.cap->write(cap);
  auto owned = own_what_was_made(held);
  if (written) return owned;
  return Error{written.error().code, held.record.device + ": " + written.error().message};
}

// Straight after a write, also after one that failed: a call that timed out may have set the limit
// all the same. Later a rounded value could not be told from somebody else's. While nothing can be
// read, the value before and the one asked for are both the lease's.
Result<void> HeldLease::own_what_was_made(Held& held) {
  const auto now = held.cap->read();
  if (!now || microwatts(now->requested) == held.record.before_uw) return {};
  held.read_back = true;
  if (microwatts(now->requested) == held.record.asked_uw) return {};
  LeaseRecord next = held.record;
  next.asked_uw = microwatts(now->requested);
  return store(held, next);
}

// Ends a write that is under way: from then on one value alone is the lease's.
Result<void> HeldLease::settle(Held& held) {
  JOULERY_TRY(const BookLock lock, BookLock::take(machine_->book, held.record.device));
  JOULERY_CHECK(refresh(held));
  if (held.record.foreign_uw) return foreign(held, *held.record.foreign_uw);
  JOULERY_TRY(const CapReading now, held.cap->read());
  const std::int64_t requested_uw = microwatts(now.requested);
  const bool obeyed = requested_uw == held.record.asked_uw ||
                      (!held.read_back && is_near(now.requested, watts_of(held.record.asked_uw)));
  if (!obeyed && requested_uw != held.record.before_uw) return give_up(held, requested_uw);
  LeaseRecord next = held.record;
  next.asked_uw = requested_uw;
  next.before_uw.reset();
  JOULERY_CHECK(store(held, next));
  if (is_near(now.requested, held.wished)) return {};
  return not_obeyed(held, now.requested);
}

// Kept on disk, so that nobody who gives back writes either, though the value may be ours again.
// Where the disk is full this process still knows.
Error HeldLease::give_up(Held& held, std::int64_t seen_uw) {
  held.foreign_uw = held.record.foreign_uw = seen_uw;
  const Error error = foreign(held, seen_uw);
  const auto stored = store(held, LeaseRecord(held.record));
  return stored ? error : Error{error.code, error.message + "; " + stored.error().message};
}

CapWatch HeldLease::look_at(Held& held) {
  CapWatch watch;
  watch.device = held.record.device;
  const auto fresh = refresh(held);
  watch.asked = watts_of(held.record.asked_uw);
  if (!fresh) {
    // A record that cannot be read says nothing about the lease.
    if (fresh.error().code == ErrorCode::kGone) watch.state = CapWatch::State::kGone;
    watch.why = fresh.error().message;
    return watch;
  }
  const auto now = held.cap->read();
  if (!now) {
    // A call that failed once says nothing about the limit.
    if (now.error().code != ErrorCode::kTransient) watch.state = CapWatch::State::kGone;
    watch.why = now.error().message;
    return watch;
  }
  watch.requested = now->requested;
  watch.enforced = now->enforced;
  judge(held, watch);
  if (watch.state == CapWatch::State::kHeld) judge_clock(held, watch);
  return watch;
}

void HeldLease::judge(Held& held, CapWatch& watch) {
  const bool under_way = held.record.before_uw.has_value();
  if (!held.record.foreign_uw && under_way) {
    if (const auto settled = settle(held); !settled) watch.why = settled.error().message;
    watch.asked = watts_of(held.record.asked_uw);
  } else if (!held.record.foreign_uw && watch.requested != watch.asked) {
    const auto lock = BookLock::take(machine_->book, held.record.device);
    // Without the lock nothing is known for certain: the next look tells.
    if (!lock || !refresh(held)) return;
    watch.why = give_up(held, microwatts(*watch.requested)).message;
  } else if (held.record.foreign_uw) {
    watch.why = foreign(held, *held.record.foreign_uw).message;
  }
  if (held.record.foreign_uw) watch.state = CapWatch::State::kForeign;
}

void HeldLease::judge_clock(Held& held, CapWatch& watch) {
  if (!held.record.foreign_clock_mhz) {
    const auto seen = held.clock.look(held.record, *held.cap, machine_->host->boot_time_us());
    if (!seen) return;
    const auto lock = BookLock::take(machine_->book, held.record.device);
    if (!lock || !refresh(held) || !held.record.clock_mhz) return;
    held.foreign_clock_mhz = held.record.foreign_clock_mhz = megahertz(*seen);
    // Where the disk is full this process still knows.
    [[maybe_unused]] const auto best_effort = store(held, LeaseRecord(held.record));
  }
  watch.state = CapWatch::State::kForeign;
  watch.why = foreign_clock(held.record).message;
}

// Nobody would give back what a kill leaves. What cannot be given back now is tried at the next
// look.
void HeldLease::end_unguarded(std::vector<CapWatch>& watches) {
  const auto done = release();
  for (CapWatch& watch : watches) {
    watch.state = CapWatch::State::kGone;
    watch.why = watch.device + ": no guard could be had for a minute: " +
                (done ? "given back" : done.error().message);
  }
}

Result<void> HeldLease::release() {
  if (released_ || held_.empty()) return {};
  // A child that came of a fork has a copy of this object, and not the lease.
  if (machine_->host->self().pid != held_.front().record.holder.pid) return {};
  std::vector<Result<void>> done(held_.size());
  std::vector<std::function<void()>> jobs;  // at once: a device that hangs delays no other
  for (std::size_t i = 0; i < held_.size(); ++i)
    jobs.emplace_back([&, i] { done[i] = release_one(held_[i]); });
  machine_->host->run_all(jobs);
  Result<void> first;
  for (Result<void>& one : done)
    if (!one && first) first = std::move(one);
  released_ = first.has_value();
  if (released_) guard_.dismiss();
  return first;
}

// From a thread of its own.
Result<void> HeldLease::release_one(Held& held) {
  const auto files = machine_->files->again();
  LeaseBook book(*files);
  JOULERY_TRY(const BookLock lock, BookLock::take(book, held.record.device));
  JOULERY_TRY(auto record, book.find(held.record.device));
  const bool expired =
      held.record.expires_us && machine_->host->boot_time_us() >= *held.record.expires_us;
  if (record ? record->lease != held.record.lease : expired) return {};
  // A record that was removed by hand is still known here, and to compare is still safe.
  if (record) held.record = std::move(*record);
  keep_what_was_seen(held);
  const GivenBack done = give_back(held.record, held.cap, book, *machine_->host);
  if (done.failed)
    return Error{ErrorCode::kUnavailable, done.device + ": not given back: " + done.why};
  if (!done.restored && !held.record.foreign_uw) log_warning(done.device + ": " + done.why);
  return {};
}

}  // namespace

std::unique_ptr<CapLease> make_held_lease(std::shared_ptr<LeaseMachine> machine,
                                          std::vector<LeaseRecord> records,
                                          std::vector<CapDevice> found,
                                          std::unique_ptr<GuardHandle> guard) {
  return std::make_unique<HeldLease>(std::move(machine), std::move(records), std::move(found),
                                     std::move(guard));
}

}  // namespace joulery
