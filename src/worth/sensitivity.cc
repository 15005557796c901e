// worth: how much of a metric's variance each hyper-parameter explains, see joulery/worth.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "joulery/worth.h"
#include "worth/design.h"
#include "worth/least_squares.h"

namespace joulery {
namespace worth {
namespace {

// A choice: with fewer runs beyond the coefficients, what is left of the variance is not known.
constexpr std::size_t kLeastFreedom = 10;
// Bootstrap: as many samples as quantiles of 2.5 % need, fewer where millions of runs make the
// intervals narrow and the samples slow (a choice: some seconds of one core).
constexpr double kMostWork = 1e9;
constexpr std::size_t kMostSamples = 1000, kLeastSamples = 100;
// A choice: the time of a sample grows with the cube of this.
constexpr std::size_t kMostColumns = 200;
constexpr std::uint64_t kSeed = 1906'02243;

/// Counts and sums of a sample of runs, by cell.
struct CellSums {
  std::vector<double> count, sum;
  double squares = 0;

  explicit CellSums(std::size_t cells) : count(cells, 0), sum(cells, 0) {}
  void add(std::uint32_t cell, double y) {
    count[cell] += 1;
    sum[cell] += y;
    squares += y * y;
  }
};

/// Variances, in units of the metric's own.
struct Variances {
  std::vector<double> of;         // by factor, as the coefficients have them
  std::vector<double> of_chance;  // thereof what chance alone would give, for each unit of `rest`
  double residual_squares = 0;
  double runs = 0, freedom = 0;
};

class Analysis {
 public:
  explicit Analysis(const Design& design) : design_(design) {}

  /// False where some coefficient cannot be told from the others.
  bool fit(const CellSums& sums, Variances& out) {
    LeastSquares model(design_.columns);
    for (std::size_t cell = 0; cell < design_.cells.size(); ++cell)
      if (sums.count[cell] > 0)
        model.add(design_.cells[cell].ones, sums.count[cell], sums.sum[cell]);
    model.add_squares(sums.squares);
    put_weights(sums);
    out.runs = std::accumulate(sums.count.begin(), sums.count.end(), 0.0);
    out.freedom = out.runs - 1;
    if (!model.sweep(0)) return false;
    for (const Factor& factor : design_.factors)
      if (!sweep(factor, model, out)) return false;
    out.residual_squares = std::max(0.0, model.residual_squares());
    out.of.clear();
    out.of_chance.clear();
    for (const Factor& factor : design_.factors) put_variance(factor, model, out);
    return out.freedom > 0;
  }

 private:
  /// The share of the runs that has each level: as often as it was tried, it counts.
  void put_weights(const CellSums& sums) {
    weights_.assign(design_.columns, 0);
    double all = 0;
    for (std::size_t cell = 0; cell < design_.cells.size(); ++cell) {
      for (const std::size_t column : design_.cells[cell].ones)
        weights_[column] += sums.count[cell];
      all += sums.count[cell];
    }
    for (double& weight : weights_) weight /= all;
  }

  bool sweep(const Factor& factor, LeastSquares& model, Variances& out) {
    for (std::size_t i = 0; i < factor.columns(); ++i) {
      const std::size_t column = factor.first_column + i;
      if (weights_[column] == 0) continue;  // a sample without that level
      if (!model.sweep(column)) return false;
      out.freedom -= 1;
    }
    return true;
  }

  /// sum of w (b - mean)^2 over levels, where b of the base is 0; and its bias.
  void put_variance(const Factor& factor, const LeastSquares& model, Variances& out) const {
    double mean = 0, squares = 0, chance = 0;
    for (std::size_t i = 0; i < factor.columns(); ++i) {
      const std::size_t a = factor.first_column + i;
      if (weights_[a] == 0) continue;
      const double b = model.coefficient(a);
      mean += weights_[a] * b;
      squares += weights_[a] * b * b;
      for (std::size_t j = 0; j < factor.columns(); ++j) {
        const std::size_t c = factor.first_column + j;
        if (weights_[c] == 0) continue;
        const double form = (a == c ? weights_[a] : 0) - weights_[a] * weights_[c];
        chance += form * model.covariance(a, c);
      }
    }
    out.of.push_back(squares - mean * mean);
    out.of_chance.push_back(chance);
  }

