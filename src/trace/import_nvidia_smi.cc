// trace: nvidia-smi --query-gpu=... --format=csv, any columns in any order, see import.h.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "base/text.h"
#include "trace/import.h"
#include "trace/import_gpu.h"
#include "trace/import_interleave.h"

namespace joulery {
namespace {

struct SmiColumn {
  std::string_view heading;
  const char* name;  // of the channel
  Measure measure;
  double factor;  // where neither the heading nor the value has a unit
};
constexpr std::size_t kDraw = 0, kAverage = 1, kInstant = 2;  // rows of kSmiColumns
constexpr std::array kSmiColumns = {
    SmiColumn{"power.draw", "power", Measure::kPower, 1},
    SmiColumn{"power.draw.average", "power_average", Measure::kPower, 1},
    SmiColumn{"power.draw.instant", "power_instant", Measure::kPower, 1},
    SmiColumn{"utilization.gpu", "utilization", Measure::kUtilization, 1},
    SmiColumn{"utilization.memory", "memory_utilization", Measure::kUtilization, 1},
    SmiColumn{"memory.used", "memory_used", Measure::kMemoryUsed, kMebibyte},
    SmiColumn{"temperature.gpu", "temperature", Measure::kTemperature, 1},
    SmiColumn{"clocks.sm", "sm_clock", Measure::kClock, 1e6},
    SmiColumn{"clocks.current.sm", "sm_clock", Measure::kClock, 1e6},
    SmiColumn{"clocks.mem", "memory_clock", Measure::kClock, 1e6},
    SmiColumn{"clocks.current.memory", "memory_clock", Measure::kClock, 1e6},
    SmiColumn{"power.limit", "power_limit", Measure::kPowerLimit, 1},
    SmiColumn{"enforced.power.limit", "power_limit_enforced", Measure::kPowerLimit, 1},
};
// What names a device, best first.
constexpr std::array<std::string_view, 6> kIdentities = {"uuid",       "gpu_uuid", "pci.bus_id",
                                                         "gpu_bus_id", "index",    "serial"};

std::optional<std::size_t> find_column(std::string_view heading) {
  for (std::size_t i = 0; i < kSmiColumns.size(); ++i)
    if (kSmiColumns[i].heading == heading) return i;
  return {};
}

// Where a file's columns are.
struct Layout {
  struct Use {
    std::size_t field, quantity;
    double factor;
  };
  std::vector<Use> uses;
  std::size_t fields = 0;
  std::optional<std::size_t> stamp, identity, model;
  std::size_t identity_rank = kIdentities.size();
};

void place_column(Layout& layout, const Heading& heading, std::size_t field) {
  if (heading.name == "timestamp") layout.stamp = field;
  if (heading.name == "name" || heading.name == "gpu_name") layout.model = field;
  const auto* identity = std::find(kIdentities.begin(), kIdentities.end(), heading.name);
  const auto rank = static_cast<std::size_t>(identity - kIdentities.begin());
  if (rank < layout.identity_rank) {
    layout.identity_rank = rank;
    layout.identity = field;
  }
  const auto quantity = find_column(heading.name);
  if (!quantity) return;
  const SmiColumn& known = kSmiColumns[*quantity];
  const auto factor = unit_factor(known.measure, heading.unit);
  layout.uses.push_back({field, *quantity, factor.value_or(known.factor)});
}

// Empty where `line` is no heading: it has no "timestamp" and power.draw columns.
std::optional<Layout> parse_layout(std::string_view line) {
  Layout layout;
  for (const std::string_view text : split(line, ','))
    place_column(layout, parse_heading(text), layout.fields++);
  const bool power = std::any_of(layout.uses.begin(), layout.uses.end(), [](const auto& use) {
    return kSmiColumns[use.quantity].measure == Measure::kPower;
  });
  if (!layout.stamp || !power) return {};
  return layout;
}

struct SmiReading {
  std::size_t column;  // of kSmiColumns
  double value;
};
// Rows of a log that does not name its devices, kept until they are told apart.
struct UnnamedRows {
  static constexpr std::size_t kRowBytes =
      sizeof(Instant) + sizeof(std::uint64_t) + sizeof(std::size_t);  // beside its readings
  std::vector<Instant> stamp;
  std::vector<std::uint64_t> line;
  std::vector<std::size_t> end;  // of each row's readings
  std::vector<SmiReading> readings;
};
struct Device {
  std::string name, model;
  std::array<std::optional<std::uint16_t>, kSmiColumns.size()> channels;
  double limit = 0;  // W, the greatest of the log; 0 where it tells none
};

class SmiFile {
 public:
  SmiFile(LogLines& lines, ImportContext& context)
      : lines_(lines), context_(context), count_(context.repairs, lines) {}

