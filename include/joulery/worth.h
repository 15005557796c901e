// worth: what quality cost: which hyper-parameters a metric depends on, and which models no other
// beats in both metric and energy, carbon or money.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"

namespace joulery {

/// Whether more of a metric is better (accuracy) or less (loss).
enum class Better : std::uint8_t { kHigher, kLower };
constexpr bool is_better(double a, double b, Better better) {
  return better == Better::kHigher ? a > b : a < b;
}

/// "higher" or "lower". Errors: of `code`, naming `where`.
JOULERY_EXPORT Result<Better> parse_better(std::string_view text, std::string_view where,
                                           ErrorCode code);

// ---- which hyper-parameters mattered

/// One hyper-parameter: what each run had, as written; empty: the run told none.
struct HyperParameter {
  std::string name;
  std::vector<std::string_view> values;
};

/// How much of a metric's variance follows from one hyper-parameter.
struct ExplainedShare {
  std::string name;
  std::optional<double> share;                        ///< 0..1
  std::optional<std::pair<double, double>> interval;  ///< about 95 %, by bootstrap over runs
  std::size_t values = 0;                             ///< that are told apart
  bool binned = false;                                ///< those are ranges of numbers
  std::vector<std::string> settles;                   ///< others that always change with it
  std::string why;                                    ///< why there is no share
};

struct Sensitivity {
  std::size_t runs = 0;                    ///< with a metric
  std::size_t left_out = 0;                ///< of these: a value that too few others have
  std::vector<ExplainedShare> parameters;  ///< the largest share first, those without one last
  ExplainedShare rest;                     ///< interactions, what was not named, and chance
  /// Variance between runs of the very same values: seeds and luck; a part of `rest`.
  std::optional<double> chance;
};

/// The main effects of a functional analysis of variance (Hutter, Hoos, Leyton-Brown, ICML 2014),
/// from a linear model of all hyper-parameters together, so that a design which is not balanced
/// misleads as little as it can; docs/projects.md has the formulas. The same input gives the same
/// figures. Time: runs x parameters^2, some 1000 times.
JOULERY_EXPORT Sensitivity explain_variance(const std::vector<double>& metric,
                                            const std::vector<HyperParameter>& parameters);

// ---- metric against what it took

struct WorthPoint {
  std::string name;
  double metric = 0;
  std::optional<double> energy_j, carbon_g, cost;  ///< absent: not known
};
using WorthAxis = std::optional<double> WorthPoint::*;

/// Which points no other beats: none has at least the metric for less, or a better one for at most
/// as much. A point whose `axis` is not known is not on the front.
JOULERY_EXPORT std::vector<bool> front_of(const std::vector<WorthPoint>& points, WorthAxis axis,
                                          Better better);

/// A point and the fronts that it is on.
struct FrontPoint {
  WorthPoint point;
  bool estimate = false;  ///< set by who mixes estimates with measured groups
  bool energy = false, carbon = false, cost = false;
};
JOULERY_EXPORT std::vector<FrontPoint> fronts_of(const std::vector<WorthPoint>& points,
                                                 Better better);

}  // namespace joulery
