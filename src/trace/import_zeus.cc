// trace: Zeus's measurement windows, one row each with the energy of every GPU, see import.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "trace/import_gpu.h"
#include "trace/import_table.h"
#include "trace/windows_only.h"

namespace joulery {
namespace {

constexpr std::string_view kSuffix = "_energy";

// "gpu0_energy", "cpu1_energy", "dram0_energy".
struct EnergyColumn {
  ComponentKind kind = ComponentKind::kGpu;
  std::string number;
  std::size_t handle = 0;
};

std::optional<EnergyColumn> parse_energy_column(std::string_view name) {
  if (!name.ends_with(kSuffix)) return {};
  name.remove_suffix(kSuffix.size());
  for (const ComponentKind kind :
       {ComponentKind::kGpu, ComponentKind::kCpu, ComponentKind::kDram}) {
    const std::string_view word = name_of(kind);
    if (!name.starts_with(word)) continue;
    const std::string_view number = name.substr(word.size());
    constexpr std::size_t kMaxDigits = 4;
    if (number.size() <= kMaxDigits && parse_integer(number))
      return EnergyColumn{kind, std::string(number)};
  }
  return {};
}

Channel describe(const EnergyColumn& column) {
  Channel channel = gpu_channel(column.number, "energy", Measure::kEnergy);
  describe_gpu_energy(channel, {}, Joules(1e-3));
  channel.source = fmt::format("zeus {}{}{}", name_of(column.kind), column.number, kSuffix);
  // Zeus reads the counter where there is one and integrates power elsewhere; a row does not say.
  channel.evidence = Evidence::kIntegrated;
  channel.preferred = true;
  channel.flags.emplace_back(kWindowsOnly);
  if (column.kind == ComponentKind::kGpu) return channel;
  channel.kind = column.kind;
  channel.component = fmt::format("{}/{}", name_of(column.kind), column.number);
  channel.id = channel.component + "/energy";
  channel.flags = {kWindowsOnly};
  channel.accuracy = {};
  channel.accuracy.gain_u = column.kind == ComponentKind::kDram ? 0.10 : 0.05;
  channel.accuracy.source = "Zeus names none: assumed";
  return channel;
}

struct Window {
  Instant start, end;
  std::string name;
  std::vector<std::optional<double>> energy;  // J, by column
  std::uint64_t line = 0;
};

// With the mark that it becomes.
std::size_t window_size(const Window& window) {
  return sizeof(Window) + sizeof(Event) + 2 * window.name.size() +
         window.energy.size() * sizeof(window.energy[0]);
}

struct Counter {
  double total = 0;  // J
  std::optional<Instant> end;
};

class ZeusFile {
 public:
  ZeusFile(LogLines& lines, ImportContext& context) : table_(lines, context) {
    for (const std::string& name : headings_of(lines.head()))
      if (auto column = parse_energy_column(name)) {
        column->handle = table_.want(name);
        columns_.push_back(*column);
      }
  }

  Result<void> read() {
    JOULERY_CHECK(table_.open({"window_name", "elapsed_time"}));
    if (columns_.empty())
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: the heading lacks the column gpu0_energy", table_.file())};
    while (table_.next()) {
      if (auto window = parse_row()) {
        table_.good();
        table_.context().trace.hold(window_size(*window), window->line);
        windows_.push_back(std::move(*window));
      }
    }
    JOULERY_CHECK(table_.verdict());
    tell_clock();
    return hand_over();
  }

 private:
  std::optional<Window> parse_row() {
    Window window;
    const auto elapsed = parse_number(table_.text(elapsed_));
    constexpr double kLongest = 1e9;  // 30 years
    if (!elapsed || *elapsed <= 0 || *elapsed > kLongest) return refuse(elapsed_, "no duration");
    for (const EnergyColumn& column : columns_) {
      const Field field = parse_field(table_.text(column.handle), Measure::kEnergy, 1);
      const bool missing = table_.text(column.handle).empty();
      if (!missing && field.kind != Field::Kind::kValue) return refuse(column.handle, "no energy");
      window.energy.push_back(missing ? std::nullopt : std::optional(field.value));
      seen_.resize(columns_.size());
      seen_[window.energy.size() - 1] = seen_[window.energy.size() - 1] || !missing;
      if (missing)
        table_.context().repairs.add("missing_value energy", table_.file(), table_.line());
    }
    const auto start = find_start();
    if (!start) return refuse(start_, "no time");
    window.start = *start;
    window.end = *start + Micros(std::llround(*elapsed * 1e6));
    if (!table_.has(start_)) laid_end_ = window.end;
    window.name = table_.text(name_);
    window.line = table_.line();
    return window;
  }

