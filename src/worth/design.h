// worth: runs by their levels of all hyper-parameters, and the columns of a linear model of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "worth/levels.h"

namespace joulery::worth {

/// A hyper-parameter of the model: a column for each of its levels but the most frequent.
struct Factor {
  std::size_t parameter = 0;  ///< its place in the request
  std::uint32_t levels = 0;
  std::uint32_t base = 0;            ///< the most frequent level
  std::size_t first_column = 0;      ///< of its levels, `base` left out
  std::vector<std::size_t> settles;  ///< parameters that always change with it

  [[nodiscard]] std::size_t columns() const { return levels - 1; }
  [[nodiscard]] std::size_t column(std::uint32_t level) const {
    return first_column + level - (level > base ? 1 : 0);
  }
};

/// Runs of the same levels.
struct Cell {
  std::vector<std::uint32_t> levels;  ///< by factor
  std::vector<std::size_t> ones;      ///< columns of the model that are 1; the first is the mean's
};

struct Design {
  std::vector<Factor> factors;
  std::size_t columns = 1;
  std::vector<Cell> cells;
  std::vector<std::uint32_t> cell_of;  ///< by run that is kept
  std::vector<double> y;               ///< likewise, of mean 0 and variance 1
  std::size_t left_out = 0;
};

/// `why` gets, by parameter, why one is not in the model.
Design make_design(const std::vector<double>& metric, const std::vector<HyperParameter>& parameters,
                   std::vector<std::string>& why, std::vector<Levels>& levels);

}  // namespace joulery::worth
