// trace: CodeCarbon's emissions.csv, one row for each run or flush of a run, see import.h.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/text.h"
#include "trace/import_table.h"
#include "trace/windows_only.h"

namespace joulery {
namespace {

// CodeCarbon does not say in a row whether a value was read from a counter, integrated or looked
// up in a table, so all of them are taken as modelled.
struct Part {
  const char* column;
  ComponentKind kind;
  double gain_u;
};
constexpr std::array kParts = {
    Part{"cpu_energy", ComponentKind::kCpu, 0.144},   // 25 % as a rectangle: a model of the CPU
    Part{"gpu_energy", ComponentKind::kGpu, 0.05},    // NVML's boards, see import_gpu.cc
    Part{"ram_energy", ComponentKind::kDram, 0.144},  // 25 % as a rectangle: watts by slot or size
};
using PartEnergies = std::array<std::optional<double>, kParts.size()>;  // J

// A row's stamp is a whole second, so two rows of one run can differ by this in their start.
constexpr Micros kStampStep = std::chrono::seconds(1);

// No machine runs as many jobs at once; it keeps the search for a free lane short.
constexpr std::size_t kMaxLanes = 512;

struct Row {
  std::string run, project;
  Instant start, end;
  PartEnergies energy;
  std::uint64_t line = 0;
  std::string gpu_model, cpu_model;
  bool process_scope = false;
};

// Its texts twice: a run's key has them, too.
std::size_t row_size(const Row& row) {
  return sizeof(Row) + 2 * (row.run.size() + row.project.size()) + row.gpu_model.size() +
         row.cpu_model.size();
}

// Rows of one run: cumulative, so that the last one tells its energy.
struct Run {
  std::vector<Row> rows;
  [[nodiscard]] Instant start() const { return rows.front().start; }
  [[nodiscard]] Instant end() const { return rows.back().end; }
};

bool falls(const PartEnergies& before, const PartEnergies& after) {
  for (std::size_t i = 0; i < kParts.size(); ++i)
    if (before[i] && after[i] && *after[i] < *before[i]) return true;
  return false;
}

Micros apart(Instant a, Instant b) { return a < b ? b - a : a - b; }

class EmissionsFile {
 public:
  EmissionsFile(LogLines& lines, ImportContext& context) : table_(lines, context) {}

  Result<void> read() {
    JOULERY_CHECK(table_.open({"timestamp", "run_id", "duration", "cpu_energy", "gpu_energy",
                               "ram_energy", "energy_consumed"}));
    while (table_.next()) {
      if (auto row = parse_row()) {
        table_.good();
        table_.context().trace.hold(row_size(*row), row->line);
        take(std::move(*row));
      }
    }
    JOULERY_CHECK(table_.verdict());
    tell_cumulative();
    return hand_over();
  }

 private:
  std::optional<Row> parse_row() {
    Row row;
    const auto stamp = parse_stamp(table_.text(timestamp_), table_.context().options.utc_offset);
    if (!stamp) return refuse(timestamp_, "no time from 1990 to 2100");
    const auto duration = parse_number(table_.text(duration_));
    constexpr double kLongest = 1e9;  // 30 years
    if (!duration || *duration <= 0 || *duration > kLongest)
      return refuse(duration_, "no duration");
    const auto pue = table_.has(pue_) ? parse_number(table_.text(pue_)) : 1;
    if (!pue || *pue < 1 || *pue > 10) return refuse(pue_, "no PUE from 1 to 10");
    row.end = Instant(stamp->time_since_epoch());
    row.start = row.end - Micros(std::llround(*duration * 1e6));
    for (std::size_t i = 0; i < kParts.size(); ++i)
      if (!parse_energy(i, *pue, row)) return {};
    if (*pue != 1) table_.context().repairs.add("pue_taken_out", table_.file(), table_.line());
    row.run = table_.text(run_);
    row.project = table_.text(project_);
    row.line = table_.line();
    row.gpu_model = table_.text(gpu_model_);
    row.cpu_model = table_.text(cpu_model_);
    row.process_scope = table_.text(mode_) == "process";
    return row;
  }

