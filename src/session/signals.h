// session: signals while a command is measured: what the terminal sends reaches the command by
// itself, what somebody sends to the meter alone is passed on, and nothing ends the meter before
// the command.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "base/file.h"
#include "hw/bystander.h"
#include "joulery/result.h"

namespace joulery {

/// A signal taken from the queue.
struct Caught {
  int number = 0;
  bool sent_to_us =
      false;  ///< by kill(2) and its kin; else by the kernel (a key of the terminal, an alarm)
  pid_t sender = 0;
};

/// Blocks the signals that would end this process, in this thread and in those that it starts from
/// now on, and queues them; SIGCHLD is not ignored meanwhile, which would take the command's status
/// away. Those of job control (SIGTSTP, SIGCONT) keep their effect, so that Ctrl-Z stops the meter
/// with its command.
class SignalQueue {
 public:
  static Result<SignalQueue> open();
  SignalQueue(SignalQueue&&) noexcept = default;
  SignalQueue& operator=(SignalQueue&&) = delete;
  /// Drops what is still queued and gives back what it changed.
  ~SignalQueue();

  [[nodiscard]] int fd() const { return fd_.get(); }  ///< readable when something is queued
  std::optional<Caught> next();

 private:
  explicit SignalQueue(FileDescriptor fd) : fd_(std::move(fd)) {}

  FileDescriptor fd_;
  sigset_t old_mask_{};
  struct sigaction old_child_action_ {};
};

/// Whether a signal may have to be passed on to `child`: sent to us, and not by the command itself
/// (`kill 0`); or the end of a terminal, where this process leads its session.
bool may_forward(const Caught& caught, pid_t child);

/// One that would end a program, and is not ignored: nohup(1) and a shell's & must keep their
/// effect though a blocked signal is queued all the same.
bool ends_a_program(int signal);

/// Passes on to the command what was sent to us alone. What was sent to the whole group has reached
/// it already: a second SIGTERM or SIGUSR1 would make it save twice, or give up at once.
class Forwarder {
 public:
  /// Signals before this are passed on: the command has not seen them.
  Forwarder() { forget(0); }
  /// Empties the queue. Takes up to 10 ms where something has to be passed on. Returns what came
  /// from elsewhere than the command, a key of the terminal too: bit n - 1 for signal n.
  std::uint64_t pass_on(SignalQueue& queue, pid_t child);

 private:
  [[nodiscard]] std::uint64_t reached_group() const;
  void forget(std::uint64_t signals);

  std::uint64_t earlier_ = 0;  // what bystanders before this one saw, and is still in the queue
  std::optional<Bystander> bystander_;  // empty where none could be started: then all is passed on
};

}  // namespace joulery
