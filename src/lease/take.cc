// lease: taking devices, see take.h.
#include "lease/take.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "lease/held_lease.h"

namespace joulery {
namespace {

/// Frees a device whose holder is gone. Errors: kUnavailable, where somebody has it, or it cannot
/// be given back.
Result<void> free_device(LeaseMachine& machine, PowerCap& cap) {
  JOULERY_TRY(const auto record, machine.book.find(cap.info().id));
  if (!record) return {};
  if (!is_over(*record, *machine.host))
    return Error{ErrorCode::kUnavailable,
                 record->device + ": " + describe(holder_of(*record, *machine.host))};
  const GivenBack done = give_back(*record, &cap, machine.book, *machine.host);
  if (!done.failed) return {};
  return Error{ErrorCode::kUnavailable,
               record->device + ": what an earlier holder left cannot be given back: " + done.why};
}

class Taking {
 public:
  Taking(const std::shared_ptr<LeaseMachine>& machine, const TakeRequest& request)
      : machine_(machine), request_(request), lease_(machine->host->random()) {
    if (request.lifetime)
      expires_us_ = machine->host->boot_time_us() +
                    static_cast<std::int64_t>(std::llround(request.lifetime->count() * 1e6));
  }

  Result<void> write_records() {
    JOULERY_CHECK(machine_->files->prepare());
    // In one order for all: of two who want the same devices the first one gets them.
    std::vector<std::string> devices = request_.devices;
    std::sort(devices.begin(), devices.end());
    for (const std::string& device : devices) {
      auto done = write_record(*machine_->find(device));
      if (done) continue;
      undo();
      return done;
    }
    return {};
  }
  [[nodiscard]] std::uint64_t lease() const { return lease_; }
  /// In the order in which the devices were asked for.
  std::vector<LeaseRecord> take_records() {
    const auto place = [&](const LeaseRecord& record) {
      return std::find(request_.devices.begin(), request_.devices.end(), record.device);
    };
    std::sort(records_.begin(), records_.end(),
              [&](const auto& a, const auto& b) { return place(a) < place(b); });
    return std::move(records_);
  }
  // Nothing was written to a device yet: the records promise nothing. One that cannot be erased is
  // dropped once this process has ended. One that has expired meanwhile may be another lease's.
  void undo() {
    for (const LeaseRecord& record : records_) {
      const auto lock = BookLock::take(machine_->book, record.device);
      const auto there = machine_->book.find(record.device);
      if (!lock || !there || !*there || (**there).lease != lease_) continue;
      [[maybe_unused]] const auto best_effort = machine_->book.erase(record.device);
    }
    records_.clear();
  }

 private:
  Result<void> write_record(PowerCap& cap) {
    JOULERY_TRY(const BookLock lock, BookLock::take(machine_->book, cap.info().id));
    JOULERY_CHECK(free_device(*machine_, cap));
    JOULERY_TRY(const CapReading now, cap.read());
    LeaseHost& host = *machine_->host;
    LeaseRecord record;
    record.device = cap.info().id;
    record.lease = lease_;
    record.boot = host.boot_id();
    record.driver = cap.info().epoch;
    record.found_uw = microwatts(now.requested);
    record.asked_uw = record.found_uw;
    record.holder = host.self();
    // Whoever comes next would take this process for dead.
    if (record.holder.start == 0)
      return Error{
          ErrorCode::kUnavailable,
          "/proc does not tell when this process started: nobody could know that it lives"};
    record.pid_namespace = host.pid_namespace();
    record.uid = host.uid();
    record.command = host.command();
    record.since_us = host.wall_time().time_since_epoch().count();
    record.detached = request_.detached;
    record.expires_us = expires_us_;
    records_.push_back(record);
    return machine_->book.store(record);
  }
  std::shared_ptr<LeaseMachine> machine_;
  const TakeRequest& request_;
  std::uint64_t lease_;
  std::optional<std::int64_t> expires_us_;
  std::vector<LeaseRecord> records_;
};

}  // namespace

CapHolder holder_of(const LeaseRecord& record, LeaseHost& host) {
  CapHolder holder;
  holder.pid = record.holder.pid;
  holder.uid = record.uid;
  holder.command = record.command;
  holder.since = WallTime(Micros(record.since_us));
  if (record.expires_us)
    holder.left = std::max(Seconds(0), Seconds(Micros(*record.expires_us - host.boot_time_us())));
  holder.found = watts_of(record.found_uw);
  holder.asked = watts_of(record.asked_uw);
  if (record.clock_mhz) holder.clock = hertz_of(*record.clock_mhz);
  holder.dead = record.boot != host.boot_id() || !holder_lives(record, host);
  holder.detached = record.detached;
  return holder;
}

std::string describe(const CapHolder& holder) {
  return fmt::format("held by {} (process {}, user {}) since {}{}",
                     holder.command.empty() ? "a process" : "\"" + holder.command + "\"",
                     holder.pid, holder.uid, format_time(holder.since),
                     holder.left ? ", for " + format_duration(*holder.left) + " more" : "");
}

Result<std::unique_ptr<CapLease>> take_devices(const std::shared_ptr<LeaseMachine>& machine,
                                               const TakeRequest& request,
                                               std::vector<CapDevice> found) {
  if (request.lifetime && !(*request.lifetime >= Seconds(0) && *request.lifetime <= kLongestLease))
    return Error{ErrorCode::kUsage, fmt::format("a lease of {} s: not within 0 s and 30 d",
                                                request.lifetime->count())};
  Taking taking(machine, request);
  JOULERY_CHECK(taking.write_records());
  auto guard = machine->host->start_guard(taking.lease(), true);
  if (!guard) {
    taking.undo();
    return Error{guard.error().code, "no guard: " + guard.error().message};
  }
  return make_held_lease(machine, taking.take_records(), std::move(found), std::move(*guard));
}

}  // namespace joulery
