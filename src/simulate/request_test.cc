// simulate: what a request and its log lack.
#include "simulate/request.h"

#include <gmock/gmock.h>

#include "simulate/made_world.h"

namespace joulery::simulate {
namespace {

Error error_of(const World& world) {
  const auto simulation = simulate_jobs(world.workload, world.request);
  if (!simulation) return simulation.error();
  ADD_FAILURE() << "no error";
  return {};
}

TEST(SimulationErrors, NameWhatTheRequestLacks) {
  World world = random_world(100);
  world.request.capacity = 4;
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("--capacity: a job of made holds"));
  world = random_world(100);
  world.request.places[0].pue.reset();
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("--pue-series"));
  world = random_world(100);
  world.request.places.push_back(world.request.places[0]);
  world.request.places[1].intensity.kind = "marginal";
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("never compared"));
  world = random_world(100);
  world.request.cap.reset();
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("--cap-curve"));
  world = random_world(100);
  world.request.idle_power = Watts(50);
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("--capacity"));
  world = random_world(100);
  world.request.places[0].price.reset();
  world.request.objective = ShiftObjective::kCost;
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("--price-series"));
}

TEST(SimulationErrors, RefuseMoreDevicesThanThereAre) {
  World world = random_world(103);
  world.workload.jobs[0].devices = 1e13;
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("more than there are"));
}

TEST(SimulationErrors, RefuseMarginalBesideUntoldAndCapsOfCores) {
  World world = random_world(102);
  world.request.places.push_back(world.request.places[0]);
  world.request.places[0].intensity.kind.clear();
  EXPECT_TRUE(simulate_jobs(world.workload, world.request));
  world.request.places[1].intensity.kind = "marginal";
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("--intensity-kind"));
  world = random_world(102);
  world.workload.unit = kCores;
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("no GPU"));
  world = random_world(102);
  world.request.forecast_memory = hours(24);
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("--forecast-error"));
}

TEST(SimulationErrors, TellWhenTheLogOrItsQueueOutlastsTheSeries) {
  World world = random_world(101);
  world.request.places[0].intensity.pieces.resize(24 * 10);
  const Error log = error_of(world);
  EXPECT_EQ(log.code, ErrorCode::kInvalid);
  EXPECT_THAT(log.message, testing::HasSubstr("nothing is known from 2022-01-11"));
  world = random_world(101);
  world.request.places[0].intensity.pieces.resize(24 * 20);
  for (MovableJob& job : world.workload.jobs) job.devices = 1;
  world.request.capacity = 1;
  EXPECT_THAT(error_of(world).message, testing::HasSubstr("the queue outlasts the series"));
}

}  // namespace
}  // namespace joulery::simulate
