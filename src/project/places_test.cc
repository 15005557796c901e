// project: runs whose records tell their own place, summed place by place.
#include "project/places.h"

#include <gtest/gtest.h>

#include "project/columns.h"
#include "project/log_builder.h"
#include "project/project_fixture.h"
#include "project/tally.h"

namespace joulery::project {
namespace {

Place place(double pue, double grams_per_kwh, double price = 0) {
  Place out;
  out.pue.estimate = Estimate<double>::of(pue, 0, Evidence::kConstant);
  out.intensity.estimate = Estimate<GramsPerJoule>::of(
      GramsPerJoule(grams_per_kwh / kJoulesPerKilowattHour), {}, Evidence::kConstant);
  if (price > 0)
    out.electricity_price.estimate = Estimate<MoneyPerJoule>::of(
        MoneyPerJoule(price / kJoulesPerKilowattHour), {}, Evidence::kConstant);
  return out;
}

/// Runs of 1, 2 and 4 kWh: two records' places, and one that has none.
JobLog three_runs() {
  LogBuilder builder({});
  LogData& data = builder.data();
  data.format = "ledger";
  data.places = {place(1.5, 100), place(1.2, 500)};
  for (std::uint32_t i = 0; i < 3; ++i) {
    JobRow row;
    const std::string id = std::to_string(i);
    row.id = id;
    row.elapsed = Micros(3'600'000'000);
    row.energy_j = kJoulesPerKilowattHour * (1 << i);
    row.devices = {{data.devices.device("A100"), 1}};
    row.place = i == 2 ? 0 : i + 1;
    row.columns.assign(data.columns.size(), {});
    builder.add(row);
  }
  put_default_by(data);
  auto log = builder.finish();
  return *std::move(log);
}

ProjectAccount account(const ProjectRequest& wanted) {
  const JobLog log = three_runs();
  ProjectRequest request = wanted;
  request.rates = round_rates(log);
  return account_of(log, request);
}

TEST(Places, EachRunIsCountedWhereItsRecordSays) {
  ProjectRequest request;
  request.place = place(1, 10, 0.5);

  const JobTotals totals = account(request).totals;

  EXPECT_DOUBLE_EQ(totals.it_energy.value->count(), 7 * kJoulesPerKilowattHour);
  EXPECT_DOUBLE_EQ(totals.site.site_energy.value->count(),
                   (1.5 + 2 * 1.2 + 4) * kJoulesPerKilowattHour);
  EXPECT_NEAR(totals.site.carbon.value->count(), 150 + 2 * 1.2 * 500 + 40, 1e-9);
  EXPECT_NEAR(totals.site.electricity_cost.value->count(), 0.5 * (1.5 + 2.4 + 4), 1e-9);
}

TEST(Places, AFlagGoesBeforeWhatRecordsSay) {
  ProjectRequest request;
  request.place = place(1, 10);
  request.given.pue = true;

  const JobTotals totals = account(request).totals;

  EXPECT_DOUBLE_EQ(totals.site.site_energy.value->count(), 7 * kJoulesPerKilowattHour);
  EXPECT_NEAR(totals.site.carbon.value->count(), 100 + 1000 + 40, 1e-9);
}

TEST(Places, ARunWithoutAFactorMakesTheSumMissing) {
  ProjectRequest request;
  request.place.pue.estimate = Estimate<double>::missing("no PUE: --pue");

  const ProjectAccount seen = account(request);

  EXPECT_FALSE(seen.totals.site.site_energy);
  EXPECT_EQ(seen.totals.site.site_energy.why, "no PUE: --pue");
  EXPECT_FALSE(seen.place.pue.estimate);  // of no one value
}

TEST(Places, AverageAndMarginalCarbonAreNotAddedUp) {
  const JobLog log = three_runs();
  std::vector<Place> places = {place(1, 10), place(1.5, 100), place(1.2, 500)};
  for (Place& each : places) each.intensity.kind = "average";
  const std::vector<DeviceRate> rates = round_rates(log);
  Tally tally;
  tally.add_energy({1, kJoulesPerKilowattHour, 0});
  tally.add_energy({2, kJoulesPerKilowattHour, 0});

  EXPECT_NEAR(Pricing(rates, places, {}).totals(tally).site.carbon.value->count(), 150 + 600, 1e-9);
  places[2].intensity.kind = "marginal";
  const JobTotals mixed = Pricing(rates, places, {}).totals(tally);

  EXPECT_FALSE(mixed.site.carbon);
  EXPECT_NE(mixed.site.carbon.why.find("different kind"), std::string::npos);
  EXPECT_TRUE(mixed.site.site_energy);
}

TEST(Places, AnotherCurrencyIsNotMixedIn) {
  Place euros = place(1.5, 100, 0.2);
  euros.currency = "EUR";
  ProjectRequest request;
  request.place = place(1, 10, 0.5);

  const std::vector<Place> places = places_of({euros}, request);

  EXPECT_DOUBLE_EQ(places[1].electricity_price.estimate.value->count(),
                   0.5 / kJoulesPerKilowattHour);
  EXPECT_DOUBLE_EQ(*places[1].pue.estimate.value, 1.5);
}

}  // namespace
}  // namespace joulery::project
