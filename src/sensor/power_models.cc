// sensor: models of power, see power_models.h; docs/sensors.md shows how they were chosen.
#include "sensor/power_models.h"

#include <algorithm>
#include <cmath>

#include "factors/cpus.h"

namespace joulery {
namespace {

// Shape: Fan, Weber, Barroso, "Power Provisioning for a Warehouse-sized Computer", ISCA 2007: idle
// + (busy - idle) (2u - u^1.4). It is concave, because the first busy cores wake what all of them
// share.
constexpr double kFanExponent = 1.4;
// A package rarely reaches its TDP, and sleeps deeply when idle: two recordings of load against
// RAPL by CodeCarbon (2025-01-14; EPYC 8024P, 2 x Xeon E5-2620 v3) end at 0.5 and 0.7 of it and
// start near 0. The upper end is taken, because other loads draw more than theirs.
constexpr double kIdleShare = 0.05;
constexpr double kBusyShare = 0.70;
// So that k = 2 covers both recordings at every load, with a half-width of at most half the value
// from 10 % load up.
constexpr double kGain = 0.18;
constexpr double kOffsetShare = 0.025;

// Median of the table's TDP by thread, in W; its 16th and 84th percentiles are 2.3 and 5.3, hence
// 40 %.
constexpr double kDefaultWattsPerThread = 3.75;
constexpr double kDefaultGain = 0.40;
// Neighbours of a virtual machine share what is not a core's own, and its threads may be half of a
// core: our choice.
constexpr double kShareGain = 0.25;

// Lannelongue, Grealey, Inouye, "Green Algorithms", Advanced Science 8(12), 2021: 0.3725 W/GB.
// Large modules draw less for each GB and busy ones more: 3 to 6 W for 8 to 64 GB would be 0.1 to
// 0.6 W/GB, so k = 2 spans 0.1 to 0.63.
constexpr double kWattsPerGigabyte = 0.3725;
constexpr double kDramModelGain = 0.35;

double gain_of(CpuRating::Origin origin) {
  if (origin == CpuRating::Origin::kListed) return kGain;
  const double more = origin == CpuRating::Origin::kShareOfListed ? kShareGain : kDefaultGain;
  return std::hypot(kGain, more);
}

std::string in_watts(double watts) {
  std::string text = std::to_string(watts);
  text.erase(text.find('.') + 3);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + " W";
}

}  // namespace

CpuRating rate_cpu(const CpuInfo& cpu) {
  const double threads = std::max(1U, cpu.threads);
  const auto row = find_cpu_factor(cpu.model);
  if (!row) {
    const std::string model = cpu.model.empty() ? "a CPU without a name" : "'" + cpu.model + "'";
    return {.tdp = Watts(threads * kDefaultWattsPerThread),
            .origin = CpuRating::Origin::kDefault,
            .why = model + " is not in the table: " + std::to_string(cpu.threads) + " threads x " +
                   in_watts(kDefaultWattsPerThread)};
  }
  const std::string source =
      "TDP " + in_watts(row->tdp.count()) + " (" + std::string(name_of(row->source)) + ")";
  if (cpu.virtual_machine)
    return {.tdp = row->tdp * (threads / row->threads),
            .origin = CpuRating::Origin::kShareOfListed,
            .why = source + " x " + std::to_string(cpu.threads) + " of " +
                   std::to_string(row->threads) + " threads (virtual machine)"};
  return {.tdp = row->tdp * cpu.sockets,
          .origin = CpuRating::Origin::kListed,
          .why = source + " x " + std::to_string(cpu.sockets) + " socket" +
                 (cpu.sockets == 1 ? "" : "s")};
}

Watts cpu_model_power(double load, Watts tdp) {
  const double u = std::clamp(load, 0.0, 1.0);
  const double shape = 2 * u - std::pow(u, kFanExponent);
  return tdp * (kIdleShare + (kBusyShare - kIdleShare) * shape);
}

Accuracy cpu_model_accuracy(const CpuRating& rating) {
  Accuracy accuracy;
  accuracy.gain_u = gain_of(rating.origin);
  accuracy.offset_u = rating.tdp * kOffsetShare;
  accuracy.source = "Fan et al. 2007, checked against two CodeCarbon recordings";
  return accuracy;
}

Watts dram_model_power(std::uint64_t bytes) {
  return Watts(static_cast<double>(bytes) * 1e-9 * kWattsPerGigabyte);
}

Accuracy dram_model_accuracy() {
  Accuracy accuracy;
  accuracy.gain_u = kDramModelGain;
  accuracy.source = "Lannelongue et al. 2021, interval widened";
  return accuracy;
}

}  // namespace joulery
