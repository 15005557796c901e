// trace: samples and events of a stretch of time as columns, and as the payload of a frame.
// docs/formats/record.md.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/trace.h"
#include "trace/int_codec.h"

namespace joulery {

/// Rows of one group in one frame; bounds what a reader allocates.
inline constexpr std::size_t kMaxRows = 1U << 16;

/// Samples in columns. Channels of one group that were read together share a row: one stamp for all
/// of them.
class Batch {
 public:
  explicit Batch(std::span<const Channel> channels);
  /// False, and nothing is added, where the sample is older than the one before it in its group, or
  /// its channel is unknown.
  bool add(const Sample& sample);
  void add(const Event& event) { events_.push_back(event); }
  /// Appends all of `later`, whose samples are newer than those in here.
  void append(const Batch& later);
  void clear();
  [[nodiscard]] bool empty() const { return values_ == 0 && events_.empty(); }
  [[nodiscard]] std::size_t rows() const { return most_rows_; }  ///< of the group that has most
  [[nodiscard]] std::size_t values() const { return values_; }
  [[nodiscard]] std::size_t events() const { return events_.size(); }

  /// Appends the payload, small or (plain) fast.
  void encode(IntEncoder& encoder, bool plain, std::string& out) const;

 private:
  struct Group {
    std::uint32_t id = 0;
    std::int64_t newest_us = 0;  // stays when the batch is cleared: order holds across batches
    std::vector<std::uint16_t> channels;
    std::vector<std::int64_t> time_us;
    std::vector<std::int64_t> half_width_us;
  };
  struct Column {
    std::size_t group = 0;  // index into groups_
    double resolution = 1;
    std::vector<double> value;
    std::vector<std::int64_t> row;  // of each value, once one was missing; until then i is in row i
    std::vector<std::int64_t> restart;  // values before which the counter's history is broken

    [[nodiscard]] bool is_dense() const { return row.empty(); }
    [[nodiscard]] std::int64_t last_row() const {
      return is_dense() ? static_cast<std::int64_t>(value.size()) - 1 : row.back();
    }
  };
  void encode_head(std::string& out) const;
  void encode_group(const Group& group, IntEncoder& encoder, bool plain, std::string& out) const;

  std::vector<Group> groups_;
  std::vector<Column> columns_;
  std::vector<Event> events_;
  std::size_t values_ = 0;
  std::size_t most_rows_ = 0;
};

// How a column's whole numbers become values, and what follows them: bytes of the format.
inline constexpr std::uint8_t kScaled = 0;   // x resolution
inline constexpr std::uint8_t kDivided = 1;  // / round(1 / resolution)
inline constexpr std::uint8_t kBits = 2;     // the bits of a double
inline constexpr std::uint8_t kWhole = 3;    // as they are: times and half-widths
inline constexpr std::uint8_t kHasRows = 1;
inline constexpr std::uint8_t kHasRestarts = 2;
inline constexpr std::uint16_t kTimeColumn = 0xffff;
inline constexpr std::uint16_t kHalfWidthColumn = 0xfffe;

/// What a batch's payload says before its columns.
struct BatchHead {
  Instant first, last;  ///< of its samples; only where there are any
  bool has_samples = false;
  std::vector<Event> events;
};

/// Reads payloads. Reuses its buffers. Thread-compatible.
class BatchReader {
 public:
  explicit BatchReader(std::span<const Channel> channels);
  /// The head, and that the columns are laid out as they should be. False where the payload is
  /// malformed.
  [[nodiscard]] bool read_head(std::string_view payload, BatchHead& head);
  /// Visits the columns of the wanted channels (one flag a channel). False where the payload is
  /// malformed.
  [[nodiscard]] bool scan(std::string_view payload, const std::vector<bool>& wanted,
                          const Trace::Visitor& visit);

 private:
  struct ColumnHead {
    std::uint16_t channel = 0;
    std::uint8_t form = 0, flags = 0;
    std::uint32_t count = 0;
    std::string_view bytes;
  };
  struct GroupHead {
    std::uint32_t id = 0, rows = 0, columns = 0;
    ColumnHead time, half_width;
  };
  bool take_group(ByteReader& in, GroupHead& group) const;
  bool take_column(ByteReader& in, std::uint32_t rows, ColumnHead& column) const;
  bool scan_group(ByteReader& in, const std::vector<bool>& wanted, const Trace::Visitor& visit);
  bool decode_stamps(const GroupHead& group);
  bool decode_column(const ColumnHead& head, std::uint32_t rows);
  bool decode_values(ByteReader& in, const ColumnHead& head);
  bool decode_rows(ByteReader& in, std::uint32_t rows, std::size_t count);
  bool decode_restarts(ByteReader& in, std::size_t count);
  bool in_order(std::uint16_t channel, std::span<const Instant> time);
  void emit(const ColumnHead& head, const Trace::Visitor& visit);

  std::span<const Channel> channels_;
  std::vector<Instant> newest_;  // of each channel
  IntDecoder decoder_;
  std::vector<std::int64_t> ints_;
  std::vector<Instant> time_, sparse_time_;
  std::vector<std::uint32_t> half_width_, sparse_half_width_;
  std::vector<double> value_;
  std::vector<std::uint8_t> restart_;
};

}  // namespace joulery
