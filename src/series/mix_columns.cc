// series: columns of a mix, see mix_columns.h.
#include "series/mix_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "series/source_names.h"
#include "series/units.h"
#include "site/mixes.h"
#include "site/regions.h"

namespace joulery::series {
namespace {

using Kind = SourceName::Kind;

constexpr std::size_t kMostSources = 64;  // ENTSO-E knows 21 types; Germany has 12 borders

/// The shipped tables.
struct Shipped {
  std::vector<EnergySource> sources;
  std::vector<Region> regions;
};

std::optional<Grams> grams_of_source(const Shipped& shipped, const std::string& id) {
  for (const EnergySource& source : shipped.sources)
    if (source.id == id) return Grams{source.grams_per_kwh, source.u_grams_per_kwh};
  return {};
}

std::optional<Grams> grams_of_region(const Shipped& shipped, const std::string& zone) {
  const auto is_it = [&](const std::string& name) { return lower(name) == zone; };
  for (const Region& region : shipped.regions)
    if (is_it(region.id) || std::any_of(region.aliases.begin(), region.aliases.end(), is_it))
      return Grams{region.grams_per_kwh, region.u_grams_per_kwh};
  return {};
}

std::optional<Grams> grams_of(const Shipped& shipped, const SourceName& name) {
  if (name.id.empty()) return {};
  return name.kind == Kind::kImport ? grams_of_region(shipped, name.id)
                                    : grams_of_source(shipped, name.id);
}

/// What may be of any source: a rectangle from the cleanest to the dirtiest, as in site/mixes.cc.
void set_unknown(const Shipped& shipped, MixColumns& mix) {
  const auto [least, most] = std::minmax_element(
      shipped.sources.begin(), shipped.sources.end(),
      [](const auto& a, const auto& b) { return a.grams_per_kwh < b.grams_per_kwh; });
  mix.least = least->grams_per_kwh;
  mix.most = most->grams_per_kwh;
  mix.unknown = {(mix.least + mix.most) / 2, (mix.most - mix.least) / 2 / std::sqrt(3.0)};
}

/// The unit of a source, and whether it is one of energy: those do not go together.
struct SourceUnit {
  double factor = 1;
  char measure = ' ';  ///< 'W', 'J' or none
};

SourceUnit unit_of_source(const std::string& heading) {
  if (const auto power = unit_in_heading(heading, SeriesMeasure::kPower))
    return {power->factor, 'W'};
  if (const auto energy = unit_in_heading(heading, SeriesMeasure::kEnergy))
    return {energy->factor, 'J'};
  return {};
}

bool is_total(const std::string& plain) {
  const auto holds = [&](std::string_view word) { return plain.find(word) != std::string::npos; };
  return holds("load") || holds("demand") || holds("total") || holds("generation") ||
         holds("production");
}

/// Of "coal (g/kWh)".
std::optional<double> scale_of_own(const std::string& heading) {
  if (heading.find_first_of("([") == std::string::npos) return {};
  const auto scale = unit_in_heading(heading, SeriesMeasure::kIntensity);
  if (!scale) return {};
  return scale->factor * kJoulesPerKilowattHour;
}

void find_own_column(const std::vector<std::string>& columns, MixColumn& source) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto scale = scale_of_own(columns[i]);
    if (!scale || plain_source(columns[i]) != source.name) continue;
    source.own_column = i;
    source.own_factor = *scale;
  }
}

}  // namespace

Result<MixColumns> mix_columns(const std::vector<std::string>& columns, std::size_t stamp) {
  Shipped shipped;
  JOULERY_TRY(shipped.sources, load_energy_sources());
  JOULERY_TRY(shipped.regions, load_regions());
  MixColumns mix;
  set_unknown(shipped, mix);
  std::optional<SourceUnit> first;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i == stamp || scale_of_own(columns[i])) continue;
    const std::string plain = plain_source(columns[i]);
    const auto name = source_named(plain);
    const SourceUnit unit = unit_of_source(columns[i]);
    const bool is_source = name ? name->kind == Kind::kSource || name->kind == Kind::kImport
                                : unit.measure != ' ' && !is_total(plain);
    if (!is_source) {
      mix.left_out.push_back(columns[i]);
      continue;
    }
    if (first && first->measure != unit.measure)
      return Error{ErrorCode::kInvalid,
                   fmt::format("column '{}': its unit does not go with the one of '{}'", columns[i],
                               mix.sources.front().name)};
    first = unit;
    MixColumn source{.column = i, .name = plain, .factor = unit.factor};
    if (name) source.grams = grams_of(shipped, *name);
    source.is_import = name && name->kind == Kind::kImport;
    find_own_column(columns, source);
    mix.sources.push_back(std::move(source));
  }
  if (mix.sources.empty() || mix.sources.size() > kMostSources)
    return Error{ErrorCode::kInvalid, fmt::format("{} columns of sources: from 1 to {} make a mix",
                                                  mix.sources.size(), kMostSources)};
  return mix;
}

}  // namespace joulery::series
