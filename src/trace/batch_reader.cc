// trace: the payload of a frame back into columns, see batch.h. Nothing in it is trusted: a payload
// may be hostile.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "trace/batch.h"

namespace joulery {
namespace {

// Far beyond any clock, and half of the range, so that no difference of two times overflows.
constexpr Micros kMostTime{std::int64_t{1} << 61};

Instant instant(std::int64_t us) { return Instant(Micros(us)); }
bool sane(Instant time) {
  return time.time_since_epoch() <= kMostTime && time.time_since_epoch() >= -kMostTime;
}

bool take_event(ByteReader& in, Event& event) {
  std::int64_t time = 0;
  std::uint8_t kind = 0;
  std::uint32_t size = 0;
  std::string_view text;
  if (!in.take(time) || !in.take(kind) || !in.take(size) || !in.take_bytes(size, text))
    return false;
  if (kind > static_cast<std::uint8_t>(Event::Kind::kNote) || !sane(instant(time))) return false;
  event = {
      .time = instant(time), .kind = static_cast<Event::Kind>(kind), .text = std::string(text)};
  return true;
}

struct Counts {
  std::uint32_t groups = 0, events = 0;
};

bool take_head(ByteReader& in, BatchHead& head, Counts& counts) {
  std::int64_t first = 0, last = 0;
  if (!in.take(first) || !in.take(last) || !in.take(counts.groups) || !in.take(counts.events))
    return false;
  head.first = instant(first);
  head.last = instant(last);
  head.has_samples = counts.groups > 0;
  head.events.clear();
  for (std::uint32_t i = 0; i < counts.events; ++i)
    if (!take_event(in, head.events.emplace_back())) return false;
  return sane(head.first) && sane(head.last) && head.first <= head.last;
}

}  // namespace

BatchReader::BatchReader(std::span<const Channel> channels)
    : channels_(channels), newest_(channels.size(), Instant::min()) {}

bool BatchReader::read_head(std::string_view payload, BatchHead& head) {
  ByteReader in(payload);
  Counts counts;
  if (!take_head(in, head, counts)) return false;
  for (std::uint32_t i = 0; i < counts.groups; ++i) {
    GroupHead group;
    if (!take_group(in, group)) return false;
    for (std::uint32_t k = 0; k < group.columns; ++k) {
      ColumnHead column;
      if (!take_column(in, group.rows, column) || column.channel >= channels_.size()) return false;
    }
  }
  return in.rest().empty();
}

bool BatchReader::scan(std::string_view payload, const std::vector<bool>& wanted,
                       const Trace::Visitor& visit) {
  ByteReader in(payload);
  BatchHead head;
  Counts counts;
  if (!take_head(in, head, counts)) return false;
  for (std::uint32_t i = 0; i < counts.groups; ++i)
    if (!scan_group(in, wanted, visit)) return false;
  return true;
}

bool BatchReader::take_group(ByteReader& in, GroupHead& group) const {
  return in.take(group.id) && in.take(group.rows) && group.rows > 0 && group.rows <= kMaxRows &&
         in.take(group.columns) && take_column(in, group.rows, group.time) &&
         take_column(in, group.rows, group.half_width) && group.time.channel == kTimeColumn &&
         group.half_width.channel == kHalfWidthColumn;
}

bool BatchReader::take_column(ByteReader& in, std::uint32_t rows, ColumnHead& column) const {
  std::uint32_t size = 0;
  if (!in.take(column.channel) || !in.take(column.form) || !in.take(column.flags) ||
      !in.take(column.count) || !in.take(size) || !in.take_bytes(size, column.bytes))
    return false;
  const bool stamps = column.channel >= kHalfWidthColumn;
  const bool dense = (column.flags & kHasRows) == 0;
  return column.form <= kWhole && (column.form == kWhole) == stamps && column.count > 0 &&
         column.count <= rows && (column.count == rows) == dense &&
         (column.flags & ~(kHasRows | kHasRestarts)) == 0 && (!stamps || column.flags == 0);
}

bool BatchReader::scan_group(ByteReader& in, const std::vector<bool>& wanted,
                             const Trace::Visitor& visit) {
  GroupHead group;
  if (!take_group(in, group)) return false;
  bool stamped = false;
  for (std::uint32_t i = 0; i < group.columns; ++i) {
    ColumnHead column;
    if (!take_column(in, group.rows, column) || column.channel >= wanted.size()) return false;
    if (!wanted[column.channel]) continue;
    if (!stamped && !decode_stamps(group)) return false;
    stamped = true;
    if (!decode_column(column, group.rows)) return false;
    const bool dense = (column.flags & kHasRows) == 0;
    if (!in_order(column.channel, dense ? time_ : sparse_time_)) return false;
    emit(column, visit);
  }
  return true;
}

bool BatchReader::decode_stamps(const GroupHead& group) {
  ints_.resize(group.rows);
  time_.resize(group.rows);
  half_width_.resize(group.rows);
  ByteReader times(group.time.bytes);
  if (!decoder_.decode(times, ints_)) return false;
  std::transform(ints_.begin(), ints_.end(), time_.begin(), instant);
  if (!std::is_sorted(time_.begin(), time_.end()) || !sane(time_.front()) || !sane(time_.back()))
    return false;

  ByteReader half_widths(group.half_width.bytes);
  if (!decoder_.decode(half_widths, ints_)) return false;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < ints_.size(); ++i) {
    all |= static_cast<std::uint64_t>(ints_[i]);
    half_width_[i] = static_cast<std::uint32_t>(ints_[i]);
  }
  return all <= std::numeric_limits<std::uint32_t>::max();
}

