// site: from the shares of energy sources to an intensity, see mixes.h.
#include "site/mixes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "factors/csv_table.h"
#include "site/table_cells.h"

namespace joulery {

extern const std::string_view kEnergySourcesCsv;  // data/energy_sources.csv
extern const std::string_view kEnergyMixesCsv;    // data/energy_mixes.csv

namespace {

constexpr std::array<std::string_view, 8> kSourceColumns = {
    "id", "name", "g_per_kwh", "u_g_per_kwh", "low_g_per_kwh", "high_g_per_kwh", "year", "source"};
constexpr std::array<std::string_view, 7> kMixColumns = {"mix",     "name", "basis", "energy",
                                                         "percent", "year", "source"};
// Hydropower in the tropics reaches 2,200 g/kWh (IPCC AR5 WG3 Annex III, Table A.III.2).
constexpr Bounds kLifeCycleGrams = {0, 2500};
constexpr Bounds kPercent = {0, 100};
// Shares are printed in whole percent, so a sum may be above 100 by the rounding of four or five.
constexpr double kMostPercent = 102.5;

Result<EnergySource> read_source(const CsvRow& row) {
  EnergySource out;
  JOULERY_TRY(out.id, row.needed_text("id"));
  JOULERY_TRY(out.name, row.needed_text("name"));
  JOULERY_TRY(out.grams_per_kwh, row.needed_number("g_per_kwh", kGramsPerKwh));
  JOULERY_TRY(out.u_grams_per_kwh, row.needed_number("u_g_per_kwh", kUncertaintiesOfGrams));
  JOULERY_TRY(out.low, row.needed_number("low_g_per_kwh", kLifeCycleGrams));
  JOULERY_TRY(out.high, row.needed_number("high_g_per_kwh", kLifeCycleGrams));
  if (out.low > out.grams_per_kwh || out.grams_per_kwh > out.high)
    return row.error("g_per_kwh", "is outside of low_g_per_kwh and high_g_per_kwh");
  JOULERY_TRY(out.year, row.needed_integer("year", kYears));
  JOULERY_TRY(out.source, row.needed_text("source"));
  return out;
}

/// A mix while its shares are added.
struct Mix {
  SiteEntry entry;
  IntensityCells cells;
  double percent = 0;
  double variance = 0;
  std::vector<std::string> energies;
};

Result<void> add_share(const CsvRow& row, const std::vector<EnergySource>& sources, Mix& mix) {
  JOULERY_TRY(const std::string energy, row.needed_text("energy"));
  const auto source =
      std::find_if(sources.begin(), sources.end(), [&](const auto& s) { return s.id == energy; });
  if (source == sources.end()) return row.error("energy", "is no id of data/energy_sources.csv");
  if (std::find(mix.energies.begin(), mix.energies.end(), energy) != mix.energies.end())
    return row.error("energy", "is there twice in " + mix.entry.id);
  mix.energies.push_back(energy);
  JOULERY_TRY(const double percent, row.needed_number("percent", kPercent));
  mix.percent += percent;
  if (mix.percent > kMostPercent)
    return row.error("percent", fmt::format("makes {} % of {}", mix.percent, mix.entry.id));
  const double share = percent / 100;
  // Printed in whole percent: a rectangle of half a percent to either side.
  const double u_share = 0.005 / std::sqrt(3.0);
  mix.entry.mix.push_back({source->name, share});
  mix.cells.grams_per_kwh += share * source->grams_per_kwh;
  mix.variance +=
      std::pow(share * source->u_grams_per_kwh, 2) + std::pow(u_share * source->grams_per_kwh, 2);
  return {};
}

// What was not told may be of any source: a rectangle from the cleanest to the dirtiest.
SiteEntry finished(Mix mix, const std::vector<EnergySource>& sources) {
  const auto [least, most] = std::minmax_element(
      sources.begin(), sources.end(),
      [](const auto& a, const auto& b) { return a.grams_per_kwh < b.grams_per_kwh; });
  const double rest = std::max(0.0, 1 - mix.percent / 100);
  const double half = (most->grams_per_kwh - least->grams_per_kwh) / 2;
  mix.cells.grams_per_kwh += rest * (least->grams_per_kwh + half);
  mix.variance += std::pow(rest * half / std::sqrt(3.0), 2);
  mix.cells.u_grams_per_kwh = std::sqrt(mix.variance);
  mix.entry.intensity = intensity_of(mix.cells, mix.entry.id);
  return std::move(mix.entry);
}

Result<Mix> begin_mix(const CsvRow& row) {
  Mix mix;
  mix.entry.group = "mix";
  JOULERY_TRY(mix.entry.id, row.needed_text("mix"));
  JOULERY_TRY(mix.entry.name, row.needed_text("name"));
  mix.entry.pue = no_pue();
  mix.cells.kind = "average";
  JOULERY_TRY(mix.cells.basis, row.needed_text("basis"));
  if (mix.cells.basis != "location" && mix.cells.basis != "market")
    return row.error("basis", "is location or market");
  JOULERY_TRY(mix.cells.year, row.needed_integer("year", kYears));
  JOULERY_TRY(mix.cells.source, row.needed_text("source"));
  return mix;
}

}  // namespace

Result<std::vector<EnergySource>> parse_energy_sources(std::string_view csv,
                                                       const std::string& file) {
  JOULERY_TRY(const std::vector<CsvRow> table, parse_csv_table(csv, file, kSourceColumns));
  std::vector<EnergySource> sources;
  for (const CsvRow& row : table) {
    JOULERY_TRY(EnergySource source, read_source(row));
    sources.push_back(std::move(source));
  }
  return sources;
}

Result<std::vector<SiteEntry>> parse_mixes(std::string_view csv, const std::string& file,
                                           const std::vector<EnergySource>& sources) {
  JOULERY_TRY(const std::vector<CsvRow> table, parse_csv_table(csv, file, kMixColumns));
  std::vector<Mix> mixes;
  for (const CsvRow& row : table) {
    if (mixes.empty() || mixes.back().entry.id != row.text("mix")) {
      JOULERY_TRY(Mix mix, begin_mix(row));
      mixes.push_back(std::move(mix));
    }
    JOULERY_CHECK(add_share(row, sources, mixes.back()));
  }
  std::vector<SiteEntry> entries;
  for (Mix& mix : mixes) entries.push_back(finished(std::move(mix), sources));
  return entries;
}

Result<std::vector<EnergySource>> load_energy_sources() {
  return parse_energy_sources(kEnergySourcesCsv, "data/energy_sources.csv");
}

Result<std::vector<SiteEntry>> load_mixes() {
  JOULERY_TRY(const std::vector<EnergySource> sources, load_energy_sources());
  return parse_mixes(kEnergyMixesCsv, "data/energy_mixes.csv", sources);
}

}  // namespace joulery
