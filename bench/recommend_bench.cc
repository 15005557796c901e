// bench: the time from a table of 10,000 jobs at 10 caps to a choice for each, beside that of
// splitting its lines and reading its numbers. Usage: joulery_recommend_bench [GROUPS]
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <ostream>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/report.h"
#include "policy/table.h"

namespace joulery {
namespace {

constexpr int kRounds = 7;
constexpr int kCaps = 10;

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

std::string make_table(int groups) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> noise(0.98, 1.02);
  std::string text = "network,batch_size,optimizer,power_limit,time_per_epoch,average_power\n";
  for (int group = 0; group < groups; ++group)
    for (int i = 0; i < kCaps; ++i) {
      const double cap = 100 + 20 * i;
      text += fmt::format("net{},{},adam,{},{},{}\n", group / 8, 8 << (group % 8), cap,
                          (50 + 5000 / cap) * noise(random), 0.95 * cap * noise(random));
    }
  return text;
}

/// What no reader of this table can do without.
double add_up_numbers(std::string_view text) {
  double sum = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(",\n"), text.size());
    double value = 0;
    std::from_chars(text.data(), text.data() + end, value);
    sum += value;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return sum;
}

std::vector<Recommendation> choose_all(const std::string& table) {
  std::vector<Recommendation> jobs;
  const auto groups = read_cap_table(table, "table", {});
  for (const CapGroup& group : groups.value())
    jobs.push_back({group.key, 0.05, choose_cap(group, {.max_slowdown = 0.05}).value()});
  return jobs;
}

int run(int groups) {
  const std::string table = make_table(groups);
  double sum = 0;
  std::size_t jobs = 0;
  const double floor = median_s([&] { sum = add_up_numbers(table); });
  const double all = median_s([&] { jobs = choose_all(table).size(); });
  const std::vector<Recommendation> chosen = choose_all(table);
  const double json = median_s([&] {
    std::ostringstream out;
    write_recommend_json({}, chosen, out);
  });
  fmt::print("{} jobs at {} caps, {:.2f} MB\n", jobs, kCaps,
             static_cast<double>(table.size()) / 1e6);
  fmt::print("read and choose {:.3f} s (aim: under 1 s), and {:.3f} s for the JSON document\n", all,
             json);
  fmt::print("splitting the same text and reading its numbers {:.3f} s: ratio {:.1f}\n", floor,
             all / floor);
  return sum > 0 ? 0 : 1;
}

}  // namespace
}  // namespace joulery

int main(int argc, char** argv) { return joulery::run(argc > 1 ? std::atoi(argv[1]) : 10000); }
