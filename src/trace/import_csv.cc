// trace: CSV of `joulery export`, and plain CSV with a stamp and power or energy, see import.h.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "trace/import_gpu.h"
#include "trace/import_table.h"

namespace joulery {
namespace {

constexpr std::array kMeasures = {
    std::pair{"energy", Measure::kEnergy},
    std::pair{"power", Measure::kPower},
    std::pair{"utilization", Measure::kUtilization},
    std::pair{"memory_used", Measure::kMemoryUsed},
    std::pair{"temperature", Measure::kTemperature},
    std::pair{"clock", Measure::kClock},
    std::pair{"throughput", Measure::kThroughput},
    std::pair{"power_limit", Measure::kPowerLimit},
    std::pair{"throttle_time", Measure::kThrottleTime},
    std::pair{"cpu_time", Measure::kCpuTime},
    std::pair{"count", Measure::kCount},
};

std::optional<Measure> parse_measure(std::string_view text) {
  for (const auto& [name, measure] : kMeasures)
    if (text == name) return measure;
  return {};
}

std::optional<ComponentKind> parse_kind(std::string_view text) {
  for (const auto kind : {ComponentKind::kGpu, ComponentKind::kCpu, ComponentKind::kDram,
                          ComponentKind::kNode, ComponentKind::kOther})
    if (text == name_of(kind)) return kind;
  return {};
}

bool is_name(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  return !text.empty() && text.size() <= kLongest;
}

// As the NVIDIA sensors name their sources ("nvml-power-instant").
GpuPower power_of(std::string_view source) {
  if (source.ends_with("-instant")) return GpuPower::kInstant;
  return source.ends_with("-average") ? GpuPower::kAverage : GpuPower::kDraw;
}

// A counter or power of which nothing but its kind, and perhaps its model and source, is known.
void describe_energy(Channel& channel) {
  const bool energy = channel.measure == Measure::kEnergy;
  if (!energy && channel.measure != Measure::kPower) return;
  if (channel.kind == ComponentKind::kGpu) {
    if (energy) describe_gpu_energy(channel, channel.model, Joules(1e-3));
    if (!energy) describe_gpu_power(channel, channel.model, power_of(channel.source));
  } else {
    channel.rule = energy ? Rule::kCounter : Rule::kTrapezoid;
    channel.evidence = energy ? Evidence::kMeasured : Evidence::kIntegrated;
    channel.accuracy.gain_u = channel.kind == ComponentKind::kDram ? 0.10 : 0.05;
    channel.accuracy.source = "the log names none: assumed";
  }
  channel.preferred = energy;
}

// "simulated;mig-parent": those that the reading has already are not told twice.
void add_flags(std::string_view text, Channel& channel) {
  constexpr std::size_t kMost = 16;  // more than any sensor sets; bounds a hostile file
  if (text.empty()) return;
  for (const std::string_view flag : split(text, ';')) {
    const bool told =
        std::find(channel.flags.begin(), channel.flags.end(), flag) != channel.flags.end();
    if (is_name(flag) && !told && channel.flags.size() < kMost) channel.flags.emplace_back(flag);
  }
}

// Long form: one row for each reading.
class ExportFile {
 public:
  ExportFile(LogLines& lines, ImportContext& context) : table_(lines, context) {}

  Result<void> read() {
    JOULERY_CHECK(table_.open({"time_us", "channel", "component", "kind", "measure", "value"}));
    while (table_.next()) JOULERY_CHECK(read_row());
    return table_.verdict();
  }

 private:
  Result<void> read_row() {
    const auto time = parse_integer(table_.text(time_));
    constexpr std::int64_t kYear2100 = 4'102'444'800'000'000;
    if (!time || *time < 0 || *time >= kYear2100) return bad(time_, "no count of us since 1970");
    const auto measure = parse_measure(table_.text(measure_));
    if (!measure) return bad(measure_, "no measure");
    const Field field = parse_field(table_.text(value_), *measure, 1);
    if (field.kind != Field::Kind::kValue) return bad(value_, "no value of this measure");
    const auto width = table_.text(width_).empty() ? 0 : parse_integer(table_.text(width_));
    if (!width || *width < 0 || *width > UINT32_MAX) return bad(width_, "no half-width in us");
    const std::string_view restart = table_.text(restart_);
    if (!restart.empty() && restart != "0" && restart != "1") return bad(restart_, "not 0 or 1");
    const auto channel = find_channel(*measure);
    if (!channel) return channel.error();
    if (!*channel) return {};
    table_.good();
    table_.context().trace.add({.time = Instant(Micros(*time)),
                                .value = field.value,
                                .half_width_us = static_cast<std::uint32_t>(*width),
                                .channel = **channel,
                                .restart = restart == "1"},
                               table_.line());
    return {};
  }

