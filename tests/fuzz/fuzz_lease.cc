// fuzz: hostile lease records, what /proc tells of processes, and what a guard reports. A record
// that is accepted is spelled as it is written. Each input is tried with its checksum made right,
// too, which no fuzzer finds by itself.
#include <xxhash.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "lease/guard_start.h"
#include "lease/record.h"

namespace {

void parse(std::string_view text) {
  const auto record = joulery::parse_record(text);
  if (!record) {
    if (!record.error().message.starts_with("lease record:")) __builtin_trap();
    return;
  }
  if (joulery::format_record(*record) != text) __builtin_trap();
}

std::string with_checksum(std::string_view body) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = std::string(body) + "check=";
  const std::uint64_t sum = XXH64(body.data(), body.size(), 0);
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(sum >> shift) & 15];
  return text + "\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  parse(text);
  parse(with_checksum(text));
  const std::string name = joulery::record_name(text);
  if (name.find('/') != std::string::npos || name.starts_with('.')) __builtin_trap();
  (void)joulery::parse_report(text).has_value();
  (void)joulery::parse_process_stat(text).has_value();
  return 0;
}
