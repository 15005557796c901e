// hw: tells a signal that was sent to one process from one that was sent to its whole group, which
// no kernel call does.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "base/file.h"
#include "joulery/result.h"

namespace joulery {

/// A child in our process group that blocks every signal and sleeps: what is pending for it was
/// sent to the group, by kill(-GROUP), by a key of the terminal, or by a scheduler that signals
/// each process of a job. It holds no descriptor but its line to us, ends with this object, and
/// with the thread that started it.
class Bystander {
 public:
  /// Costs a fork. Errors: kTransient.
  static Result<Bystander> start();
  Bystander(Bystander&& other) noexcept;
  Bystander& operator=(Bystander&& other) noexcept;
  ~Bystander();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// The signals that have reached the group since start(): bit n - 1 for signal n. /proc tells;
  /// where there is none, the bystander does, or no bit is set if it has no answer.
  [[nodiscard]] std::uint64_t seen() const;
  /// The same, asked of the bystander itself. Takes up to 10 ms; empty where it got no turn in
  /// them.
  [[nodiscard]] std::optional<std::uint64_t> ask() const;

 private:
  Bystander(pid_t pid, FileDescriptor line) : pid_(pid), line_(std::move(line)) {}
  pid_t pid_;
  FileDescriptor line_;
};

}  // namespace joulery
