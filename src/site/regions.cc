// site: the shipped table of carbon intensities, see regions.h.
#include "site/regions.h"

#include <fmt/format.h>

#include <array>

#include "factors/csv_table.h"
#include "site/table_cells.h"

namespace joulery {

extern const std::string_view kRegionsCsv;  // data/regions.csv

namespace {

constexpr std::array<std::string_view, 14> kRegionColumns = {
    "region", "aliases", "name", "group", "g_per_kwh", "u_g_per_kwh", "year",
    "kind",   "basis",   "grid", "pue",   "u_pue",     "pue_source",  "source"};

Result<void> read_pue(const CsvRow& row, Region& out) {
  JOULERY_TRY(out.pue, row.number("pue", kPues));
  out.pue_source = row.text("pue_source");
  if (!out.pue) {
    const bool empty = out.pue_source.empty() && row.text("u_pue").empty();
    return empty ? Result<void>{} : row.error("pue", "is empty, but its source or u is not");
  }
  JOULERY_TRY(out.u_pue, row.needed_number("u_pue", kUncertaintiesOfPue));
  return row.needed_text("pue_source") ? Result<void>{} : row.error("pue_source", "is empty");
}

Result<Region> read_region(const CsvRow& row) {
  Region out;
  JOULERY_TRY(out.id, row.needed_text("region"));
  out.aliases = row.list("aliases");
  JOULERY_TRY(out.name, row.needed_text("name"));
  JOULERY_TRY(out.group, row.needed_text("group"));
  JOULERY_TRY(const IntensityCells cells, read_intensity(row));
  out.grams_per_kwh = cells.grams_per_kwh;
  out.u_grams_per_kwh = cells.u_grams_per_kwh;
  out.year = cells.year;
  out.kind = cells.kind;
  out.basis = cells.basis;
  out.source = cells.source;
  out.grid = row.text("grid");
  JOULERY_CHECK(read_pue(row, out));
  return out;
}

}  // namespace

Result<std::vector<Region>> parse_regions(std::string_view csv, const std::string& file) {
  JOULERY_TRY(const std::vector<CsvRow> table, parse_csv_table(csv, file, kRegionColumns));
  std::vector<Region> regions;
  for (const CsvRow& row : table) {
    JOULERY_TRY(Region region, read_region(row));
    regions.push_back(std::move(region));
  }
  return regions;
}

Result<std::vector<Region>> load_regions() {
  return parse_regions(kRegionsCsv, "data/regions.csv");
}

SiteEntry entry_of(const Region& region) {
  SiteEntry entry;
  entry.id = region.id;
  entry.aliases = region.aliases;
  entry.name = region.name;
  entry.group = region.group;
  const IntensityCells cells{region.grams_per_kwh, region.u_grams_per_kwh, region.year,
                             region.kind,          region.basis,           region.source};
  entry.intensity = intensity_of(cells, region.id);
  entry.pue =
      region.pue ? pue_of(*region.pue, region.u_pue, std::nullopt, region.pue_source) : no_pue();
  return entry;
}

}  // namespace joulery
