// trace: a record from bytes in memory; load_record() maps a file onto it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/trace.h"

namespace joulery {

/// What a record's bytes say, found once. `record` and `tail` must outlive it.
class RecordBytes {
 public:
  /// Errors: kInvalid where not even the header can be read. Anything less is a flag.
  static Result<RecordBytes> read(std::string_view record, std::string_view tail);

  TraceInfo info;
  std::vector<Channel> channels;
  std::string about, closing;

  /// Errors: kInvalid where a frame with a right checksum is malformed.
  Result<void> scan(const Trace::Wanted& wanted, const Trace::Visitor& visit) const;

 private:
  void read_record(std::string_view bytes, std::size_t header_size);
  void read_tail(std::string_view bytes);
  void take_closing(TraceInfo end, std::string text);
  bool take_batch(std::string_view payload, std::uint64_t last);
  void finish();

  std::uint64_t key_ = 0;
  std::uint64_t last_batch_ = 0;
  std::vector<std::string_view> batches_;  // payloads, in order
  std::optional<Instant> newest_;          // the time of the newest sample
};

}  // namespace joulery
