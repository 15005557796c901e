// ledger: where the records live, see home.h and joulery/ledger.h.
#include "ledger/home.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "joulery/ledger.h"

namespace joulery {
namespace {

Result<void> make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  const int reason = errno;
  // A parent that exists may answer EACCES or EROFS instead of EEXIST.
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return errno_error(path, "create", reason);
  if (!S_ISDIR(info.st_mode)) return errno_error(path, "create", ENOTDIR);
  return {};
}

// The variable where it can be trusted: secure_getenv gives nothing in a process with privileges
// its caller lacks.
std::string variable(const char* name) {
  const char* const value = ::secure_getenv(name);
  return value == nullptr ? "" : value;
}

std::string home_of_user() {
  std::string home = variable("HOME");
  if (!home.empty()) return home;
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384>
      buffer{};  // sysconf(_SC_GETPW_R_SIZE_MAX) says 1024 on glibc; directories may need more
  ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr || found->pw_dir == nullptr ? "" : found->pw_dir;
}

}  // namespace

Result<void> make_private_directories(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1))
    JOULERY_CHECK(make_directory(path.substr(0, slash)));
  return make_directory(path);
}

Result<std::string> default_home() {
  if (const std::string home = variable("JOULERY_HOME"); !home.empty()) {
    // The command may change its directory while the ledger is in use.
    std::error_code failed;
    const std::filesystem::path whole = std::filesystem::absolute(home, failed);
    if (failed)
      return Error{ErrorCode::kUnavailable, "JOULERY_HOME=" + home + ": " + failed.message()};
    return whole.string();
  }
  // The XDG base directory specification has relative paths ignored.
  if (const std::string data = variable("XDG_DATA_HOME"); data.starts_with('/'))
    return data + "/joulery";
  const std::string home = home_of_user();
  if (!home.starts_with('/'))
    return Error{ErrorCode::kUnavailable,
                 "no home directory is known for the ledger; set JOULERY_HOME"};
  return home + "/.local/share/joulery";
}

}  // namespace joulery