  std::optional<Row> refuse(std::size_t column, const char* why) {
    table_.bad(column, why);
    return {};
  }

  // CodeCarbon multiplies each energy by its `pue`; an account's IT energy is without it.
  bool parse_energy(std::size_t part, double pue, Row& row) {
    const std::string_view text = table_.text(energy_[part]);
    const Field field = parse_field(text, Measure::kEnergy, kJoulesPerKilowattHour);
    if (!text.empty() && field.kind != Field::Kind::kValue) {
      table_.bad(energy_[part], "no energy in kWh");
      return false;
    }
    // No part of a running machine uses 0 J: CodeCarbon could not see it.
    if (text.empty() || field.value == 0) {
      table_.context().repairs.add(fmt::format("missing_value {}", kParts[part].column),
                                   table_.file(), table_.line());
      return true;
    }
    row.energy[part] = field.value / pue;
    seen_[part] = true;
    return true;
  }

  // Puts a row behind the one that it continues. Rows without an id are told by their start.
  void take(Row row) {
    const std::string key = row.run.empty() ? "project " + row.project : "run " + row.run;
    const auto [at, is_new] = latest_.try_emplace(key, runs_.size());
    if (!is_new && continues(runs_[at->second], row)) {
      Run& run = runs_[at->second];
      if (row.end <= run.end() || falls(run.rows.back().energy, row.energy))
        return table_.context().repairs.add("row_below_the_one_before", table_.file(), row.line);
      run.rows.push_back(std::move(row));
      return;
    }
    at->second = runs_.size();
    runs_.push_back({{std::move(row)}});
  }

  // A flush starts where its run did; a run of its own starts where the one before ended, or later.
  static bool continues(const Run& run, const Row& row) {
    if (row.run.empty()) return apart(row.start, run.start()) <= 2 * kStampStep;
    return apart(row.start, run.start()) <= apart(row.start, run.end());
  }

  void tell_cumulative() {
    std::size_t runs = 0, rows = 0;
    for (const Run& run : runs_) {
      if (run.rows.size() < 2) continue;
      ++runs;
      rows += run.rows.size();
    }
    if (runs > 0)
      table_.context().repairs.note(
          fmt::format("cumulative_rows: {}: {} rows are {} runs, each counted once", table_.file(),
                      rows, runs));
  }

  // Runs that overlap go side by side, each lane with counters of its own.
  Result<void> hand_over() {
    std::stable_sort(runs_.begin(), runs_.end(),
                     [](const Run& a, const Run& b) { return a.start() < b.start(); });
    std::vector<Instant> lane_end;
    std::vector<std::size_t> lane_of;
    Instant last = runs_.front().end();
    for (const Run& run : runs_) {
      const auto lane = std::find_if(lane_end.begin(), lane_end.end(), [&run](Instant end) {
        return run.start() + kStampStep >= end && run.end() > end;
      });
      lane_of.push_back(static_cast<std::size_t>(lane - lane_end.begin()));
      if (lane == lane_end.end()) lane_end.emplace_back();
      if (lane_end.size() > kMaxLanes)
        return Error{
            ErrorCode::kInvalid,
            fmt::format("{}: more than {} runs at once, the row of line {} is one too many",
                        table_.file(), kMaxLanes, run.rows.front().line)};
      lane_end[lane_of.back()] = run.end();
      last = std::max(last, run.end());
    }
    if (lane_end.size() > 1)
      table_.context().repairs.note(fmt::format(
          "overlapping_runs: {}: up to {} at once; a machine that several of them watched is in "
          "each of them",
          table_.file(), lane_end.size()));
    const int first = table_.context().unnamed.first_of(runs_.front().start(), last,
                                                        static_cast<int>(lane_end.size()));
    for (std::size_t i = 0; i < runs_.size(); ++i)
      JOULERY_CHECK(add_run(runs_[i], first + static_cast<int>(lane_of[i])));
    if (between_ > Micros(0))
      table_.context().repairs.note(fmt::format(
          "between_runs: {}: what was used between runs is not in the log, and not in the sum",
          table_.file()));
    return {};
  }

