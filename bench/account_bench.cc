// bench: the time from a record on disk to its account, beside that of reading the file and adding
// up as many numbers. Usage: joulery_account_bench [HOURS], 24 of 8 GPUs at 100 ms unless told
// otherwise.
#include <fmt/core.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "joulery/account.h"
#include "synthetic_node.h"

namespace joulery {
namespace {

constexpr int kRounds = 7;

/// Median wall-clock time of several calls, the first of which also warms the caches.
template <class Call>
double median_s(const Call& call) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    call();
    times.push_back(Seconds(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(times.begin(), times.end());
  return times[kRounds / 2];
}

std::int64_t write_record(const std::string& path, std::int64_t ticks) {
  TraceInfo info;
  const auto writer = RecordWriter::create(path, synthetic_channels(), info, "").value();
  SyntheticNode node;
  std::vector<Sample> second;
  std::int64_t values = 0;
  for (std::int64_t i = 0; i < ticks; ++i) {
    node.tick(second);
    if (i % 10 != 9) continue;
    writer->accept(second);
    values += std::ssize(second);
    second.clear();
  }
  info.end = info.begin + Micros(ticks * kSyntheticPeriodUs);
  info.loop.ticks = static_cast<std::uint64_t>(ticks);
  if (const auto done = writer->close(info, ""); !done) fmt::print("{}\n", done.error().message);
  return values;
}

int run(double hours) {
  std::string folder = std::filesystem::temp_directory_path() / "joulery-account-bench-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  const std::string path = folder + "/record";
  const std::int64_t values =
      write_record(path, std::llround(hours * 3600e6 / static_cast<double>(kSyntheticPeriodUs)));

  double energy = 0, sum = 0;
  const double load = median_s([&] { (void)load_record(path).value()->info(); });
  const double all = median_s([&] {
    const auto record = load_record(path).value();
    energy =
        make_account(*record, Job{}, Place{}).value().it_energy.value.value_or(Joules(0)).count();
  });
  const std::vector<double> numbers(static_cast<std::size_t>(values), 1.5);
  std::string bytes(std::filesystem::file_size(path), '\0');
  const double floor = median_s([&] {
    std::ifstream(path, std::ios::binary).read(bytes.data(), std::ssize(bytes));
    sum = std::accumulate(numbers.begin(), numbers.end(), 0.0);
  });
  fmt::print("{} GPUs, {} h at 100 ms: {:.2f} million values, {:.2f} MB; {:.3f} kWh\n",
             kSyntheticGpus, hours, static_cast<double>(values) / 1e6,
             static_cast<double>(bytes.size()) / 1e6, energy / kJoulesPerKilowattHour);
  fmt::print("load and account {:.3f} s (aim: at most 0.2 s), of that load {:.3f} s\n", all, load);
  fmt::print("reading the file and one pass over as many doubles {:.3f} s: ratio {:.1f}\n", floor,
             all / floor);
  std::filesystem::remove_all(folder);
  return sum > 0 ? 0 : 1;
}

}  // namespace
}  // namespace joulery

int main(int argc, char** argv) { return joulery::run(argc > 1 ? std::atof(argv[1]) : 24); }
