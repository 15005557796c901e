// report: changes in percent with their uncertainty, see choice.h.
#include <fmt/format.h>

#include <cmath>

#include "report/choice.h"
#include "report/number.h"

namespace joulery {
namespace {

// Of u, in percent of the value that it belongs to. A choice: with more, what lies U above and what
// lies U below are no longer alike, and the lower end could reach below zero.
constexpr double kMostEven = 10;

/// `value`, 100 being the baseline, with what is told of it shifted by `shift`.
std::string told(const Change& change, double shift, bool with_sign) {
  const double relative = 100 + change.pct;
  const double u = change.u_pct.value_or(0);
  const auto number = [&](double value) {
    return fmt::format(fmt::runtime(with_sign ? "{:+.3g}" : "{:.3g}"), value + shift);
  };
  if (u == 0)
    return fmt::format(fmt::runtime(with_sign ? "{:+.1f} %" : "{:.1f} %"), relative + shift);
  if (u > kMostEven / 100 * relative) {
    const double factor = std::exp(kCoverageFactor * u / relative);
    return fmt::format("{} % ({} to {})", number(relative), number(relative / factor),
                       number(relative * factor));
  }
  const auto even = Estimate<double>::of(relative + shift, u, Evidence::kIntegrated);
  return (with_sign && relative + shift >= 0 ? "+" : "") + plus_minus(even, "%");
}

}  // namespace

std::string signed_percent(const std::optional<Change>& change) {
  return change ? told(*change, -100, true) : "-";
}

std::string relative_percent(const std::optional<Change>& change) {
  return change ? told(*change, 0, false) : "-";
}

std::string more_or_less(const Change& change, const char* more, const char* less) {
  const double u = change.u_pct.value_or(0);
  const double size = std::abs(change.pct);
  const std::string what = change.pct < 0 ? less : more;
  if (u == 0) return fmt::format("{:.1f} % {}", size, what);
  if (u > kMostEven / 100 * (100 + change.pct)) {
    const double factor = std::exp(kCoverageFactor * u / (100 + change.pct));
    const double high = (100 + change.pct) * factor - 100;
    if (high >= 0) return signed_percent(change) + " " + more;
    return fmt::format("{:.3g} % ({:.3g} to {:.3g}) {}", size, -high,
                       100 - (100 + change.pct) / factor, less);
  }
  return plus_minus(Estimate<double>::of(size, u, Evidence::kIntegrated), "%") + " " + what;
}

}  // namespace joulery
