// base: JSON, see json_writer.h.
#include "base/json_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ostream>

#include "base/utf8.h"

namespace joulery {
namespace {

// A text is handed to the stream in pieces of this size: large beside the cost of a write to a
// stream, small beside a document (a choice).
constexpr std::size_t kPiece = std::size_t{16} << 10;

template <class T>
void put_number(std::string& out, T number) {
  char buffer[32];  // the longest double is 24 characters, the longest 64-bit integer 20
  const auto done = std::to_chars(buffer, buffer + sizeof buffer, number);
  out.append(buffer, done.ptr);
}

// Stands in a JSON string as it is, alone; nearly all characters of most texts.
bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

}  // namespace

void JsonWriter::hand_over() {
  out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
  text_.clear();
}

void JsonWriter::new_line() {
  text_ += '\n';
  text_.append(2 * levels_.size(), ' ');
}

void JsonWriter::separate() {
  if (text_.size() >= kPiece) hand_over();
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.empty) text_ += level.layout == Layout::kLines ? "," : ", ";
  level.empty = false;
  if (level.layout == Layout::kLines) new_line();
}

void JsonWriter::open(char bracket, Layout layout) {
  separate();
  text_ += bracket;
  const bool inside_line = !levels_.empty() && levels_.back().layout == Layout::kOneLine;
  levels_.push_back(Level{inside_line ? Layout::kOneLine : layout});
}

void JsonWriter::close(char bracket) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty && level.layout == Layout::kLines) new_line();
  text_ += bracket;
  if (levels_.empty()) text_ += '\n';
  if (levels_.empty()) hand_over();
}

void JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  text_ += ": ";
  after_key_ = true;
}

void JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
}

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  put_number(text_, number == 0 ? 0.0 : number);  // no "-0"
}

void JsonWriter::value(bool yes) {
  separate();
  text_ += yes ? "true" : "false";
}

void JsonWriter::value(std::int64_t number) {
  separate();
  put_number(text_, number);
}

void JsonWriter::value(std::uint64_t number) {
  separate();
  put_number(text_, number);
}

void JsonWriter::null() {
  separate();
  text_ += "null";
}

void JsonWriter::member(std::string_view name, const std::vector<std::string>& items) {
  key(name);
  begin_array();
  for (const std::string& item : items) value(item);
  end_array();
}

void JsonWriter::quote(std::string_view text) {
  text_ += '"';
  while (!text.empty()) {
    const auto plain = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto length = static_cast<std::size_t>(plain - text.begin());
    text_ += text.substr(0, length);
    text.remove_prefix(length);
    if (text.empty()) break;
    const Utf8 next = next_utf8(text);
    text.remove_prefix(next.bytes.size());
    const char c = next.bytes.front();
    if (!next.valid) {
      text_ += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      constexpr char kHex[] = "0123456789abcdef";
      text_ += "\\u00";
      text_ += kHex[c >> 4];
      text_ += kHex[c & 15];
    } else {
      text_ += next.bytes;
    }
  }
  text_ += '"';
}

}  // namespace joulery
