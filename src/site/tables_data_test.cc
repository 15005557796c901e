// site: every shipped intensity against the figure that its source published, where the sources are
// at hand (JOULERY_TEST_DATA); the uncertainties by the rule of docs/formats/factors.md.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/text.h"
#include "joulery/units.h"
#include "site/mixes.h"
#include "site/regions.h"

namespace joulery {
namespace {

using Figures = std::map<std::string, double>;

/// The factor tables of other projects, as they publish them.
class Published : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("JOULERY_TEST_DATA");
    if (data == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA is not set";
    folder_ = std::string(data) + "/factors/";
    const auto regions = load_regions();
    ASSERT_TRUE(regions) << regions.error().message;
    for (const Region& region : *regions) regions_[region.id] = region;
  }

  [[nodiscard]] nlohmann::json json(const std::string& name) const {
    std::ifstream in(folder_ + name);
    EXPECT_TRUE(in) << name;
    return nlohmann::json::parse(in);
  }

  [[nodiscard]] std::vector<std::vector<std::string>> csv(const std::string& name) const {
    std::ifstream in(folder_ + name);
    EXPECT_TRUE(in) << name;
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(in, line);) {
      if (auto cells = split_csv(line)) rows.push_back(std::move(*cells));
    }
    return rows;
  }

  /// Column `value` by column `key` of the rows that have a number there.
  [[nodiscard]] Figures figures(const std::string& name, std::size_t key, std::size_t value) const {
    Figures found;
    for (const auto& row : csv(name)) {
      const auto number = row.size() > value ? parse_number(row[value]) : std::nullopt;
      if (number) found[row[key]] = *number;
    }
    return found;
  }

  [[nodiscard]] std::vector<Region> of_group(const std::string& group) const {
    std::vector<Region> found;
    for (const auto& [id, region] : regions_) {
      if (region.group == group) found.push_back(region);
    }
    return found;
  }

  std::string folder_;
  std::map<std::string, Region> regions_;
};

constexpr double kRounding = 0.051;  // the table has one digit behind the point

/// The rule: 10 %, at least 5 g/kWh, and the widest disagreement as a rectangle; rounded up.
void expect_u(const Region& region, const std::vector<double>& others) {
  double spread = 0;
  for (const double other : others)
    spread = std::max(spread, std::abs(other - region.grams_per_kwh));
  const double u = std::max({5.0, 0.1 * region.grams_per_kwh, spread / std::sqrt(3.0)});
  EXPECT_NEAR(region.u_grams_per_kwh, u, 0.15) << region.id;
}

void add_if_there(const Figures& figures, const std::string& key, std::vector<double>& others) {
  if (const auto at = figures.find(key); at != figures.end()) others.push_back(at->second);
}

TEST_F(Published, CountriesAreThoseOfOurWorldInData) {
  const auto mix = json("codecarbon/global_energy_mix.json");
  const Figures other = figures("green_algorithms/CI_aggregated.csv", 0, 4);
  const Figures egrid = figures("egrid2022/egrid2022_subregion.csv", 0, 6);
  for (const Region& region : of_group("country")) {
    ASSERT_TRUE(mix.contains(region.id)) << region.id;
    EXPECT_NEAR(region.grams_per_kwh, mix[region.id]["carbon_intensity"].get<double>(), kRounding);
    EXPECT_EQ(region.year, mix[region.id]["year"].get<int>()) << region.id;
    std::vector<double> others;
    add_if_there(other, region.aliases.at(0), others);
    if (region.id == "HKG") others = {other.at("CN-HK"), other.at("CN-HK2")};
    if (region.id == "USA") others.push_back(1000 * egrid.at("US"));
    expect_u(region, others);
  }
}

TEST_F(Published, SubregionsAreThoseOfEgrid) {
  const Figures egrid = figures("egrid2022/egrid2022_subregion.csv", 0, 6);
  std::size_t seen = 0;
  for (const auto& [name, kilograms] : egrid) {
    if (name == "US") continue;
    const Region& region = regions_["egrid:" + name];
    EXPECT_NEAR(region.grams_per_kwh, 1000 * kilograms, kRounding) << name;
    expect_u(region, {});
    ++seen;
  }
  EXPECT_EQ(seen, 27U);
}

TEST_F(Published, StatesAndProvincesAreThoseThatGreenAlgorithmsCites) {
  const Figures cited = figures("green_algorithms/CI_aggregated.csv", 0, 4);
  Figures codecarbon;
  const auto american = json("codecarbon/usa_emissions.json");
  for (const auto& [name, state] : american.items()) {
    if (!state["emissions"].is_number()) continue;
    codecarbon["US-" + state["regionCode"].get<std::string>()] =
        state["emissions"].get<double>() * kGramsPerPound / 1000;
  }
  // ISO 3166-2 where the source has a code of its own.
  const std::map<std::string, std::string> renamed{{"CA-MB", "CA-MT"}, {"AU-WA", "AU-WA2"}};
  const auto states = of_group("state");
  EXPECT_GE(states.size(), 70U);
  for (const Region& region : states) {
    const auto other_name = renamed.find(region.id);
    const auto at = cited.find(other_name == renamed.end() ? region.id : other_name->second);
    ASSERT_NE(at, cited.end()) << region.id;
    EXPECT_NEAR(region.grams_per_kwh, at->second, kRounding) << region.id;
    std::vector<double> others;
    add_if_there(codecarbon, region.id, others);
    expect_u(region, others);
  }
}

