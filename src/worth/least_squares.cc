// worth: least squares, see least_squares.h.
#include "worth/least_squares.h"

namespace joulery::worth {
namespace {
// Of a column's own sum of squares: less than this is left only by rounding. Sums are of whole
// numbers up to a million, so that they are exact before the first sweep.
constexpr double kNothing = 1e-9;
}  // namespace

LeastSquares::LeastSquares(std::size_t columns)
    : columns_(columns), cells_((columns + 1) * (columns + 1), 0), diagonal_(columns, 0) {}

void LeastSquares::add(std::span<const std::size_t> ones, double count, double sum_y) {
  for (const std::size_t a : ones) {
    for (const std::size_t b : ones) at(a, b) += count;
    at(a, columns_) += sum_y;
    at(columns_, a) += sum_y;
    diagonal_[a] += count;
  }
}

bool LeastSquares::sweep(std::size_t column) {
  const double pivot = at(column, column);
  if (!(pivot > kNothing * diagonal_[column])) return false;
  const std::size_t size = columns_ + 1;
  for (std::size_t j = 0; j < size; ++j) at(column, j) /= pivot;
  for (std::size_t i = 0; i < size; ++i) {
    if (i == column) continue;
    const double factor = at(i, column);
    if (factor == 0) continue;
    for (std::size_t j = 0; j < size; ++j) at(i, j) -= factor * at(column, j);
    at(i, column) = -factor / pivot;
  }
  at(column, column) = 1 / pivot;
  return true;
}

}  // namespace joulery::worth
