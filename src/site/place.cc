// site: a place from flags and configuration, see joulery/site.h.
#include "site/place.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "base/text.h"
#include "joulery/site.h"
#include "site/config.h"
#include "site/shipped_sites.h"
#include "site/table_cells.h"

namespace joulery {
namespace {

// Uptime Institute's global survey of 2024: an average PUE of 1.56. u covers the spread between
// sites.
constexpr double kTypicalPue = 1.56;
constexpr double kTypicalPueU = 0.25;

/// The layers of a request, most binding first.
struct Sources {
  Layer flags;
  const Layer* site = nullptr;
  const Layer* defaults = nullptr;

  [[nodiscard]] std::vector<const Layer*> all() const {
    std::vector<const Layer*> layers{&flags};
    if (site != nullptr) layers.push_back(site);
    layers.push_back(defaults);
    return layers;
  }
};

const Said* find(const Layer& layer, std::string_view key) {
  const auto at = layer.find(key);
  return at == layer.end() ? nullptr : &at->second;
}

const Layer* first_with(const Sources& sources, std::string_view key) {
  for (const Layer* layer : sources.all()) {
    if (find(*layer, key) != nullptr) return layer;
  }
  return nullptr;
}

Error blame(Error error, const Said& said) {
  error.code = said.code;
  return error;
}

Error error_of(const Said& said, const std::string& what) {
  return {said.code, fmt::format("{}: '{}' {}", said.where, said.text, what)};
}

Layer flags_of(const PlaceRequest& request) {
  Layer layer;
  const auto put = [&](const std::string& key, const std::string& flag, const std::string& text) {
    if (!text.empty()) layer.emplace(key, Said{text, flag, flag, ErrorCode::kUsage});
  };
  put("pue", "--pue", request.pue);
  put("intensity", "--intensity", request.intensity);
  put("region", "--region", request.region);
  put("electricity_price", "--electricity-price", request.electricity_price);
  put("cloud_price", "--cloud-price", request.cloud_price);
  return layer;
}

// An uncertainty above the value that it belongs to is a slip, as it is behind the sign of --pue.
Result<std::optional<double>> parse_pue_u(const Layer& layer, double pue) {
  const Said* said = find(layer, "pue_u");
  if (said == nullptr) return std::optional<double>{};
  const auto number = parse_number(said->text);
  if (!number || *number < 0 || *number > pue)
    return error_of(*said,
                    fmt::format("is no uncertainty of {}: a number from 0 to it, e.g. 0.05", pue));
  return number;
}

Result<Factor<double>> make_pue(const Sources& sources) {
  const Layer* layer = first_with(sources, "pue");
  if (layer == nullptr) return no_pue();
  const Said& said = *find(*layer, "pue");
  if (trim(said.text) == "typical") {
    return Factor<double>{
        Estimate<double>::of(kTypicalPue, kTypicalPueU, Evidence::kConstant, "PUE"),
        "typical (Uptime Institute survey, 2024)", 2024, "", ""};
  }
  const auto value = parse_pue(said.text, said.where);
  if (!value) return blame(value.error(), said);
  JOULERY_TRY(const std::optional<double> extra, parse_pue_u(*layer, value->value));
  const std::optional<double> u = value->u ? value->u : extra;
  const std::string note = u ? "" : " (no uncertainty given: taken as +-0.1)";
  return Factor<double>{
      Estimate<double>::of(value->value, u.value_or(kUnstatedPueU), Evidence::kConstant, "PUE"),
      said.source + note,
      {},
      "",
      ""};
}

Result<GramsPerJoule> parse_intensity_u(const Layer& layer, GramsPerJoule value) {
  const Said* said = find(layer, "intensity_u");
  if (said == nullptr) return value * kUnstatedIntensityU;
  const std::string_view text = trim(said->text);
  if (text.ends_with('%')) {
    const auto percent = parse_number(trim(text.substr(0, text.size() - 1)));
    if (percent && *percent >= 0 && *percent <= 100) return value * (*percent / 100);
    return error_of(*said, "is not an uncertainty from 0 to 100%, e.g. 10% or 40g/kWh");
  }
  auto u = parse_intensity(text, said->where);
  if (!u) return blame(u.error(), *said);
  if (*u > value) return error_of(*said, "is more than the intensity itself, e.g. 10% or 40g/kWh");
  return *u;
}

Result<Factor<GramsPerJoule>> stated_intensity(const Layer& layer, const Said& said) {
  const auto value = parse_intensity(said.text, said.where);
  if (!value) return blame(value.error(), said);
  JOULERY_TRY(const GramsPerJoule u, parse_intensity_u(layer, *value));
  const bool given = find(layer, "intensity_u") != nullptr;
  return Factor<GramsPerJoule>{
      Estimate<GramsPerJoule>::of(*value, u, Evidence::kConstant, "carbon intensity"),
      said.source + (given ? "" : " (no uncertainty given: taken as 10 %)"),
      {},
      "",
      "unstated"};
}

/// --intensity, then the site's intensity or region, then --region, then the defaults' intensity or
/// region.
Result<Factor<GramsPerJoule>> make_intensity(const Sources& sources) {
  const auto from = [](const Layer* layer, std::string_view key) {
    return std::pair{layer, layer != nullptr ? find(*layer, key) : nullptr};
  };
  const std::pair<const Layer*, const Said*> order[] = {
      from(&sources.flags, "intensity"),   from(sources.site, "intensity"),
      from(sources.site, "region"),        from(&sources.flags, "region"),
      from(sources.defaults, "intensity"), from(sources.defaults, "region")};
  for (const auto& [layer, said] : order) {
    if (said == nullptr) continue;
    const bool by_region = find(*layer, "region") == said;
    if (!by_region) return stated_intensity(*layer, *said);
    auto factor = region_intensity(said->text);
    if (!factor) return Error{said->code, said->where + ": " + factor.error().message};
    return factor;
  }
  return no_intensity();
}

/// The place of the tables whose grid counts: the site's, else --region's, else the defaults'.
const SiteEntry* place_of_tables(const Sources& sources) {
  if (!shipped_sites()) return nullptr;
  const Said* at_site = sources.site == nullptr ? nullptr : find(*sources.site, "region");
  for (const Said* said :
       {at_site, find(sources.flags, "region"), find(*sources.defaults, "region")})
    if (said != nullptr) return find_entry(*shipped_sites(), said->text);
  return nullptr;
}

/// Prices of a table are averages of others' contracts: told, and taken where somebody asks.
Result<Factor<MoneyPerJoule>> table_price(const Sources& sources, const Said& said,
                                          std::string& currency) {
  const SiteEntry* entry = place_of_tables(sources);
  if (entry == nullptr) return error_of(said, "is of a place: give --region or --site beside it");
  if (!entry->electricity_price.estimate)
    return error_of(said, fmt::format("has no price of {}; joulery site list shows the places, "
                                      "and joulery site show {} what is known of it",
                                      entry->id, entry->id));
  currency = entry->currency;
  return entry->electricity_price;
}

Factor<MoneyPerJoule> missing_price(const Sources& sources) {
  Factor<MoneyPerJoule> none = no_electricity_price();
  const SiteEntry* entry = place_of_tables(sources);
  if (entry != nullptr && entry->electricity_price.estimate)
    none.estimate.why += fmt::format(", or --electricity-price table for the average of {} in {}",
                                     entry->id, entry->electricity_price.year.value_or(0));
  return none;
}

Result<Factor<MoneyPerJoule>> make_electricity_price(const Sources& sources,
                                                     std::string& currency) {
  const Layer* layer = first_with(sources, "electricity_price");
  if (layer == nullptr) return missing_price(sources);
  const Said& said = *find(*layer, "electricity_price");
  if (trim(said.text) == "table") return table_price(sources, said, currency);
  const auto price = parse_energy_price(said.text, said.where);
  if (!price) return blame(price.error(), said);
  currency = price->currency;
  // One price is what the contract says, so exact; of a range, any price in it is as likely as
  // another.
  const MoneyPerJoule middle((price->low + price->high) / 2 / kJoulesPerKilowattHour);
  const MoneyPerJoule u((price->high - price->low) / std::sqrt(12.0) / kJoulesPerKilowattHour);
  return Factor<MoneyPerJoule>{
      Estimate<MoneyPerJoule>::of(middle, u, Evidence::kConstant, "electricity price"),
      said.source,
      {},
      "",
      ""};
}

Result<void> put_cloud_price(const Sources& sources, Place& place) {
  const Layer* layer = first_with(sources, "cloud_price");
  if (layer == nullptr) return {};
  const Said& said = *find(*layer, "cloud_price");
  const auto price = parse_hourly_price(said.text, said.where);
  if (!price) return blame(price.error(), said);
  if (place.electricity_price.estimate && place.currency != price->currency) {
    return error_of(said,
                    fmt::format("is in {}, the electricity price in {}: give both in one currency",
                                price->currency, place.currency));
  }
  place.cloud_price = {MoneyPerSecond(price->low / kSecondsPerHour),
                       MoneyPerSecond(price->high / kSecondsPerHour)};
  place.cloud_price_source = said.source;
  place.currency = price->currency;
  return {};
}

Error unknown_site(const std::string& name, const SiteConfig& config,
                   const std::vector<std::string>& files) {
  std::vector<std::string> names;
  for (const auto& [known, layer] : config.sites) names.push_back(known);
  const std::string own =
      names.empty() ? fmt::format("no [site.NAME] in {}; ", fmt::join(files, ", ")) : "";
  if (shipped_sites()) {
    const auto shipped = names_of(*shipped_sites());
    names.insert(names.end(), shipped.begin(), shipped.end());
  }
  const auto nearest = nearest_names(name, names);
  const std::string hint = nearest.empty() ? "joulery site list shows all"
                                           : fmt::format("nearest: {}", fmt::join(nearest, ", "));
  return {ErrorCode::kUsage, fmt::format("--site: unknown site '{}'; {}{}", name, own, hint)};
}

/// The layer of --site: the user's own, else a place of the shipped tables.
Result<Layer> site_layer(const std::string& name, const SiteConfig& config,
                         const std::vector<std::string>& files) {
  const auto own = config.sites.find(name);
  if (own != config.sites.end()) return own->second;
  if (!shipped_sites()) return shipped_sites().error();
  const SiteEntry* shipped = find_entry(*shipped_sites(), name);
  return shipped != nullptr ? Result<Layer>(layer_of(*shipped)) : unknown_site(name, config, files);
}

// A region's PUE is told, never taken: it is of the sites that one provider has there, and the user
// may compute elsewhere in the same grid (docs/decisions/0040-where-a-pue-comes-from.md).
void name_published_pue(Place& place) {
  if (place.pue.estimate || place.intensity.region.empty() || !shipped_sites()) return;
  const SiteEntry* entry = find_entry(*shipped_sites(), place.intensity.region);
  if (entry == nullptr || !entry->pue.estimate) return;
  place.pue.estimate.why += fmt::format(", or --site {}, whose published PUE is {}", entry->id,
                                        *entry->pue.estimate.value);
}

}  // namespace

Result<Place> make_place(const PlaceRequest& request,
                         const std::vector<std::string>& config_files) {
  JOULERY_TRY(const SiteConfig config, load_site_config(config_files));
  return place_from(request, config, config_files);
}

Result<Place> place_from(const PlaceRequest& request, const SiteConfig& config,
                         const std::vector<std::string>& config_files) {
  Sources sources{.flags = flags_of(request), .site = nullptr, .defaults = &config.defaults};
  Layer site;
  if (!request.site.empty()) {
    JOULERY_TRY(site, site_layer(request.site, config, config_files));
    sources.site = &site;
  }
  Place place;
  place.name = request.site;
  JOULERY_TRY(place.pue, make_pue(sources));
  JOULERY_TRY(place.intensity, make_intensity(sources));
  name_published_pue(place);
  JOULERY_TRY(place.electricity_price, make_electricity_price(sources, place.currency));
  JOULERY_CHECK(put_cloud_price(sources, place));
  return place;
}

}  // namespace joulery