TEST_F(Published, BiddingZonesAreThoseOfCodeCarbon) {
  const auto zones = json("codecarbon/nordic_emissions.json")["data"];
  for (const auto& [zone, figure] : zones.items()) {
    if (zone == "FI") continue;  // the country has its row
    ASSERT_TRUE(regions_.contains(zone)) << zone;
    EXPECT_EQ(regions_[zone].grams_per_kwh, figure["emission_factor"].get<double>()) << zone;
    EXPECT_EQ(regions_[zone].year, figure["year"].get<int>()) << zone;
    expect_u(regions_[zone], {regions_[zone.starts_with("SE") ? "SWE" : "NOR"].grams_per_kwh});
  }
}

TEST_F(Published, TheWorldIsThatOfTheIea) {
  const auto sources = json("codecarbon/carbon_intensity_per_source.json");
  EXPECT_EQ(regions_["WORLD"].grams_per_kwh, sources["world_average"].get<double>());
}

TEST_F(Published, GoogleRegionsAreThoseOfTheNewestYear) {
  const Figures newest = figures("gcp_region_carbon/2024.csv", 0, 3);
  const Figures sites = figures("green_algorithms/cloudProviders_datacenters.csv", 1, 6);
  const double of_all = figures("green_algorithms/defaults_PUE.csv", 0, 1).at("gcp");
  EXPECT_EQ(newest.size(), 44U);
  for (const auto& [name, grams] : newest) {
    ASSERT_TRUE(regions_.contains("gcp:" + name)) << name;
    const Region& region = regions_["gcp:" + name];
    EXPECT_NEAR(region.grams_per_kwh, grams, 1e-9) << name;
    std::vector<double> recent;
    for (const char* year : {"2022", "2023", "2024"})
      add_if_there(figures(std::string("gcp_region_carbon/") + year + ".csv", 0, 3), name, recent);
    const auto [least, most] = std::minmax_element(recent.begin(), recent.end());
    expect_u(region, {grams + *most - *least});
    EXPECT_EQ(region.pue, sites.contains(name) ? sites.at(name) : of_all) << name;
  }
}

// Cloud Carbon Footprint names the regions of AWS by their id, those of Azure by their title.
std::string published_name(const Region& region) {
  if (region.id.starts_with("aws:")) return region.aliases.at(0);
  return region.name.substr(std::string_view("Azure ").size());
}

TEST_F(Published, RegionsOfAwsAndAzureDifferFromOthersByTheirUncertainty) {
  Figures others;
  for (const char* cloud : {"aws", "azure"})
    others.merge(figures(fmt::format("ccf/grid-emissions-factors-{}.csv", cloud), 0, 3));
  const Figures pue = figures("green_algorithms/defaults_PUE.csv", 0, 1);
  std::size_t compared = 0;
  for (const Region& region : of_group("cloud")) {
    if (region.id.starts_with("gcp:")) continue;
    EXPECT_EQ(region.pue, pue.at(region.id.substr(0, region.id.find(':')))) << region.id;
    const auto other = others.find(published_name(region));
    if (other != others.end() && other->second > 1) continue;  // "000402": its point is lost
    // For Montréal it gives the mean of all Canada, which is another place.
    if (other == others.end() || region.id == "aws:ca-central-1") continue;
    const double difference = std::abs(1e6 * other->second - region.grams_per_kwh);
    EXPECT_GE(region.u_grams_per_kwh, difference / std::sqrt(3.0) - 0.051) << region.id;
    ++compared;
  }
  EXPECT_GE(compared, 40U);
}

TEST_F(Published, EnergySourcesDifferFromOthersByTheirUncertainty) {
  const auto other = json("codecarbon/carbon_intensity_per_source.json");
  const std::map<std::string, std::string> names{{"coal", "coal"},
                                                 {"gas", "natural_gas"},
                                                 {"petroleum", "petroleum"},
                                                 {"nuclear", "nuclear"},
                                                 {"wind", "wind"},
                                                 {"wind-offshore", "wind"},
                                                 {"hydro", "hydroelectricity"},
                                                 {"solar", "solar"},
                                                 {"geothermal", "geothermal"}};
  const auto sources = load_energy_sources();
  ASSERT_TRUE(sources) << sources.error().message;
  for (const EnergySource& source : *sources) {
    const auto name = names.find(source.id);
    if (name == names.end()) continue;
    const double difference = std::abs(other[name->second].get<double>() - source.grams_per_kwh);
    const double u = std::max(0.1 * source.grams_per_kwh, difference / std::sqrt(3.0));
    EXPECT_NEAR(source.u_grams_per_kwh, u, 0.15) << source.id;
  }
}

}  // namespace
}  // namespace joulery
