// site: the shipped table of data centres, see datacentres.h.
#include "site/datacentres.h"

#include <array>

#include "factors/csv_table.h"
#include "site/table_cells.h"

namespace joulery {

extern const std::string_view kDatacentresCsv;  // data/datacentres.csv

namespace {

constexpr std::array<std::string_view, 14> kDatacentreColumns = {
    "id",        "aliases",     "name", "pue",  "u_pue", "pue_year", "pue_source",
    "g_per_kwh", "u_g_per_kwh", "year", "kind", "basis", "source",   "note"};

Result<SiteEntry> read_datacentre(const CsvRow& row) {
  SiteEntry out;
  out.group = "datacentre";
  JOULERY_TRY(out.id, row.needed_text("id"));
  out.aliases = row.list("aliases");
  JOULERY_TRY(out.name, row.needed_text("name"));
  out.note = row.text("note");
  JOULERY_TRY(const double pue, row.needed_number("pue", kPues));
  JOULERY_TRY(const double u, row.needed_number("u_pue", kUncertaintiesOfPue));
  JOULERY_TRY(const int year, row.needed_integer("pue_year", kYears));
  JOULERY_TRY(const std::string source, row.needed_text("pue_source"));
  out.pue = pue_of(pue, u, year, source);
  out.intensity = no_intensity();
  if (row.text("g_per_kwh").empty() && row.text("source").empty()) return out;
  JOULERY_TRY(const IntensityCells cells, read_intensity(row));
  out.intensity = intensity_of(cells, out.id);
  return out;
}

}  // namespace

Result<std::vector<SiteEntry>> parse_datacentres(std::string_view csv, const std::string& file) {
  JOULERY_TRY(const std::vector<CsvRow> table, parse_csv_table(csv, file, kDatacentreColumns));
  std::vector<SiteEntry> entries;
  for (const CsvRow& row : table) {
    JOULERY_TRY(SiteEntry entry, read_datacentre(row));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<std::vector<SiteEntry>> load_datacentres() {
  return parse_datacentres(kDatacentresCsv, "data/datacentres.csv");
}

}  // namespace joulery
