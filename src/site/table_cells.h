// site: the cells that several shipped tables share: an intensity with its year and source, a PUE.
#pragma once

#include <optional>
#include <string>

#include "factors/csv_table.h"
#include "joulery/result.h"
#include "joulery/site.h"

namespace joulery {

// PUE below 1 is impossible by definition (ISO/IEC 30134-2), and no site publishes one above 3.
inline constexpr Bounds kPues = {1, 3};
inline constexpr Bounds kUncertaintiesOfPue = {0.001, 1};
// The dirtiest grids are near 1,200 g/kWh.
inline constexpr Bounds kGramsPerKwh = {0, 2000};
inline constexpr Bounds kUncertaintiesOfGrams = {0.1, 1000};
inline constexpr Bounds kYears = {1990, 2100};

struct IntensityCells {
  double grams_per_kwh = 0;
  double u_grams_per_kwh = 0;
  int year = 0;
  std::string kind;
  std::string basis;
  std::string source;
};

/// Of the columns g_per_kwh, u_g_per_kwh, year, kind, basis and source, none empty.
Result<IntensityCells> read_intensity(const CsvRow& row);

Factor<GramsPerJoule> intensity_of(const IntensityCells& cells, const std::string& region);
Factor<double> pue_of(double pue, double u, std::optional<int> year, const std::string& source);

// Of a place whose table says nothing of it.
Factor<double> no_pue();
Factor<GramsPerJoule> no_intensity();
Factor<MoneyPerJoule> no_electricity_price();

}  // namespace joulery