  Result<void> add_run(const Run& run, int lane) {
    for (std::size_t part = 0; part < kParts.size(); ++part) {
      if (!seen_[part]) continue;
      JOULERY_TRY(const std::uint16_t channel,
                  table_.context().trace.channel(describe(part, lane, run.rows.front())));
      add_counter(run, part, channel);
    }
    return {};
  }

  // What the machine used between two runs is not in the log, nor what it used in a run whose value
  // the log lacks: a break in the counter, not a zero.
  void add_counter(const Run& run, std::size_t part, std::uint16_t channel) {
    const auto [at, is_new] = counters_.try_emplace(channel, Counter{});
    Counter& counter = at->second;
    TraceBuilder& trace = table_.context().trace;
    const double base = counter.total;
    if (is_new || run.start() > counter.end) {
      trace.add({.time = run.start(), .value = base, .channel = channel, .restart = !is_new},
                run.rows.front().line);
      if (!is_new) between_ += run.start() - counter.end;
    }
    for (const Row& row : run.rows) {
      if (!row.energy[part]) continue;
      counter = {base + *row.energy[part], row.end};
      trace.add(channel, row.end, counter.total, row.line);
    }
    if (counter.end == run.end()) return;
    counter.end = run.end();
    trace.add({.time = run.end(), .value = counter.total, .channel = channel, .restart = true},
              run.rows.back().line);
  }

  static Channel describe(std::size_t part, int lane, const Row& row) {
    Channel channel;
    channel.component = fmt::format("{}/codecarbon-{}", name_of(kParts[part].kind), lane);
    channel.id = channel.component + "/energy";
    channel.kind = kParts[part].kind;
    channel.measure = Measure::kEnergy;
    channel.rule = Rule::kCounter;
    channel.evidence = Evidence::kModelled;
    channel.source = fmt::format("codecarbon {}", kParts[part].column);
    if (channel.kind == ComponentKind::kGpu) channel.model = row.gpu_model;
    if (channel.kind == ComponentKind::kCpu) channel.model = row.cpu_model;
    channel.resolution = 1e-6;
    channel.accuracy.gain_u = kParts[part].gain_u;
    channel.accuracy.source = "CodeCarbon names none: assumed";
    channel.flags.emplace_back(kWindowsOnly);
    if (row.process_scope) channel.flags.emplace_back("process-scope");
    return channel;
  }

  struct Counter {
    double total = 0;  // J
    Instant end;
  };
  CsvTable table_;
  std::size_t timestamp_ = table_.want("timestamp"), run_ = table_.want("run_id"),
              project_ = table_.want("project_name"), duration_ = table_.want("duration"),
              pue_ = table_.want("pue"), gpu_model_ = table_.want("gpu_model"),
              cpu_model_ = table_.want("cpu_model"), mode_ = table_.want("tracking_mode");
  std::array<std::size_t, kParts.size()> energy_ = {
      table_.want(kParts[0].column), table_.want(kParts[1].column), table_.want(kParts[2].column)};
  std::vector<Run> runs_;
  std::map<std::string, std::size_t> latest_;  // run of each id
  std::map<std::uint16_t, Counter> counters_;
  std::array<bool, kParts.size()> seen_{};  // in any row of the file
  Micros between_{};                        // runs, summed over counters
};

}  // namespace

bool claims_codecarbon(std::string_view head) {
  return contains_all(headings_of(head), {"emissions", "duration", "energy_consumed"});
}

Result<void> read_codecarbon(LogLines& lines, ImportContext& context) {
  return EmissionsFile(lines, context).read();
}

}  // namespace joulery
