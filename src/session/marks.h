// session: marks of phases, from a program inside the job to the meter: one datagram each, on a
// socket in a directory that only this user may enter. The message is text: "joulery-mark/1
// MICROSECONDS NAME", on CLOCK_MONOTONIC.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

inline constexpr const char* kMarkVariable = "JOULERY_MARK_SOCKET";
inline constexpr const char* kRunIdVariable = "JOULERY_RUN_ID";

struct Mark {
  Instant time;
  std::string name;
};

std::string encode_mark(const Mark& mark);
/// Empty where it is no such message: too long, another version, a name that is not one.
std::optional<Mark> decode_mark(std::string_view message);

/// The receiving end. Its directory is removed with it; after a kill -9 an empty socket stays in
/// it, and harms nobody.
class MarkSocket {
 public:
  static Result<MarkSocket> open();
  MarkSocket(MarkSocket&&) noexcept = default;
  MarkSocket& operator=(MarkSocket&&) = delete;
  ~MarkSocket();

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// The next mark of this user's processes, dropping whatever else arrives; empty when there is
  /// none. A stamp that lies before `begin` or in the future (another time namespace) is replaced
  /// by now.
  std::optional<Mark> next(Instant begin);

 private:
  MarkSocket(FileDescriptor fd, std::string directory, std::string path)
      : fd_(std::move(fd)), directory_(std::move(directory)), path_(std::move(path)) {}

  FileDescriptor fd_;
  std::string directory_;
  std::string path_;
};

}  // namespace joulery
