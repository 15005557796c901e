// trace: samples into columns, and columns into the payload of a frame, see batch.h.
#include "trace/batch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>

namespace joulery {
namespace {

// Adding 1.5 x 2^52 leaves no bits for a fraction, so the processor's own rounding is the whole
// conversion: several times faster than llround, which is a call.
constexpr double kRounder = 0x1.8p52;
constexpr double kMostExact = 0x1p51;

/// Fills `whole` where every value is exactly whole x resolution (or whole / per_unit, where that
/// is not 0).
bool as_whole(std::span<const double> values, double resolution, double per_unit,
              std::vector<std::int64_t>& whole) {
  const double scale = per_unit != 0 ? per_unit : 1 / resolution;
  whole.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double scaled = values[i] * scale;
    if (!(std::abs(scaled) < kMostExact)) return false;
    const double rounded = (scaled + kRounder) - kRounder;
    const double back = per_unit != 0 ? rounded / per_unit : rounded * resolution;
    if (back != values[i]) return false;
    whole[i] = static_cast<std::int64_t>(rounded);
  }
  return true;
}

std::uint8_t as_bits(std::span<const double> values, std::vector<std::int64_t>& whole) {
  whole.resize(values.size());
  std::transform(values.begin(), values.end(), whole.begin(),
                 [](double value) { return std::bit_cast<std::int64_t>(value); });
  return kBits;
}

std::uint8_t find_form(std::span<const double> values, double resolution,
                       std::vector<std::int64_t>& whole) {
  if (as_whole(values, resolution, 0, whole)) return kScaled;
  if (as_whole(values, resolution, std::max(std::round(1 / resolution), 1.0), whole))
    return kDivided;
  return as_bits(values, whole);
}

struct ColumnWriter {
  IntEncoder& encoder;
  bool plain;
  std::string& out;

  void ints(std::span<const std::int64_t> values) const {
    if (plain)
      IntEncoder::encode_plain(values, out);
    else
      encoder.encode(values, out);
  }
  // Returns the place of the size, which end() fills in.
  [[nodiscard]] std::size_t begin(std::uint16_t id, std::uint8_t form, std::uint8_t flags,
                                  std::size_t count) const {
    put(out, id);
    put(out, form);
    put(out, flags);
    put(out, static_cast<std::uint32_t>(count));
    put(out, std::uint32_t{0});
    return out.size();
  }
  void end(std::size_t begun) const {
    const auto size = static_cast<std::uint32_t>(out.size() - begun);
    std::memcpy(out.data() + begun - sizeof size, &size, sizeof size);
  }
  void whole(std::uint16_t id, std::span<const std::int64_t> values) const {
    const std::size_t begun = begin(id, kWhole, 0, values.size());
    ints(values);
    end(begun);
  }
};

std::int64_t place(std::size_t i) { return static_cast<std::int64_t>(i); }

void append_shifted(std::vector<std::int64_t>& to, std::span<const std::int64_t> from,
                    std::size_t shift) {
  for (const std::int64_t at : from) to.push_back(at + place(shift));
}

// 0, 1, 2, ... as far as there are values.
void append_rows(std::vector<std::int64_t>& rows, std::size_t values, std::size_t shift) {
  for (std::size_t i = 0; i < values; ++i) rows.push_back(place(i + shift));
}

}  // namespace

Batch::Batch(std::span<const Channel> channels) : columns_(channels.size()) {
  std::map<std::uint32_t, std::size_t> index;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto [place, fresh] = index.try_emplace(channels[i].group, groups_.size());
    if (fresh)
      groups_.push_back(
          {.id = channels[i].group, .channels = {}, .time_us = {}, .half_width_us = {}});
    groups_[place->second].channels.push_back(static_cast<std::uint16_t>(i));
    columns_[i].group = place->second;
    columns_[i].resolution = channels[i].resolution;
  }
}

bool Batch::add(const Sample& sample) {
  if (sample.channel >= columns_.size() || !std::isfinite(sample.value)) return false;
  Column& column = columns_[sample.channel];
  Group& group = groups_[column.group];
  const std::int64_t time = sample.time.time_since_epoch().count();
  if (time < group.newest_us) return false;
  group.newest_us = time;

  const std::int64_t last = place(group.time_us.size()) - 1;
  const bool shared = last >= 0 && time == group.time_us.back() &&
                      group.half_width_us.back() == sample.half_width_us &&
                      column.last_row() < last;
  if (!shared) {
    group.time_us.push_back(time);
    group.half_width_us.push_back(sample.half_width_us);
    most_rows_ = std::max(most_rows_, group.time_us.size());
  }
  const std::size_t row = group.time_us.size() - 1;
  if (!column.is_dense() || column.value.size() != row) {
    if (column.is_dense()) append_rows(column.row, column.value.size(), 0);
    column.row.push_back(place(row));
  }
  if (sample.restart) column.restart.push_back(place(column.value.size()));
  column.value.push_back(sample.value);
  ++values_;
  return true;
}

