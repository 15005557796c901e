// session: a command that is not measured, see joulery/session.h.
#include <poll.h>
#include <sys/wait.h>

#include <cerrno>

#include "hw/process.h"
#include "joulery/session.h"
#include "session/exit_status.h"
#include "session/signals.h"

namespace joulery {
namespace {

constexpr int kSecondMillis = 1000;

class PlainRunner final : public CommandRunner {
 public:
  PlainRunner(Inheritance inherit, SignalQueue signals)
      : inherit_(std::move(inherit)), signals_(std::move(signals)) {}

  Result<int> run(const std::vector<std::string>& command,
                  const std::function<void()>& each_second) override {
    Forwarder forwarder;
    const auto child = start_process(command, make_environment({}, {}), inherit_);
    if (!child) return child.error();
    for (;;) {
      pollfd queue{signals_.fd(), POLLIN, 0};
      if (::poll(&queue, 1, kSecondMillis) == 0) each_second();
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
