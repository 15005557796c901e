// base: whole files, read with a bound and written so that a reader sees the old or the new, never
// a part.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "joulery/result.h"

namespace joulery {

/// Closes on destruction. Movable, not copyable.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() { reset(); }
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();
  void reset();

 private:
  int fd_ = -1;
};

/// An Error from errno: "PATH: action: reason", with the code that fits (EACCES: kDenied, ENOENT:
/// kUnavailable, ...).
Error errno_error(const std::string& path, std::string_view action, int error_number);

/// A plain file, those of /proc and /sys among them. Errors: kInvalid where it is larger than
/// `max_bytes`, or a pipe, a device, a directory.
Result<std::string> load_file(const std::string& path, std::uint64_t max_bytes);
/// Writes PATH.tmp.XXXXXX (random, mode 0600), syncs it, renames it over PATH.
Result<void> save_file(const std::string& path, std::string_view bytes);
/// Writes all of it, or says how it failed; restarts after EINTR and short writes.
Result<void> write_all(int fd, std::string_view bytes, const std::string& path);

}  // namespace joulery
