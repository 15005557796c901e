// base: text that may be anything, see utf8.h.
#include "base/utf8.h"

#include <cstdint>

namespace joulery {
namespace {

// Length by the first byte, RFC 3629; 0 where no character starts with it.
std::size_t length_by_first(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  return 0;
}

// Overlong forms, surrogates and what lies beyond U+10FFFF are no characters (RFC 3629, section 4).
bool is_character(std::uint32_t code, std::size_t length) {
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  return code >= kLeast[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

// C0, DEL, C1, line separators, and the direction marks of UAX #9, which let text look like other
// text.
bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e || code == 0x200f ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

Utf8 next_utf8(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = length_by_first(first);
  const Utf8 bad{text.substr(0, 1), false, false};
  if (length == 0 || length > text.size()) return bad;
  std::uint32_t code = length == 1 ? first : first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0u) != 0x80u) return bad;
    code = code << 6u | (byte & 0x3fu);
  }
  if (!is_character(code, length)) return bad;
  return Utf8{text.substr(0, length), true, is_control(code)};
}

std::string printable(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  while (!text.empty()) {
    const Utf8 next = next_utf8(text);
    text.remove_prefix(next.bytes.size());
    if (next.valid && !next.control) {
      out += next.bytes;
      continue;
    }
    for (const char byte : next.bytes) {
      const auto code = static_cast<unsigned char>(byte);
      out += {'\\', 'x', kHex[code >> 4u], kHex[code & 15u]};
    }
  }
  return out;
}

std::size_t width_of(std::string_view text) {
  std::size_t columns = 0;
  for (; !text.empty(); ++columns) text.remove_prefix(next_utf8(text).bytes.size());
  return columns;
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (width_of(text) <= columns) return std::string(text);
  std::string out;
  for (std::size_t used = 0; used + 2 < columns; ++used) {
    const std::string_view next = next_utf8(text).bytes;
    out += next;
    text.remove_prefix(next.size());
  }
  return out + "..";
}

}  // namespace joulery