void Batch::append(const Batch& later) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& to = columns_[i];
    const Column& from = later.columns_[i];
    if (from.value.empty()) continue;
    const std::size_t rows = groups_[to.group].time_us.size();
    if (!to.is_dense() || !from.is_dense() || to.value.size() != rows) {
      if (to.is_dense()) append_rows(to.row, to.value.size(), 0);
      append_shifted(to.row, from.row, rows);
      if (from.is_dense()) append_rows(to.row, from.value.size(), rows);
    }
    append_shifted(to.restart, from.restart, to.value.size());
    to.value.insert(to.value.end(), from.value.begin(), from.value.end());
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    Group& to = groups_[i];
    const Group& from = later.groups_[i];
    to.time_us.insert(to.time_us.end(), from.time_us.begin(), from.time_us.end());
    to.half_width_us.insert(to.half_width_us.end(), from.half_width_us.begin(),
                            from.half_width_us.end());
    most_rows_ = std::max(most_rows_, to.time_us.size());
  }
  events_.insert(events_.end(), later.events_.begin(), later.events_.end());
  values_ += later.values_;
}

void Batch::clear() {
  for (Group& group : groups_) {
    group.time_us.clear();
    group.half_width_us.clear();
  }
  for (Column& column : columns_) {
    column.value.clear();
    column.row.clear();
    column.restart.clear();
  }
  events_.clear();
  values_ = most_rows_ = 0;
}

void Batch::encode(IntEncoder& encoder, bool plain, std::string& out) const {
  encode_head(out);
  for (const Group& group : groups_)
    if (!group.time_us.empty()) encode_group(group, encoder, plain, out);
}

void Batch::encode_head(std::string& out) const {
  std::int64_t first = 0, last = 0;
  std::uint32_t used = 0;
  for (const Group& group : groups_) {
    if (group.time_us.empty()) continue;
    first = used == 0 ? group.time_us.front() : std::min(first, group.time_us.front());
    last = used == 0 ? group.time_us.back() : std::max(last, group.time_us.back());
    ++used;
  }
  put(out, first);
  put(out, last);
  put(out, used);
  put(out, static_cast<std::uint32_t>(events_.size()));
  for (const Event& event : events_) {
    put(out, static_cast<std::int64_t>(event.time.time_since_epoch().count()));
    put(out, event.kind);
    put(out, static_cast<std::uint32_t>(event.text.size()));
    out += event.text;
  }
}

void Batch::encode_group(const Group& group, IntEncoder& encoder, bool plain,
                         std::string& out) const {
  const auto present = [&](std::uint16_t channel) { return !columns_[channel].value.empty(); };
  const std::size_t rows = group.time_us.size();
  put(out, group.id);
  put(out, static_cast<std::uint32_t>(rows));
  put(out, static_cast<std::uint32_t>(
               std::count_if(group.channels.begin(), group.channels.end(), present)));

  const ColumnWriter writer{encoder, plain, out};
  writer.whole(kTimeColumn, group.time_us);
  writer.whole(kHalfWidthColumn, group.half_width_us);
  std::vector<std::int64_t> whole;
  for (const std::uint16_t channel : group.channels) {
    const Column& column = columns_[channel];
    if (!present(channel)) continue;
    const bool sparse = column.value.size() != rows;
    const auto flags = static_cast<std::uint8_t>((sparse ? kHasRows : 0) |
                                                 (column.restart.empty() ? 0 : kHasRestarts));
    const std::uint8_t form =
        plain ? as_bits(column.value, whole) : find_form(column.value, column.resolution, whole);
    const std::size_t begun = writer.begin(channel, form, flags, column.value.size());
    writer.ints(whole);
    if (sparse) {
      whole = column.row;
      if (column.is_dense()) append_rows(whole, column.value.size(), 0);
      writer.ints(whole);
    }
    if (!column.restart.empty()) {
      put(out, static_cast<std::uint32_t>(column.restart.size()));
      writer.ints(column.restart);
    }
    writer.end(begun);
  }
}

}  // namespace joulery
