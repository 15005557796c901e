// simulate: a made request with its log, for tests.
#pragma once

#include "simulate/made_workload.h"

namespace joulery::simulate {

struct World {
  Workload workload;
  SimulationRequest request;
};

/// A fortnight of jobs on two months of hours, with PUE and price.
inline World random_world(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  World world;
  world.workload = random_jobs(60, hours(14 * 24), random);
  PlaceSignals place;
  place.intensity = hourly(random_values(60 * 24, 1e-5, 2e-4, random));
  place.pue = hourly(random_values(60 * 24, 1.05, 1.6, random), Values::kPue);
  place.price = hourly(random_values(60 * 24, 1e-9, 9e-8, random), Values::kPrice);
  world.request.places = {place};
  world.request.policies = {Shift::kRunNow,     Shift::kBestWindow,     Shift::kInterruptible,
                            Shift::kThreshold,  Shift::kPueOnly,        Shift::kCarbonOnly,
                            Shift::kCapsByHour, Shift::kCapacityLimited};
  world.request.slacks = {hours(24)};
  world.request.cap = CapEffect{"150W", 1.08, 0.8};
  return world;
}

}  // namespace joulery::simulate
