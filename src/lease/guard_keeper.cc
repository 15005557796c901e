// lease: keeping a guard, see guard_keeper.h.
#include "lease/guard_keeper.h"

#include <string>
#include <utility>

#include "base/log.h"

namespace joulery {
namespace {

// A choice: three times what one may take to start (guard_start.cc).
constexpr std::int64_t kMostMicrosWithout = 60'000'000;

}  // namespace

bool GuardKeeper::keep() {
  if (guard_ == nullptr) return true;
  const auto state = guard_->state();
  if (state == GuardHandle::State::kReady) {
    without_since_us_.reset();
    return true;
  }
  const std::int64_t now_us = host_.boot_time_us();
  if (!without_since_us_) without_since_us_ = now_us;
  std::string why = guard_->why();
  if (state == GuardHandle::State::kEnded) {
    auto started = host_.start_guard(lease_, false);
    if (started)
      guard_ = std::move(*started);
    else
      why = started.error().message;
  }
  if (!why.empty() && !std::exchange(warned_, true))
    log_warning("the guard has ended and no other is ready: " + why);
  return now_us - *without_since_us_ < kMostMicrosWithout;
}

}  // namespace joulery
