// lease: a guard's waiting, see guard.h.
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "lease/guard.h"

namespace joulery {

Result<GuardWait> GuardWait::open() {
  sigset_t ending;
  ::sigemptyset(&ending);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM})
    ::sigaddset(&ending, number);
  ::sigprocmask(SIG_BLOCK, &ending, nullptr);
  GuardWait made;
  made.signals_ = FileDescriptor(::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!made.signals_) return errno_error("signalfd", "open", errno);
  made.timer_ = FileDescriptor(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!made.timer_) return errno_error("timerfd", "open", errno);
  return made;
}

GuardWait::Reason GuardWait::wait(int process, std::optional<std::int64_t> at_us) {
  constexpr std::int64_t kSecond = 1'000'000;
  itimerspec when{};  // all 0: disarmed
  if (at_us) {
    const std::int64_t at = std::max<std::int64_t>(*at_us, 1);
    when.it_value.tv_sec = at / kSecond;
    when.it_value.tv_nsec = at % kSecond * 1000;
  }
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
  for (;;) {
    std::array<pollfd, 3> sources{
        {{process, POLLIN, 0}, {timer_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}}};
    if (::poll(sources.data(), sources.size(), -1) < 0) continue;
    if (sources[0].revents != 0) return Reason::kEnded;
    if (sources[1].revents != 0) return Reason::kTime;
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof info) != sizeof info) continue;
    // A job's scheduler or terminal sends many a signal; these alone mean "end".
    const auto number = static_cast<int>(info.ssi_signo);
    if (number == SIGTERM || number == SIGINT || number == SIGQUIT) return Reason::kSignal;
  }
}

}  // namespace joulery
