// fuzz: hostile tables and documents of caps, and the choice from what was read.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "policy/table.h"

namespace joulery {
namespace {

// What every choice must give: points by rising cap, and a recommended one within the bound.
void check(const CapGroup& group) {
  constexpr double kBound = 0.05;
  const auto choice = choose_cap(group, {.max_slowdown = kBound});
  if (!choice) return;  // sums beyond all numbers
  if (choice->points.empty()) std::abort();
  const CapPoint& baseline = choice->points.at(choice->baseline);
  if (baseline.cap != baseline_of(group).cap) std::abort();
  for (const CapRow& row : group.rows)
    if (row.energy_u.value_or(0) < 0 || row.time_u.value_or(0) < 0) std::abort();
  for (std::size_t i = 1; i < choice->points.size(); ++i)
    if (!(choice->points[i - 1].cap < choice->points[i].cap)) std::abort();
  const CapPoint& best = choice->points.at(choice->recommended.value());
  if (best.time > baseline.time * (1 + kBound) * (1 + 1e-6)) std::abort();
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace joulery;
  if (size == 0) return 0;
  const std::vector<std::string> by =
      data[0] % 4 == 0 ? std::vector<std::string>{"a"} : std::vector<std::string>{};
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto groups = read_cap_table(bytes, "fuzz", by);
  if (!groups && groups.error().message.find("fuzz") == std::string::npos && by.empty())
    std::abort();  // an error names its file
  if (groups)
    for (const CapGroup& group : *groups) check(group);
  return 0;
}
