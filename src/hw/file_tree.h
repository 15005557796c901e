// hw: the kernel's files below a root, so that a test or --sysroot can stand in for the machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"

namespace joulery {

/// A kernel file that stays open: a read is one pread from its start, without allocation.
/// Thread-compatible: one thread reads one of these.
class KernelFile {
 public:
  virtual ~KernelFile() = default;
  /// The whole content, valid until the next read. Errors: kGone, kDenied, kTransient.
  virtual Result<std::string_view> read() = 0;
};

/// The files of one machine. Paths are absolute, as the kernel spells them:
/// "/sys/class/powercap/intel-rapl:0/name".
class FileTree {
 public:
  virtual ~FileTree() = default;
  /// Content without trailing white space. Errors: kUnavailable (absent), kDenied, kGone, each
  /// naming the path.
  virtual Result<std::string> read(const std::string& path) const = 0;
  /// A file that holds one whole number. Errors: those of read(); kUnavailable where it holds
  /// something else.
  Result<std::uint64_t> read_u64(const std::string& path) const;
  /// Names in a directory, sorted. Errors: kUnavailable, kDenied.
  virtual Result<std::vector<std::string>> list(const std::string& path) const = 0;
  virtual Result<std::unique_ptr<KernelFile>> open(const std::string& path) const = 0;
  /// Where `path` really lies, links followed; used to tell twins apart. Errors: kUnavailable.
  virtual Result<std::string> resolve(const std::string& path) const = 0;
  /// Writes `text` into a file that is there, in one call as the kernel wants it. Errors: kDenied
  /// (also below a root whose /sys is the running kernel's), kUnavailable (absent), kInvalid (the
  /// kernel does not take the value), kGone.
  virtual Result<void> write(const std::string& path, std::string_view text) const = 0;
};

/// The machine's own files, or those below `root` ("" is the machine).
std::unique_ptr<FileTree> open_file_tree(const std::string& root);

}  // namespace joulery
