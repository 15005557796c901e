// site: what a place adds to energy: PUE, carbon intensity, prices. Nothing about a place is ever
// guessed.
#pragma once

#include <optional>
#include <string>
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

}  // namespace joulery
