// trace: little-endian numbers in byte strings; reading checks what is left, so that a lying length
// cannot hurt.
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace joulery {

static_assert(std::endian::native == std::endian::little, "records are copied as little-endian");

template <class T>
void put(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

/// Takes numbers and runs of bytes from the front. False, taking nothing, where fewer are left.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  template <class T>
  [[nodiscard]] bool take(T& value) {
    if (left_.size() < sizeof(T)) return false;
    left_.copy(reinterpret_cast<char*>(&value), sizeof(T));
    left_.remove_prefix(sizeof(T));
    return true;
  }
  [[nodiscard]] bool take_bytes(std::size_t size, std::string_view& bytes) {
    if (left_.size() < size) return false;
    bytes = left_.substr(0, size);
    left_.remove_prefix(size);
    return true;
  }
  [[nodiscard]] std::string_view rest() const { return left_; }

 private:
  std::string_view left_;
};

}  // namespace joulery