  Result<void> bad(std::size_t column, const char* why) {
    table_.bad(column, why);
    return {};
  }

  // Empty where the row is bad; an error where there are too many channels.
  Result<std::optional<std::uint16_t>> find_channel(Measure measure) {
    using Found = std::optional<std::uint16_t>;
    id_ = table_.text(channel_);
    const auto known = channels_.find(id_);
    if (known != channels_.end()) return Found(known->second);
    Channel channel;
    const auto kind = parse_kind(table_.text(kind_));
    if (!kind || !is_name(id_) || !is_name(table_.text(component_))) {
      table_.bad(kind ? channel_ : kind_, kind ? "no name of a channel" : "no kind");
      return Found();
    }
    channel.id = id_;
    channel.component = table_.text(component_);
    channel.kind = *kind;
    channel.measure = measure;
    channel.model = table_.text(model_);
    channel.source = table_.text(source_).empty() ? "joulery csv" : table_.text(source_);
    channel.resolution = 1e-6;
    describe_energy(channel);
    add_flags(table_.text(flags_), channel);
    if (!table_.text(part_of_).empty()) channel.part_of = table_.text(part_of_);
    if (table_.text(class_) == name_of(Evidence::kModelled)) channel.evidence = Evidence::kModelled;
    JOULERY_TRY(const std::uint16_t index, table_.context().trace.channel(channel));
    channels_.emplace(id_, index);
    return Found(index);
  }

  CsvTable table_;
  std::size_t time_ = table_.want("time_us"), channel_ = table_.want("channel"),
              component_ = table_.want("component"), kind_ = table_.want("kind"),
              measure_ = table_.want("measure"), value_ = table_.want("value"),
              width_ = table_.want("half_width_us"), restart_ = table_.want("restart"),
              model_ = table_.want("model"), source_ = table_.want("source"),
              class_ = table_.want("class"), part_of_ = table_.want("part_of"),
              flags_ = table_.want("flags");
  std::unordered_map<std::string, std::uint16_t> channels_;
  std::string id_;
};

struct PlainColumn {
  const char* heading;
  Measure measure;
  double factor;
};
constexpr std::array kPlainColumns = {
    PlainColumn{"energy_j", Measure::kEnergy, 1},
    PlainColumn{"energy_kwh", Measure::kEnergy, kJoulesPerKilowattHour},
    PlainColumn{"power_w", Measure::kPower, 1},
    PlainColumn{"power_mw", Measure::kPower, 1e-3},
};

// Wide form: a stamp, power_w or energy_j (cumulative), and perhaps device and kind.
class PlainFile {
 public:
  PlainFile(LogLines& lines, ImportContext& context) : table_(lines, context) {}

  Result<void> read() {
    JOULERY_CHECK(table_.open({"timestamp"}));
    if (std::none_of(values_.begin(), values_.end(), [&](auto v) { return table_.has(v); }))
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: the heading lacks a column power_w, power_mw, energy_j or "
                               "energy_kwh",
                               table_.file())};
    while (table_.next()) JOULERY_CHECK(read_row());
    relate_to_node();
    return table_.verdict();
  }

