// fuzz: hostile datagrams on the socket of marks. A mark that is accepted has a right name, and is
// the same once it was sent on.
#include <cstdint>
#include <string_view>

#include "job/name.h"
#include "session/marks.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const auto mark = joulery::decode_mark(message);
  if (!mark) return 0;
  if (!joulery::check_name(mark->name, "mark")) __builtin_trap();
  const auto again = joulery::decode_mark(joulery::encode_mark(*mark));
  if (!again || again->time != mark->time || again->name != mark->name) __builtin_trap();
  return 0;
}
