// hw: kernel files of the real machine, see file_tree.h.
#include "hw/file_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <string_view>

#include "base/file.h"

namespace joulery {
namespace {

// /proc/cpuinfo takes about 1.5 kB for each logical CPU: room for ten thousand of them.
constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::size_t kLeastBuffer = 4096;  // sysfs attributes are at most one page

/// One pread, again after EINTR. The kernel makes the text of its files anew at offset 0.
Result<std::size_t> read_at(int fd, char* buffer, std::size_t size, std::size_t offset,
                            const std::string& path) {
  for (;;) {
    const ssize_t n = ::pread(fd, buffer, size, static_cast<off_t>(offset));
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) return errno_error(path, "read", errno);
  }
}

Result<std::string> read_whole(int fd, const std::string& path) {
  std::string content(kLeastBuffer, '\0');
  std::size_t used = 0;
  for (;;) {
    JOULERY_TRY(const std::size_t n,
                read_at(fd, content.data() + used, content.size() - used, used, path));
    used += n;
    if (n == 0 || used == kMostBytes) break;
    if (used == content.size()) content.resize(std::min(2 * used, kMostBytes));
  }
  content.resize(used);
  return content;
}

class OpenFile final : public KernelFile {
 public:
  // Twice the present size, so that the file may grow a little and a read stays one call.
  OpenFile(FileDescriptor fd, std::string path, std::size_t size)
      : fd_(std::move(fd)),
        path_(std::move(path)),
        buffer_(std::max(kLeastBuffer, std::min(2 * size, kMostBytes)), '\0') {}

  Result<std::string_view> read() override {
    JOULERY_TRY(const std::size_t n, read_at(fd_.get(), buffer_.data(), buffer_.size(), 0, path_));
    return std::string_view(buffer_.data(), n);
  }

