// report: a run, its account and every sample as one JSON document; docs/formats/export.md says
// every key.
#include <ostream>

#include "base/json_writer.h"
#include "base/text.h"
#include "joulery/report.h"
#include "report/run_json.h"
#include "report/sample_text.h"

namespace joulery {
namespace {

const char* name_of_rule(Rule rule) {
  switch (rule) {
    case Rule::kNone:
      return "none";
    case Rule::kCounter:
      return "counter";
    case Rule::kTrapezoid:
      return "trapezoid";
    case Rule::kPlainMean:
      return "plain_mean";
    case Rule::kWindowAverage:
      return "window_average";
  }
  return "none";
}

const char* name_of_event(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::kMark:
      return "mark";
    case Event::Kind::kSensorLost:
      return "sensor_lost";
    case Event::Kind::kReadFailed:
      return "read_failed";
    case Event::Kind::kLateTick:
      return "late_tick";
    case Event::Kind::kLostTick:
      return "lost_tick";
    case Event::Kind::kClockStep:
      return "clock_step";
    case Event::Kind::kNote:
      return "note";
  }
  return "note";
}

void put_description(JsonWriter& json, const Channel& channel) {
  json.member("id", channel.id);
  json.member("component", channel.component);
  json.member("kind", name_of(channel.kind));
  json.member("measure", name_of(channel.measure));
  json.member("unit", unit_of(channel.measure));
  json.member("rule", name_of_rule(channel.rule));
  json.member("class", name_of(channel.evidence));
  json.member("source", channel.source);
  json.member("model", channel.model);
  json.member("update_period_s", channel.update_period.count());
  json.member("averaging_s", channel.averaging.count());
  json.member("lag_s", channel.lag.count());
  json.member("duty", channel.duty);
  if (channel.part_of) json.member("part_of", *channel.part_of);
  json.member("flags", channel.flags);
}

/// One column of one channel. The channel is scanned once a column, so that none is held in memory.
template <class Put>
Result<void> put_column(JsonWriter& json, const char* name, const Trace& trace, std::size_t index,
                        Put put) {
  json.key(name);
  json.begin_array();
  const Channel* const wanted = &trace.channels()[index];
  JOULERY_CHECK(trace.scan([&](const Channel& channel) { return channel.id == wanted->id; },
                           [&](std::uint16_t channel, const Block& block) {
                             if (channel != index) return;
                             for (std::size_t i = 0; i < block.time.size(); ++i) put(block, i);
                           }));
  json.end_array();
  return {};
}

Result<void> put_channel(JsonWriter& json, const Trace& trace, std::size_t index) {
  json.begin_object();
  put_description(json, trace.channels()[index]);
  JOULERY_CHECK(put_column(json, "time_us", trace, index, [&](const Block& block, std::size_t i) {
    json.value(utc_us(trace.info(), block.time[i]));
  }));
  JOULERY_CHECK(put_column(json, "value", trace, index,
                           [&](const Block& block, std::size_t i) { json.value(block.value[i]); }));
  JOULERY_CHECK(
      put_column(json, "half_width_us", trace, index, [&](const Block& block, std::size_t i) {
        json.value(static_cast<std::int64_t>(block.half_width_us[i]));
      }));
  JOULERY_CHECK(put_column(json, "restart", trace, index, [&](const Block& block, std::size_t i) {
    json.value(!block.restart.empty() && block.restart[i] != 0 ? 1 : 0);
  }));
  json.end_object();
  return {};
}

void put_events(JsonWriter& json, const TraceInfo& info) {
  json.key("events");
  json.begin_array(JsonWriter::Layout::kLines);
  for (const Event& event : info.events) {
    json.begin_object(JsonWriter::Layout::kOneLine);
    json.member("time_us", utc_us(info, event.time));
    json.member("kind", name_of_event(event.kind));
    json.member("text", event.text);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

Result<void> export_json(const StoredRun& run, std::ostream& out) {
  JOULERY_TRY(const Account account, make_account(*run.trace, run.job, run.place));
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/export/1");
  json.key("run");
  put_account(json, account);
  json.member("period_s", run.trace->info().period.count());
  put_events(json, run.trace->info());
  json.key("channels");
  json.begin_array(JsonWriter::Layout::kLines);
  for (std::size_t i = 0; i < run.trace->channels().size(); ++i)
    JOULERY_CHECK(put_channel(json, *run.trace, i));
  json.end_array();
  json.end_object();
  if (!out.flush())
    return Error{ErrorCode::kUnavailable, "the export cannot be written: disk full?"};
  return {};
}

}  // namespace joulery
