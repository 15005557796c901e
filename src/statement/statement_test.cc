// statement: sums over runs and places, and what makes them missing.
#include "joulery/statement.h"

#include <gmock/gmock.h>

#include <cmath>

#include "statement/statement_fixture.h"

namespace joulery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Statement, SharedGainsAddUpLinearlyAndOwnTermsInQuadrature) {
  const Statement statement =
      make_statement({made_run("a"), later(made_run("b"), 2), later(made_run("c"), 4)}, "", {});

  EXPECT_DOUBLE_EQ(statement.it_energy.value->count(), 3000);
  EXPECT_NEAR(statement.it_energy.u.count(), std::hypot(3 * 40, 30 * std::sqrt(3)), 1e-9);
  EXPECT_TRUE(statement.notes.empty());
}

TEST(Statement, TheOrderOfTheRunsDoesNotMatter) {
  const Account a = made_run("a");
  const Account b = later(placed(made_run("b", 500), 400, "location"), 1);

  const Statement one = make_statement({a, b}, "", {});
  const Statement other = make_statement({b, a}, "", {});

  EXPECT_THAT(one.ids, ElementsAre("a", "b"));
  EXPECT_EQ(one.ids, other.ids);
  EXPECT_EQ(one.it_energy.u, other.it_energy.u);
}

