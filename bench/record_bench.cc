// bench: what a record costs: bytes a value beside the entropy of its columns, and the time to
// write and to read it beside that of copying the same columns in memory. Usage:
// joulery_record_bench [HOURS], 24 of 8 GPUs at 100 ms unless told otherwise.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>

#include "synthetic_node.h"

namespace joulery {
namespace {

double cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Written {
  double cpu_s = 0;
  double close_s = 0;
  std::int64_t values = 0;
};

Written write_record(const std::string& path, std::int64_t ticks) {
  const auto writer = RecordWriter::create(path, synthetic_channels(), TraceInfo{}, "").value();
  SyntheticNode node;
  std::vector<Sample> second;
  Written written;
  for (std::int64_t i = 0; i < ticks; ++i) {
    node.tick(second);
    if (i % 10 != 9) continue;
    const double start = cpu_now();
    writer->accept(second);
    written.cpu_s += cpu_now() - start;
    written.values += std::ssize(second);
    second.clear();
  }
  const auto start = std::chrono::steady_clock::now();
  if (const auto done = writer->close(TraceInfo{}, ""); !done)
    fmt::print("{}\n", done.error().message);
  written.close_s = Seconds(std::chrono::steady_clock::now() - start).count();
  return written;
}

double entropy_bits(const std::map<std::int64_t, std::int64_t>& counts) {
  double total = 0, sum = 0;
  for (const auto& [value, count] : counts) total += static_cast<double>(count);
  for (const auto& [value, count] : counts)
    sum -= static_cast<double>(count) * std::log2(static_cast<double>(count) / total);
  return total > 0 ? sum / total : 0;
}

// Bits a value of the first GPU's columns: of power and half-width as they are, of energy and time
// their differences.
void print_entropy(const Trace& trace) {
  std::map<std::int64_t, std::int64_t> energy, power, time, half_width;
  double energy_before = 0;
  Instant time_before{};
  const auto count = [&](std::uint16_t channel, const Block& block) {
    for (std::size_t i = 0; i < block.value.size(); ++i) {
      if (channel == 1) {
        ++power[std::llround(block.value[i] * 1e3)];
        continue;
      }
      ++energy[std::llround((block.value[i] - energy_before) * 1e3)];
      ++time[(block.time[i] - time_before).count()];
      ++half_width[block.half_width_us[i]];
      energy_before = block.value[i];
      time_before = block.time[i];
    }
  };
  const auto done = trace.scan([](const Channel& c) { return c.group == 0; }, count);
  if (!done) fmt::print("{}\n", done.error().message);
  const double bits[] = {entropy_bits(energy), entropy_bits(power), entropy_bits(time),
                         entropy_bits(half_width)};
  fmt::print("entropy, bits: energy {:.2f}, power {:.2f}, time {:.2f}, half-width {:.2f}\n",
             bits[0], bits[1], bits[2], bits[3]);
  fmt::print("  together {:.3f} bytes an energy or power value\n",
             (bits[0] + bits[1] + bits[2] + bits[3]) / 16);
}

// CPU time of one scan of all channels that adds the values up; the best of several.
double scan_s(const std::string& path, double& sum) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const double start = cpu_now();
    const auto record = load_record(path).value();
    sum = 0;
    const auto done = record->scan([](const Channel&) { return true; },
                                   [&](std::uint16_t, const Block& block) {
                                     for (const double value : block.value) sum += value;
                                   });
    if (!done) fmt::print("{}\n", done.error().message);
    best = std::min(best, cpu_now() - start);
  }
  return best;
}

// The floor: as many values, times and half-widths copied in blocks of the same size, and added up.
double copy_s(std::int64_t values, double& sum) {
  const std::vector<double> all(static_cast<std::size_t>(values), 1.5);
  std::vector<double> block(1024), more(1024);
  const double start = cpu_now();
  for (std::size_t at = 0; at + block.size() <= all.size(); at += block.size()) {
    std::memcpy(block.data(), all.data() + at, block.size() * sizeof(double));
    std::memcpy(more.data(), all.data() + at, block.size() * sizeof(double));
    for (const double value : block) sum += value;
  }
  return cpu_now() - start;
}

int run(double hours) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("joulery-record-bench-" + std::to_string(std::rand()));
  std::filesystem::create_directories(folder);
  const std::string path = folder / "record";
  const auto ticks =
      static_cast<std::int64_t>(hours * 3600e6 / static_cast<double>(kSyntheticPeriodUs));
  double sum = 0;
  const Written written = write_record(path, ticks);
  const double bytes = static_cast<double>(std::filesystem::file_size(path));
  const double values = static_cast<double>(written.values);
  const double scanned = scan_s(path, sum);
  const double copied = copy_s(written.values, sum);

  fmt::print("{} GPUs, {} h at 100 ms: {:.2f} million energy and power values\n", kSyntheticGpus,
             hours, values / 1e6);
  fmt::print("size: {:.3f} bytes a value, stamps included (aim: at most 3)\n", bytes / values);
  print_entropy(*load_record(path).value());
  fmt::print("write: {:.1f} ns of CPU a value, tail included; close: {:.2f} ms\n",
             written.cpu_s / values * 1e9, written.close_s * 1e3);
  fmt::print(
      "read: {:.3f} s, {:.2f} ns a value; copying the same in memory {:.3f} s: ratio {:.1f}\n",
      scanned, scanned / values * 1e9, copied, scanned / copied);
  std::filesystem::remove_all(folder);
  return sum > 0 ? 0 : 1;
}

}  // namespace
}  // namespace joulery

int main(int argc, char** argv) { return joulery::run(argc > 1 ? std::atof(argv[1]) : 24); }
