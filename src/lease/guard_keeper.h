// lease: that a held lease has a guard, and for how long it may be without one.
#pragma once

#include <memory>
#include <optional>

#include "lease/host.h"

namespace joulery {

class GuardKeeper {
 public:
  /// `guard`: null where there is none to be had (--sysroot).
  GuardKeeper(LeaseHost& host, std::uint64_t lease, std::unique_ptr<GuardHandle> guard)
      : host_(host), lease_(lease), guard_(std::move(guard)) {}

  /// Starts another one in the place of one that has ended, and waits for none. That none can be
  /// had is told once. False: there was none for so long that the lease must not go on.
  bool keep();
  void dismiss() {
    if (guard_ != nullptr) guard_->dismiss();
  }

 private:
  LeaseHost& host_;
  std::uint64_t lease_;
  std::unique_ptr<GuardHandle> guard_;
  std::optional<std::int64_t> without_since_us_;
  bool warned_ = false;
};

}  // namespace joulery
