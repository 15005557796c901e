// trace: reads header and closing of a record from packed JSON, see record_text.h. The only file
// here that includes nlohmann.
#include "trace/record_text.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "trace/bytes.h"
#include "trace/record_names.h"

namespace joulery {
namespace {

using Json = nlohmann::json;

template <class Enum, std::size_t N>
Enum value_in(const RecordNames<N>& names, const Json& json, const char* key) {
  const auto& name = json.at(key).get_ref<const std::string&>();
  const auto* const place = std::find(names.begin(), names.end(), name);
  if (place == names.end()) throw std::runtime_error(std::string(key) + ": unknown: " + name);
  return static_cast<Enum>(place - names.begin());
}

double number_in(const Json& json, const char* key) { return json.at(key).get<double>(); }
std::string text_in(const Json& json, const char* key) { return json.at(key).get<std::string>(); }

// Sets what the record says of a key, and leaves the usual value where it says nothing.
template <class T>
void take(const Json& json, const char* key, T& out) {
  if (json.contains(key)) out = json.at(key).get<T>();
}
void take(const Json& json, const char* key, Seconds& out) {
  if (json.contains(key)) out = Seconds(number_in(json, key));
}
void take(const Json& json, const char* key, Watts& out) {
  if (json.contains(key)) out = Watts(number_in(json, key));
}

Accuracy to_accuracy(const Json& json) {
  Accuracy a;
  take(json, "gain", a.gain);
  take(json, "gain_u", a.gain_u);
  take(json, "offset_w", a.offset);
  take(json, "offset_u_w", a.offset_u);
  take(json, "correlation", a.correlation);
  take(json, "family", a.family);
  take(json, "source", a.source);
  return a;
}

Channel to_channel(const Json& json) {
  Channel c;
  c.id = text_in(json, "id");
  c.component = text_in(json, "component");
  c.kind = value_in<ComponentKind>(kKinds, json, "kind");
  c.measure = value_in<Measure>(kMeasures, json, "measure");
  c.rule = value_in<Rule>(kRules, json, "rule");
  c.evidence = value_in<Evidence>(kEvidences, json, "evidence");
  c.source = text_in(json, "source");
  c.resolution = number_in(json, "resolution");
  c.group = json.at("group").get<std::uint32_t>();
  take(json, "model", c.model);
  take(json, "update_period_s", c.update_period);
  take(json, "averaging_s", c.averaging);
  take(json, "lag_s", c.lag);
  take(json, "duty", c.duty);
  if (json.contains("accuracy")) c.accuracy = to_accuracy(json.at("accuracy"));
  take(json, "preferred", c.preferred);
  take(json, "flags", c.flags);
  if (json.contains("max_power_w")) c.max_power = Watts(number_in(json, "max_power_w"));
  if (json.contains("part_of")) c.part_of = text_in(json, "part_of");
  if (!is_sound(c))
    throw std::runtime_error("channel " + c.id + ": a number in it is out of range");
  return c;
}

template <class Time>
Time time_in(const Json& json, const char* key) {
  constexpr std::int64_t kMost = std::int64_t{1} << 61;  // no difference of two times overflows
  return Time(Micros(std::clamp(json.at(key).get<std::int64_t>(), -kMost, kMost)));
}

TraceInfo to_info(const Json& json) {
  TraceInfo info;
  info.begin = time_in<Instant>(json, "begin_us");
  info.end = info.begin;
  info.wall_begin = time_in<WallTime>(json, "wall_begin_us");
  info.period = Seconds(number_in(json, "period_s"));
  info.flags = json.at("flags").get<std::vector<std::string>>();
  if (json.contains("idle_begin_us")) info.idle_begin = time_in<Instant>(json, "idle_begin_us");
  return info;
}

LoopStats to_loop(const Json& json) {
  return {.ticks = json.at("ticks").get<std::uint64_t>(),
          .late = json.at("late").get<std::uint64_t>(),
          .lost = json.at("lost").get<std::uint64_t>(),
          .cpu = Seconds(number_in(json, "cpu_s")),
          .read_p50 = Seconds(number_in(json, "read_p50_s")),
          .read_p99 = Seconds(number_in(json, "read_p99_s"))};
}

struct Unpacked {
  Json json;
  std::string text;
};

Unpacked unpack(std::string_view payload) {
  ByteReader in(payload);
  std::uint32_t size = 0, json_size = 0;
  if (!in.take(size) || size > kMostRecordText)
    throw std::runtime_error("its size is out of range");
  std::string plain(size, '\0');
  const std::string_view packed = in.rest();
  if (ZSTD_decompress(plain.data(), size, packed.data(), packed.size()) != size)
    throw std::runtime_error("it does not unpack");
  ByteReader parts(plain);
  std::string_view json;
  if (!parts.take(json_size) || !parts.take_bytes(json_size, json))
    throw std::runtime_error("its JSON is cut off");
  return {.json = Json::parse(json), .text = std::string(parts.rest())};
}

RecordHeader header_of(const Unpacked& unpacked) {
  const Json& json = unpacked.json;
  if (const int version = json.at("version").get<int>(); version != kRecordVersion)
    throw std::runtime_error("version " + std::to_string(version) + " is not known, only 1");
  RecordHeader header{.info = to_info(json), .channels = {}, .about = unpacked.text};
  if (json.at("channels").size() > kMostRecordChannels)
    throw std::runtime_error("too many channels");
  for (const Json& channel : json.at("channels")) header.channels.push_back(to_channel(channel));
  return header;
}

RecordClosing closing_of(const Unpacked& unpacked) {
  RecordClosing closing{.info = to_info(unpacked.json), .text = unpacked.text};
  closing.info.end = time_in<Instant>(unpacked.json, "end_us");
  closing.info.loop = to_loop(unpacked.json.at("loop"));
  return closing;
}

}  // namespace

Result<RecordHeader> decode_header(std::string_view payload) try {
  return header_of(unpack(payload));
} catch (const std::exception& bad) {
  return Error{ErrorCode::kInvalid, std::string("the record's header is malformed: ") + bad.what()};
}

Result<RecordClosing> decode_closing(std::string_view payload) try {
  return closing_of(unpack(payload));
} catch (const std::exception& bad) {
  return Error{ErrorCode::kInvalid,
               std::string("the record's closing is malformed: ") + bad.what()};
}

}  // namespace joulery
