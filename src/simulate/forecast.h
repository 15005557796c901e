// simulate: what planning sees of the future.
#pragma once

#include <cstdint>
#include <vector>

namespace joulery::simulate {

/// What to multiply the truth with, piece by piece: 1 + error x z with z independent and normal,
/// never below 0. The same everywhere for the same seed.
std::vector<double> forecast_factors(std::size_t pieces, double error, std::uint64_t seed);
/// The mean of |factor - 1|.
double mean_error(const std::vector<double>& factors);

}  // namespace joulery::simulate
