// trace: writes header and closing of a record as packed JSON, see record_text.h. Without a
// document in memory: it stands between the user's command and its start.
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <string_view>

#include "base/json_writer.h"
#include "trace/bytes.h"
#include "trace/record_names.h"
#include "trace/record_text.h"

namespace joulery {
namespace {

constexpr int kPackLevel = 1;             // the fastest: a header is some kilobytes
constexpr double kMostResolution = 1e12;  // so that no whole number times it overflows

template <class Enum, std::size_t N>
const char* name_in(const RecordNames<N>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

template <class Time>
std::int64_t micros(Time time) {
  return time.time_since_epoch().count();
}

// What a reader takes where nothing is said: most channels say nothing of most keys.
const Channel& usual() {
  static const Channel channel;
  return channel;
}

template <class T>
void put_unusual(JsonWriter& json, std::string_view name, const T& item, const T& usual) {
  if (item != usual) json.member(name, item);
}

void write(const Accuracy& a, JsonWriter& json) {
  const Accuracy& usual_one = usual().accuracy;
  json.begin_object();
  put_unusual(json, "gain", a.gain, usual_one.gain);
  put_unusual(json, "gain_u", a.gain_u, usual_one.gain_u);
  put_unusual(json, "offset_w", a.offset.count(), usual_one.offset.count());
  put_unusual(json, "offset_u_w", a.offset_u.count(), usual_one.offset_u.count());
  put_unusual(json, "correlation", a.correlation, usual_one.correlation);
  put_unusual(json, "family", a.family, usual_one.family);
  put_unusual(json, "source", a.source, usual_one.source);
  json.end_object();
}

void write(const Channel& c, JsonWriter& json) {
  json.begin_object();
  json.member("id", c.id);
  json.member("component", c.component);
  json.member("kind", name_in(kKinds, c.kind));
  json.member("measure", name_in(kMeasures, c.measure));
  json.member("rule", name_in(kRules, c.rule));
  json.member("evidence", name_in(kEvidences, c.evidence));
  json.member("source", c.source);
  put_unusual(json, "model", c.model, usual().model);
  json.member("resolution", c.resolution);
  put_unusual(json, "update_period_s", c.update_period.count(), usual().update_period.count());
  put_unusual(json, "averaging_s", c.averaging.count(), usual().averaging.count());
  put_unusual(json, "lag_s", c.lag.count(), usual().lag.count());
  put_unusual(json, "duty", c.duty, usual().duty);
  if (c.accuracy != usual().accuracy) {
    json.key("accuracy");
    write(c.accuracy, json);
  }
  json.member("group", std::uint64_t{c.group});
  put_unusual(json, "preferred", c.preferred, usual().preferred);
  put_unusual(json, "flags", c.flags, usual().flags);
  if (c.max_power) json.member("max_power_w", c.max_power->count());
  if (c.part_of) json.member("part_of", *c.part_of);
  json.end_object();
}

void write(const TraceInfo& info, JsonWriter& json) {
  json.member("begin_us", micros(info.begin));
  json.member("wall_begin_us", micros(info.wall_begin));
  json.member("period_s", info.period.count());
  json.member("flags", info.flags);
  if (info.idle_begin) json.member("idle_begin_us", micros(*info.idle_begin));
}

void write(const LoopStats& loop, JsonWriter& json) {
  json.begin_object();
  json.member("ticks", loop.ticks);
  json.member("late", loop.late);
  json.member("lost", loop.lost);
  json.member("cpu_s", loop.cpu.count());
  json.member("read_p50_s", loop.read_p50.count());
  json.member("read_p99_s", loop.read_p99.count());
  json.end_object();
}

void pack(const std::string& json, const std::string& text, std::string& out) {
  std::string plain;
  put(plain, static_cast<std::uint32_t>(json.size()));
  plain += json;
  plain += text;
  put(out, static_cast<std::uint32_t>(plain.size()));
  const std::size_t start = out.size();
  out.resize(start + ZSTD_compressBound(plain.size()));
  const std::size_t size =
      ZSTD_compress(out.data() + start, out.size() - start, plain.data(), plain.size(), kPackLevel);
  out.resize(start + (ZSTD_isError(size) != 0 ? 0 : size));
}

}  // namespace

bool is_sound(const Channel& c) {
  const Accuracy& a = c.accuracy;
  const std::array numbers = {c.update_period.count(),
                              c.averaging.count(),
                              c.lag.count(),
                              c.duty,
                              c.max_power.value_or(Watts{}).count(),
                              a.gain,
                              a.gain_u,
                              a.offset.count(),
                              a.offset_u.count(),
                              a.correlation};
  return c.resolution > 0 && c.resolution <= kMostResolution &&
         std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

Result<void> check_header(std::span<const Channel> channels, const std::string& about) {
  if (channels.size() > kMostRecordChannels)
    return Error{ErrorCode::kInvalid, std::to_string(channels.size()) +
                                          " channels: a record holds " +
                                          std::to_string(kMostRecordChannels)};
  if (about.size() > kMostRecordText / 2)
    return Error{ErrorCode::kInvalid, "text of " + std::to_string(about.size()) +
                                          " bytes: a record holds " +
                                          std::to_string(kMostRecordText / 2)};
  for (const Channel& channel : channels)
    if (!is_sound(channel))
      return Error{ErrorCode::kInternal,
                   "channel " + channel.id + ": a number in it is out of range"};
  return {};
}

void encode_header(const RecordHeader& header, std::string& out) {
  std::ostringstream text;
  JsonWriter json(text);
  json.begin_object(JsonWriter::Layout::kOneLine);
  write(header.info, json);
  json.member("version", kRecordVersion);
  json.key("channels");
  json.begin_array();
  for (const Channel& channel : header.channels) write(channel, json);
  json.end_array();
  json.end_object();
  pack(text.str(), header.about, out);
}

void encode_closing(const RecordClosing& closing, std::string& out) {
  std::ostringstream text;
  JsonWriter json(text);
  json.begin_object(JsonWriter::Layout::kOneLine);
  write(closing.info, json);
  json.member("end_us", micros(closing.info.end));
  json.key("loop");
  write(closing.info.loop, json);
  json.end_object();
  pack(text.str(), closing.text, out);
}

}  // namespace joulery
