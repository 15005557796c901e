// hw: tells a signal that was sent to one process from one that was sent to its whole group, which
// no kernel call does.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "joulery/result.h"

namespace joulery {

/// A child in our process group that blocks every signal and sleeps: what is pending for it was
/// sent to the group, by kill(-GROUP), by a key of the terminal, or by a scheduler that signals
/// each process of a job. It holds no descriptor, ends with this object, and with the thread that
/// started it.
class Bystander {
 public:
  /// Costs a fork. Errors: kTransient.
  static Result<Bystander> start();
  Bystander(Bystander&& other) noexcept;
  Bystander& operator=(Bystander&& other) noexcept;
  ~Bystander();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// The signals that have reached the group since start(): bit n - 1 for signal n.
  [[nodiscard]] std::uint64_t seen() const;

 private:
  explicit Bystander(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

}  // namespace joulery
