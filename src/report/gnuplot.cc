// report: runs gnuplot, see gnuplot.h.
#include "report/gnuplot.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "base/file.h"
#include "base/utf8.h"

namespace joulery {
namespace {

constexpr std::chrono::seconds kLongest{60};  // a year in minutes is drawn in a second
constexpr std::uint64_t kMostPicture = 256U << 20;
constexpr std::uint64_t kMostWords = 1U << 16;

/// A directory that nobody else can read, removed with all that is in it.
class PrivateDir {
 public:
  static Result<PrivateDir> make() {
    const char* const base = ::secure_getenv("TMPDIR");
    std::string path =
        std::string(base == nullptr || *base == '\0' ? "/tmp" : base) + "/joulery-plot-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) return errno_error(path, "create", errno);
    return PrivateDir(path);
  }
  ~PrivateDir() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  PrivateDir(PrivateDir&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PrivateDir& operator=(PrivateDir&&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit PrivateDir(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// Starts gnuplot in `dir`, with its messages in dir/messages.
Result<pid_t> start_gnuplot(const std::string& dir) {
  std::string program = "gnuplot", defaults = "-d", script = "script";  // -d: no ~/.gnuplot
  const std::array<char*, 4> arguments = {program.data(), defaults.data(), script.data(), nullptr};
  const std::string messages = dir + "/messages";
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, messages.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
  ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
  ::posix_spawn_file_actions_addchdir_np(&actions, dir.c_str());
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, "gnuplot", &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT)
    return Error{ErrorCode::kUnavailable,
                 "plots are drawn by gnuplot, which is not installed (Debian: gnuplot-nox)"};
  if (failed != 0) return errno_error("gnuplot", "start", failed);
  return pid;
}

/// The status of waitpid(), or empty after it had to be killed.
std::optional<int> wait_for(pid_t pid) {
  const auto last = std::chrono::steady_clock::now() + kLongest;
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > last) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, &status, 0);
      return std::nullopt;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return status;
}

}  // namespace

Result<std::string> run_gnuplot(const GnuplotJob& job) {
  JOULERY_TRY(const PrivateDir dir, PrivateDir::make());
  JOULERY_CHECK(save_file(dir.path() + "/script", job.script));
  JOULERY_CHECK(save_file(dir.path() + "/data", job.data));
  JOULERY_TRY(const pid_t pid, start_gnuplot(dir.path()));
  const std::optional<int> status = wait_for(pid);
  if (!status) return Error{ErrorCode::kInternal, "gnuplot did not end within a minute"};
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0)
    return load_file(dir.path() + "/picture", kMostPicture);
  const std::string words = load_file(dir.path() + "/messages", kMostWords).value_or("");
  return Error{ErrorCode::kInternal, "gnuplot failed: " + shortened(printable(words), 300)};
}

std::string gnuplot_label(const std::string& text) {
  constexpr std::size_t kColumns = 40;
  std::string label = shortened(printable(text), kColumns);
  for (char& c : label)
    if (c == '"' || c == '\\' || c == '`' || c == '$') c = '\'';
  return label;
}

}  // namespace joulery
