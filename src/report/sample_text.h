// report: the numbers of samples as text, fast: an export writes a hundred million of them.
#pragma once

#include <charconv>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/sample.h"
#include "joulery/trace.h"

namespace joulery {

/// The name of a measure in exports: "energy", "power", "utilization", ...
const char* name_of(Measure measure);

/// "simulated;mig-parent"
std::string joined_flags(const std::vector<std::string>& flags);

/// Microseconds since 1970, UTC: the run's begin on the wall clock, and from there the monotonic
/// one.
inline std::int64_t utc_us(const TraceInfo& info, Instant time) {
  return (info.wall_begin.time_since_epoch() + (time - info.begin)).count();
}

/// Shortest text that reads back as the same number.
template <class Number>
void append_number(std::string& out, Number number) {
  char buffer[32];  // the longest double is 24 characters, the longest 64-bit integer 20
  const auto done = std::to_chars(buffer, buffer + sizeof buffer, number);
  out.append(buffer, done.ptr);
}

/// Collects text and hands it to a stream in large pieces.
class PieceWriter {
 public:
  explicit PieceWriter(std::ostream& out) : out_(out) {}
  ~PieceWriter() { flush(); }
  PieceWriter(const PieceWriter&) = delete;
  PieceWriter& operator=(const PieceWriter&) = delete;

  std::string& text() { return text_; }
  /// Call between rows.
  void breathe() {
    if (text_.size() >= kPieceBytes) flush();
  }
  void flush();

 private:
  static constexpr std::size_t kPieceBytes = std::size_t{1} << 18;
  std::ostream& out_;
  std::string text_;
};

}  // namespace joulery
