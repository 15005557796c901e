// control: whether runs wrote the same: the digest of a file.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

#include "joulery/result.h"

namespace joulery {

/// A file that a command is to write.
class SameFile {
 public:
  /// Looks at the file as it is before the run.
  explicit SameFile(std::string path);
  /// The digest of what is there after it. Errors: kUnavailable (not there, or not written by the
  /// run), kDenied, kInvalid (no plain file).
  [[nodiscard]] Result<std::string> digest() const;

 private:
  std::string path_;
  std::optional<struct stat> before_;
};

/// 16 hexadecimal digits; of no use against somebody who wants two texts to look alike.
std::string digest_of(std::string_view bytes);

}  // namespace joulery