  Result<void> read() {
    JOULERY_CHECK(find_layout());
    while (!context_.trace.full() && lines_.next()) JOULERY_CHECK(read_line());
    JOULERY_CHECK(count_.verdict());
    if (!rows_.stamp.empty()) JOULERY_CHECK(add_unnamed());
    settle_windows();
    settle_limits();
    return {};
  }

 private:
  Result<void> find_layout() {
    while (lines_.next()) {
      if (lines_.damaged()) continue;
      const auto layout = parse_layout(lines_.text());
      if (layout) {
        layout_ = *layout;
        heading_ = trim(lines_.text());
        return {};
      }
    }
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}:1: no heading with 'timestamp' and 'power.draw' (is it from "
                             "--format=csv,noheader?)",
                             lines_.file())};
  }

  Result<void> read_line() {
    const std::string_view text = trim(lines_.text());
    if (text.empty()) return {};
    if (lines_.damaged()) {
      count_.bad("NUL bytes or a line of more than 64 KiB");
      return {};
    }
    if (take_new_heading(text)) return {};
    const auto fields = split(text, ',');
    const auto row = parse_row(fields);
    if (!row) return {};
    count_.good();
    compare_powers();
    if (row->device) return add_row(*row->device, row->stamp, lines_.number(), readings_);
    context_.trace.hold(UnnamedRows::kRowBytes + readings_.size() * sizeof(SmiReading),
                        lines_.number());
    rows_.stamp.push_back(row->stamp);
    rows_.line.push_back(lines_.number());
    rows_.readings.insert(rows_.readings.end(), readings_.begin(), readings_.end());
    rows_.end.push_back(rows_.readings.size());
    return {};
  }

  // nvidia-smi was started anew on the same file, perhaps with other columns.
  bool take_new_heading(std::string_view text) {
    if (text.find("timestamp") == std::string_view::npos) return false;
    const auto layout = parse_layout(text);
    if (!layout) return false;
    context_.repairs.add(text == heading_ ? "repeated_heading" : "new_heading", lines_.file(),
                         lines_.number());
    layout_ = *layout;
    heading_ = text;
    return true;
  }

  struct Row {
    Instant stamp;
    std::optional<std::size_t> device;
  };
  // Fills readings_. Empty where the row is garbled: nothing of it is kept.
  std::optional<Row> parse_row(const std::vector<std::string_view>& fields) {
    if (fields.size() != layout_.fields || lines_.cut()) {
      count_.bad(lines_.cut() ? "the end of the file cuts it"
                              : fmt::format("{} columns, not {}", fields.size(), layout_.fields));
      return {};
    }
    const auto stamp = parse_stamp(fields[*layout_.stamp], context_.options.utc_offset);
    if (!stamp) {
      bad_field(fields, *layout_.stamp, "no time from 1990 to 2100");
      return {};
    }
    Row row{Instant(stamp->time_since_epoch()), {}};
    if (!read_cells(fields)) return {};
    if (!layout_.identity) return row;
    row.device = find_device(fields);
    if (row.device) return row;
    bad_field(fields, *layout_.identity, "no name of a device");
    return {};
  }

  void bad_field(const std::vector<std::string_view>& fields, std::size_t field, const char* why) {
    constexpr std::size_t kShown = 40;
    count_.bad(fmt::format("column {}: '{}' is {}", field + 1,
                           trim(fields[field]).substr(0, kShown), why));
  }

  // Fills readings_; false where the row is garbled.
  bool read_cells(const std::vector<std::string_view>& fields) {
    readings_.clear();
    for (const Layout::Use& use : layout_.uses) {
      const SmiColumn& quantity = kSmiColumns[use.quantity];
      const Field field = parse_field(fields[use.field], quantity.measure, use.factor);
      if (field.kind == Field::Kind::kGarbled) {
        bad_field(fields, use.field, "not a value of this column");
        return false;
      }
      if (field.kind == Field::Kind::kValue) {
        readings_.push_back({use.quantity, field.value});
        continue;
      }
      const bool missing = field.kind == Field::Kind::kMissing;
      context_.repairs.add(missing
                               ? fmt::format("missing_value {} {}", quantity.heading, field.missing)
                               : fmt::format("impossible_value {}", quantity.heading),
                           lines_.file(), lines_.number());
    }
    return true;
  }

  // Empty where the field is no name.
  std::optional<std::size_t> find_device(const std::vector<std::string_view>& fields) {
    constexpr std::size_t kLongest = 64;  // a UUID has 40 characters
    const std::string_view name = trim(fields[*layout_.identity]);
    if (name.empty() || name.size() > kLongest || name.find_first_of(" []/") != name.npos)
      return {};
    const auto [at, is_new] = index_.try_emplace(std::string(name), devices_.size());
    if (is_new) {
      context_.trace.hold(sizeof(Device), lines_.number());
      devices_.push_back({.name = std::string(name), .model = {}, .channels = {}});
    }
    Device& device = devices_[at->second];
    if (device.model.empty() && layout_.model) device.model = trim(fields[*layout_.model]);
    return at->second;
  }

