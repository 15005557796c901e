// control: that every run reads the same: what one run has read the next one would miss.
#pragma once

#include <sys/types.h>

#include <optional>

namespace joulery {

/// The standard input of all runs. A file is read by each from where it stood; what cannot be read
/// twice, a pipe or a socket, is empty for all. A terminal stays as it is.
class SameInput {
 public:
  explicit SameInput(int fd);
  SameInput(const SameInput&) = delete;
  SameInput& operator=(const SameInput&) = delete;
  /// Leaves a file where it stood.
  ~SameInput() { rewind(); }
  /// Before each run.
  void rewind() const;

 private:
  int fd_;
  std::optional<off_t> place_;  ///< in a file
};

}  // namespace joulery
