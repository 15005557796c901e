// pue: from the readings of a facility to stretches in which what it draws was known, checked.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "joulery/pue.h"

namespace joulery {

/// A stretch in which site and IT were known and constant.
struct Flow {
  WallTime begin{}, end{};
  double site = 0, it = 0;  ///< watts; of ready ratios: the ratio, and 1
};

struct Flows {
  std::vector<Flow> flows;      ///< in order
  std::size_t below_one = 0;    ///< readings with a PUE below 1 by less than the accuracy
  std::size_t no_overhead = 0;  ///< stretches in which a facility meter showed 0 while the IT ran
  WallTime first_no_overhead{};
};

/// A choice: over longer readings of one meter the shares that hours have of the other one's say
/// nothing of PUE.
inline constexpr std::chrono::hours kLongReading{1};

/// `accuracy`: limits of error of each meter, relative. Errors: kInvalid as make_pue_profile().
Result<Flows> make_flows(const PueReadings& readings, double accuracy);

/// Watts in a piece of a series of power or energy.
double watts_in(const Series& series, const SeriesPiece& piece);
/// The least ratio of site to IT that two meters of such an accuracy may show where the truth is 1.
double least_ratio(double accuracy);
/// For errors: the file and column of a series, and where in it `time` is.
std::string place_in(const Series& series, WallTime time);

}  // namespace joulery
