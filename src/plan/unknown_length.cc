// plan: the length of a job that is not known, as a user tells it, see joulery/plan.h.
#include <fmt/format.h>

#include "base/text.h"
#include "joulery/plan.h"

namespace joulery {
namespace {

constexpr int kFallSteps = 16;  // a choice: of the falling probability between two bounds

Error unknown_length_error(std::string_view text, std::string_view flag) {
  return {
      ErrorCode::kUsage,
      fmt::format("{}: '{}' is no range and no list of rising quantiles; for example {} 6h..12h "
                  "or {} p50=6h,p90=10h",
                  flag, text, flag, flag)};
}

Result<UnknownLength> range_of(std::string_view text, std::size_t dots, std::string_view flag) {
  JOULERY_TRY(const Seconds least, parse_duration(text.substr(0, dots), flag));
  JOULERY_TRY(const Seconds most, parse_duration(text.substr(dots + 2), flag));
  if (least <= Seconds(0) || most <= least) return unknown_length_error(text, flag);
  UnknownLength out;
  out.longest = most;
  out.survival.push_back({least, 1});
  for (int i = 0; i < kFallSteps; ++i)
    out.survival.push_back({(most - least) / kFallSteps, 1 - (i + 0.5) / kFallSteps});
  out.text = fmt::format(
      "the job takes {} to {}, any length between as likely as another: the longest keeps the "
      "deadline; energy, carbon and cost are expected values",
      format_duration(least), format_duration(most));
  return out;
}

/// "p90=10h": 0.9 and the length.
Result<std::pair<double, Seconds>> quantile_of(std::string_view text, std::string_view flag) {
  const std::string_view part = trim(text);
  const std::size_t equals = part.find('=');
  if (!part.starts_with('p') || equals == std::string_view::npos)
    return unknown_length_error(text, flag);
  const auto percent = parse_number(part.substr(1, equals - 1));
  if (!percent || *percent <= 0 || *percent > 100) return unknown_length_error(text, flag);
  JOULERY_TRY(const Seconds length, parse_duration(trim(part.substr(equals + 1)), flag));
  return std::pair(*percent / 100, length);
}

}  // namespace

Result<UnknownLength> parse_unknown_length(std::string_view text, std::string_view flag) {
  const std::size_t dots = text.find("..");
  if (dots != std::string_view::npos) return range_of(text, dots, flag);
  UnknownLength out;
  double below = 0;
  for (const std::string_view part : split(text, ',')) {
    JOULERY_TRY(const auto quantile, quantile_of(part, flag));
    const auto& [share, length] = quantile;
    if (share <= below || length <= out.longest) return unknown_length_error(text, flag);
    out.survival.push_back({length - out.longest, 1 - below});
    below = share;
    out.longest = length;
  }
  out.text = fmt::format(
      "{:.4g} % of such jobs end within {} and keep the deadline; energy, carbon and cost are "
      "expected values, the others counted as long as that",
      100 * below, format_duration(out.longest));
  return out;
}

}  // namespace joulery
