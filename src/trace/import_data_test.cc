// trace: imports of recorded logs, against figures computed here by other code, see import.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "base/text.h"
#include "trace/import_fixture.h"

namespace joulery {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;

class RecordedLogs : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("JOULERY_TEST_DATA");
    if (folder == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA names no folder of recorded logs";
    folder_ = folder;
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string folder_;
};

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Trapezoid of `points` over exactly [begin, end], with straight lines at the edges.
double integral(const Points& points, double begin, double end) {
  double joules = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const auto [t0, p0] = points[i - 1];
    const auto [t1, p1] = points[i];
    const double from = std::max(t0, begin), to = std::min(t1, end);
    if (from >= to) continue;
    const auto at = [&](double t) { return p0 + (p1 - p0) * (t - t0) / (t1 - t0); };
    joules += (to - from) * (at(from) + at(to)) / 2;
  }
  return joules;
}

struct Meter {
  WallTime first, last;
  double joules = 0;
};

// epoch_ms, cables_w, pcie_slot_w, total_w, n_raw: means of 1 ms each.
Meter load_meter(const std::string& path) {
  Meter meter;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto fields = split(line, ',');
    const WallTime time(std::chrono::milliseconds(*parse_integer(fields[0])));
    if (meter.first == WallTime()) meter.first = time;
    meter.last = time;
    meter.joules += *parse_number(fields[3]) * 1e-3;
  }
  return meter;
}

struct Comparison {
  const char* name;
  double smi_joules, meter_joules;
};

class SmiBesideMeter : public RecordedLogs, public ::testing::WithParamInterface<Comparison> {};

TEST_P(SmiBesideMeter, EnergyByPowerDrawIsTheKnownOneAndTheMeterLiesInItsInterval) {
  const Comparison& known = GetParam();
  const std::string base = path("smi_vs_meter/") + known.name;
  const Meter meter = load_meter(base + "__meter_1ms.csv");
  ImportOptions options;
  options.begin = meter.first;
  options.end = meter.last;
  options.utc_offset = minutes(60);

  const auto imported = import_logs({base + "__nvidia_smi.csv"}, options);

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_EQ(imported->format, "nvidia-smi");
  const std::string id = "gpu/0/board/power";
  const Channel& channel = channel_of(trace, id);
  EXPECT_TRUE(channel.preferred);
  const double window = Seconds(trace.info().end - trace.info().begin).count();
  const double shift = Seconds(channel.averaging / 2 + channel.lag).count();
  const Points points = points_of(trace, id);
  const double plain = integral(points, 0, window);
  const double shifted = integral(points, shift, window + shift);
  EXPECT_NEAR(plain, known.smi_joules, known.smi_joules * 0.01);
  EXPECT_NEAR(shifted, known.smi_joules, known.smi_joules * 0.01);
  EXPECT_NEAR(meter.joules, known.meter_joules, 0.5);
  const double u =
      std::hypot(channel.accuracy.gain_u * shifted, channel.accuracy.offset_u.count() * window);
  EXPECT_LT(std::abs(shifted - meter.joules), 2 * u);
  EXPECT_LT(2 * u, 0.12 * shifted);
}

INSTANTIATE_TEST_SUITE_P(Recorded, SmiBesideMeter,
                         ::testing::Values(Comparison{"transient_A100", 1613.0, 1711.6},
                                           Comparison{"5050_3090", 2529.8, 2693.4}),
                         [](const auto& known) { return std::string(known.param.name); });

TEST_F(RecordedLogs, ThePowerOfAnRtx3090IsSeenToBeTheAverageOverASecond) {
  const auto imported = import_logs({path("smi_vs_meter/5050_3090__nvidia_smi.csv")}, {});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(channel_of(*imported->trace, "gpu/0/board/power").averaging, Seconds(1));
  EXPECT_EQ(channel_of(*imported->trace, "gpu/0/board/power_instant").averaging, Seconds(0.1));
}

