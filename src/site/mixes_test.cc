// site: mixes of energy sources make an intensity, and what was not told widens it.
#include "site/mixes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace joulery {
namespace {

using testing::HasSubstr;

constexpr const char* kSourceHead =
    "id,name,g_per_kwh,u_g_per_kwh,low_g_per_kwh,high_g_per_kwh,year,source\n";
constexpr const char* kMixHead = "mix,name,basis,energy,percent,year,source\n";

std::vector<EnergySource> two_sources() {
  const auto sources = parse_energy_sources(
      std::string(kSourceHead) + "coal,coal,800,80,700,900,2014,s\nwind,wind,10,1,7,56,2014,s\n",
      "s.csv");
  EXPECT_TRUE(sources) << sources.error().message;
  return *sources;
}

double grams(const SiteEntry& entry) {
  return entry.intensity.estimate.value->count() * kJoulesPerKilowattHour;
}
double u_grams(const SiteEntry& entry) {
  return entry.intensity.estimate.u.count() * kJoulesPerKilowattHour;
}

TEST(Mixes, AddUpTheirSourcesByShare) {
  const auto mixes = parse_mixes(
      std::string(kMixHead) + "m,M,location,coal,25,2019,s\nm,M,location,wind,75,2019,s\n", "m.csv",
      two_sources());

  ASSERT_TRUE(mixes) << mixes.error().message;
  ASSERT_EQ(mixes->size(), 1U);
  EXPECT_NEAR(grams(mixes->front()), 0.25 * 800 + 0.75 * 10, 1e-9);
  const double rounding = 0.005 / std::sqrt(3.0);
  const double u =
      std::hypot(std::hypot(0.25 * 80, 0.75 * 1), std::hypot(rounding * 800, rounding * 10));
  EXPECT_NEAR(u_grams(mixes->front()), u, 1e-9);
}

TEST(Mixes, WhatWasNotToldMayBeOfAnySource) {
  const auto mixes =
      parse_mixes(std::string(kMixHead) + "m,M,market,wind,90,2019,s\n", "m.csv", two_sources());

  ASSERT_TRUE(mixes) << mixes.error().message;
  EXPECT_NEAR(grams(mixes->front()), 0.9 * 10 + 0.1 * 405, 1e-9);
  EXPECT_GT(u_grams(mixes->front()), 0.1 * 395 / std::sqrt(3.0));
  EXPECT_EQ(mixes->front().intensity.basis, "market");
}

TEST(Mixes, TheSixOfThePaperAreThere) {
  const auto mixes = load_mixes();

  ASSERT_TRUE(mixes) << mixes.error().message;
  const std::pair<const char*, double> told[] = {{"mix:china", 94},  {"mix:germany", 98},
                                                 {"mix:us", 98},     {"mix:aws", 97},
                                                 {"mix:google", 95}, {"mix:microsoft", 96}};
  ASSERT_EQ(mixes->size(), std::size(told));
  for (std::size_t i = 0; i < mixes->size(); ++i) {
    const SiteEntry& mix = (*mixes)[i];
    EXPECT_EQ(mix.id, told[i].first);
    const double sum = std::accumulate(mix.mix.begin(), mix.mix.end(), 0.0,
                                       [](double all, const auto& one) { return all + one.share; });
    EXPECT_NEAR(100 * sum, told[i].second, 1e-9) << mix.id;
    EXPECT_TRUE(grams(mix) > 150 && grams(mix) < 700) << mix.id << ' ' << grams(mix);
    EXPECT_TRUE(u_grams(mix) > 20 && u_grams(mix) < 0.5 * grams(mix)) << mix.id;
  }
}

TEST(Mixes, EverySourceIsWithinWhatWasPublished) {
  const auto sources = load_energy_sources();

  ASSERT_TRUE(sources) << sources.error().message;
  EXPECT_GE(sources->size(), 10U);
  for (const EnergySource& source : *sources) {
    EXPECT_TRUE(source.low <= source.grams_per_kwh && source.grams_per_kwh <= source.high);
    EXPECT_GE(source.u_grams_per_kwh, 0.1 * source.grams_per_kwh - 0.051) << source.id;
    EXPECT_FALSE(source.source.empty()) << source.id;
  }
}

TEST(Mixes, BrokenOnesAreRefused) {
  const auto error = [](const std::string& rows) {
    const auto mixes = parse_mixes(kMixHead + rows, "m.csv", two_sources());
    return mixes ? "" : mixes.error().message;
  };
  EXPECT_THAT(error("m,M,location,peat,25,2019,s\n"), HasSubstr("m.csv:2: column 'energy'"));
  EXPECT_THAT(error("m,M,location,coal,125,2019,s\n"), HasSubstr("'percent'"));
  EXPECT_THAT(error("m,M,location,coal,90,2019,s\nm,M,location,wind,90,2019,s\n"),
              HasSubstr("m.csv:3: column 'percent': makes 180 % of m"));
  EXPECT_THAT(error("m,M,location,coal,9,2019,s\nm,M,location,coal,9,2019,s\n"),
              HasSubstr("is there twice"));
  EXPECT_THAT(error("m,M,grid,coal,9,2019,s\n"), HasSubstr("'basis'"));
  EXPECT_FALSE(parse_energy_sources(std::string(kSourceHead) + "coal,coal,8,1,9,10,2014,s\n", "s"));
}

}  // namespace
}  // namespace joulery