 private:
  // A node's meter sees its devices too.
  void relate_to_node() {
    std::set<std::string> nodes;
    TraceBuilder& trace = table_.context().trace;
    for (const std::uint16_t channel : channels_)
      if (trace.described(channel).kind == ComponentKind::kNode)
        nodes.insert(trace.described(channel).component);
    if (nodes.size() > 1)
      table_.context().repairs.note(
          fmt::format("several_nodes: {}: which of {} nodes a device is part of is not in the log; "
                      "all are in the sum",
                      table_.file(), nodes.size()));
    if (nodes.size() != 1) return;
    for (const std::uint16_t channel : channels_) {
      Channel& described = trace.described(channel);
      const bool inside = described.kind == ComponentKind::kGpu ||
                          described.kind == ComponentKind::kCpu ||
                          described.kind == ComponentKind::kDram;
      if (inside) described.part_of = *nodes.begin();
    }
  }

  Result<void> read_row() {
    const auto stamp = parse_stamp(table_.text(stamp_), table_.context().options.utc_offset);
    if (!stamp) return bad(stamp_, "no time from 1990 to 2100");
    const auto kind =
        table_.text(kind_).empty() ? ComponentKind::kOther : parse_kind(lower(table_.text(kind_)));
    if (!kind) return bad(kind_, "not gpu, cpu, dram, node or other");
    const std::string_view device = table_.text(device_).empty() ? "log" : table_.text(device_);
    if (!is_name(device)) return bad(device_, "no name of a device");
    std::array<std::optional<double>, kPlainColumns.size()> values;
    for (std::size_t i = 0; i < kPlainColumns.size(); ++i)
      if (!parse_value(i, values[i])) return {};
    table_.good();
    for (std::size_t i = 0; i < kPlainColumns.size(); ++i) {
      if (!values[i]) continue;
      JOULERY_TRY(const std::uint16_t channel,
                  table_.context().trace.channel(describe(i, *kind, device)));
      channels_.insert(channel);
      table_.context().trace.add(channel, Instant(stamp->time_since_epoch()), *values[i],
                                 table_.line());
    }
    return {};
  }

  Result<void> bad(std::size_t column, const char* why) {
    table_.bad(column, why);
    return {};
  }

  bool parse_value(std::size_t i, std::optional<double>& value) {
    const std::string_view text = table_.text(values_[i]);
    if (!table_.has(values_[i])) return true;
    const Field field = parse_field(text, kPlainColumns[i].measure, kPlainColumns[i].factor);
    if (field.kind == Field::Kind::kValue) value = field.value;
    const bool missing = text.empty() || field.kind == Field::Kind::kMissing;
    if (missing)
      table_.context().repairs.add(fmt::format("missing_value {}", kPlainColumns[i].heading),
                                   table_.file(), table_.line());
    if (value || missing) return true;
    table_.bad(values_[i], "no value of this column");
    return false;
  }

  static Channel describe(std::size_t i, ComponentKind kind, std::string_view device) {
    Channel channel;
    channel.component = fmt::format("{}/{}", name_of(kind), device);
    channel.id = fmt::format("{}/{}", channel.component, kPlainColumns[i].heading);
    channel.kind = kind;
    channel.measure = kPlainColumns[i].measure;
    channel.resolution = 1e-6;
    describe_energy(channel);
    channel.source = fmt::format("csv {}", kPlainColumns[i].heading);
    return channel;
  }

  CsvTable table_;
  std::size_t stamp_ = table_.want("timestamp"), device_ = table_.want("device"),
              kind_ = table_.want("kind");
  std::array<std::size_t, kPlainColumns.size()> values_ = {
      table_.want(kPlainColumns[0].heading), table_.want(kPlainColumns[1].heading),
      table_.want(kPlainColumns[2].heading), table_.want(kPlainColumns[3].heading)};
  std::set<std::uint16_t> channels_;
};

}  // namespace

bool claims_joulery_csv(std::string_view head) {
  return contains_all(headings_of(head), {"time_us", "channel", "measure", "value"});
}

Result<void> read_joulery_csv(LogLines& lines, ImportContext& context) {
  return ExportFile(lines, context).read();
}

bool claims_plain_csv(std::string_view head) {
  const auto names = headings_of(head);
  return contains_all(names, {"timestamp"}) &&
         std::any_of(
             kPlainColumns.begin(), kPlainColumns.end(),
             [&names](const PlainColumn& column) { return contains_all(names, {column.heading}); });
}

Result<void> read_plain_csv(LogLines& lines, ImportContext& context) {
  return PlainFile(lines, context).read();
}

}  // namespace joulery
