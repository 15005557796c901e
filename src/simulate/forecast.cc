// simulate: forecasts with an error of a stated size, see forecast.h.
#include "simulate/forecast.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace joulery::simulate {
namespace {

/// Above 0, below 1. The standard says what mt19937_64 gives, but not what its distributions make
/// of it.
double uniform(std::mt19937_64& random) {
  return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
}

/// By Box and Muller (Annals of Mathematical Statistics 29, 1958).
double normal(std::mt19937_64& random) {
  const double radius = std::sqrt(-2 * std::log(uniform(random)));
  return radius * std::cos(2 * std::numbers::pi * uniform(random));
}

}  // namespace

std::vector<double> forecast_factors(std::size_t pieces, double error, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> factors;
  factors.reserve(pieces);
  for (std::size_t i = 0; i < pieces; ++i)
    factors.push_back(std::max(0.0, 1 + error * normal(random)));
  return factors;
}

double mean_error(const std::vector<double>& factors) {
  double sum = 0;
  for (const double factor : factors) sum += std::abs(factor - 1);
  return factors.empty() ? 0 : sum / static_cast<double>(factors.size());
}

}  // namespace joulery::simulate
