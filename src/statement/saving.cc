// statement: what sweeps over power caps measured, from the tags that a sweep gives its runs.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "policy/student.h"
#include "statement/parts.h"

namespace joulery::statement {
namespace {

// The tags of docs/formats/sweep.md. The limit in force when it began is "found 250 W".
constexpr const char* kSweepTag = "sweep";
constexpr const char* kCapTag = "sweep.cap";
constexpr const char* kFound = "found ";
constexpr const char* kWarmUp = "warm-up";

struct Level {
  std::vector<double> joules, seconds;
  double own_square = 0;  ///< of what each run draws anew, J^2
};
using Levels = std::map<std::string, Level>;

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Standard uncertainty of the mean by the scatter of repeats.
double scatter_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double square = 0;
  for (const double value : values) square += (value - mean) * (value - mean);
  const auto n = static_cast<double>(values.size());
  return std::sqrt(square / (n - 1) / n);
}

/// b / a - 1. The gain of the sensors is the same on both sides and cancels; what is left is the
/// scatter, or what each run draws anew where that is more. Few repeats tell their scatter badly:
/// u is chosen so that 2 u is the 95 % interval of Student's t.
Estimate<double> change(const std::vector<double>& a, const std::vector<double>& b, double own_a,
                        double own_b) {
  if (a.size() < 2 || b.size() < 2)
    return Estimate<double>::missing("a cap was run once only, which tells no scatter");
  const double mean_a = mean_of(a);
  const double mean_b = mean_of(b);
  if (!(mean_a > 0) || !(mean_b > 0)) return Estimate<double>::missing("a mean is not above zero");
  const double t = student_quantile(0.975, static_cast<double>(a.size() + b.size() - 2)) / 2;
  const double u_a = std::max(t * scatter_of(a), own_a) / mean_a;
  const double u_b = std::max(t * scatter_of(b), own_b) / mean_b;
  const double ratio = mean_b / mean_a;
  return Estimate<double>::of(ratio - 1, ratio * std::hypot(u_a, u_b), Evidence::kMeasured,
                              "scatter of repeats");
}

double own_of_mean(const Level& level) {
  return std::sqrt(level.own_square) / static_cast<double>(level.joules.size());
}

bool counts(const Account& run) {
  return run.it_energy && run.duration && !is_failed(run) && !is_unfinished(run);
}

/// Energy is compared only where all runs saw the same parts.
bool same_parts(const Runs& runs) {
  return std::all_of(runs.begin(), runs.end(),
                     [&](const Account* run) { return run->includes == runs.front()->includes; });
}

Levels split_by_cap(const Runs& runs) {
  Levels levels;
  for (const Account* run : runs) {
    const std::string cap = tag_of(*run, kCapTag);
    if (cap.empty() || cap == kWarmUp || !counts(*run)) continue;
    Level& level = levels[cap];
    level.joules.push_back(run->it_energy.value->count());
    level.seconds.push_back(run->duration.value->count());
    level.own_square += own_u(*run) * own_u(*run);
  }
  return levels;
}

std::optional<StatedSaving> saving_of(const std::string& sweep, const Runs& runs) {
  const Levels levels = split_by_cap(runs);
  const auto baseline = std::find_if(levels.begin(), levels.end(), [](const auto& entry) {
    return entry.first.starts_with(kFound);
  });
  if (baseline == levels.end() || levels.size() < 2) return std::nullopt;
  auto least = levels.end();
  for (auto level = levels.begin(); level != levels.end(); ++level) {
    if (level == baseline) continue;
    if (least == levels.end() || mean_of(level->second.joules) < mean_of(least->second.joules))
      least = level;
  }
  StatedSaving saving{.sweep = sweep,
                      .cap = least->first,
                      .baseline = baseline->first,
                      .runs = runs.size(),
                      .energy_change = {},
                      .time_change = {}};
  const Level& a = baseline->second;
  const Level& b = least->second;
  saving.energy_change = same_parts(runs)
                             ? change(a.joules, b.joules, own_of_mean(a), own_of_mean(b))
                             : Estimate<double>::missing("its runs did not see the same parts");
  saving.time_change = change(a.seconds, b.seconds, 0, 0);
  return saving;
}

}  // namespace

std::vector<StatedSaving> find_savings(const Runs& runs) {
  std::map<std::string, Runs> sweeps;
  for (const Account* run : runs)
    if (const std::string sweep = tag_of(*run, kSweepTag);
        !sweep.empty() && !tag_of(*run, kCapTag).empty())
      sweeps[sweep].push_back(run);
  std::vector<StatedSaving> savings;
  for (const auto& [sweep, list] : sweeps)
    if (auto saving = saving_of(sweep, list)) savings.push_back(*std::move(saving));
  return savings;
}

}  // namespace joulery::statement
