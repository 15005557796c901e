// site: the shipped table of carbon intensities, see regions.h.
#include "site/regions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"

namespace joulery {

extern const std::string_view kRegionsCsv;  // data/regions.csv

namespace {

constexpr std::size_t kColumns = 8;

Error bad_line(std::string_view file, std::size_t line, std::string_view what) {
  return {ErrorCode::kInvalid, fmt::format("{}:{}: {}", file, line, what)};
}

Result<Region> parse_row(std::string_view text, std::string_view file, std::size_t line) {
  const auto fields = split_csv(text);
  if (!fields || fields->size() != kColumns) return bad_line(file, line, "a row has 8 columns");
  const auto grams = parse_number((*fields)[3]);
  const auto u = parse_number((*fields)[4]);
  const auto year = parse_integer((*fields)[5]);
  if (!grams || *grams < 0) return bad_line(file, line, "column 4, g_per_kwh, is no intensity");
  if (!u || *u < 0) return bad_line(file, line, "column 5, u_g_per_kwh, is no uncertainty");
  if (!year || *year < 1990 || *year > 2100)
    return bad_line(file, line, "column 6, year, is no year");
  return Region{.id = (*fields)[0],
                .alias = (*fields)[1],
                .name = (*fields)[2],
                .grams_per_kwh = *grams,
                .u_grams_per_kwh = *u,
                .year = static_cast<int>(*year),
                .kind = (*fields)[6],
                .source = (*fields)[7]};
}

Error unknown_region(std::string_view wanted) {
  std::vector<std::string> names;
  for (const Region& region : shipped_regions()) {
    names.push_back(lower(region.id));
    names.push_back(lower(region.alias));
    names.push_back(lower(region.name));
  }
  return {ErrorCode::kInvalid, fmt::format("unknown region '{}'; nearest: {}", wanted,
                                           fmt::join(nearest_names(lower(wanted), names), ", "))};
}

}  // namespace

Result<std::vector<Region>> parse_regions(std::string_view csv, std::string_view file) {
  std::vector<Region> regions;
  const auto lines = split(csv, '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (trim(lines[i]).empty()) continue;
    JOULERY_TRY(Region region, parse_row(lines[i], file, i + 1));
    regions.push_back(std::move(region));
  }
  return regions;
}

const std::vector<Region>& shipped_regions() {
  static const std::vector<Region> regions =
      parse_regions(kRegionsCsv, "data/regions.csv").value_or(std::vector<Region>{});
  return regions;
}

Result<Factor<GramsPerJoule>> region_intensity(std::string_view wanted) {
  const std::string key = lower(trim(wanted));
  for (const Region& region : shipped_regions()) {
    const bool same =
        key == lower(region.id) || key == lower(region.alias) || key == lower(region.name);
    if (!same) continue;
    const GramsPerJoule value(region.grams_per_kwh / kJoulesPerKilowattHour);
    const GramsPerJoule u(region.u_grams_per_kwh / kJoulesPerKilowattHour);
    return Factor<GramsPerJoule>{
        .estimate = Estimate<GramsPerJoule>::of(value, u, Evidence::kConstant, "carbon intensity"),
        .source = "table: " + region.source,
        .year = region.year,
        .region = region.id,
        .kind = region.kind};
  }
  return unknown_region(wanted);
}

}  // namespace joulery
