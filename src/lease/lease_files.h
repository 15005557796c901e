// lease: the directory of the records, call by call, so that a test can cut the power after each.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"

namespace joulery {

/// The files of one directory, by name. Nothing follows a link.
class LeaseFiles {
 public:
  virtual ~LeaseFiles() = default;
  /// The same directory, with locks of its own: for another thread.
  [[nodiscard]] virtual std::unique_ptr<LeaseFiles> again() const = 0;
  /// The path of a file, for messages.
  [[nodiscard]] virtual std::string place(const std::string& name) const = 0;
  /// Names, sorted. Errors: kUnavailable (no directory), kDenied, kInvalid (not to be trusted).
  virtual Result<std::vector<std::string>> list() = 0;
  /// Errors: kUnavailable (absent), kInvalid (no plain file, or too large).
  virtual Result<std::string> read(const std::string& name) = 0;

  /// Makes the directory where it is absent. Errors: kDenied, kInvalid (others may write to it or
  /// to what it lies in).
  virtual Result<void> prepare() = 0;
  /// A lock of this process until unlock(), one at a time; the kernel frees it when its process
  /// ends, however. Waits two seconds at most. Errors: kTransient.
  virtual Result<void> lock(const std::string& name) = 0;
  virtual void unlock() = 0;
  /// A new file; one that is there is an error (kInvalid).
  virtual Result<void> create(const std::string& name) = 0;
  virtual Result<void> write(const std::string& name, std::string_view bytes) = 0;
  virtual Result<void> sync(const std::string& name) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> remove(const std::string& name) = 0;
  virtual Result<void> sync_directory() = 0;
};

/// The directory `path` of this machine. Touches nothing until it is used. `as_root`: the rights of
/// root are taken for each call, and only root may own the directory.
std::unique_ptr<LeaseFiles> open_lease_files(const std::string& path, bool as_root);

}  // namespace joulery
