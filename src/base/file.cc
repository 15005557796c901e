// base: whole files, see file.h.
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace joulery {
namespace {

ErrorCode code_of(int error_number) {
  switch (error_number) {
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kDenied;
    case ENOENT:
    case ENOTDIR:
    case ENOSPC:
    case EDQUOT:
      return ErrorCode::kUnavailable;
    case ENODEV:
    case ENXIO:
    case ESRCH:
      return ErrorCode::kGone;
    case EAGAIN:
    case EINTR:
    case EIO:
      return ErrorCode::kTransient;
    default:
      return ErrorCode::kInvalid;
  }
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

int FileDescriptor::release() { return std::exchange(fd_, -1); }

void FileDescriptor::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Error errno_error(const std::string& path, std::string_view action, int error_number) {
  return Error{code_of(error_number),
               path + ": cannot " + std::string(action) + ": " + std::strerror(error_number)};
}

Result<std::string> load_file(const std::string& path, std::uint64_t max_bytes) {
  // A pipe would else be waited for, until somebody writes to it.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file) return errno_error(path, "open", errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return errno_error(path, "stat", errno);
  if (S_ISDIR(info.st_mode)) return Error{ErrorCode::kInvalid, path + ": is a directory"};
  if (!S_ISREG(info.st_mode)) return Error{ErrorCode::kInvalid, path + ": is no plain file"};
  std::string bytes;
  if (info.st_size > 0 && static_cast<std::uint64_t>(info.st_size) <= max_bytes)
    bytes.reserve(static_cast<std::size_t>(info.st_size));
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno_error(path, "read", errno);
    if (n == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(n));
    if (bytes.size() > max_bytes)
      return Error{ErrorCode::kInvalid, path + ": larger than the " + std::to_string(max_bytes) +
                                            " bytes that are read of such a file"};
  }
}

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno_error(path, "write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> save_file(const std::string& path, std::string_view bytes) {
  // A name that nobody can foresee, so that no link waits there.
  std::string draft = path + ".tmp.XXXXXX";
  FileDescriptor file(::mkostemp(draft.data(), O_CLOEXEC));
  if (!file) return errno_error(path, "create", errno);
  auto done = write_all(file.get(), bytes, draft);
  if (done && ::fsync(file.get()) != 0) done = errno_error(draft, "sync", errno);
  // A network file system reports a full disk only here.
  if (done && ::close(file.release()) != 0) done = errno_error(draft, "close", errno);
  if (done && std::rename(draft.c_str(), path.c_str()) != 0)
    done = errno_error(path, "rename", errno);
  if (!done) ::unlink(draft.c_str());
  return done;
}

}  // namespace joulery