 private:
  FileDescriptor fd_;
  std::string path_;
  std::string buffer_;
};

Result<std::string> real_path(const std::string& path) {
  char resolved[PATH_MAX];
  if (!::realpath(path.c_str(), resolved)) return errno_error(path, "resolve", errno);
  return std::string(resolved);
}

// O_NONBLOCK: a named pipe in somebody's tree must not hang us.
constexpr int kOpenFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;

/// One call in place of the one for each part of the path that realpath makes. -1 with errno, also
/// where a link is absolute or leads out (EXDEV) and before Linux 5.6: then the slower way decides.
int open_beneath(int root, const std::string& path) {
  open_how how{};
  how.flags = kOpenFlags;
  how.resolve = RESOLVE_BENEATH;
  const char* const relative = path.c_str() + path.find_first_not_of('/');
  return static_cast<int>(::syscall(SYS_openat2, root, relative, &how, sizeof how));
}

/// Of a tree that stands in for a machine: what is set there must not be this machine's, by its own
/// path or by another one (a bind mount).
Result<void> check_stands_in(int fd, const std::string& path, const std::string& place) {
  struct statfs system {};
  struct stat file {};
  if (::fstatfs(fd, &system) != 0 || ::fstat(fd, &file) != 0)
    return errno_error(place, "stat", errno);
  struct stat own {};
  const bool is_own =
      ::stat(path.c_str(), &own) == 0 && own.st_dev == file.st_dev && own.st_ino == file.st_ino;
  if (!is_own && system.f_type != SYSFS_MAGIC) return {};
  return Error{ErrorCode::kDenied,
               place + ": is this machine's own, no recording: leave out --sysroot to set it"};
}

class DiskTree final : public FileTree {
 public:
  explicit DiskTree(std::string root) : root_(std::move(root)), stands_in_(!root_.empty()) {
    if (!stands_in_) return;
    while (root_.ends_with('/')) root_.pop_back();
    // Of an absent root nothing is found, so that it needs no place.
    real_root_ = real_path(root_).value_or(root_);
    root_fd_ = FileDescriptor(::open(real_root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }

  Result<std::string> read(const std::string& path) const override {
    JOULERY_TRY(const FileDescriptor file, open_fd(path));
    JOULERY_TRY(std::string content, read_whole(file.get(), root_ + path));
    content.erase(content.find_last_not_of(" \t\r\n\v\f\0") + 1);
    return content;
  }

  Result<std::vector<std::string>> list(const std::string& path) const override {
    JOULERY_TRY(const std::string place, locate(path));
    DIR* const directory = ::opendir(place.c_str());
    if (!directory) return errno_error(place, "list", errno);
    std::vector<std::string> names;
    while (const dirent* const entry = ::readdir(directory)) {
      const std::string_view name(entry->d_name);
      if (name != "." && name != "..") names.emplace_back(name);
    }
    ::closedir(directory);
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<std::unique_ptr<KernelFile>> open(const std::string& path) const override {
    JOULERY_TRY(FileDescriptor file, open_fd(path));
    JOULERY_TRY(const std::string content, read_whole(file.get(), root_ + path));
    return std::unique_ptr<KernelFile>(
        std::make_unique<OpenFile>(std::move(file), root_ + path, content.size()));
  }

  Result<std::string> resolve(const std::string& path) const override {
    if (root_.empty()) return real_path(path);
    JOULERY_TRY(std::string place, locate(path));
    place.erase(0, real_root_.size());
    return place.empty() ? "/" : place;
  }

  Result<void> write(const std::string& path, std::string_view text) const override {
    JOULERY_TRY(const std::string place, locate(path));
    const FileDescriptor file(::open(place.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return errno_error(root_ + path, "open", errno);
    if (stands_in_) JOULERY_CHECK(check_stands_in(file.get(), path, root_ + path));
    // A plain file of a --sysroot keeps what is longer than the new text, the kernel's do not care.
    if (stands_in_ && ::ftruncate(file.get(), 0) != 0)
      return errno_error(root_ + path, "write", errno);
    return write_all(file.get(), text, root_ + path);
  }

 private:
  /// Where `path` lies on disk. Below a root, a link that leads out of it (a recording's absolute
  /// link to the machine's own /sys) is as good as absent.
  Result<std::string> locate(const std::string& path) const {
    if (root_.empty()) return path;
    JOULERY_TRY(std::string place, real_path(root_ + path));
    if (place == real_root_ || place.starts_with(real_root_ + "/")) return place;
    return Error{ErrorCode::kUnavailable,
                 root_ + path + ": leads out of " + root_ + " to " + place};
  }

  Result<FileDescriptor> open_fd(const std::string& path) const {
    if (root_fd_) {
      FileDescriptor file(open_beneath(root_fd_.get(), path));
      if (file) return file;
      if (errno == ENOENT) return errno_error(root_ + path, "open", errno);
    }
    JOULERY_TRY(const std::string place, locate(path));
    FileDescriptor file(::open(place.c_str(), kOpenFlags));
    if (!file) return errno_error(root_ + path, "open", errno);
    return file;
  }

  std::string root_;        ///< as the user gave it, for messages; empty for "/", too
  bool stands_in_;          ///< a root was given
  std::string real_root_;   ///< links followed
  FileDescriptor root_fd_;  ///< empty where there is no root, or none that can be opened
};

}  // namespace

Result<std::uint64_t> FileTree::read_u64(const std::string& path) const {
  JOULERY_TRY(const std::string content, read(path));
  std::uint64_t value = 0;
  const char* const end = content.data() + content.size();
  const auto [rest, error] = std::from_chars(content.data(), end, value);
  if (error == std::errc() && rest == end) return value;
  return Error{ErrorCode::kUnavailable,
               path + ": not a whole number: '" + content.substr(0, 40) + "'"};
}

std::unique_ptr<FileTree> open_file_tree(const std::string& root) {
  return std::make_unique<DiskTree>(root);
}

}  // namespace joulery
