// session: the signal queue, see signals.h.
#include "session/signals.h"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "hw/process.h"

namespace joulery {
namespace {

sigset_t queued_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM,
                           SIGPROF, SIGXCPU, SIGIO, SIGPWR, SIGSTKFLT, SIGCHLD})
    ::sigaddset(&set, number);
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) ::sigaddset(&set, number);
  return set;
}

// Writing to a closed pipe or past the limit of a file's size then returns an error.
sigset_t signals_of_writing() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  ::sigaddset(&set, SIGXFSZ);
  return set;
}

// With those that are blocked, but of no interest; SIGTTOU so that writing from the background
// succeeds.
sigset_t blocked_signals() {
  sigset_t set = queued_signals();
  for (const int number : {SIGPIPE, SIGXFSZ, SIGTTOU}) ::sigaddset(&set, number);
  return set;
}

std::uint64_t bit_of(int signal) { return std::uint64_t{1} << static_cast<unsigned>(signal - 1); }

}  // namespace

Result<SignalQueue> SignalQueue::open() {
  const sigset_t queued = queued_signals();
  SignalQueue made(FileDescriptor(::signalfd(-1, &queued, SFD_CLOEXEC | SFD_NONBLOCK)));
  if (!made.fd_) return errno_error("signalfd", "open", errno);
  const sigset_t blocked = blocked_signals();
  ::pthread_sigmask(SIG_BLOCK, &blocked, &made.old_mask_);
  struct sigaction plain {};
  plain.sa_handler = SIG_DFL;
  ::sigaction(SIGCHLD, &plain, &made.old_child_action_);
  return made;
}

SignalQueue::~SignalQueue() {
  if (!fd_) return;
  while (next()) {
  }
  const sigset_t of_writing = signals_of_writing();
  const timespec at_once{};
  while (::sigtimedwait(&of_writing, nullptr, &at_once) > 0) {
  }
  ::sigaction(SIGCHLD, &old_child_action_, nullptr);
  ::pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
}

std::optional<Caught> SignalQueue::next() {
  signalfd_siginfo info{};
  ssize_t n;
  do n = ::read(fd_.get(), &info, sizeof info);
  while (n < 0 && errno == EINTR);
  if (n != sizeof info) return std::nullopt;
  const bool by_a_process =
      info.ssi_code == SI_USER || info.ssi_code == SI_TKILL || info.ssi_code == SI_QUEUE;
  return Caught{static_cast<int>(info.ssi_signo), by_a_process, static_cast<pid_t>(info.ssi_pid)};
}

bool may_forward(const Caught& caught, pid_t child) {
  // That its terminal is gone the kernel tells the leader of a session alone: where the meter is it
  // (ssh -t HOST joulery ...), the command would never hear of it.
  if (caught.number == SIGHUP && !caught.sent_to_us) return ::getsid(0) == ::getpid();
  if (!caught.sent_to_us || caught.number == SIGCHLD) return false;
  constexpr int kMostAncestors = 64;  // deeper than any real tree of scripts; bounds the walk
  pid_t ancestor = caught.sender;
  for (int i = 0; i < kMostAncestors && ancestor > 1; ++i) {
    if (ancestor == child) return false;
    ancestor = parent_of(ancestor);
  }
  return true;
}

std::uint64_t Forwarder::reached_group() const {
  return earlier_ | (bystander_ ? bystander_->seen() : 0);
}

bool ends_a_program(int signal) {
  struct sigaction found {};
  ::sigaction(signal, nullptr, &found);
  return found.sa_handler != SIG_IGN &&
         (signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT);
}

// What is pending for a bystander stays so: a fresh one takes over. What reached both is the fresh
// one's to tell.
void Forwarder::forget(std::uint64_t signals) {
  auto fresh = Bystander::start();
  earlier_ = reached_group() & ~signals;
  bystander_.reset();
  if (!fresh) return;
  earlier_ &= ~fresh->seen();
  bystander_.emplace(std::move(*fresh));
}

std::uint64_t Forwarder::pass_on(SignalQueue& queue, pid_t child) {
  std::uint64_t wanted = 0;
  std::uint64_t from_the_kernel = 0;
  while (const auto caught = queue.next()) {
    if (may_forward(*caught, child)) wanted |= bit_of(caught->number);
    if (!caught->sent_to_us) from_the_kernel |= bit_of(caught->number);
  }
  if (wanted == 0) return from_the_kernel;

  // A scheduler signals the processes of a job one after another: the next may have its turn in a
  // moment.
  constexpr std::chrono::milliseconds kTurn{10};
  if ((wanted & ~reached_group()) != 0) std::this_thread::sleep_for(kTurn);
  const std::uint64_t known = wanted & reached_group();
  for (int number = 1; number <= SIGRTMAX; ++number)
    if ((wanted & ~known & bit_of(number)) != 0) ::kill(child, number);
  if (known != 0) forget(known);
  return from_the_kernel | wanted;
}

}  // namespace joulery