  // Tells the rows of a log without an index apart, and hands them over.
  Result<void> add_unnamed() {
    const int asked = context_.options.interleaved;
    const int seen = find_interleaved(rows_.stamp);
    const int devices = asked > 0 ? asked : seen;
    if (devices > 1 || seen > 1) tell_interleaved(devices, seen);
    const auto device_of = assign_interleaved(rows_.stamp, devices, devices != seen);
    const auto [first, last] = std::minmax_element(rows_.stamp.begin(), rows_.stamp.end());
    const int start = context_.unnamed.first_of(*first, *last, devices);
    const std::size_t first_device = devices_.size();
    for (int i = 0; i < devices; ++i)
      devices_.push_back({.name = fmt::format("{}", start + i), .model = {}, .channels = {}});
    for (std::size_t row = 0; row < rows_.stamp.size(); ++row) {
      if (device_of[row] < 0) {
        context_.repairs.add("row_of_unknown_device", lines_.file(), rows_.line[row]);
        continue;
      }
      const std::size_t from = row == 0 ? 0 : rows_.end[row - 1];
      JOULERY_CHECK(add_row(first_device + static_cast<std::size_t>(device_of[row]),
                            rows_.stamp[row], rows_.line[row],
                            std::span(rows_.readings).subspan(from, rows_.end[row] - from)));
    }
    return {};
  }

  void tell_interleaved(int devices, int seen) {
    std::string text = fmt::format(
        "interleaved_devices: {} has rows of {} devices without an index", lines_.file(), devices);
    if (seen != devices) text += fmt::format(" as asked for; its stamps show {}", seen);
    context_.repairs.note(std::move(text));
  }

  Result<void> add_row(std::size_t device, Instant stamp, std::uint64_t line,
                       std::span<const SmiReading> readings) {
    for (const SmiReading& reading : readings) {
      auto& channel = devices_[device].channels[reading.column];
      if (!channel) {
        JOULERY_TRY(channel, context_.trace.channel(describe(devices_[device], reading.column)));
      }
      context_.trace.add(*channel, stamp, reading.value, line);
      if (kSmiColumns[reading.column].measure == Measure::kPowerLimit)
        devices_[device].limit = std::max(devices_[device].limit, reading.value);
    }
    return {};
  }

  static Channel describe(const Device& owner, std::size_t index) {
    const SmiColumn& column = kSmiColumns[index];
    Channel channel = gpu_channel(owner.name, column.name, column.measure);
    channel.source = fmt::format("nvidia-smi {}", column.heading);
    channel.model = owner.model;
    if (column.measure != Measure::kPower) return channel;
    describe_gpu_power(channel, owner.model,
                       index == kAverage   ? GpuPower::kAverage
                       : index == kInstant ? GpuPower::kInstant
                                           : GpuPower::kDraw);
    channel.preferred = index == kDraw;
    return channel;
  }

  // power.draw is the 1 s average or the instant value, depending on board and driver. Where the
  // log has both, the values tell.
  void compare_powers() {
    std::array<std::optional<double>, kInstant + 1> power;
    for (const SmiReading& reading : readings_)
      if (reading.column <= kInstant) power[reading.column] = reading.value;
    if (!power[kDraw]) return;
    if (power[kDraw] == power[kAverage]) ++like_average_;
    if (power[kDraw] == power[kInstant]) ++like_instant_;
  }
  void settle_windows() {
    if (like_average_ == like_instant_) return;
    for (const Device& device : devices_)
      if (const auto channel = device.channels[kDraw])
        set_gpu_window(context_.trace.described(*channel),
                       like_average_ > like_instant_ ? GpuPower::kAverage : GpuPower::kInstant);
  }

  // What the board may have drawn while the log has no row of it.
  void settle_limits() {
    for (const Device& device : devices_)
      for (const std::size_t power : {kDraw, kAverage, kInstant})
        if (const auto channel = device.channels[power]; channel && device.limit > 0)
          context_.trace.described(*channel).max_power = Watts(device.limit);
  }

  LogLines& lines_;
  ImportContext& context_;
  RowCount count_;
  Layout layout_;
  std::string heading_;
  UnnamedRows rows_;
  std::vector<Device> devices_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<SmiReading> readings_;  // of the present row
  std::uint64_t like_average_ = 0, like_instant_ = 0;
};

}  // namespace

bool claims_nvidia_smi(std::string_view head) { return parse_layout(first_line(head)).has_value(); }

Result<void> read_nvidia_smi(LogLines& lines, ImportContext& context) {
  return SmiFile(lines, context).read();
}

}  // namespace joulery
