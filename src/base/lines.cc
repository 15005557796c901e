// base: lines in any encoding, see lines.h.
#include "base/lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace joulery {
namespace {

constexpr std::size_t kChunk = 64 * 1024;
// The longest line of a known tool's log is a few KiB (CodeCarbon's rows: 0.6 KiB).
constexpr std::size_t kMaxLine = 64 * 1024;

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

/// The next line end at or behind `from`, or npos. Twice one byte is faster than one of two.
std::size_t line_end(const std::string& text, std::size_t from) {
  const std::size_t feed = text.find('\n', from);
  const std::size_t length = std::min(feed, text.size()) - from;
  const std::size_t back = std::string_view(text).substr(from, length).find('\r');
  return back != std::string_view::npos ? from + back : feed;
}

std::size_t last_field_of(std::string_view line) {
  std::size_t length = 0;
  while (length < line.size()) {
    const char c = line[line.size() - 1 - length];
    if (c == ',' || c == '\t') break;
    ++length;
  }
  return length;
}

}  // namespace

std::string LogLines::place() const { return fmt::format("{}:{}", file_, number_); }

void LogLines::take_mark() {
  if (chunk_.starts_with("\xEF\xBB\xBF")) {
    chunk_.erase(0, 3);
  } else if (chunk_.starts_with("\xFF\xFE")) {
    encoding_ = Encoding::kUtf16Little;
    chunk_.erase(0, 2);
  } else if (chunk_.starts_with("\xFE\xFF")) {
    encoding_ = Encoding::kUtf16Big;
    chunk_.erase(0, 2);
  }
}

// One 16-bit unit; halves of pairs that have no other half become U+FFFD.
void LogLines::decode_unit(std::uint32_t unit) {
  constexpr std::uint32_t kReplacement = 0xFFFD;
  const bool low = unit >= 0xDC00 && unit < 0xE000;
  if (surrogate_ && low) {
    append_utf8(buffer_, 0x10000 + ((*surrogate_ - 0xD800) << 10) + (unit - 0xDC00));
    surrogate_.reset();
    return;
  }
  if (surrogate_) append_utf8(buffer_, kReplacement);
  surrogate_.reset();
  if (unit >= 0xD800 && unit < 0xDC00) {
    surrogate_ = unit;
  } else {
    append_utf8(buffer_, low ? kReplacement : unit);
  }
}

void LogLines::decode(std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!odd_byte_) {
      odd_byte_ = byte;
      continue;
    }
    const bool little = encoding_ == Encoding::kUtf16Little;
    const std::uint32_t high = little ? byte : *odd_byte_;
    const std::uint32_t low = little ? *odd_byte_ : byte;
    odd_byte_.reset();
    decode_unit(high << 8 | low);
  }
}

bool LogLines::fill() {
  if (beyond()) return false;
  chunk_.resize(kChunk);
  in_.read(chunk_.data(), static_cast<std::streamsize>(kChunk));
  chunk_.resize(static_cast<std::size_t>(in_.gcount()));
  bytes_ += chunk_.size();
  if (chunk_.empty() || beyond()) return false;
  if (!started_) take_mark();
  started_ = true;
  buffer_.erase(0, at_);
  at_ = 0;
  if (encoding_ == Encoding::kBytes) {
    buffer_ += chunk_;
  } else {
    decode(chunk_);
  }
  return true;
}

std::string_view LogLines::head() {
  if (!started_) fill();
  return std::string_view(buffer_).substr(at_, kChunk);
}

void LogLines::finish_line(std::size_t length, bool ended) {
  line_.assign(buffer_, at_, length);
  at_ += length;
  if (ended) {
    skip_line_feed_ = buffer_[at_] == '\r';
    ++at_;
  }
  ++number_;
  damaged_ = line_.find('\0') != std::string::npos;
  const std::size_t field = last_field_of(line_);
  ended_ = ended;
  cut_ = !ended && field < last_field_;
  last_field_ = field;
}

void LogLines::skip_long_line() {
  finish_line(kMaxLine, false);
  damaged_ = true;
  ended_ = true;
  cut_ = false;
  for (;;) {
    const std::size_t end = line_end(buffer_, at_);
    if (end != std::string::npos) {
      skip_line_feed_ = buffer_[end] == '\r';
      at_ = end + 1;
      return;
    }
    at_ = buffer_.size();
    if (!fill()) return;
  }
}

bool LogLines::take_line() {
  std::size_t from = 0;  // already searched, behind at_
  for (;;) {
    if (skip_line_feed_ && at_ < buffer_.size()) {
      skip_line_feed_ = false;
      if (buffer_[at_] == '\n') ++at_;
    }
    const std::size_t end = line_end(buffer_, at_ + from);
    const std::size_t length = (end == std::string::npos ? buffer_.size() : end) - at_;
    if (length > kMaxLine) {
      skip_long_line();
      return true;
    }
    if (end != std::string::npos) {
      finish_line(length, true);
      return true;
    }
    from = length;
    if (fill()) continue;
    if (length == 0) return false;
    finish_line(length, false);
    return true;
  }
}

std::string_view first_line(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = trim(text.substr(0, end));
    if (!line.empty() && !line.starts_with('#')) return line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace joulery
