// ledger: files that live for a moment, see draft.h.
#include "ledger/draft.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace joulery {
namespace {

constexpr std::string_view kMark = ".new-";
constexpr std::string_view kRandom = "XXXXXX";  // for mkostemp(3), which puts letters and digits
// A draft lives for milliseconds, on a stuck server for minutes: a choice far above both.
constexpr Seconds kStale{3600};

bool is_draft_of(std::string_view name, std::string_view file) {
  if (!name.starts_with(file)) return false;
  name.remove_prefix(file.size());
  if (!name.starts_with(kMark)) return false;
  name.remove_prefix(kMark.size());
  return name.size() == kRandom.size() &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0; });
}

WallTime modified(const struct stat& info) {
  return WallTime(
      std::chrono::seconds(info.st_mtim.tv_sec) +
      std::chrono::duration_cast<Micros>(std::chrono::nanoseconds(info.st_mtim.tv_nsec)));
}

std::optional<WallTime> modified(const FileDescriptor& file) {
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return {};
  return modified(info);
}

}  // namespace

Result<Draft> make_draft(const std::string& path) {
  Draft draft{path + std::string(kMark) + std::string(kRandom), FileDescriptor()};
  draft.file = FileDescriptor(::mkostemp(draft.path.data(), O_CLOEXEC));
  if (!draft.file) return errno_error(path, "create beside it", errno);
  return draft;
}

void remove_stale_drafts(const std::string& path, const FileDescriptor& fresh) {
  const auto now = modified(fresh);
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(now ? ::opendir(directory.c_str()) : nullptr,
                                                ::closedir);
  if (!dir) return;
  const int at = ::dirfd(dir.get());
  while (const dirent* entry = ::readdir(dir.get())) {
    if (!is_draft_of(entry->d_name, std::string_view(path).substr(slash + 1))) continue;
    struct stat info {};
    if (::fstatat(at, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    const bool ours = S_ISREG(info.st_mode) && info.st_uid == ::geteuid();
    if (ours && Seconds(*now - modified(info)) > kStale) ::unlinkat(at, entry->d_name, 0);
  }
}

WallTime file_time(const std::string& path) {
  const auto draft = make_draft(path);
  if (!draft) return wall_now();
  const auto time = modified(draft->file);
  ::unlink(draft->path.c_str());
  return time.value_or(wall_now());
}

}  // namespace joulery
