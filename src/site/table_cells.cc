// site: intensities and PUE of the shipped tables, see table_cells.h.
#include "site/table_cells.h"

namespace joulery {

Result<IntensityCells> read_intensity(const CsvRow& row) {
  IntensityCells cells;
  JOULERY_TRY(cells.grams_per_kwh, row.needed_number("g_per_kwh", kGramsPerKwh));
  JOULERY_TRY(cells.u_grams_per_kwh, row.needed_number("u_g_per_kwh", kUncertaintiesOfGrams));
  JOULERY_TRY(cells.year, row.needed_integer("year", kYears));
  cells.kind = row.text("kind");
  if (cells.kind != "average" && cells.kind != "marginal")
    return row.error("kind", "is average or marginal");
  cells.basis = row.text("basis");
  if (cells.basis != "location" && cells.basis != "market")
    return row.error("basis", "is location or market");
  JOULERY_TRY(cells.source, row.needed_text("source"));
  return cells;
}

Factor<GramsPerJoule> intensity_of(const IntensityCells& cells, const std::string& region) {
  const GramsPerJoule value(cells.grams_per_kwh / kJoulesPerKilowattHour);
  const GramsPerJoule u(cells.u_grams_per_kwh / kJoulesPerKilowattHour);
  return {
      .estimate = Estimate<GramsPerJoule>::of(value, u, Evidence::kConstant, "carbon intensity"),
      .source = "table: " + cells.source,
      .year = cells.year,
      .region = region,
      .kind = cells.kind,
      .basis = cells.basis};
}

Factor<double> pue_of(double pue, double u, std::optional<int> year, const std::string& source) {
  return {.estimate = Estimate<double>::of(pue, u, Evidence::kConstant, "PUE"),
          .source = "table: " + source,
          .year = year,
          .region = ""};
}

Factor<double> no_pue() {
  return {.estimate = Estimate<double>::missing("no PUE: --pue"), .year = {}, .region = ""};
}

Factor<GramsPerJoule> no_intensity() {
  return {
      .estimate = Estimate<GramsPerJoule>::missing("no carbon intensity: --region or --intensity"),
      .year = {},
      .region = ""};
}

Factor<MoneyPerJoule> no_electricity_price() {
  return {.estimate = Estimate<MoneyPerJoule>::missing("no electricity price: --electricity-price"),
          .year = {},
          .region = ""};
}

}  // namespace joulery