TEST_F(RecordedLogs, AColumnOfUnknownErrorsIsNamedAndTheRestIsRead) {
  const auto imported =
      import_logs({path("smi_vs_meter/mlperf_run__nvidia_smi_unknown_error.csv")}, {});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_EQ(points_of(trace, "gpu/0/board/power").size(), 12792u);
  EXPECT_EQ(points_of(trace, "gpu/0/board/temperature").size(), 12792u);
  EXPECT_TRUE(points_of(trace, "gpu/0/board/sm_clock").empty());
  EXPECT_THAT(flag_of(trace, "missing_value clocks.current.sm [Unknown Error]"),
              HasSubstr("12792 times"));
}

// ---- wall meters

// "power_begin": "03-17-2021 04:13:28.217"
WallTime time_in(const std::string& json, const std::string& key) {
  const std::size_t at = json.find(':', json.find('"' + key + '"'));
  const std::size_t open = json.find('"', at) + 1;
  const std::string text = json.substr(open, json.find('"', open) - open);
  return *parse_time(text.substr(6, 4) + "-" + text.substr(0, 5) + "T" + text.substr(11));
}

// The benchmark's rule, on the text itself: the first Watts of each line within the closed window.
double mean_by_text(const std::string& path, WallTime begin, WallTime end) {
  std::ifstream in(path);
  double sum = 0, count = 0;
  for (std::string line; std::getline(in, line);) {
    const auto fields = split(line, ',');
    const std::string stamp(fields[1]);
    const auto time =
        *parse_time(stamp.substr(6, 4) + "-" + stamp.substr(0, 5) + "T" + stamp.substr(11));
    if (time < begin || time > end) continue;
    sum += *parse_number(fields[3]);
    ++count;
  }
  return sum / count;
}

double plain_mean(const Trace& trace, const std::string& id) {
  double sum = 0, count = 0;
  const double window = Seconds(trace.info().end - trace.info().begin).count();
  for (const auto& [time, value] : points_of(trace, id)) {
    if (time < 0 || time > window) continue;
    sum += value;
    ++count;
  }
  return sum / count;
}

TEST_F(RecordedLogs, EveryWallMeterWindowHasTheMeanOfItsSamples) {
  int windows = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path("wall_meter_logs"))) {
    const std::string file = entry.path().string();
    const std::size_t suffix = file.find("__spl.txt");
    if (suffix == std::string::npos) continue;
    const std::string json = text_of(file.substr(0, suffix) + "__result.json");
    ImportOptions options;
    options.begin = time_in(json, "power_begin");
    options.end = time_in(json, "power_end");

    const auto imported = import_logs({file}, options);

    ASSERT_TRUE(imported) << imported.error().message;
    const Trace& trace = *imported->trace;
    EXPECT_EQ(imported->format, "ptdaemon");
    EXPECT_EQ(trace.info().wall_begin, *options.begin);
    EXPECT_EQ(trace.info().end - trace.info().begin, *options.end - *options.begin);
    const double mean = plain_mean(trace, "node/wall/power");
    EXPECT_NEAR(mean, mean_by_text(file, *options.begin, *options.end), 1e-3) << file;
    if (file.find("DGX-A100_A100-SXM-80GBx8_TRT_MaxQ__resnet50") != std::string::npos) {
      EXPECT_NEAR(mean, 3458.6855, 1e-3);
      EXPECT_EQ(channel_of(trace, "node/wall/ch1/power").part_of, "node/wall");
    }
    EXPECT_EQ(channel_of(trace, "node/wall/power").rule, Rule::kPlainMean);
    ++windows;
  }
  EXPECT_EQ(windows, 9);
}

// ---- energies by run

// The growth of all counters of a kind, without the steps that a restart breaks.
double energy_of(const Trace& trace, ComponentKind kind) {
  double joules = 0;
  const auto scanned = trace.scan([kind](const Channel& channel) { return channel.kind == kind; },
                                  [&joules](std::uint16_t, const Block& block) {
                                    for (std::size_t i = 1; i < block.value.size(); ++i)
                                      if (block.restart[i] == 0)
                                        joules += block.value[i] - block.value[i - 1];
                                  });
  EXPECT_TRUE(scanned);
  return joules;
}