TEST(Statement, TheScoreOfTheHardwareAndOfWhatItDrew) {
  StatementExtras extras;
  extras.embodied = Embodied{
      Estimate<GramsCo2>::of(GramsCo2(24'000), GramsCo2(2400), Evidence::kConstant, "embodied"),
      Seconds(2400 * 3600)};
  const Account run = placed(made_run("a"), 360'000, "location");  // 1000 J x 1.5 x 0.1 g/J
  const Statement statement = make_statement({run, later(run, 2)}, "", {}, extras);

  EXPECT_DOUBLE_EQ(statement.embodied.value->count(), 20);  // two hours of 10 g each
  EXPECT_NEAR(statement.sci.value->count(), (300 + 20) / 2.0, 1e-9);
  EXPECT_NEAR(statement.sci.u.count(), std::hypot(statement.carbon.u.count(), 2) / 2, 1e-9);

  const Statement unknown = make_statement({made_run("a")}, "", {}, extras);
  EXPECT_FALSE(unknown.sci);  // no intensity
  EXPECT_THAT(make_statement({run}, "", {}).sci.why, HasSubstr("--embodied"));
}

TEST(Statement, RentIsToldByCurrency) {
  Account run = made_run("a");
  run.place.cloud_price = {MoneyPerSecond(1 / 3600.0), MoneyPerSecond(2 / 3600.0)};
  account::put_consequences(run);
  Account euros = later(run, 2);
  euros.place.currency = "EUR";

  const Statement statement =
      make_statement({run, later(run, 4), euros, later(made_run("d"), 6)}, "", {});

  ASSERT_EQ(statement.rents.size(), 2U);
  EXPECT_EQ(statement.rents[1].currency, "USD");
  EXPECT_EQ(statement.rents[1].runs, 2U);
  EXPECT_DOUBLE_EQ(statement.rents[1].low.value->count(), 2);
  EXPECT_DOUBLE_EQ(statement.rents[1].high.value->count(), 4);
}

TEST(Statement, NamesASiteAndNotWhereItsConfigurationLies) {
  Account run = placed(made_run("a"), 400, "location");
  run.place.pue.source = "site hpc in /home/ann/.config/joulery/config.toml";
  run.place.intensity.source = "Our World in Data in /a/b (2023)";

  const Statement statement = make_statement({run}, "", {});

  EXPECT_EQ(statement.places[0].pue.source, "site hpc");
  EXPECT_EQ(statement.places[0].intensity.source, "Our World in Data in /a/b (2023)");
}

TEST(Statement, RecordsThatCouldNotBeReadMakeALowerBound) {
  StatementExtras extras;
  extras.left_out = {"20261126T110000-ffffff"};
  const Statement statement = make_statement({made_run("a")}, "p", {}, extras);

  EXPECT_TRUE(statement.lower_bound);
  EXPECT_EQ(statement.left_out, extras.left_out);
}

TEST(Statement, EachDeviceIsCountedOnce) {
  Account other_host = later(made_run("c"), 4);
  other_host.job.host = "node8";

  const Statement statement =
      make_statement({made_run("a"), later(made_run("b"), 2), other_host}, "", {});

  ASSERT_EQ(statement.hardware.size(), 1U);
  EXPECT_EQ(statement.hardware[0].count, 2U);
  EXPECT_DOUBLE_EQ(statement.hardware[0].device_time.count(), 3 * 3600);
}

TEST(Statement, APlaceWithoutPueOrIntensityMakesTheTotalMissingWithTheFlag) {
  Account bare = later(made_run("b"), 2);
  bare.job.host = "bare";
  const Statement statement =
      make_statement({placed(made_run("a"), 400, "location"), bare}, "", {});

  ASSERT_EQ(statement.places.size(), 2U);
  EXPECT_FALSE(statement.site_energy);
  EXPECT_THAT(statement.site_energy.why, HasSubstr("bare: no PUE: --pue"));
  EXPECT_FALSE(statement.carbon);
  EXPECT_FALSE(statement.carbon_location);
  EXPECT_THAT(statement.carbon_location.why, HasSubstr("at bare: --region or --intensity"));
  ASSERT_EQ(statement.carbon_by_kind.size(), 1U);
}

TEST(Statement, OneHostWithDifferentFactorsIsToldApart) {
  const Statement statement = make_statement(
      {placed(made_run("a"), 400, "location"), later(placed(made_run("b", 10), 20, "location"), 2)},
      "", {});

  ASSERT_EQ(statement.places.size(), 2U);
  EXPECT_EQ(statement.places[0].name, "node7");
  EXPECT_EQ(statement.places[1].name, "node7 (2)");
  EXPECT_EQ(statement.places[0].same_as, "");
  EXPECT_EQ(statement.places[1].same_as, "node7");
}

TEST(Statement, WhatWasBoughtStandsBesideTheGrid) {
  StatementExtras extras;
  extras.market.estimate = Estimate<GramsPerJoule>::of(GramsPerJoule(80 / kJoulesPerKilowattHour),
                                                       {}, Evidence::kConstant);
  extras.market.basis = "market";
  Account own = later(placed(made_run("b", 3.6e6), 20, "market"), 2);
  own.job.host = "cloud";

  const auto both =
      make_statement({placed(made_run("a", 3.6e6), 400, "location"), own}, "", {}, extras);
  const auto one = make_statement({placed(made_run("a", 3.6e6), 400, "location")}, "", {}, extras);

  EXPECT_NEAR(one.carbon_location.value->count(), 600, 1e-9);
  EXPECT_NEAR(one.carbon_market.value->count(), 120, 1e-9);
  EXPECT_NEAR(both.carbon_market.value->count(), 120 + 30, 1e-9) << "a place keeps its own";
  EXPECT_FALSE(make_statement({made_run("c")}, "", {}, extras).carbon_market) << "without a PUE";
}

TEST(Statement, WhatWasBoughtIsOneSumOnlyWhereAllOfItIsOfOneKind) {
  const auto bought = [](const char* host, const char* kind, int hours) {
    Account run = later(placed(made_run(host, 3.6e6), 20, "market"), hours);
    run.job.host = host;
    run.place.intensity.kind = kind;
    return run;
  };
  StatementExtras untold, marginal;
  untold.market.estimate = Estimate<GramsPerJoule>::of(GramsPerJoule(80 / kJoulesPerKilowattHour),
                                                       {}, Evidence::kConstant);
  untold.market.basis = "market";
  marginal.market = untold.market;
  marginal.market.kind = "marginal";
  const Account grid = placed(made_run("a", 3.6e6), 400, "location");
  const auto sum = [](std::vector<Account> runs, const StatementExtras& extras) {
    return make_statement(std::move(runs), "", {}, extras).carbon_market;
  };

  EXPECT_EQ(sum({bought("x", "average", 2), bought("y", "marginal", 4)}, untold).why,
            "market-based intensities of different kinds: that of x is average, that of y is "
            "marginal");
  EXPECT_EQ(sum({grid, bought("x", "marginal", 2)}, untold).why,
            "market-based intensities of different kinds: that given is average, that of x is "
            "marginal");
  for (const char* own : {"average", "unstated", ""})
    EXPECT_EQ(sum({grid, bought("x", own, 2)}, marginal).why,
              "market-based intensities of different kinds: that of x is average, that given is "
              "marginal");

  EXPECT_NEAR(sum({grid, bought("x", "marginal", 2)}, marginal).value->count(), 150, 1e-9);
  EXPECT_NEAR(sum({grid, bought("x", "unstated", 2)}, untold).value->count(), 150, 1e-9);
  EXPECT_NEAR(sum({bought("x", "average", 2)}, marginal).value->count(), 30, 1e-9)
      << "nothing is summed by the given one";
}

TEST(Statement, SiteEnergyAndCarbonFollowFromThePlace) {
  const Statement statement =
      make_statement({placed(made_run("a", 3.6e6), 400, "location"),
                      later(placed(made_run("b", 3.6e6), 400, "location"), 2)},
                     "", {});

  EXPECT_DOUBLE_EQ(statement.site_energy.value->count(), 1.5 * 7.2e6);
  EXPECT_NEAR(statement.carbon.value->count(), 1200, 1e-9);
  EXPECT_NEAR(statement.carbon_location.value->count(), 1200, 1e-9);
  EXPECT_FALSE(statement.carbon_market);
  EXPECT_NEAR(statement.site_energy.u.count(),
              std::hypot(0.1 * 7.2e6, 1.5 * statement.it_energy.u.count()), 1e-3);
}

TEST(Statement, KindsOfIntensityAreNeverAddedUp) {
  Account bought = later(placed(made_run("b"), 20, "market"), 2);
  bought.job.host = "cloud";
  const Statement statement =
      make_statement({placed(made_run("a"), 400, "location"), bought}, "", {});

  EXPECT_EQ(statement.carbon_by_kind.size(), 2U);
  EXPECT_FALSE(statement.carbon);
  EXPECT_FALSE(statement.carbon_location);
  EXPECT_FALSE(statement.carbon_market);
}

TEST(Statement, AnIntensityWithoutABasisIsNeitherLocationNorMarket) {
  const Statement statement = make_statement({placed(made_run("a"), 400, "")}, "", {});

  EXPECT_TRUE(statement.carbon);
  EXPECT_THAT(statement.carbon_location.why, HasSubstr("not stated"));
  EXPECT_THAT(statement.carbon_market.why, HasSubstr("not stated"));
}

TEST(Statement, FailedAndUnfinishedRunsAreCountedWithWhatTheyCost) {
  Account failed = later(made_run("b", 300), 2);
  failed.job.exit_status = 1;
  Account killed = later(made_run("c", 200), 4);
  killed.job.exit_status.reset();
  killed.flags = {"incomplete"};

  const Statement statement = make_statement({made_run("a"), failed, killed}, "", {});

  EXPECT_EQ(statement.failed, 1U);
  EXPECT_EQ(statement.unfinished, 1U);
  EXPECT_DOUBLE_EQ(statement.lost_energy.value->count(), 500);
  EXPECT_DOUBLE_EQ(statement.it_energy.value->count(), 1500);
}

TEST(Statement, ARunWithoutEnergyMakesTheSumALowerBound) {
  Account unseen = later(made_run("b"), 2);
  unseen.components.clear();
  unseen.it_energy = Estimate<Joules>::missing("no component's energy could be seen");

  const Statement statement = make_statement({made_run("a"), unseen}, "", {});

  EXPECT_EQ(statement.without_energy, 1U);
  EXPECT_TRUE(statement.lower_bound);
  EXPECT_DOUBLE_EQ(statement.it_energy.value->count(), 1000);
}

TEST(Statement, RunsAtTheSameTimeOnTheSameDeviceAreToldOf) {
  Account other = made_run("b");
  other.begin += std::chrono::minutes(30);

  const Statement statement = make_statement({made_run("a"), other}, "", {});

  ASSERT_EQ(statement.notes.size(), 1U);
  EXPECT_THAT(statement.notes[0], HasSubstr("overlapped"));
}

TEST(Statement, CurrenciesAreNotAddedUp) {
  Account dollars = made_run("a");
  dollars.electricity_cost = Estimate<Money>::of(Money(2), {}, Evidence::kConstant);
  Account euros = later(dollars, 2);
  euros.place.currency = "EUR";

  const Statement statement = make_statement({dollars, euros, later(dollars, 4)}, "", {});

  ASSERT_EQ(statement.costs.size(), 2U);
  EXPECT_EQ(statement.costs[0].currency, "EUR");
  EXPECT_DOUBLE_EQ(statement.costs[1].electricity.value->count(), 4);
  EXPECT_EQ(statement.costs[1].runs, 2U);
}

TEST(Statement, OfNoRunsIsMissing) {
  const Statement statement = make_statement({}, "empty", {});

  EXPECT_EQ(statement.runs, 0U);
  EXPECT_FALSE(statement.it_energy);
  EXPECT_FALSE(statement.carbon);
}

TEST(Statement, TheMixOfAPlaceComesFromTheTables) {
  Account run = placed(made_run("a"), 400, "location");
  run.place.intensity.region = "grid-x";
  SiteEntry grid;
  grid.id = "grid-x";
  grid.mix = {{"hydro", 0.9}};

  const Statement statement = make_statement({run}, "", {grid});

  ASSERT_EQ(statement.places[0].mix.size(), 1U);
  EXPECT_EQ(statement.places[0].mix[0].energy, "hydro");
}

}  // namespace
}  // namespace joulery
