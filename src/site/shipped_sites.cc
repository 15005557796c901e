// site: the shipped tables as one, see shipped_sites.h.
#include "site/shipped_sites.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/text.h"
#include "factors/csv_table.h"
#include "site/datacentres.h"
#include "site/mixes.h"
#include "site/regions.h"
#include "site/table_cells.h"

namespace joulery {

extern const std::string_view kElectricityPricesCsv;  // data/electricity_prices.csv

namespace {

constexpr std::array<std::string_view, 7> kPriceColumns = {
    "region", "low_per_kwh", "high_per_kwh", "currency", "as_of", "kind", "source"};
// No grid has sold for more than 2 a kWh, in any of the currencies of the table.
constexpr Bounds kPricePerKwh = {0.001, 2};
// A choice: one customer's contract is not the average of all, however near two averages are.
constexpr double kLeastPriceU = 0.1;

Result<Factor<MoneyPerJoule>> read_price(const CsvRow& row) {
  JOULERY_TRY(const double low, row.needed_number("low_per_kwh", kPricePerKwh));
  JOULERY_TRY(const double high, row.needed_number("high_per_kwh", kPricePerKwh));
  if (low > high) return row.error("high_per_kwh", "is below low_per_kwh");
  JOULERY_TRY(const int year, row.needed_integer("as_of", kYears));
  JOULERY_TRY(const std::string source, row.needed_text("source"));
  JOULERY_TRY(const std::string kind, row.needed_text("kind"));
  // Of a range, any price in it is as likely as another.
  const MoneyPerJoule middle((low + high) / 2 / kJoulesPerKilowattHour);
  const MoneyPerJoule u =
      std::max(MoneyPerJoule((high - low) / std::sqrt(12.0) / kJoulesPerKilowattHour),
               middle * kLeastPriceU);
  return Factor<MoneyPerJoule>{
      .estimate = Estimate<MoneyPerJoule>::of(middle, u, Evidence::kConstant, "electricity price"),
      .source = "table: " + source,
      .year = year,
      .region = row.text("region"),
      .kind = kind};
}

// Each name leads to one place.
Result<void> check_names(const std::vector<SiteEntry>& entries) {
  std::map<std::string, std::string> owners;
  for (const SiteEntry& entry : entries) {
    std::vector<std::string> names{entry.id, entry.name};
    names.insert(names.end(), entry.aliases.begin(), entry.aliases.end());
    for (const std::string& name : names) {
      const auto [at, is_new] = owners.emplace(lower(name), entry.id);
      if (!is_new && at->second != entry.id)
        return Error{ErrorCode::kInvalid, fmt::format("data: the name '{}' leads to {} and to {}",
                                                      name, at->second, entry.id)};
    }
  }
  return {};
}

Result<std::vector<SiteEntry>> load_shipped() {
  JOULERY_TRY(std::vector<SiteEntry> entries, load_datacentres());
  JOULERY_TRY(const std::vector<Region> regions, load_regions());
  for (const Region& region : regions) entries.push_back(entry_of(region));
  JOULERY_TRY(std::vector<SiteEntry> mixes, load_mixes());
  std::move(mixes.begin(), mixes.end(), std::back_inserter(entries));
  for (SiteEntry& entry : entries) entry.electricity_price = no_electricity_price();
  JOULERY_CHECK(
      add_electricity_prices(kElectricityPricesCsv, "data/electricity_prices.csv", entries));
  JOULERY_CHECK(check_names(entries));
  return entries;
}

bool is_named(const SiteEntry& entry, std::string_view key) {
  return key == lower(entry.id) || key == lower(entry.name) ||
         std::any_of(entry.aliases.begin(), entry.aliases.end(),
                     [&](const std::string& alias) { return key == lower(alias); });
}

}  // namespace

const Result<std::vector<SiteEntry>>& shipped_sites() {
  static const Result<std::vector<SiteEntry>> entries = load_shipped();
  return entries;
}

Result<void> add_electricity_prices(std::string_view csv, const std::string& file,
                                    std::vector<SiteEntry>& entries) {
  JOULERY_TRY(const std::vector<CsvRow> table, parse_csv_table(csv, file, kPriceColumns));
  for (const CsvRow& row : table) {
    const auto owner = std::find_if(entries.begin(), entries.end(), [&](const SiteEntry& entry) {
      return entry.id == row.text("region");
    });
    if (owner == entries.end()) return row.error("region", "is no id of a place");
    JOULERY_TRY(owner->electricity_price, read_price(row));
    JOULERY_TRY(owner->currency, row.needed_text("currency"));
  }
  return {};
}

const SiteEntry* find_entry(const std::vector<SiteEntry>& entries, std::string_view wanted) {
  const std::string key = lower(trim(wanted));
  const auto at = std::find_if(entries.begin(), entries.end(),
                               [&](const SiteEntry& entry) { return is_named(entry, key); });
  return at == entries.end() ? nullptr : &*at;
}

std::vector<std::string> names_of(const std::vector<SiteEntry>& entries) {
  std::vector<std::string> names;
  for (const SiteEntry& entry : entries) {
    names.push_back(entry.id);
    names.push_back(entry.name);
    names.insert(names.end(), entry.aliases.begin(), entry.aliases.end());
  }
  return names;
}

Result<Factor<GramsPerJoule>> region_intensity(std::string_view wanted) {
  if (!shipped_sites()) return shipped_sites().error();
  const SiteEntry* entry = find_entry(*shipped_sites(), wanted);
  if (entry == nullptr) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("unknown region '{}'; nearest: {}", wanted,
                             fmt::join(nearest_names(wanted, names_of(*shipped_sites())), ", "))};
  }
  if (!entry->intensity.estimate)
    return Error{ErrorCode::kInvalid,
                 fmt::format("'{}' has no published carbon intensity", entry->id)};
  return entry->intensity;
}

Layer layer_of(const SiteEntry& entry) {
  Layer layer;
  const std::string where = "--site " + entry.id;
  if (entry.pue.estimate) {
    layer.emplace(
        "pue", Said{fmt::format("{}+-{}", *entry.pue.estimate.value, entry.pue.estimate.u), where,
                    fmt::format("site {}, {}", entry.id, entry.pue.source)});
  }
  if (entry.intensity.estimate) layer.emplace("region", Said{entry.id, where, "site " + entry.id});
  return layer;
}

}  // namespace joulery
