// worth: the design of an analysis of variance, see design.h.
#include "worth/design.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace joulery::worth {
namespace {

using LevelsOfRun = std::vector<std::uint32_t>;

/// Runs, with their levels of some parameters.
struct Kept {
  std::vector<std::size_t> runs;
  std::vector<LevelsOfRun> distinct;   // combinations of levels
  std::vector<std::uint32_t> cell_of;  // by kept run
};

Kept keep_runs(std::size_t runs, const std::vector<Levels>& levels,
               const std::vector<std::size_t>& usable) {
  Kept kept;
  std::map<LevelsOfRun, std::uint32_t> cells;
  LevelsOfRun own(usable.size());
  for (std::size_t run = 0; run < runs; ++run) {
    bool whole = true;
    for (std::size_t i = 0; i < usable.size(); ++i) {
      own[i] = levels[usable[i]].of[run];
      whole = whole && own[i] != Levels::kNone;
    }
    if (!whole) continue;
    const auto [at, fresh] = cells.emplace(own, static_cast<std::uint32_t>(cells.size()));
    if (fresh) kept.distinct.push_back(own);
    kept.runs.push_back(run);
    kept.cell_of.push_back(at->second);
  }
  return kept;
}

/// Whether knowing the level of `a` is knowing that of `b`.
bool settles(const Kept& kept, std::size_t a, std::size_t b) {
  std::vector<std::uint32_t> other;  // by level of a
  return std::all_of(kept.distinct.begin(), kept.distinct.end(), [&](const LevelsOfRun& own) {
    if (own[a] >= other.size()) other.resize(own[a] + 1, Levels::kNone);
    if (other[own[a]] == Levels::kNone) other[own[a]] = own[b];
    return other[own[a]] == own[b];
  });
}

/// Of parameters that always change together, the finer stays; of equal ones, the first.
void drop_settled(const std::vector<HyperParameter>& parameters,
                  const std::vector<std::size_t>& usable, const Kept& kept,
                  std::vector<std::string>& why, std::vector<std::vector<std::size_t>>& settled) {
  for (std::size_t b = 0; b < usable.size(); ++b) {
    for (std::size_t a = 0; a < usable.size(); ++a) {
      if (a == b || !why[usable[a]].empty() || !settles(kept, a, b)) continue;
      if (a > b && settles(kept, b, a)) continue;
      why[usable[b]] = fmt::format("{} settles it: the runs cannot tell the two apart",
                                   parameters[usable[a]].name);
      settled[usable[a]].push_back(usable[b]);
      break;
    }
  }
}

Factor make_factor(std::size_t parameter, std::size_t place, const Kept& kept,
                   std::uint32_t levels) {
  std::vector<std::size_t> runs(levels, 0);
  for (const std::uint32_t cell : kept.cell_of) ++runs[kept.distinct[cell][place]];
  Factor factor;
  factor.parameter = parameter;
  factor.levels = levels;
  factor.base =
      static_cast<std::uint32_t>(std::max_element(runs.begin(), runs.end()) - runs.begin());
  return factor;
}

// Of the largest metric: what differs by less does so by rounding alone.
constexpr double kNoDifference = 1e-12;

void put_metric(const std::vector<double>& metric, const Kept& kept, Design& design) {
  const auto n = static_cast<double>(kept.runs.size());
  double most = 0, mean = 0, squares = 0;
  for (const std::size_t run : kept.runs) most = std::max(most, std::abs(metric[run]));
  if (!(most > 0)) most = 1;
  for (const std::size_t run : kept.runs) mean += metric[run] / most / n;
  for (const std::size_t run : kept.runs) squares += std::pow(metric[run] / most - mean, 2) / n;
  const double deviation = std::sqrt(squares);
  for (const std::size_t run : kept.runs)
    design.y.push_back(deviation > kNoDifference ? (metric[run] / most - mean) / deviation : 0);
}

}  // namespace

Design make_design(const std::vector<double>& metric, const std::vector<HyperParameter>& parameters,
                   std::vector<std::string>& why, std::vector<Levels>& levels) {
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    levels.push_back(levels_of(parameters[i]));
    why.push_back(levels.back().why);
    if (why.back().empty()) usable.push_back(i);
  }
  const Kept kept = keep_runs(metric.size(), levels, usable);
  std::vector<std::vector<std::size_t>> settled(parameters.size());
  drop_settled(parameters, usable, kept, why, settled);
  Design design;
  design.left_out = metric.size() - kept.runs.size();
  design.cell_of = kept.cell_of;
  design.cells.resize(kept.distinct.size());
  for (Cell& cell : design.cells) cell.ones.push_back(0);
  for (std::size_t place = 0; place < usable.size(); ++place) {
    if (!why[usable[place]].empty()) continue;
    Factor factor = make_factor(usable[place], place, kept, levels[usable[place]].count);
    factor.first_column = design.columns;
    factor.settles = settled[usable[place]];
    design.columns += factor.columns();
    for (std::size_t cell = 0; cell < design.cells.size(); ++cell) {
      const std::uint32_t level = kept.distinct[cell][place];
      design.cells[cell].levels.push_back(level);
      if (level != factor.base) design.cells[cell].ones.push_back(factor.column(level));
    }
    design.factors.push_back(std::move(factor));
  }
  put_metric(metric, kept, design);
  return design;
}

}  // namespace joulery::worth
