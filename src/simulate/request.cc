// simulate: checks of a request, see request.h.
#include "simulate/request.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.h"
#include "simulate/cluster.h"

namespace joulery::simulate {
namespace {

bool asks_for(const SimulationRequest& request, Shift shift) {
  return std::find(request.policies.begin(), request.policies.end(), shift) !=
         request.policies.end();
}

/// Most that tell no kind are averages: beside marginal ones they are not taken for theirs.
Result<void> check_kinds(const std::vector<PlaceSignals>& places) {
  for (const PlaceSignals& a : places)
    for (const PlaceSignals& b : places) {
      const std::string &one = a.intensity.kind, &other = b.intensity.kind;
      if (one == other || one != "marginal") continue;
      const std::string kind = other.empty() ? "of a kind that is not told" : other;
      return usage(fmt::format("--series: {} is {}, and {} is {}: the kinds are never compared{}",
                               a.intensity.source, one, b.intensity.source, kind,
                               other.empty() ? "; --intensity-kind tells it" : ""));
    }
  return {};
}

Result<void> check_places(const SimulationRequest& request) {
  if (request.places.empty()) return usage("--series: no series of carbon intensity");
  for (const PlaceSignals& place : request.places) {
    const bool has_price = place.price || place.constants.electricity_price.estimate;
    if (request.objective == ShiftObjective::kCost && !has_price)
      return usage("--objective cost: needs --price-series");
    if (request.objective == ShiftObjective::kCost && !place.price && !place.pue)
      return usage(
          "--objective cost: a price and a PUE that stay the same give no time preference: it "
          "needs --price-series or --pue-series");
    if (!place.pue &&
        (asks_for(request, Shift::kPueOnly) || request.objective == ShiftObjective::kEnergy))
      return usage(
          "pue-only and --objective energy: a constant PUE gives no time preference: they "
          "need --pue-series");
  }
  return check_kinds(request.places);
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
  if (request.forecast_memory.count() < 0) return usage("--forecast-memory: is negative");
  if (request.forecast_memory.count() > 0 && request.forecast_error == 0)
    return usage("--forecast-memory: needs --forecast-error, for example --forecast-error 15%");
  if (asks_for(request, Shift::kCapsByHour) && !request.cap)
    return usage(
        "caps-by-hour: needs --sweep, or --cap-curve, for example --cap-curve "
        "250W=1/1,150W=1.08/0.8");
  if (request.idle_power && !request.capacity)
    return usage("--idle-power: needs --capacity, the number of devices that are powered");
  if (request.seeds.empty()) return usage("--seed: none is given");
  return {};
}

/// What a cap does to a GPU says nothing of a processor's cores.
Result<void> check_caps(const Workload& workload, const SimulationRequest& request) {
  if (!asks_for(request, Shift::kCapsByHour) || workload.unit != kCores) return {};
  return usage(fmt::format(
      "caps-by-hour: the jobs of {} hold cores and no GPU, and a cap is that of a GPU: leave this "
      "policy out",
      workload.source));
}

Result<void> check_capacity(const Workload& workload, const SimulationRequest& request) {
  constexpr double kMost = 1e12;  // in use at once, a choice: sums of millionths hold nine times it
  double most = 0, sum = 0;
  for (const MovableJob& job : workload.jobs) {
    most = std::max(most, job.devices);
    sum += job.devices;
  }
  if (sum > kMost)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: its jobs hold {:.3g} {} together, more than there are",
                             workload.source, sum, workload.unit)};
  if (!request.capacity) return {};
  if (devices_of(most) > devices_of(*request.capacity))
    return Error{ErrorCode::kInvalid,
                 fmt::format("--capacity: a job of {} holds {} {}, more than {}", workload.source,
                             most, workload.unit, *request.capacity)};
  return {};
}

}  // namespace

bool is_in_one_piece(Shift shift) {
  return shift == Shift::kBestWindow || shift == Shift::kThreshold || shift == Shift::kPueOnly ||
         shift == Shift::kCarbonOnly || shift == Shift::kCapacityLimited;
}

Result<void> check_request(const Workload& workload, const SimulationRequest& request) {
  if (workload.jobs.empty()) return Error{ErrorCode::kInvalid, workload.source + ": no job"};
  JOULERY_CHECK(check_places(request));
  JOULERY_CHECK(check_numbers(request));
  JOULERY_CHECK(check_caps(workload, request));
  return check_capacity(workload, request);
}

}  // namespace joulery::simulate