double column_sum(const std::string& path, std::size_t column) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  double sum = 0;
  while (std::getline(in, line)) sum += *parse_number((*split_csv(line))[column]);
  return sum;
}

TEST_F(RecordedLogs, CodeCarbonRunsKeepTheirEnergyByPart) {
  const std::string file = path("codecarbon_logs/textgen_wikitext.csv");

  const auto imported = import_logs({file}, {});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_EQ(imported->format, "codecarbon");
  EXPECT_NEAR(energy_of(trace, ComponentKind::kCpu), column_sum(file, 9) * 3.6e6, 1e-3);
  EXPECT_NEAR(energy_of(trace, ComponentKind::kGpu), column_sum(file, 10) * 3.6e6, 1e-3);
  EXPECT_NEAR(energy_of(trace, ComponentKind::kDram), column_sum(file, 11) * 3.6e6, 1e-3);
  EXPECT_EQ(channel_of(trace, "gpu/codecarbon-0/energy").model, "8 x NVIDIA A100-SXM4-80GB");
}

TEST_F(RecordedLogs, CodeCarbonFlushesOfOneRunCountOnce) {
  const auto imported = import_logs({path("factors/codecarbon/emissions.csv")}, {});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_THAT(flag_of(trace, "cumulative_rows"), HasSubstr("runs, each counted once"));
  EXPECT_THAT(flag_of(trace, "missing_value cpu_energy"), HasSubstr("2 times"));
  EXPECT_EQ(flag_of(trace, "overlapping_runs"), "");
  // Sums of the last rows of the 18 runs, in kWh; the run whose last rows lack cpu_energy counts
  // up to the row that has it.
  EXPECT_NEAR(energy_of(trace, ComponentKind::kCpu) / 3.6e6, 0.001889198163947, 1e-9);
  EXPECT_NEAR(energy_of(trace, ComponentKind::kGpu) / 3.6e6, 0.003024529399364, 1e-9);
}

TEST_F(RecordedLogs, CodeCarbonWithoutItsColumnsIsRefusedByName) {
  const auto imported = import_logs({path("factors/codecarbon/emissions_invalid_headers.csv")}, {});

  ASSERT_FALSE(imported);
  EXPECT_EQ(imported.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(imported.error().message,
              HasSubstr("emissions_invalid_headers.csv:1: the heading lacks the columns run_id, "
                        "cpu_energy, gpu_energy, ram_energy"));
  EXPECT_TRUE(import_logs({path("factors/codecarbon/emissions_valid_headers.csv")}, {}));
}

TEST_F(RecordedLogs, ZeusWindowsKeepTheEnergyOfEveryGpu) {
  const std::string file = path("cap_sweeps/A40+resnet50+gpu0,1,2,3.csv");

  const auto imported = import_logs({file}, {});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_EQ(imported->format, "zeus");
  const double all =
      column_sum(file, 3) + column_sum(file, 4) + column_sum(file, 5) + column_sum(file, 6);
  EXPECT_NEAR(energy_of(trace, ComponentKind::kGpu), all, 1e-3);
  EXPECT_EQ(trace.channels().size(), 4u);
  EXPECT_THAT(flag_of(trace, "no_wall_clock"), HasSubstr("counts from boot"));
}

TEST_F(RecordedLogs, TablesThatAreNoLogsAreRefused) {
  for (const char* name :
       {"train_steps/mfu_aggregated_per_config_A100.csv", "gpu_hourly/cbsugpu09_usage_stats.txt",
        "smi_vs_meter/transient_A100__meter_1ms.csv"}) {
    const auto imported = import_logs({path(name)}, {});
    ASSERT_FALSE(imported) << name;
    EXPECT_THAT(imported.error().message, HasSubstr("in no known format"));
    EXPECT_THAT(imported.error().message, HasSubstr("ptdaemon, codecarbon, zeus"));
  }
}

}  // namespace
}  // namespace joulery
