// policy: least squares with a knot at each baseline, see drift_fit.h.
#include "policy/drift_fit.h"

#include <algorithm>
#include <cmath>

namespace joulery {
namespace {

struct Term {
  std::size_t column;
  double weight;
};
using Row = std::vector<Term>;  // of the design matrix: the columns that are not 0

/// The knots about `at`, and how much each counts.
Row drift_at(double at, const std::vector<double>& knots) {
  const auto next =
      static_cast<std::size_t>(std::lower_bound(knots.begin(), knots.end(), at) - knots.begin());
  if (next == 0) return {{0, 1}};
  if (next == knots.size()) return {{next - 1, 1}};
  const double share = (at - knots[next - 1]) / (knots[next] - knots[next - 1]);
  return {{next - 1, 1 - share}, {next, share}};
}

/// A symmetric, positive definite matrix, as its Cholesky factor.
class Cholesky {
 public:
  explicit Cholesky(std::vector<std::vector<double>> matrix) : factor_(std::move(matrix)) {
    for (std::size_t i = 0; i < factor_.size(); ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = factor_[i][j];
        for (std::size_t k = 0; k < j; ++k) sum -= factor_[i][k] * factor_[j][k];
        factor_[i][j] = i == j ? std::sqrt(sum) : sum / factor_[j][j];
      }
  }

  /// y of L y = b. Its square is b' A^-1 b.
  [[nodiscard]] std::vector<double> forward(std::vector<double> b) const {
    for (std::size_t i = 0; i < b.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) b[i] -= factor_[i][k] * b[k];
      b[i] /= factor_[i][i];
    }
    return b;
  }
  [[nodiscard]] std::vector<double> solve(const std::vector<double>& b) const {
    std::vector<double> x = forward(b);
    for (std::size_t i = x.size(); i-- > 0;) {
      for (std::size_t k = i + 1; k < x.size(); ++k) x[i] -= factor_[k][i] * x[k];
      x[i] /= factor_[i][i];
    }
    return x;
  }

 private:
  std::vector<std::vector<double>> factor_;
};

std::vector<double> knots_of(const std::vector<DriftTrial>& trials) {
  std::vector<double> knots;
  for (const DriftTrial& trial : trials)
    if (!trial.cap) knots.push_back(trial.at);
  knots.erase(std::unique(knots.begin(), knots.end()), knots.end());
  return knots;
}

double fitted(const Row& row, const std::vector<double>& solution) {
  double sum = 0;
  for (const auto& [column, weight] : row) sum += weight * solution[column];
  return sum;
}

void add_residuals(const std::vector<DriftTrial>& trials, const std::vector<Row>& rows,
                   const std::vector<double>& solution, DriftFit& fit) {
  double sum = 0;
  std::vector<std::size_t> repeats(fit.effects.size(), 0);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const double residual = trials[i].log_value - fitted(rows[i], solution);
    sum += residual * residual;
    if (!trials[i].cap) continue;
    fit.effects[*trials[i].cap].own_variance += residual * residual;
    ++repeats[*trials[i].cap];
  }
  fit.dof = static_cast<double>(trials.size() - std::min(trials.size(), solution.size()));
  fit.variance = fit.dof > 0 ? sum / fit.dof : 0;
  for (std::size_t k = 0; k < repeats.size(); ++k) {
    fit.effects[k].own_dof = static_cast<double>(repeats[k]) - 1;
    if (repeats[k] > 1) fit.effects[k].own_variance /= fit.effects[k].own_dof;
  }
}

}  // namespace

DriftFit fit_drift(const std::vector<DriftTrial>& trials, std::size_t caps) {
  const std::vector<double> knots = knots_of(trials);
  const std::size_t columns = knots.size() + caps;
  std::vector<Row> rows;
  std::vector<std::vector<double>> normal(columns, std::vector<double>(columns, 0));
  std::vector<double> right(columns, 0);
  for (const DriftTrial& trial : trials) {
    Row row = drift_at(trial.at, knots);
    if (trial.cap) row.push_back({knots.size() + *trial.cap, 1});
    for (const Term& a : row) {
      right[a.column] += a.weight * trial.log_value;
      for (const Term& b : row) normal[a.column][b.column] += a.weight * b.weight;
    }
    rows.push_back(std::move(row));
  }
  const Cholesky matrix(std::move(normal));
  const std::vector<double> solution = matrix.solve(right);

  DriftFit fit;
  for (std::size_t k = 0; k < caps; ++k) {
    std::vector<double> unit(columns, 0);
    unit[knots.size() + k] = 1;
    double square = 0;
    for (const double y : matrix.forward(std::move(unit))) square += y * y;
    fit.effects.push_back({.effect = solution[knots.size() + k], .spread = std::sqrt(square)});
  }
  add_residuals(trials, rows, solution, fit);
  return fit;
}

}  // namespace joulery
