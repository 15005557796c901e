// site: what a place adds to energy: PUE, carbon intensity, prices. Nothing about a place is ever
// guessed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

/// A number about a place and where it came from.
template <class T>
struct Factor {
  Estimate<T> estimate;  ///< missing: `why` names the flag that would give it
  std::string source{};  ///< "--pue", "site NAME in FILE", "table: Uptime Institute 2022 survey"
  std::optional<int> year;
  std::string region;
  std::string kind{};  ///< of an intensity: "average" or "marginal"; never mixed
  std::string
      basis{};  ///< of an intensity: "location" (the grid) or "market" (as bought); or empty
};

struct Place {
  std::string name{};  ///< of --site, else empty
  Factor<double> pue;
  Factor<GramsPerJoule> intensity;
  Factor<MoneyPerJoule> electricity_price;
  std::optional<std::pair<MoneyPerSecond, MoneyPerSecond>> cloud_price;  ///< low, high; per device
  std::string cloud_price_source;
  std::string currency = "USD";  ///< of both prices
};

/// The words that a user gave, each empty where not given: exactly the flags, with their units.
struct PlaceRequest {
  std::string site{};               ///< --site NAME: a [site.NAME] table of the configuration
  std::string pue{};                ///< --pue 1.3 | 1.3+-0.05 | typical
  std::string intensity{};          ///< --intensity 432g/kWh
  std::string region{};             ///< --region: a row of the shipped table
  std::string electricity_price{};  ///< --electricity-price 0.12USD/kWh
  std::string cloud_price{};        ///< --cloud-price 0.74..2.48USD/h
};

/// Flag, then --site, then --region, then the configuration's defaults.
/// `config_files` in order of precedence; absent ones are skipped.
/// Errors: kUsage naming the flag and showing a right value; kInvalid naming file and line; nearest
/// names are offered.
JOULERY_EXPORT Result<Place> make_place(const PlaceRequest& request,
                                        const std::vector<std::string>& config_files);

/// How much of a mix of electricity one source of energy makes.
struct EnergyShare {
  std::string energy;  ///< "coal", "natural gas"
  double share = 0;    ///< 0..1; those of a mix may leave a rest that was not told
};

/// A place of the shipped tables or of the user's configuration. What is not known of it is
/// missing.
struct SiteEntry {
  std::string id;  ///< "FRA", "gcp:europe-west1", "nrel-esif"
  std::vector<std::string> aliases;
  std::string name;  ///< for people: "Google Cloud Belgium"
  std::string
      group;  ///< "own", "datacentre", "cloud", "country", "state", "grid", "mix", "average"
  Factor<double> pue;
  Factor<GramsPerJoule> intensity;
  Factor<MoneyPerJoule> electricity_price;
  std::optional<std::pair<MoneyPerSecond, MoneyPerSecond>> cloud_price;  ///< of "own" alone
  std::string currency = "USD";                                          ///< of both prices
  std::vector<EnergyShare> mix;                                          ///< of a "mix"
  std::string note;
};

/// The user's sites ([site.NAME] tables), then the shipped places. Errors: kInvalid, naming file
/// and line.
JOULERY_EXPORT Result<std::vector<SiteEntry>> load_sites(
    const std::vector<std::string>& config_files);

/// The place of that id, alias or name, whatever the case; the user's go first. Never a partial
/// match. Errors: kInvalid, offering the nearest names.
JOULERY_EXPORT Result<SiteEntry> find_site(const std::vector<SiteEntry>& sites,
                                           std::string_view name);

/// Those that hold every word in one of their names, their group or their sources, whatever the
/// case.
JOULERY_EXPORT std::vector<SiteEntry> search_sites(const std::vector<SiteEntry>& sites,
                                                   const std::vector<std::string>& words);

}  // namespace joulery
