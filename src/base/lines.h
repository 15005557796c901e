// base: the lines of a text that another program wrote, whatever its line ends and encoding.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace joulery {

/// The lines of one log: LF, CR LF or CR ends; a UTF-8 mark is dropped, UTF-16 is converted.
class LogLines {
 public:
  /// Reads `most_bytes` and `most_lines` at most; an input may be endless.
  LogLines(std::istream& in, std::string file, std::uint64_t most_bytes = UINT64_MAX,
           std::uint64_t most_lines = UINT64_MAX)
      : in_(in), file_(std::move(file)), most_bytes_(most_bytes), most_lines_(most_lines) {}

  /// The first 64 KiB as text, without taking a line: what a format is recognised by.
  std::string_view head();
  /// Goes to the next line; false at the end.
  bool next() { return take_line() && number_ <= most_lines_; }
  [[nodiscard]] std::string_view text() const { return line_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] std::string place() const;
  /// It holds NUL bytes or is longer than 64 KiB (the rest is dropped): not a line of any log.
  [[nodiscard]] bool damaged() const { return damaged_; }
  /// The end of the file cut it: it has no line end, and its last field is shorter than the one of
  /// the line before, so that a digit may be missing.
  [[nodiscard]] bool cut() const { return cut_; }
  [[nodiscard]] bool ended() const { return ended_; }
  /// The end was reached because of a bound, not that of the input.
  [[nodiscard]] bool beyond() const { return bytes_ > most_bytes_ || number_ > most_lines_; }
  [[nodiscard]] bool utf16() const { return encoding_ != Encoding::kBytes; }

 private:
  enum class Encoding : std::uint8_t { kBytes, kUtf16Little, kUtf16Big };
  bool take_line();
  bool fill();
  void take_mark();
  void decode(std::string_view bytes);
  void decode_unit(std::uint32_t unit);
  void skip_long_line();
  void finish_line(std::size_t length, bool ended);

  std::istream& in_;
  std::string file_;
  const std::uint64_t most_bytes_, most_lines_;
  std::uint64_t bytes_ = 0;
  std::string buffer_;  // decoded text that was not taken yet, from `at_`
  std::size_t at_ = 0;
  std::string chunk_;
  std::string line_;
  std::uint64_t number_ = 0;
  std::size_t last_field_ = 0;  // length of the last field of the line before
  Encoding encoding_ = Encoding::kBytes;
  std::optional<unsigned char> odd_byte_;   // of a UTF-16 unit that a read cut in half
  std::optional<std::uint32_t> surrogate_;  // the first half of a pair
  bool started_ = false;
  bool skip_line_feed_ = false;
  bool damaged_ = false;
  bool cut_ = false;
  bool ended_ = false;
};

/// The first line of `text` that is not blank and no comment, trimmed.
std::string_view first_line(std::string_view text);

}  // namespace joulery
