// lease: the real directory of records, see lease_files.h.
#include "lease/lease_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <thread>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "hw/privilege.h"
#include "lease/record.h"

namespace joulery {
namespace {

constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;

// Who may write to a directory may put another one in the place of what lies in it; not so where it
// is sticky and what lies in it is not theirs. In the directory of the records (`last`) they could
// add some that are theirs.
Result<void> check_trusted(int fd, const std::string& path, uid_t owner, bool last) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return errno_error(path, "stat", errno);
  if (info.st_uid != 0 && info.st_uid != owner)
    return Error{ErrorCode::kInvalid, path + ": belongs to user " + std::to_string(info.st_uid) +
                                          ", who could change what is written there"};
  if ((info.st_mode & kOthersWrite) != 0 && (last || (info.st_mode & S_ISVTX) == 0))
    return Error{ErrorCode::kInvalid, path + ": others may write to it"};
  return {};
}

/// A plain file that nobody else could have written.
Result<void> check_record_file(int fd, const std::string& path, uid_t owner) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return errno_error(path, "stat", errno);
  if (!S_ISREG(info.st_mode)) return Error{ErrorCode::kInvalid, path + ": is no plain file"};
  if (info.st_uid != 0 && info.st_uid != owner)
    return Error{ErrorCode::kInvalid, path + ": belongs to user " + std::to_string(info.st_uid)};
  if ((info.st_mode & kOthersWrite) != 0)
    return Error{ErrorCode::kInvalid, path + ": others may write to it"};
  // 0: another record has just taken its place.
  if (info.st_nlink > 1) return Error{ErrorCode::kInvalid, path + ": has a second name"};
  return {};
}

// Whatever this process's umask and group are: `joulery cap get` of any user names the holders.
bool own_for_root(int fd, mode_t mode, bool as_root) {
  return ::fchmod(fd, mode) == 0 && (!as_root || ::fchown(fd, 0, 0) == 0);
}

