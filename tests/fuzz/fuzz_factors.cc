// fuzz: hostile tables of factors, and devices of hostile configuration files.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "factors/accelerators.h"
#include "factors/device_config.h"
#include "site/datacentres.h"
#include "site/mixes.h"
#include "site/regions.h"

namespace joulery {
namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check_accelerators(const Result<std::vector<Accelerator>>& rows) {
  if (!rows) return require(!rows.error().message.empty());
  for (const Accelerator& row : *rows) {
    require(!row.id.empty());
    require(!row.tdp || std::isfinite(row.tdp->count()));
    require(!row.average_power || std::isfinite(row.average_power.u.count()));
    const auto found = find_accelerator(*rows, row.id);
    require(found.has_value());
  }
}

void check_places(const Result<std::vector<SiteEntry>>& rows) {
  if (!rows) return require(!rows.error().message.empty());
  for (const SiteEntry& row : *rows) {
    require(!row.pue.estimate || *row.pue.estimate.value >= 1);
    require(!row.intensity.estimate || std::isfinite(row.intensity.estimate.value->count()));
  }
}

void check_regions(const Result<std::vector<Region>>& rows) {
  if (!rows) return require(!rows.error().message.empty());
  for (const Region& row : *rows) require(row.u_grams_per_kwh > 0 && !row.source.empty());
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace joulery;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_accelerators(parse_accelerators(text, "a.csv"));
  check_accelerators(parse_device_config(text, "c.toml"));
  std::vector<Accelerator> rows(1);
  rows[0].id = "T4";
  if (const auto done = add_prices(text, "p.csv", rows); !done)
    require(!done.error().message.empty());
  check_regions(parse_regions(text, "r.csv"));
  check_places(parse_datacentres(text, "d.csv"));
  const auto sources = parse_energy_sources(text, "s.csv");
  check_places(parse_mixes(text, "m.csv", sources ? *sources : *load_energy_sources()));
  return 0;
}
