// session: a command that is not measured, see joulery/session.h.
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>

#include "base/clock.h"
#include "hw/process.h"
#include "joulery/session.h"
#include "session/exit_status.h"
#include "session/signals.h"

namespace joulery {
namespace {

/// Calls about once a second, however often somebody wakes us: a child that is stopped and
/// continued all the time must not keep what is called from its turn.
class EachSecond {
 public:
  explicit EachSecond(const std::function<void()>& call) : call_(call) {}
  [[nodiscard]] int left_millis() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_ - monotonic_now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  }
  void call_if_due() {
    if (monotonic_now() < next_) return;
    call_();
    next_ = monotonic_now() + kPeriod;
  }

 private:
  static constexpr std::chrono::seconds kPeriod{1};
  const std::function<void()>& call_;
  Instant next_ = monotonic_now() + kPeriod;
};

class PlainRunner final : public CommandRunner {
 public:
  PlainRunner(Inheritance inherit, SignalQueue signals)
      : inherit_(std::move(inherit)), signals_(std::move(signals)) {}

  Result<int> run(const std::vector<std::string>& command,
                  const std::function<void()>& each_second) override {
    Forwarder forwarder;
    const auto child = start_process(command, make_environment({}, {}), inherit_);
    if (!child) return child.error();
    EachSecond timer(each_second);
    for (;;) {
      pollfd queue{signals_.fd(), POLLIN, 0};
      ::poll(&queue, 1, timer.left_millis());
      timer.call_if_due();
      forwarder.pass_on(signals_, *child);
      int status = 0;
      const pid_t ended = ::waitpid(*child, &status, WNOHANG);
      if (ended == *child) return exit_code_of_end(status);
      if (ended < 0 && errno != EINTR) return kOwnFailure;
    }
  }

 private:
  Inheritance inherit_;
  SignalQueue signals_;
};

}  // namespace

Result<std::unique_ptr<CommandRunner>> open_command_runner() {
  Inheritance inherit = Inheritance::take();
  JOULERY_TRY(SignalQueue signals, SignalQueue::open());
  return std::unique_ptr<CommandRunner>(
      std::make_unique<PlainRunner>(std::move(inherit), std::move(signals)));
}

int exit_code_of(const Error& start_failure) { return exit_code_of_start(start_failure); }

}  // namespace joulery