bool BatchReader::decode_column(const ColumnHead& head, std::uint32_t rows) {
  ByteReader in(head.bytes);
  restart_.clear();
  return decode_values(in, head) &&
         ((head.flags & kHasRows) == 0 || decode_rows(in, rows, head.count)) &&
         ((head.flags & kHasRestarts) == 0 || decode_restarts(in, head.count));
}

bool BatchReader::decode_values(ByteReader& in, const ColumnHead& head) {
  ints_.resize(head.count);
  value_.resize(head.count);
  if (!decoder_.decode(in, ints_)) return false;
  const double resolution = channels_[head.channel].resolution;
  const auto convert = [&](auto to_value) {
    std::transform(ints_.begin(), ints_.end(), value_.begin(), to_value);
  };
  if (head.form == kScaled) {
    convert([=](std::int64_t n) { return static_cast<double>(n) * resolution; });
  } else if (head.form == kDivided) {
    const double per_unit = std::max(std::round(1 / resolution), 1.0);
    convert([=](std::int64_t n) { return static_cast<double>(n) / per_unit; });
  } else {
    convert([](std::int64_t n) { return std::bit_cast<double>(n); });
    return std::all_of(value_.begin(), value_.end(), [](double v) { return std::isfinite(v); });
  }
  return true;
}

bool BatchReader::decode_rows(ByteReader& in, std::uint32_t rows, std::size_t count) {
  ints_.resize(count);
  if (!decoder_.decode(in, ints_)) return false;
  sparse_time_.resize(count);
  sparse_half_width_.resize(count);
  std::int64_t before = -1;
  for (std::size_t i = 0; i < count; ++i) {
    if (ints_[i] <= before || ints_[i] >= static_cast<std::int64_t>(rows)) return false;
    before = ints_[i];
    sparse_time_[i] = time_[static_cast<std::size_t>(before)];
    sparse_half_width_[i] = half_width_[static_cast<std::size_t>(before)];
  }
  return true;
}

bool BatchReader::decode_restarts(ByteReader& in, std::size_t count) {
  std::uint32_t restarts = 0;
  if (!in.take(restarts) || restarts > count) return false;
  ints_.resize(restarts);
  if (!decoder_.decode(in, ints_)) return false;
  restart_.assign(count, 0);
  for (const std::int64_t place : ints_) {
    if (place < 0 || place >= static_cast<std::int64_t>(count)) return false;
    restart_[static_cast<std::size_t>(place)] = 1;
  }
  return true;
}

bool BatchReader::in_order(std::uint16_t channel, std::span<const Instant> time) {
  if (time.front() < newest_[channel]) return false;
  newest_[channel] = time.back();
  return true;
}

void BatchReader::emit(const ColumnHead& head, const Trace::Visitor& visit) {
  const bool dense = (head.flags & kHasRows) == 0;
  visit(head.channel, Block{.time = dense ? time_ : sparse_time_,
                            .half_width_us = dense ? half_width_ : sparse_half_width_,
                            .value = value_,
                            .restart = restart_});
}

}  // namespace joulery
