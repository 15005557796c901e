// report: simulations, held by the files of tests/golden/.
#include <gmock/gmock.h>

#include <sstream>

#include "joulery/report.h"
#include "report/golden.h"
#include "report/sample_simulation.h"

namespace joulery {
namespace {

TEST(Golden, Simulations) {
  const std::string text = text_of(write_simulation_text, sample_simulation());
  expect_golden("simulation.text", text);
  expect_golden("simulation.json", text_of(write_simulation_json, sample_simulation()));
  expect_fits(text);
}

TEST(Golden, ClaimsOfShifting) {
  std::ostringstream out;
  write_preset_text(*make_shift_preset("mcdonald2022"), out);
  expect_golden("shift_preset.text", out.str());
  expect_fits(out.str());
}

TEST(SimulationText, HoldsItsColumnsWhateverTheNamesAndNumbers) {
  const std::string hostile = std::string(300, 'x') + "\x1b[2J\r\n\xff" + std::string(300, 'y');
  Simulation simulation = sample_simulation();
  simulation.source = hostile;
  simulation.notes = {hostile};
  SimulationCase& held = simulation.cases[0];
  held.place = held.kind = held.currency = hostile;
  held.sources = {hostile, hostile};
  held.now.sums.carbon = GramsCo2(9.99e14);
  for (PolicyRun& run : held.runs) {
    run.late = run.peak_queue = 1'000'000;
    run.sums.carbon = GramsCo2(1e14);
    run.idle->carbon = GramsCo2(1e14);
    run.mean_wait = run.p95_wait = run.mean_queue = std::chrono::hours(9999);
    run.mean_stretch = run.p95_stretch = 123'456;
    run.peak_devices = run.mean_devices = 99'999;
  }
  expect_fits(text_of(write_simulation_text, simulation));
}

TEST(SimulationText, SaysThatAPerfectForecastIsNobodys) {
  Simulation simulation = sample_simulation();
  simulation.request.forecast_error = 0;
  EXPECT_THAT(text_of(write_simulation_text, simulation), testing::HasSubstr("perfect"));
}

TEST(SimulationText, TellsSharesWithoutAPueAndNoCarbon) {
  Simulation simulation = sample_simulation();
  for (SimulationCase& held : simulation.cases)
    for (Estimate<double> SumsBasis::*sum :
         {&SumsBasis::site_energy, &SumsBasis::carbon, &SumsBasis::cost})
      held.basis.*sum = held.idle_basis.*sum = Estimate<double>::missing("no PUE: --pue");
  const std::string text = text_of(write_simulation_text, simulation);
  EXPECT_THAT(text, testing::HasSubstr("site energy, carbon, cost: no PUE: --pue"));
  EXPECT_THAT(text, testing::ContainsRegex("best-window +- +15.6 ± 2.7 % +78.1 % +1.00 +- "));
  const std::string json = text_of(write_simulation_json, simulation);
  EXPECT_THAT(json, testing::HasSubstr("\"carbon\": {\"value\": null"));
}

}  // namespace
}  // namespace joulery
