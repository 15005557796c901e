// base: JSON, see json_writer.h.
#include "base/json_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ostream>

#include "base/utf8.h"

namespace joulery {
namespace {

template <class T>
void put_number(std::ostream& out, T number) {
  char buffer[32];  // the longest double is 24 characters, the longest 64-bit integer 20
  const auto done = std::to_chars(buffer, buffer + sizeof buffer, number);
  out.write(buffer, done.ptr - buffer);
}

// Stands in a JSON string as it is, alone; nearly all characters of most texts.
bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

}  // namespace

void JsonWriter::new_line() {
  out_ << '\n';
  for (std::size_t i = 0; i < levels_.size(); ++i) out_ << "  ";
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.empty) out_ << (level.layout == Layout::kLines ? "," : ", ");
  level.empty = false;
  if (level.layout == Layout::kLines) new_line();
}

void JsonWriter::open(char bracket, Layout layout) {
  separate();
  out_ << bracket;
  const bool inside_line = !levels_.empty() && levels_.back().layout == Layout::kOneLine;
  levels_.push_back(Level{inside_line ? Layout::kOneLine : layout});
}

void JsonWriter::close(char bracket) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty && level.layout == Layout::kLines) new_line();
  out_ << bracket;
  if (levels_.empty()) out_ << '\n';
}

void JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  out_ << ": ";
  after_key_ = true;
}

void JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
}

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  put_number(out_, number == 0 ? 0.0 : number);  // no "-0"
}

void JsonWriter::value(bool yes) {
  separate();
  out_ << (yes ? "true" : "false");
}

void JsonWriter::value(std::int64_t number) {
  separate();
  put_number(out_, number);
}

void JsonWriter::value(std::uint64_t number) {
  separate();
  put_number(out_, number);
}

void JsonWriter::null() {
  separate();
  out_ << "null";
}

void JsonWriter::member(std::string_view name, const std::vector<std::string>& items) {
  key(name);
  begin_array();
  for (const std::string& item : items) value(item);
  end_array();
}

void JsonWriter::quote(std::string_view text) {
  out_ << '"';
  while (!text.empty()) {
    const auto plain = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto length = static_cast<std::size_t>(plain - text.begin());
    out_ << text.substr(0, length);
    text.remove_prefix(length);
    if (text.empty()) break;
    const Utf8 next = next_utf8(text);
    text.remove_prefix(next.bytes.size());
    const char c = next.bytes.front();
    if (!next.valid) {
      out_ << "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out_ << '\\' << c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      constexpr char kHex[] = "0123456789abcdef";
      out_ << "\\u00" << kHex[c >> 4] << kHex[c & 15];
    } else {
      out_ << next.bytes;
    }
  }
  out_ << '"';
}

}  // namespace joulery
