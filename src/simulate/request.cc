// simulate: checks of a request, see request.h.
#include "simulate/request.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulate/cluster.h"

namespace joulery::simulate {
namespace {

Error usage(std::string message) { return {ErrorCode::kUsage, std::move(message)}; }

bool asks_for(const SimulationRequest& request, Shift shift) {
  return std::find(request.policies.begin(), request.policies.end(), shift) !=
         request.policies.end();
}

Result<void> check_places(const SimulationRequest& request) {
  if (request.places.empty()) return usage("--series: no series of carbon intensity");
  const std::string* kind = nullptr;
  for (const PlaceSignals& place : request.places) {
    const Series& series = place.intensity;
    if (request.objective == ShiftObjective::kCost && !place.price)
      return usage("--objective cost: needs --price-series");
    if (!place.pue &&
        (asks_for(request, Shift::kPueOnly) || request.objective == ShiftObjective::kEnergy))
      return usage(
          "pue-only and --objective energy: a constant PUE gives no time preference: they "
          "need --pue-series");
    if (series.kind.empty()) continue;
    if (kind != nullptr && *kind != series.kind)
      return usage(
          fmt::format("--series: {} is {}, and another is {}: the kinds are never compared",
                      series.source, series.kind, *kind));
    kind = &series.kind;
  }
  return {};
}

Result<void> check_numbers(const SimulationRequest& request) {
  if (request.slacks.empty() || request.policies.empty())
    return usage("--policy and --slack: none is given");
  for (const Seconds slack : request.slacks)
    if (slack.count() < 0) return usage("--slack: is negative");
  if (request.quantile <= 0 || request.quantile > 0.5)
    return usage("--quantile: lies above 0 and is at most 50%");
  if (request.forecast_error < 0 || request.forecast_error > 1)
    return usage("--forecast-error: lies between 0 and 100%");
  if (asks_for(request, Shift::kCapsByHour) && !request.cap)
    return usage(
        "caps-by-hour: needs --cap-curve, for example --cap-curve "
        "250W=1/1,150W=1.08/0.8");
  if (request.idle_power && !request.capacity)
    return usage("--idle-power: needs --capacity, the number of devices that are powered");
  if (request.seeds.empty()) return usage("--seed: none is given");
  return {};
}

Result<void> check_capacity(const Workload& workload, const SimulationRequest& request) {
  if (!request.capacity) return {};
  double most = 0;
  for (const MovableJob& job : workload.jobs) most = std::max(most, job.devices);
  if (devices_of(most) > devices_of(*request.capacity))
    return Error{ErrorCode::kInvalid,
                 fmt::format("--capacity: a job of {} holds {} {}, more than {}", workload.source,
                             most, workload.unit, *request.capacity)};
  return {};
}

}  // namespace

bool is_in_one_piece(Shift shift) {
  return shift == Shift::kBestWindow || shift == Shift::kThreshold || shift == Shift::kPueOnly ||
         shift == Shift::kCarbonOnly;
}

Result<void> check_request(const Workload& workload, const SimulationRequest& request) {
  if (workload.jobs.empty()) return Error{ErrorCode::kInvalid, workload.source + ": no job"};
  JOULERY_CHECK(check_places(request));
  JOULERY_CHECK(check_numbers(request));
  return check_capacity(workload, request);
}

}  // namespace joulery::simulate
