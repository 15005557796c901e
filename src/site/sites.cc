// site: the places that a user may name, see load_sites() of joulery/site.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "factors/search.h"
#include "joulery/site.h"
#include "site/config.h"
#include "site/place.h"
#include "site/shipped_sites.h"

namespace joulery {
namespace {

SiteEntry entry_of(const std::string& name, Place place) {
  SiteEntry entry;
  entry.id = entry.name = name;
  entry.group = "own";
  entry.pue = std::move(place.pue);
  entry.intensity = std::move(place.intensity);
  entry.electricity_price = std::move(place.electricity_price);
  entry.cloud_price = place.cloud_price;
  entry.currency = place.currency;
  return entry;
}

}  // namespace

Result<std::vector<SiteEntry>> load_sites(const std::vector<std::string>& config_files) {
  JOULERY_TRY(const SiteConfig config, load_site_config(config_files));
  std::vector<SiteEntry> entries;
  // The defaults are of no site in particular.
  const SiteConfig sites_alone{.defaults = {}, .sites = config.sites};
  for (const auto& [name, layer] : config.sites) {
    JOULERY_TRY(Place place, place_from({.site = name}, sites_alone, config_files));
    entries.push_back(entry_of(name, std::move(place)));
  }
  if (!shipped_sites()) return shipped_sites().error();
  entries.insert(entries.end(), shipped_sites()->begin(), shipped_sites()->end());
  return entries;
}

Result<SiteEntry> find_site(const std::vector<SiteEntry>& sites, std::string_view name) {
  if (const SiteEntry* entry = find_entry(sites, name)) return *entry;
  const auto nearest = nearest_names(name, names_of(sites));
  const std::string hint = nearest.empty() ? "joulery site list shows all"
                                           : fmt::format("nearest: {}", fmt::join(nearest, ", "));
  return Error{ErrorCode::kInvalid, fmt::format("unknown site '{}'; {}", name, hint)};
}

std::vector<SiteEntry> search_sites(const std::vector<SiteEntry>& sites,
                                    const std::vector<std::string>& words) {
  std::vector<SiteEntry> found;
  for (const SiteEntry& site : sites) {
    std::vector<std::string> texts = names_of({site});
    texts.insert(texts.end(), {site.group, site.note, site.pue.source, site.intensity.source,
                               site.intensity.basis});
    if (holds_words(texts, words)) found.push_back(site);
  }
  return found;
}

}  // namespace joulery
