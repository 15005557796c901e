// base: writes JSON as it goes, keys in the order given, so that a day of samples needs no
// memory.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace joulery {

/// Valid JSON whatever the input: NaN and infinity become null, bytes that are not UTF-8 become
/// U+FFFD. The caller pairs begin and end; `key` stands before each value inside an object. The
/// stream has the whole document when its outermost object or array ends.
class JsonWriter {
 public:
  /// An object or array is laid out on one line or with one member a line.
  enum class Layout : std::uint8_t { kLines, kOneLine };

  explicit JsonWriter(std::ostream& out) : out_(out) {}

  void begin_object(Layout layout = Layout::kLines) { open('{', layout); }
  void end_object() { close('}'); }
  void begin_array(Layout layout = Layout::kOneLine) { open('[', layout); }
  void end_array() { close(']'); }

  void key(std::string_view name);
  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(double number);
  void value(bool yes);
  void value(std::int64_t number);
  void value(std::uint64_t number);
  void value(int number) { value(static_cast<std::int64_t>(number)); }
  void null();

  template <class T>
  void value(const std::optional<T>& maybe) {
    maybe ? value(*maybe) : null();
  }
  template <class T>
  void member(std::string_view name, const T& item) {
    key(name);
    value(item);
  }
  /// "name": ["…", "…"], on one line.
  void member(std::string_view name, const std::vector<std::string>& items);

 private:
  struct Level {
    Layout layout;
    bool empty = true;
  };

  void open(char bracket, Layout layout);
  void close(char bracket);
  void separate();
  void new_line();
  void hand_over();
  void quote(std::string_view text);

  std::ostream& out_;
  std::string text_;  ///< not handed to `out_` yet
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace joulery
