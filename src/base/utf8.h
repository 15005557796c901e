// base: walks through text that may be anything, one character at a time.
#pragma once

#include <string>
#include <string_view>

namespace joulery {

struct Utf8 {
  std::string_view bytes;  ///< one character, or one byte where `valid` is false
  bool valid = true;
  bool control =
      false;  ///< C0, DEL and C1 controls and the marks that turn the direction of writing
};
/// The first character of `text`, which is not empty.
Utf8 next_utf8(std::string_view text);

/// Safe for a terminal: controls are written \xNN (of their bytes), as are bytes that are not
/// UTF-8. The result is UTF-8.
std::string printable(std::string_view text);
/// Columns on a terminal: one a character. Wide characters are rare in names of runs and not
/// counted as two.
std::size_t width_of(std::string_view text);
/// At most `columns` wide; what is cut off is marked with "..".
std::string shortened(std::string_view text, std::size_t columns);

}  // namespace joulery