  const Design& design_;
  std::vector<double> weights_;  // by column
};

/// The shares of the factors and, last, the rest. Of a sample: chance adds to each factor what
/// `of_chance` says, which is taken off. Of a population (`exact`): as they are.
std::vector<double> shares_of(const Variances& variances, bool exact) {
  const double rest = variances.residual_squares / (exact ? variances.runs : variances.freedom);
  std::vector<double> shares;
  for (std::size_t i = 0; i < variances.of.size(); ++i)
    shares.push_back(variances.of[i] - (exact ? 0 : rest * variances.of_chance[i]));
  shares.push_back(rest);
  const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share = all > 0 ? share / all : 0;
  return shares;
}

CellSums sums_of(const Design& design) {
  CellSums sums(design.cells.size());
  for (std::size_t run = 0; run < design.y.size(); ++run)
    sums.add(design.cell_of[run], design.y[run]);
  return sums;
}

CellSums sample_of(const Design& design, std::mt19937_64& random) {
  CellSums sums(design.cells.size());
  const std::size_t runs = design.y.size();
  for (std::size_t i = 0; i < runs; ++i) {
    // The high bits times the number of runs: the same on every platform, unlike <random>.
    const std::size_t run = (random() >> 32) * runs >> 32;
    sums.add(design.cell_of[run], design.y[run]);
  }
  return sums;
}

std::size_t samples_for(const Design& design) {
  const double of_model = std::pow(static_cast<double>(design.columns), 3);
  const double work = static_cast<double>(design.y.size()) * 10 + of_model;
  return std::clamp(static_cast<std::size_t>(kMostWork / work), kLeastSamples, kMostSamples);
}

using Interval = std::pair<double, double>;

// The root of a share is a size of effects, whose errors are more alike whatever the share.
double root(double share) { return std::sqrt(std::max(0.0, share)); }
double square(double size) { return std::pow(std::clamp(size, 0.0, 1.0), 2); }

/// Of each share: how samples of the runs differ from all runs, turned round (the basic bootstrap;
/// Davison, Hinkley 1997, "Bootstrap Methods and their Application", 5.2).
std::optional<std::vector<Interval>> intervals_of(const Design& design,
                                                  const std::vector<double>& shares,
                                                  const std::vector<double>& of_runs) {
  std::mt19937_64 random(kSeed);
  std::vector<std::vector<double>> errors(shares.size());
  const std::size_t samples = samples_for(design);
  Analysis analysis(design);
  for (std::size_t i = 0; i < samples; ++i) {
    Variances variances;
    if (!analysis.fit(sample_of(design, random), variances)) continue;
    const std::vector<double> drawn = shares_of(variances, false);
    for (std::size_t k = 0; k < shares.size(); ++k)
      errors[k].push_back(root(drawn[k]) - root(of_runs[k]));
  }
  if (errors[0].size() < samples / 2) return {};  // a choice: too many samples tell nothing
  std::vector<Interval> out;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    std::sort(errors[k].begin(), errors[k].end());
    const std::size_t tail = errors[k].size() / 40;  // 2.5 %
    const double low = root(shares[k]) - errors[k][errors[k].size() - 1 - tail];
    const double high = root(shares[k]) - errors[k][tail];
    out.emplace_back(square(low), square(high));
  }
  return out;
}

/// Variance between runs of the same cell, as a share of all; of cells that are single values.
std::optional<double> chance_of(const Design& design, const CellSums& sums,
                                const Variances& variances, double rest) {
  double between = 0, cells = 0;
  for (std::size_t cell = 0; cell < design.cells.size(); ++cell) {
    between += sums.sum[cell] * sums.sum[cell] / sums.count[cell];
    cells += 1;
  }
  const double freedom = variances.runs - cells;
  if (freedom < kLeastFreedom || variances.residual_squares <= 0) return {};
  const double inside = std::max(0.0, sums.squares - between) / freedom;
  const double residual = variances.residual_squares / variances.freedom;
  return std::min(rest, rest * inside / residual);
}

void put_shares(const Design& design, const std::vector<Levels>& levels,
                const std::vector<HyperParameter>& parameters, Sensitivity& out) {
  Analysis analysis(design);
  const CellSums sums = sums_of(design);
  Variances variances;
  if (design.y.size() < design.columns + kLeastFreedom) {
    out.rest.why = fmt::format("{} runs are too few for {} values", design.y.size(),
                               design.columns - 1 + design.factors.size());
    return;
  }
  if (design.columns > kMostColumns) {
    out.rest.why = fmt::format("{} values are more than {}: name fewer parameters",
                               design.columns - 1 + design.factors.size(), kMostColumns);
    return;
  }
  if (!(sums.squares > 0)) {
    out.rest.why = "all runs have the same metric";
    return;
  }
  if (!analysis.fit(sums, variances)) {
    out.rest.why = "the runs do not tell these parameters apart: they change together";
    return;
  }
  const std::vector<double> shares = shares_of(variances, false);
  const auto intervals = intervals_of(design, shares, shares_of(variances, true));
  const auto put = [&](std::size_t k, ExplainedShare& share) {
    share.share = std::clamp(shares[k], 0.0, 1.0);
    if (intervals) share.interval = (*intervals)[k];
  };
  bool whole = true;
  for (std::size_t k = 0; k < design.factors.size(); ++k) {
    const Factor& factor = design.factors[k];
    put(k, out.parameters[factor.parameter]);
    for (const std::size_t other : factor.settles)
      out.parameters[factor.parameter].settles.push_back(parameters[other].name);
    whole = whole && !levels[factor.parameter].binned;
  }
  put(design.factors.size(), out.rest);
  if (whole) out.chance = chance_of(design, sums, variances, *out.rest.share);
}

}  // namespace
}  // namespace worth

Sensitivity explain_variance(const std::vector<double>& metric,
                             const std::vector<HyperParameter>& parameters) {
  Sensitivity out;
  std::vector<std::string> why;
  std::vector<worth::Levels> levels;
  const worth::Design design = worth::make_design(metric, parameters, why, levels);
  out.runs = metric.size();
  out.left_out = design.left_out;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    ExplainedShare share;
    share.name = parameters[i].name;
    share.values = levels[i].count;
    share.binned = levels[i].binned;
    share.why = why[i];
    out.parameters.push_back(std::move(share));
  }
  out.rest.name = "rest";
  if (design.factors.empty())
    out.rest.why = "no parameter with values that enough runs have";
  else
    worth::put_shares(design, levels, parameters, out);
  for (ExplainedShare& share : out.parameters)
    if (!share.share && share.why.empty()) share.why = out.rest.why;
  std::stable_sort(out.parameters.begin(), out.parameters.end(),
                   [](const ExplainedShare& a, const ExplainedShare& b) {
                     return a.share.value_or(-1) > b.share.value_or(-1);
                   });
  return out;
}

}  // namespace joulery