FileDescriptor open_directory(int parent, const std::string& name) {
  FileDescriptor fd(
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd || errno != EACCES) return fd;
  return FileDescriptor(
      ::openat(parent, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

class DiskLeaseFiles final : public LeaseFiles {
 public:
  DiskLeaseFiles(std::string path, bool as_root) : path_(std::move(path)), as_root_(as_root) {}

  std::unique_ptr<LeaseFiles> again() const override {
    return std::make_unique<DiskLeaseFiles>(path_, as_root_);
  }
  std::string place(const std::string& name) const override { return at(name); }

  Result<std::vector<std::string>> list() override {
    JOULERY_CHECK(open(false));
    const int copy = ::openat(dir_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* const entries = copy < 0 ? nullptr : ::fdopendir(copy);
    if (entries == nullptr) {
      const int reason = errno;
      if (copy >= 0) ::close(copy);
      return errno_error(path_, "list", reason);
    }
    std::vector<std::string> names;
    errno = 0;  // readdir tells an error from the end by it alone
    while (const dirent* const entry = ::readdir(entries)) names.emplace_back(entry->d_name);
    const int reason = errno;
    ::closedir(entries);
    if (reason != 0) return errno_error(path_, "list", reason);
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<std::string> read(const std::string& name) override {
    JOULERY_CHECK(open(false));
    const FileDescriptor file(
        ::openat(dir_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file) return errno_error(at(name), "open", errno);
    JOULERY_CHECK(check_record_file(file.get(), at(name), owner()));
    std::array<char, kMostRecordBytes + 1> bytes;
    const ssize_t n = ::pread(file.get(), bytes.data(), bytes.size(), 0);
    if (n < 0) return errno_error(at(name), "read", errno);
    return std::string(bytes.data(), static_cast<std::size_t>(n));
  }

  Result<void> prepare() override {
    const RootScope root(as_root_);
    return open(true);
  }

  Result<void> lock(const std::string& name) override {
    const RootScope root(as_root_);
    JOULERY_CHECK(open(true));
    // 0600: who may only read the records cannot hold up those who write them.
    FileDescriptor file(
        ::openat(dir_.get(), name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return errno_error(at(name), "open", errno);
    constexpr std::chrono::milliseconds kLockPatience{2000};  // a write takes some milliseconds
    constexpr std::chrono::milliseconds kLockPause{5};
    const Instant end = monotonic_now() + kLockPatience;
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) return errno_error(at(name), "lock", errno);
      if (monotonic_now() >= end)
        return Error{ErrorCode::kTransient,
                     at(name) + ": another process has held it for 2 s; try again"};
      std::this_thread::sleep_for(kLockPause);
    }
    lock_ = std::move(file);
    return {};
  }

  void unlock() override { lock_.reset(); }

  Result<void> create(const std::string& name) override {
    return change(name, "create", [&] {
      draft_ = FileDescriptor(::openat(dir_.get(), name.c_str(),
                                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
      return draft_ && own_for_root(draft_.get(), 0644, as_root_) ? 0 : -1;
    });
  }
  Result<void> write(const std::string& name, std::string_view bytes) override {
    return write_all(draft_.get(), bytes, at(name));
  }
  Result<void> sync(const std::string& name) override {
    return change(name, "sync", [&] { return ::fsync(draft_.get()); });
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    draft_.reset();
    return change(to, "rename",
                  [&] { return ::renameat(dir_.get(), from.c_str(), dir_.get(), to.c_str()); });
  }
  Result<void> remove(const std::string& name) override {
    return change(name, "remove", [&] { return ::unlinkat(dir_.get(), name.c_str(), 0); });
  }
  Result<void> sync_directory() override {
    return change("", "sync", [&] { return ::fsync(dir_.get()); });
  }

 private:
  [[nodiscard]] std::string at(const std::string& name) const { return path_ + "/" + name; }

  template <class Call>
  Result<void> change(const std::string& name, const char* action, Call call) {
    const RootScope root(as_root_);
    if (call() == 0) return {};
    return errno_error(at(name), action, errno);
  }

  [[nodiscard]] uid_t owner() const { return as_root_ ? 0 : ::geteuid(); }

  /// From "/" down, each part opened in the one before it and never a link.
  Result<void> open(bool make) {
    if (dir_) return {};
    FileDescriptor here(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    std::vector<std::string> names;
    for (const std::string_view part : split(path_, '/'))
      if (!part.empty()) names.emplace_back(part);
    std::string place;
    for (const std::string& name : names) {
      place += "/" + name;
      JOULERY_TRY(here, open_part(here, name, place, make));
      JOULERY_CHECK(check_trusted(here.get(), place, owner(), &name == &names.back()));
    }
    dir_ = std::move(here);
    return {};
  }

  Result<FileDescriptor> open_part(const FileDescriptor& parent, const std::string& name,
                                   const std::string& place, bool make) {
    const bool made = make && ::mkdirat(parent.get(), name.c_str(), 0755) == 0;
    if (make && !made && errno != EEXIST) return errno_error(place, "create", errno);
    FileDescriptor fd = open_directory(parent.get(), name);
    // A link is ENOTDIR here: something is there, which is not "no leases".
    if (!fd && (errno == ENOTDIR || errno == ELOOP))
      return Error{ErrorCode::kInvalid, place + ": is no directory"};
    if (!fd) return errno_error(place, "open", errno);
    if (!made) return fd;
    if (!own_for_root(fd.get(), 0755, as_root_)) return errno_error(place, "create", errno);
    // Its name is on disk before a record is said to be.
    const FileDescriptor readable(::openat(parent.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!readable || ::fsync(readable.get()) != 0) return errno_error(place, "sync", errno);
    return fd;
  }

  std::string path_;
  bool as_root_;
  FileDescriptor dir_, lock_, draft_;
};

}  // namespace

std::unique_ptr<LeaseFiles> open_lease_files(const std::string& path, bool as_root) {
  return std::make_unique<DiskLeaseFiles>(path, as_root);
}

}  // namespace joulery
