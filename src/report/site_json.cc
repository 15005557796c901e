// report: the tables of places, "joulery/site/1"; docs/formats/factors.md says every key.
#include <algorithm>
#include <cmath>
#include <ostream>

#include "joulery/report.h"
#include "report/json_quantity.h"
#include "report/per_hour.h"
#include "report/place_json.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

// To the nine digits that a price could have: without the noise of the change of unit.
Estimate<double> price_per_kwh(const Estimate<MoneyPerJoule>& price) {
  Estimate<double> number = as_number(price, kJoulesPerKilowattHour);
  if (number) *number.value = std::round(*number.value * 1e9) / 1e9;
  number.u = std::round(number.u * 1e9) / 1e9;
  return number;
}

// Shares are printed in percent with a few digits at most.
double percent_of(double share) { return std::round(share * 1e8) / 1e6; }

void put_electricity_price(JsonWriter& json, const SiteEntry& site) {
  const auto& price = site.electricity_price;
  json.key("electricity_price");
  json.begin_object(Layout::kOneLine);
  put_quantity_members(json, price_per_kwh(price.estimate), site.currency + "/kWh");
  if (price.estimate) {
    json.member("source", price.source);
    json.member("year", price.year);
    if (!price.kind.empty()) json.member("kind", price.kind);
  }
  json.end_object();
}

void put_cloud_price(JsonWriter& json, const SiteEntry& site) {
  if (!site.cloud_price) return;
  json.key("cloud_price");
  json.begin_object(Layout::kOneLine);
  json.member("low_per_h", per_hour(site.cloud_price->first));
  json.member("high_per_h", per_hour(site.cloud_price->second));
  json.member("currency", site.currency);
  json.end_object();
}

void put_mix(JsonWriter& json, const SiteEntry& site) {
  if (site.mix.empty()) return;
  double told = 0;
  json.key("mix");
  json.begin_array();
  for (const EnergyShare& part : site.mix) {
    told += part.share;
    json.begin_object(Layout::kOneLine);
    json.member("energy", part.energy);
    json.member("share_pct", percent_of(part.share));
    json.end_object();
  }
  json.end_array();
  json.member("mix_not_given_pct", percent_of(std::max(0.0, 1 - told)));
}

void put_site(JsonWriter& json, const SiteEntry& site) {
  json.begin_object();
  json.member("id", site.id);
  json.member("aliases", site.aliases);
  json.member("name", site.name);
  json.member("group", site.group);
  put_pue(json, site.pue);
  if (site.pue.year) json.member("pue_year", *site.pue.year);
  put_intensity(json, site.intensity);
  if (!site.intensity.basis.empty()) json.member("intensity_basis", site.intensity.basis);
  put_electricity_price(json, site);
  put_cloud_price(json, site);
  put_mix(json, site);
  if (!site.note.empty()) json.member("note", site.note);
  json.end_object();
}

}  // namespace

void write_sites_json(const std::vector<SiteEntry>& sites, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/site/1");
  json.key("sites");
  json.begin_array(Layout::kLines);
  for (const SiteEntry& site : sites) put_site(json, site);
  json.end_array();
  json.end_object();
}

}  // namespace joulery
