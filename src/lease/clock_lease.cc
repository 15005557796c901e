// lease: locking a held device's clock, see clock_lease.h.
#include "lease/clock_lease.h"

#include <fmt/format.h>

#include <cmath>

namespace joulery {
namespace {

// Boards step their clock by 15 MHz or less (nvidia-smi -q -d SUPPORTED_CLOCKS): a choice of two
// steps and one second, since a lock that is taken for lost is left in force.
constexpr Hertz kMargin{30e6};
constexpr std::int64_t kSustainedMicros = 900'000;

double mhz(Hertz clock) { return clock.count() / kHertzPerMegahertz; }

Result<void> check_range(const LeaseRecord& record, const ClockRange& range, Hertz most) {
  if (std::isfinite(most.count()) && most >= range.least && most <= range.most) return {};
  return Error{ErrorCode::kUsage,
               fmt::format("{}: a clock of {:.10g} MHz is outside of its range, {:g} MHz to {:g} "
                           "MHz",
                           record.device, mhz(most), mhz(range.least), mhz(range.most))};
}

Result<void> store(LeaseRecord& record, const LeaseRecord& next, LeaseBook& book) {
  JOULERY_CHECK(book.store(next));
  record = next;
  return {};
}

/// Whether a call that failed so has certainly changed nothing.
bool is_refusal(ErrorCode code) {
  return code == ErrorCode::kDenied || code == ErrorCode::kInvalid ||
         code == ErrorCode::kUnavailable;
}

}  // namespace

Error foreign_clock(const LeaseRecord& record) {
  return {ErrorCode::kInvalid,
          fmt::format("{}: its clock was at {} MHz, above the {} MHz that this lease has locked: "
                      "somebody else has ended or changed the lock, which is left as it is",
                      record.device, record.foreign_clock_mhz.value_or(0),
                      record.clock_mhz.value_or(0))};
}

Result<void> lock_clock(LeaseRecord& record, PowerCap& cap, LeaseBook& book, Hertz most) {
  ClockLock* const clocks = cap.clocks();
  if (clocks == nullptr)
    return Error{ErrorCode::kUnavailable, record.device + ": has no clock that could be locked"};
  if (record.foreign_clock_mhz) return foreign_clock(record);
  JOULERY_TRY(const ClockRange range, clocks->range());
  JOULERY_CHECK(check_range(record, range, most));
  const LeaseRecord earlier = record;
  LeaseRecord next = record;
  next.clock_mhz = megahertz(most);
  JOULERY_CHECK(store(record, next, book));
  const auto locked = clocks->lock(most);
  if (locked) return {};
  if (is_refusal(locked.error().code)) JOULERY_CHECK(store(record, earlier, book));
  return Error{locked.error().code, record.device + ": " + locked.error().message};
}

Result<void> unlock_clock(LeaseRecord& record, PowerCap& cap, LeaseBook& book) {
  if (!record.clock_mhz) return {};
  if (record.foreign_clock_mhz) return foreign_clock(record);
  if (cap.clocks() == nullptr)
    return Error{ErrorCode::kUnavailable, record.device + ": its clock cannot be unlocked"};
  if (const auto done = cap.clocks()->unlock(); !done)
    return Error{done.error().code, record.device + ": " + done.error().message};
  LeaseRecord next = record;
  next.clock_mhz.reset();
  return store(record, next, book);
}

std::optional<Hertz> ClockWatch::look(const LeaseRecord& record, PowerCap& cap,
                                      std::int64_t now_us) {
  std::optional<Hertz> above;
  if (record.clock_mhz && cap.clocks() != nullptr)
    if (const auto now = cap.clocks()->now(); now && *now > hertz_of(*record.clock_mhz) + kMargin)
      above = *now;
  if (!above) above_since_us_.reset();
  if (!above) return std::nullopt;
  if (!above_since_us_) above_since_us_ = now_us;
  return now_us - *above_since_us_ >= kSustainedMicros ? above : std::nullopt;
}

}  // namespace joulery
