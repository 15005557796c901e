// worth: what runs had of a hyper-parameter, as a few levels that can be told apart.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "joulery/worth.h"

namespace joulery::worth {

/// A choice: fewer runs of a value tell little of it. Rare values of one parameter are one level
/// together, or left out where even together they are too few.
inline constexpr std::size_t kLeastRuns = 5;
/// A choice: a parameter of more different numbers than this is cut into ranges.
inline constexpr std::size_t kMostNumbers = 10;
/// Ranges of as many runs each, with at least ten in each. Eight leave 1/64 of a linear effect
/// inside the ranges, where it counts as rest.
inline constexpr std::size_t kMostRanges = 8;
/// A choice: words of more kinds than this are names or ids.
inline constexpr std::size_t kMostWords = 50;

struct Levels {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  std::vector<std::uint32_t> of;  ///< by run; kNone: a value that too few have
  std::uint32_t count = 0;
  bool binned = false;
  std::string why;  ///< why there are none
};

/// Numbers are the same however they are written: 0.1 and 1e-1. An empty value is a level.
Levels levels_of(const HyperParameter& parameter);

}  // namespace joulery::worth
