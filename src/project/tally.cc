// project: from hours and measured energy to totals, see tally.h.
#include "project/tally.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "project/device_sets.h"

namespace joulery::project {
namespace {

constexpr double kSecondsPerHour = 3600;

void put_once(std::vector<std::string>& list, const std::string& name) {
  if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
}

/// The energy of a tally while it is summed: what is known, and of how many hours.
struct EnergySum {
  double joules = 0, variance = 0;
  double known_h = 0, hours = 0;
  Evidence worst = Evidence::kMeasured;
  std::string top;
  double top_u = 0;

  void add(double j, double u, Evidence evidence, const std::string& what) {
    joules += j;
    variance += u * u;
    worst = std::max(worst, evidence);
    if (u > top_u) top_u = u, top = what;
  }
};

std::string no_power_of(const std::vector<std::string>& names) {
  const std::string& first = names.front();
  return fmt::format("no power of {}: --device-power {}=250W", fmt::join(names, ", "), first);
}

}  // namespace

void Tally::add(std::uint32_t device, double hours, bool measured) {
  auto at = std::find_if(devices.begin(), devices.end(),
                         [&](const DeviceHours& d) { return d.device == device; });
  if (at == devices.end()) at = devices.insert(at, DeviceHours{device, 0, 0});
  at->hours += hours;
  if (!measured) at->unmeasured += hours;
}

void Tally::add(const Tally& other, double share) {
  jobs += other.jobs * share;
  for (const DeviceHours& d : other.devices) {
    add(d.device, (d.hours - d.unmeasured) * share, true);
    add(d.device, d.unmeasured * share, false);
  }
  measured_j += other.measured_j * share;
  measured_u_j += other.measured_u_j * share;
  deviceless_h += other.deviceless_h * share;
}

double Tally::hours() const {
  double sum = 0;
  for (const DeviceHours& d : devices) sum += d.hours;
  return sum;
}

void Pricing::put_energy(const Tally& tally, JobTotals& totals) const {
  EnergySum sum;
  std::vector<std::string> powerless;
  if (tally.measured_j > 0) {
    sum.add(tally.measured_j, tally.measured_u_j, Evidence::kIntegrated, "sensors of the log");
    for (const std::string& part : log_excludes_) put_once(totals.excludes, part);
  }
  for (const DeviceHours& d : tally.devices) {
    const DeviceRate& rate = rates_[d.device];
    sum.hours += d.hours;
    sum.known_h += d.hours - d.unmeasured;
    if (d.unmeasured <= 0) continue;
    if (!rate.power) {
      powerless.push_back(rate.device);
      continue;
    }
    const double seconds = d.unmeasured * kSecondsPerHour;
    sum.known_h += d.unmeasured;
    sum.add(rate.power.value->count() * seconds, rate.power.u.count() * seconds,
            rate.power.evidence, "power of " + rate.device);
    for (const std::string& part : rate.excludes) put_once(totals.excludes, part);
  }
  if (tally.deviceless_h > 0) powerless.emplace_back("jobs without a device");
  const bool none = sum.known_h <= 0 && tally.measured_j <= 0;
  if (none && !powerless.empty()) {
    totals.it_energy = Estimate<Joules>::missing(no_power_of(powerless));
    totals.excludes.clear();
    return;
  }
  for (const std::string& name : powerless) put_once(totals.excludes, name);
  totals.it_energy =
      Estimate<Joules>::of(Joules(sum.joules), Joules(std::sqrt(sum.variance)), sum.worst, sum.top,
                           sum.hours > 0 ? std::min(1.0, sum.known_h / sum.hours) : 1);
}

void Pricing::put_cost(const Tally& tally, JobTotals& totals) const {
  double low = 0, high = 0;
  double priced_h = 0;
  for (const DeviceHours& d : tally.devices) {
    const DeviceRate& rate = rates_[d.device];
    if (d.hours <= 0) continue;
    if (!rate.rent) {
      totals.cost_excludes.push_back(rate.device);
      continue;
    }
    const Seconds time(d.hours * kSecondsPerHour);
    low += (time * rate.rent->first).count();
    high += (time * rate.rent->second).count();
    priced_h += d.hours;
  }
  if (priced_h <= 0 && !totals.cost_excludes.empty()) {
    const std::string why = fmt::format("no price of {}: --cloud-price or --device-price",
                                        fmt::join(totals.cost_excludes, ", "));
    totals.cloud_cost = {Estimate<Money>::missing(why), Estimate<Money>::missing(why)};
    totals.cost_excludes.clear();
    return;
  }
  const double coverage = priced_h > 0 ? priced_h / tally.hours() : 1;
  const auto money = [&](double count) {
    return Estimate<Money>::of(Money(count), Money(), Evidence::kConstant, "", coverage);
  };
  totals.cloud_cost = {money(low), money(high)};
}

JobTotals Pricing::totals(const Tally& tally) const {
  JobTotals totals;
  totals.jobs = static_cast<std::uint64_t>(std::llround(tally.jobs));
  totals.device_hours = tally.hours();
  for (const DeviceHours& d : tally.devices)
    if (rates_[d.device].device == kCpu) totals.cpu_hours += d.hours;
  put_energy(tally, totals);
  put_cost(tally, totals);
  totals.site = consequences_of(totals.it_energy, place_);
  return totals;
}

}  // namespace joulery::project
