// lease: compare and restore, see give_back.h.
#include "lease/give_back.h"

#include <fmt/format.h>

#include <cmath>

namespace joulery {
namespace {

bool is_near(std::int64_t a_uw, std::int64_t b_uw) {
  return std::abs(static_cast<double>(a_uw - b_uw)) <= kCapStep.count() * 1e6;
}

/// Whether the lease asked for what is requested. While a write is under way it may be the driver's
/// rounding of what was asked, or still what was there before.
bool is_ours(const LeaseRecord& record, std::int64_t requested_uw) {
  if (!record.before_uw) return requested_uw == record.asked_uw;
  return is_near(requested_uw, record.asked_uw) || requested_uw == *record.before_uw;
}

class GivingBack {
 public:
  GivingBack(const LeaseRecord& record, PowerCap* cap, LeaseBook& book)
      : record_(record), cap_(cap), book_(book) {
    result_.device = record.device;
    result_.found = watts_of(record.found_uw);
    result_.asked = watts_of(record.asked_uw);
  }

  GivenBack run(const std::string& boot) {
    if (record_.boot != boot) return drop("the machine was started anew, which resets limits");
    if (cap_ == nullptr) return fail("the device is not to be found");
    if (record_.driver != cap_->info().epoch)
      return drop("the driver was loaded anew, which resets limits");
    if (auto unlocked = unlock(); !unlocked) return fail(unlocked.error().message);
    GivenBack done = give_back_limit();
    if (done.failed) forget_lock();
    return done;
  }

 private:
  // Where the lock was seen to be somebody else's it stays, as a limit does.
  Result<void> unlock() {
    if (!record_.clock_mhz || record_.foreign_clock_mhz) return {};
    if (cap_->clocks() == nullptr)
      return Error{ErrorCode::kUnavailable,
                   "its clock cannot be unlocked: the driver lacks the call"};
    JOULERY_CHECK(cap_->clocks()->unlock());
    result_.unlocked = true;
    return {};
  }
  // Who tries again must not take away what somebody has locked meanwhile.
  void forget_lock() {
    if (!result_.unlocked) return;
    LeaseRecord next = record_;
    next.clock_mhz.reset();
    [[maybe_unused]] const auto best_effort = book_.store(next);
  }

  GivenBack give_back_limit() {
    const auto now = cap_->read();
    if (!now) return fail(now.error().message);
    result_.requested = now->requested;
    if (record_.foreign_uw)
      return drop(fmt::format("somebody else changed it to {:g} W while it was held: left as it is",
                              watts_of(*record_.foreign_uw).count()));
    const std::int64_t requested_uw = microwatts(now->requested);
    if (requested_uw == record_.found_uw) return finish("");
    if (!is_ours(record_, requested_uw))
      return drop(
          fmt::format("somebody else asked for {:g} W, not the {:g} W of this lease: left "
                      "as it is",
                      now->requested.count(), result_.asked.count()));
    return restore();
  }
  GivenBack restore() {
    if (auto written = cap_->write(result_.found); !written) return fail(written.error().message);
    const auto after = cap_->read();
    if (!after) return fail(after.error().message);
    if (microwatts(after->requested) != record_.found_uw)
      return fail(fmt::format("asked for the {:g} W that were found, and {:g} W is requested",
                              result_.found.count(), after->requested.count()));
    return finish("");
  }
  GivenBack fail(std::string why) {
    result_.failed = true;
    result_.why = std::move(why);
    return result_;
  }
  GivenBack drop(std::string why) {
    if (auto erased = book_.erase(record_.device); !erased) return fail(erased.error().message);
    result_.why = std::move(why);
    return result_;
  }
  GivenBack finish(std::string why) {
    result_ = drop(std::move(why));
    result_.restored = !result_.failed;
    return result_;
  }

  const LeaseRecord& record_;
  PowerCap* cap_;
  LeaseBook& book_;
  GivenBack result_;
};

}  // namespace

bool holder_lives(const LeaseRecord& record, LeaseHost& host) {
  const std::uint64_t here = host.pid_namespace();
  const bool elsewhere = here != 0 && record.pid_namespace != 0 && record.pid_namespace != here;
  return elsewhere || host.is_alive(record.holder);
}

bool is_over(const LeaseRecord& record, LeaseHost& host) {
  return record.boot != host.boot_id() || !holder_lives(record, host) ||
         (record.expires_us && host.boot_time_us() >= *record.expires_us);
}

GivenBack give_back(const LeaseRecord& record, PowerCap* cap, LeaseBook& book, LeaseHost& host) {
  return GivingBack(record, cap, book).run(host.boot_id());
}

}  // namespace joulery
