// worth: a linear model by least squares, from sums alone, so that runs of the same values are one.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace joulery::worth {

/// y = X b with columns of X that are 0 or 1. Sums of products go in; sweep() turns them into the
/// solution where they stand (Goodnight 1979, "A tutorial on the SWEEP operator", The American
/// Statistician 33, 149-158).
class LeastSquares {
 public:
  explicit LeastSquares(std::size_t columns);

  /// `count` runs that have ones in `ones`, and the sum of their y.
  void add(std::span<const std::size_t> ones, double count, double sum_y);
  /// The sum of y^2 of all runs.
  void add_squares(double sum_yy) { at(columns_, columns_) += sum_yy; }

  /// Takes a column into the model. False where those that are in already say what it says.
  bool sweep(std::size_t column);

  /// Of columns that were swept.
  [[nodiscard]] double coefficient(std::size_t column) const { return at(column, columns_); }
  /// Covariance of two coefficients, over the variance of y around the model.
  [[nodiscard]] double covariance(std::size_t a, std::size_t b) const { return at(a, b); }
  [[nodiscard]] double residual_squares() const { return at(columns_, columns_); }

 private:
  double& at(std::size_t row, std::size_t column) { return cells_[row * (columns_ + 1) + column]; }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const {
    return cells_[row * (columns_ + 1) + column];
  }

  std::size_t columns_;
  std::vector<double> cells_;
  std::vector<double> diagonal_;  // before any sweep
};

}  // namespace joulery::worth
