// bench: a year in steps of five minutes as a series, beside reading the bytes and finding their
// lines.
#include <fmt/core.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "joulery/series.h"

namespace joulery {
namespace {

constexpr int kRounds = 15;
constexpr int kRows = 365 * 24 * 12;

/// Median CPU time of several calls, the first of which also warms the caches.
template <class Call>
double median_ms(const Call& call) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const std::clock_t begin = std::clock();
    call();
    times.push_back(1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  std::sort(times.begin(), times.end());
  return times[kRounds / 2];
}

void write_year(const std::string& path, bool mix) {
  std::ofstream out(path);
  out << (mix ? "timestamp,coal [MW],gas [MW],nuclear [MW],wind onshore [MW],solar [MW],hydro "
                "[MW]\n"
              : "timestamp,carbon_intensity (g/kWh)\n");
  WallTime time = *parse_time("2026-01-01T00:00:00Z");
  for (int i = 0; i < kRows; ++i, time += std::chrono::minutes(5)) {
    const double value = 300 + (i * 7919 % 2000) / 10.0;
    const std::string cell = format_fixed(value, 1);
    out << format_time(time);
    for (int column = 0; column < (mix ? 6 : 1); ++column) out << ',' << cell;
    out << '\n';
  }
}

std::size_t count_lines(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string piece(64 * 1024, '\0');
  std::size_t lines = 0;
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
    const std::string_view text(piece.data(), static_cast<std::size_t>(in.gcount()));
    for (std::size_t at = text.find('\n'); at != std::string_view::npos;
         at = text.find('\n', at + 1))
      ++lines;
  }
  return lines;
}

int measure(const std::string& path, const char* what) {
  std::size_t lines = 0;
  const double floor = median_ms([&] { lines = count_lines(path); });
  SeriesRequest request;
  request.file = path;
  request.flag = "--series";
  const auto series = read_series(request);
  if (!series) return fmt::print(stderr, "{}\n", series.error().message), 1;
  const double read = median_ms([&] { (void)read_series(request).value(); });
  fmt::print(
      "{}: {} rows, {} pieces, read in {:.1f} ms; its bytes and line ends {:.2f} ms: ratio "
      "{:.1f}\n",
      what, lines - 1, series->pieces.size(), read, floor, read / floor);
  return 0;
}

int run(const std::string& folder) {
  write_year(folder + "/year.csv", false);
  write_year(folder + "/mix.csv", true);
  return std::max(measure(folder + "/year.csv", "one column"),
                  measure(folder + "/mix.csv", "a mix of six sources"));
}

}  // namespace
}  // namespace joulery

int main(int argc, char** argv) {
  if (argc != 2) return fmt::print(stderr, "usage: joulery_series_bench FOLDER\n"), 64;
  return joulery::run(argv[1]);
}
