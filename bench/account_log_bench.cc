// bench: the account of a million sacct lines, beside reading the bytes and finding their lines.
// Usage: joulery_account_log_bench FILE, which bench/make_sacct_log.py writes
#include <fmt/core.h>
#include <malloc.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "joulery/project.h"

namespace joulery {
namespace {

constexpr int kRounds = 5;

/// Median CPU time of several calls of one thread, the first of which also warms the caches: what
/// it takes of one core, whoever else uses the machine.
template <class Call>
double median_s(const Call& call) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const std::clock_t begin = std::clock();
    call();
    times.push_back(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  std::sort(times.begin(), times.end());
  return times[kRounds / 2];
}

/// What no reader of the file can do without.
std::size_t count_lines(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> piece(64 * 1024);
  std::size_t lines = 0;
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
    const char* at = piece.data();
    const char* const end = at + in.gcount();
    while ((at = static_cast<const char*>(
                std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) != nullptr)
      ++lines, ++at;
  }
  return lines;
}

std::size_t heap_bytes() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// The peak of the resident set since the last reset, in bytes.
double peak_bytes() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmHWM:")) return 1024 * std::strtod(line.c_str() + 6, nullptr);
  return 0;
}

std::vector<DeviceRate> rates_of(const JobLog& log) {
  std::vector<DeviceRate> rates;
  for (const std::string& device : log.devices()) {
    DeviceRate rate;
    rate.device = device;
    rate.power = Estimate<Watts>::of(Watts(300), Watts(30), Evidence::kConstant, "power");
    rates.push_back(rate);
  }
  return rates;
}

int run(const std::string& path) {
  std::size_t lines = 0;
  const double floor = median_s([&] { lines = count_lines(path); });
  const std::size_t before = heap_bytes();
  const double resident = peak_bytes();
  const auto log = read_job_log(path, {});
  if (!log) return fmt::print(stderr, "{}\n", log.error().message), 1;
  const double peak = peak_bytes() - resident;
  const double bytes = static_cast<double>(heap_bytes() - before);
  const auto jobs = static_cast<double>(log->jobs());
  ProjectRequest request;
  request.rates = rates_of(*log);
  const double total = median_s([&] { (void)account_project(*log, request).value(); });
  const double read = median_s([&] { (void)read_job_log(path, {}).value(); });
  fmt::print("{} lines, {:.0f} jobs\n", lines, jobs);
  fmt::print(
      "read {:.2f} s, total {:.2f} s, both {:.2f} s of one core (aim for a million: under 2 s)\n",
      read, total, read + total);
  fmt::print("reading the bytes and finding the lines {:.3f} s: ratio {:.1f}\n", floor,
             (read + total) / floor);
  fmt::print("memory {:.1f} bytes a job kept, {:.1f} while reading (aim: at most 64)\n",
             bytes / jobs, peak / jobs);
  return 0;
}

}  // namespace
}  // namespace joulery

int main(int argc, char** argv) {
  if (argc != 2) return fmt::print(stderr, "usage: joulery_account_log_bench FILE\n"), 64;
  return joulery::run(argv[1]);
}
