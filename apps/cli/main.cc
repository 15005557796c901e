// joulery: the command line: the table of commands, exit codes, and what holds for all of them.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <iostream>

#include "args.h"
#include "base/log.h"
#include "base/text.h"
#include "commands.h"
#include "common.h"

namespace joulery::cli {
namespace {

// Every command, in the order that --help lists them. A new one is one file and one line.
constexpr Command (*kCommands[])() = {
    sensors_command, run_command,       import_command,   mark_command,    runs_command,
    show_command,    compare_command,   export_command,   rm_command,      cap_command,
    sweep_command,   recommend_command, estimate_command, account_command, statement_command,
    pue_command,     plan_command,      simulate_command, submit_command,  site_command,
    device_command,
};

constexpr int kUsageExit = 64;  // EX_USAGE of <sysexits.h>, as are the codes below

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return kUsageExit;
    case ErrorCode::kInvalid:
      return 65;  // EX_DATAERR
    case ErrorCode::kUnavailable:
    case ErrorCode::kTransient:
    case ErrorCode::kGone:
      return 69;  // EX_UNAVAILABLE
    case ErrorCode::kDenied:
      return 77;  // EX_NOPERM
    case ErrorCode::kInternal:
      return 70;  // EX_SOFTWARE
  }
  return 70;
}

int fail(const std::string& message, int code) {
  std::cerr << "joulery: " << message << '\n';
  return code;
}

std::string overview() {
  std::string out =
      "Measures what a command used, in energy, carbon and money, and keeps the accounts.\n\n"
      "usage: joulery COMMAND [FLAG...]\n\n";
  for (const auto make : kCommands) {
    const Command command = make();
    out += "  " + std::string(command.name) + std::string(10 - std::strlen(command.name), ' ') +
           command.summary + '\n';
  }
  return out +
         "\n  joulery COMMAND --help tells its flags, joulery --version the version.\n\nexample:\n"
         "  joulery run -- python3 train.py\n";
}

// Where a standard stream is closed, the next file opened would take its number, and be written to
// as if it were one.
void hold_standard_streams() {
  while (true) {
    const int fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    if (fd <= STDERR_FILENO) continue;
    ::close(fd);
    return;
  }
}

int call(const Command& command, std::span<char* const> words) {
  if (asks_for_help(words)) {
    std::cout << help_of(command);
    return 0;
  }
  const auto run = [&]() -> Result<int> {
    JOULERY_TRY(const Args args, parse_args(command, words));
    auto done = command.run(args);
    if (!done) return args.explain(std::move(done).error());
    return done;
  };
  const auto guarded = [&]() -> Result<int> {
    try {
      return run();
    } catch (const std::exception& error) {
      return Error{ErrorCode::kInternal, std::string("unexpected: ") + error.what()};
    }
  };
  const auto done = guarded();
  if (done) return *done;
  const bool apart = command.runs_a_child && !command.keeps_codes;
  return fail(done.error().message, apart ? kOwnFailureExit : exit_code_of(done.error().code));
}

int dispatch(std::span<char* const> words) {
  const std::string_view first = words.empty() ? "--help" : words[0];
  if (first == "--version") {
    std::cout << "joulery " << kVersion << '\n';
    return 0;
  }
  if (first == "--help" || first == "-h") {
    (words.empty() ? std::cerr : std::cout) << overview();
    return words.empty() ? kUsageExit : 0;
  }
  std::vector<std::string> names;
  for (const auto make : kCommands) {
    const Command command = make();
    if (first == command.name) return call(command, words.subspan(1));
    names.emplace_back(command.name);
  }
  const auto nearest = nearest_names(first, names, 1);
  return fail(
      "no command \"" + std::string(first) + "\"" +
          (nearest.empty() ? "; joulery --help lists them" : "; did you mean " + nearest[0] + "?"),
      kUsageExit);
}

}  // namespace
}  // namespace joulery::cli

int main(int argc, char** argv) {
  using namespace joulery::cli;
  hold_standard_streams();
  joulery::set_log_receiver(
      [](const std::string& message) { std::cerr << "joulery: " << message << '\n'; });
  int code = 0;
  try {
    code = dispatch(
        std::span<char* const>(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0));
    std::cout.flush();
    if (code == 0 && !std::cout)
      code = fail("standard output: cannot write all of it",
                  exit_code_of(joulery::ErrorCode::kUnavailable));
  } catch (const std::exception& error) {
    code = fail(std::string("unexpected: ") + error.what(),
                exit_code_of(joulery::ErrorCode::kInternal));
  }
  // A vendor call that hangs may still hold a thread: its library must not be torn down under it.
  ::_exit(code);
}
