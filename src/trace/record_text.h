// trace: the header and the closing of a record, as packed JSON with the caller's text behind it.
// docs/formats/record.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/trace.h"

namespace joulery {

struct RecordHeader {
  TraceInfo info;  ///< begin, wall_begin, period, idle_begin, flags
  std::vector<Channel> channels;
  std::string about;
};
struct RecordClosing {
  TraceInfo info;  ///< as above, with end and loop
  std::string text;
};

/// That its numbers can be written and read: JSON knows no infinity.
bool is_sound(const Channel& channel);
/// That a header of these can be read again. Errors: kInvalid (too much), kInternal (a channel's
/// number is not finite).
Result<void> check_header(std::span<const Channel> channels, const std::string& about);
void encode_header(const RecordHeader& header, std::string& out);
void encode_closing(const RecordClosing& closing, std::string& out);
/// Errors: kInvalid, saying what is wrong.
Result<RecordHeader> decode_header(std::string_view payload);
Result<RecordClosing> decode_closing(std::string_view payload);

}  // namespace joulery
