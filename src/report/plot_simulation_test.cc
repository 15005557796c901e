// report: the picture of a simulation.
#include <gtest/gtest.h>

#include "joulery/report.h"
#include "report/plot_fixture.h"
#include "report/sample_simulation.h"

namespace joulery {
namespace {

using PlotSimulation = PlotTest;

Simulation with_hours() {
  Simulation simulation = sample_simulation();
  for (SimulationCase& held : simulation.cases) {
    for (int hour = 0; hour < 400; ++hour) {
      held.now.hourly_devices.push_back(hour > 200 && hour < 300 ? 50 : 20);
      held.hourly_objective.push_back((hour % 24 < 12 ? 400 : 100) / 3.6e6);
    }
    for (PolicyRun& run : held.runs) run.hourly_devices = held.now.hourly_devices;
  }
  return simulation;
}

TEST_F(PlotSimulation, NamesThePoliciesAndTheBusiestWeek) {
  const auto done = plot_simulation(with_hours(), dir_ + "/p.svg");
  ASSERT_TRUE(done) << done.error().message;
  const std::string svg = picture("p.svg");
  for (const char* const part :
       {"run-now", "best-window", "interruptible", "g/kWh", "GPUs in use", "days from 2022-03-0"})
    EXPECT_NE(svg.find(part), std::string::npos) << part;
}

TEST_F(PlotSimulation, RefusesASimulationThatKeptNoHours) {
  const auto done = plot_simulation(sample_simulation(), dir_ + "/p.svg");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace joulery
