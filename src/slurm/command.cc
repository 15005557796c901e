// slurm: child processes, see command.h.
#include "slurm/command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "base/utf8.h"

namespace joulery {
namespace {

constexpr std::size_t kMostOutput = 1U << 16;

struct Pipe {
  FileDescriptor out, in;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno_error("pipe", "create", errno);
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// To be read from its begin. A pipe would block where a script is longer than it holds.
Result<FileDescriptor> file_in_memory(const std::string& text) {
  FileDescriptor file(::memfd_create("script", MFD_CLOEXEC));
  if (!file) return errno_error("script", "keep in memory", errno);
  JOULERY_CHECK(write_all(file.get(), text, "script"));
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return errno_error("script", "rewind", errno);
  return file;
}

/// What a child does with its descriptors, and as whom it runs: the real user, whatever rights this
/// program has been given.
class Setup {
 public:
  Setup() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_RESETIDS);
  }
  ~Setup() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;

  void take(const FileDescriptor& from, int as) {
    ::posix_spawn_file_actions_adddup2(&actions_, from.get(), as);
  }

  Result<pid_t> start(const std::vector<std::string>& words,
                      const std::vector<std::string>& environment) const {
    auto arguments = pointers(words);
    auto variables = pointers(environment);
    pid_t pid = 0;
    const int failed = ::posix_spawnp(&pid, words[0].c_str(), &actions_, &attributes_,
                                      arguments.data(), variables.data());
    if (failed == 0) return pid;
    const std::string name = printable(words[0]);
    if (failed == ENOENT)
      return Error{ErrorCode::kUnavailable,
                   name + ": not found: no Slurm here (Debian: slurm-client)"};
    return errno_error(name, "start", failed);
  }

 private:
  static std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> all;
    for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
    all.push_back(nullptr);
    return all;
  }
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// By which a user tells Slurm's commands what to do where no option says it; a small job inherits
// them, and would look for jobs with the user's SQUEUE_STATES.
constexpr std::array<std::string_view, 4> kDefaultsOfUser = {"SBATCH_", "SCANCEL_", "SCONTROL_",
                                                             "SQUEUE_"};

bool is_default_of_user(std::string_view variable) {
  return std::ranges::any_of(kDefaultsOfUser, [variable](std::string_view prefix) {
    return variable.starts_with(prefix);
  });
}

std::vector<std::string> environment(bool with_defaults_of_user) {
  std::vector<std::string> kept;
  for (char** each = environ; *each != nullptr; ++each)
    if (with_defaults_of_user || !is_default_of_user(*each)) kept.emplace_back(*each);
  return kept;
}

/// What comes out up to its end; all of it goes on to `to`, where that is one.
std::string collect(const FileDescriptor& out, int to) {
  std::string text;
  std::array<char, 4096> chunk;
  for (;;) {
    const ssize_t n = ::read(out.get(), chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    const std::string_view piece(chunk.data(), static_cast<std::size_t>(n));
    // Where nobody reads any more, the job is submitted all the same.
    if (to >= 0 && !write_all(to, piece, "standard output")) to = -1;
    text += piece.substr(0, kMostOutput - std::min(kMostOutput, text.size()));
  }
}

int exit_status_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return 128;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<CommandEnd> run_in_sight(const std::vector<std::string>& words,
                                const std::optional<std::string>& input) {
  JOULERY_TRY(Pipe output, make_pipe());
  Setup setup;
  FileDescriptor text;
  if (input) {
    JOULERY_TRY(text, file_in_memory(*input));
    setup.take(text, STDIN_FILENO);
  }
  setup.take(output.in, STDOUT_FILENO);
  JOULERY_TRY(const pid_t pid, setup.start(words, environment(true)));
  output.in.reset();
  CommandEnd end;
  end.output = collect(output.out, STDOUT_FILENO);
  end.exit_status = exit_status_of(pid);
  return end;
}

Result<CommandEnd> run_aside(const SlurmCommand& command) {
  JOULERY_TRY(Pipe input, make_pipe());
  JOULERY_TRY(Pipe output, make_pipe());
  // A pipe holds 64 KiB (pipe(7)), far more than any script of ours: it never blocks.
  JOULERY_CHECK(write_all(input.in.get(), command.input, "pipe"));
  input.in.reset();
  Setup setup;
  setup.take(input.out, STDIN_FILENO);
  setup.take(output.in, STDOUT_FILENO);
  setup.take(output.in, STDERR_FILENO);
  JOULERY_TRY(const pid_t pid, setup.start(command.words, environment(false)));
  output.in.reset();
  CommandEnd end;
  end.output = collect(output.out, -1);
  end.exit_status = exit_status_of(pid);
  return end;
}

}  // namespace joulery