  std::optional<Window> refuse(std::size_t column, const char* why) {
    table_.bad(column, why);
    return {};
  }

  // A stamp of a year is wall time; a smaller number is Zeus's monotonic clock, seconds since boot.
  std::optional<Instant> find_start() {
    if (!table_.has(start_)) return laid_end_;
    const std::string_view text = table_.text(start_);
    if (const auto stamp = parse_stamp(text, table_.context().options.utc_offset))
      return Instant(stamp->time_since_epoch());
    const auto seconds = parse_number(text);
    constexpr double kLongestBoot = 6e8;  // 19 years; wall time is beyond it since 1989
    if (!seconds || *seconds < 0 || *seconds > kLongestBoot) return {};
    since_boot_ = true;
    return Instant(Micros(std::llround(*seconds * 1e6)));
  }

  void tell_clock() {
    Repairs& repairs = table_.context().repairs;
    if (since_boot_)
      repairs.note(fmt::format("no_wall_clock: {}: start_time counts from boot; dates are unknown",
                               table_.file()));
    if (table_.has(start_)) return;
    repairs.note(fmt::format("no_stamps: {}: windows are laid end to end; dates are unknown",
                             table_.file()));
    table_.context().laid_end = WallTime(laid_end_.time_since_epoch());
  }

  // A window inside another one is already in that one's energy: it is a phase, not more energy.
  Result<void> hand_over() {
    std::stable_sort(windows_.begin(), windows_.end(), [](const Window& a, const Window& b) {
      return a.start != b.start ? a.start < b.start : a.end > b.end;
    });
    std::vector<Counter> counters(columns_.size());
    Instant end{Micros::min()};
    for (const Window& window : windows_) {
      tell_window(window, end);
      if (window.start < end) {
        table_.context().repairs.add("window_inside_another", table_.file(), window.line);
        continue;
      }
      for (std::size_t i = 0; i < columns_.size(); ++i)
        JOULERY_CHECK(add_energy(i, window, counters[i]));
      end = window.end;
    }
    return {};
  }

  void tell_window(const Window& window, Instant before) {
    auto& events = table_.context().events;
    if (before != Instant(Micros::min()) && window.start > before) {
      table_.context().repairs.note(
          fmt::format("between_windows: {}: what was used between windows is not in the log, and "
                      "not in the sum",
                      table_.file()));
      events.push_back({.time = before, .kind = Event::Kind::kMark, .text = "between windows"});
    }
    events.push_back({.time = window.start, .kind = Event::Kind::kMark, .text = window.name});
  }

  // The counter breaks between two windows, and where a window's value is missing: what was used
  // then is not known.
  Result<void> add_energy(std::size_t column, const Window& window, Counter& counter) {
    if (!seen_[column]) return {};
    JOULERY_TRY(const std::uint16_t channel,
                table_.context().trace.channel(describe(columns_[column])));
    TraceBuilder& trace = table_.context().trace;
    if (!counter.end || window.start > *counter.end)
      trace.add({.time = window.start,
                 .value = counter.total,
                 .channel = channel,
                 .restart = counter.end.has_value()},
                window.line);
    counter.total += window.energy[column].value_or(0);
    counter.end = window.end;
    trace.add({.time = window.end,
               .value = counter.total,
               .channel = channel,
               .restart = !window.energy[column]},
              window.line);
    return {};
  }

  CsvTable table_;
  std::size_t start_ = table_.want("start_time"), name_ = table_.want("window_name"),
              elapsed_ = table_.want("elapsed_time");
  std::vector<EnergyColumn> columns_;
  std::vector<Window> windows_;
  std::vector<bool> seen_;  // by column, in any row
  Instant laid_end_{table_.context().laid_end.time_since_epoch()};
  bool since_boot_ = false;
};

}  // namespace

bool claims_zeus(std::string_view head) {
  return contains_all(headings_of(head), {"window_name", "elapsed_time"});
}

Result<void> read_zeus(LogLines& lines, ImportContext& context) {
  return ZeusFile(lines, context).read();
}

}  // namespace joulery
