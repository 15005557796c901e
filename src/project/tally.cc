// project: from hours and measured energy to totals, see tally.h.
#include "project/tally.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace joulery::project {
namespace {

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

void Tally::add(std::uint32_t place, std::uint32_t device, double hours, bool measured) {
  auto at = std::find_if(devices.begin(), devices.end(), [&](const DeviceHours& d) {
    return d.device == device && d.place == place;
  });
  if (at == devices.end()) at = devices.insert(at, DeviceHours{place, device, 0, 0});
  at->hours += hours;
  if (!measured) at->unmeasured += hours;
}

void Tally::add_energy(const MeasuredEnergy& more) {
  auto at = std::find_if(energies.begin(), energies.end(),
                         [&](const MeasuredEnergy& m) { return m.place == more.place; });
  if (at == energies.end()) at = energies.insert(at, MeasuredEnergy{more.place, 0, 0});
  at->joules += more.joules;
  at->u_j += more.u_j;
}

void Tally::add(const Tally& other, double share) {
  jobs += other.jobs * share;
  for (const DeviceHours& d : other.devices) {
    add(d.place, d.device, (d.hours - d.unmeasured) * share, true);
    add(d.place, d.device, d.unmeasured * share, false);
  }
  for (const MeasuredEnergy& m : other.energies)
    add_energy({m.place, m.joules * share, m.u_j * share});
  deviceless_h += other.deviceless_h * share;
}

Tally Tally::at(std::uint32_t place) const {
  Tally out;
  for (const DeviceHours& d : devices)
    if (d.place == place) out.devices.push_back(d);
  for (const MeasuredEnergy& m : energies)
    if (m.place == place) out.energies.push_back(m);
  return out;
}

double Tally::measured_j() const {
  double sum = 0;
  for (const MeasuredEnergy& m : energies) sum += m.joules;
  return sum;
}

Tally scaled(const Tally& tally, double share) {
  Tally out;
  out.add(tally, share);
  return out;
}

double Tally::hours() const {
  double sum = 0;
  for (const DeviceHours& d : devices) sum += d.hours;
  return sum;
}

void Pricing::put_energy(const Tally& tally, JobTotals& totals) const {
  EnergySum sum;
  std::vector<std::string> powerless;
  const double measured_j = tally.measured_j();
  if (measured_j > 0) {
    double u_j = 0;
    for (const MeasuredEnergy& m : tally.energies) u_j += m.u_j;
    sum.add(measured_j, u_j, Evidence::kIntegrated, "sensors of the log");
    for (const std::string& part : log_excludes_) put_once(totals.excludes, part);
  }
  for (const DeviceHours& d : tally.devices) {
    const DeviceRate& rate = rates_[d.device];
    sum.hours += d.hours;
    sum.known_h += d.hours - d.unmeasured;
    if (d.unmeasured <= 0) continue;
    if (!rate.power) {
      put_once(powerless, rate.device);
      continue;
    }
    const double seconds = d.unmeasured * kSecondsPerHour;
    sum.known_h += d.unmeasured;
    sum.add(rate.power.value->count() * seconds, rate.power.u.count() * seconds,
            rate.power.evidence, "power of " + rate.device);
    for (const std::string& part : rate.excludes) put_once(totals.excludes, part);
  }
  if (tally.deviceless_h > 0) {
    powerless.emplace_back("jobs without a device");
    sum.hours += tally.deviceless_h;  // each at least one device
  }
  const bool none = sum.known_h <= 0 && measured_j <= 0;
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
    const auto rent = rate.rent || rate.device == kCpu ? rate.rent : places_[d.place].cloud_price;
    if (!rent) {
      put_once(totals.cost_excludes, rate.device);
      continue;
    }
    const Seconds time(d.hours * kSecondsPerHour);
    low += (time * rent->first).count();
    high += (time * rent->second).count();
    priced_h += d.hours;
  }
  if (priced_h <= 0 && !totals.cost_excludes.empty()) {
    const std::string why = fmt::format("no price of {}: --cloud-price or --device-price",
                                        fmt::join(totals.cost_excludes, ", "));
    totals.cloud_cost = {Estimate<Money>::missing(why), Estimate<Money>::missing(why)};
    totals.cost_excludes.clear();
    return;
  }
  // Jobs that held nothing which the log tells cost nobody knows what, not nothing.
  if (tally.devices.empty() && tally.jobs > 0) {
    const auto none = Estimate<Money>::missing("these jobs hold no device that the log tells");
    totals.cloud_cost = {none, none};
    return;
  }
  const double coverage = priced_h > 0 ? priced_h / tally.hours() : 1;
  const auto money = [&](double count) {
    return Estimate<Money>::of(Money(count), Money(), Evidence::kConstant, "", coverage);
  };
  totals.cloud_cost = {money(low), money(high)};
}

/// Of the places of a log, whose factors are wrong each in its own way or all in the same: an upper
/// bound. Missing where a place that used energy has none.
template <class T>
Estimate<T> sum_of(const std::vector<Estimate<T>>& parts) {
  Estimate<T> sum = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const Estimate<T>& part = parts[i];
    if (!sum || !part) return sum ? part : sum;
    const double all = sum.value->count() + part.value->count();
    if (all > 0)
      sum.coverage =
          (sum.coverage * sum.value->count() + part.coverage * part.value->count()) / all;
    if (part.u > sum.u) sum.top = part.top;
    sum.value = T(all);
    sum.u += part.u;
    sum.evidence = std::max(sum.evidence, part.evidence);
  }
  return sum;
}

Consequences Pricing::consequences(const Tally& tally, const JobTotals& totals) const {
  std::vector<Estimate<Joules>> site;
  std::vector<Estimate<GramsCo2>> carbon;
  std::vector<Estimate<Money>> cost;
  std::optional<std::pair<std::string, std::string>> kind;  // of the intensities, and their basis
  for (std::uint32_t place = 0; places_.size() > 1 && place < places_.size(); ++place) {
    const Tally part = tally.at(place);
    if (part.devices.empty() && part.energies.empty()) continue;
    JobTotals there;
    put_energy(part, there);
    if (!there.it_energy) continue;
    Consequences own = consequences_of(there.it_energy, places_[place]);
    const auto& intensity = places_[place].intensity;
    if (own.carbon && kind && *kind != std::pair(intensity.kind, intensity.basis))
      own.carbon = Estimate<GramsCo2>::missing("the runs' intensities are of different kind");
    if (own.carbon) kind = std::pair(intensity.kind, intensity.basis);
    site.push_back(own.site_energy);
    carbon.push_back(own.carbon);
    cost.push_back(own.electricity_cost);
  }
  if (site.empty()) return consequences_of(totals.it_energy, places_.front());
  return {sum_of(site), sum_of(carbon), sum_of(cost)};
}

JobTotals Pricing::totals(const Tally& tally, bool of_one_kind) const {
  JobTotals totals;
  totals.jobs = static_cast<std::uint64_t>(std::llround(tally.jobs));
  // An hour of a core and one of an accelerator are no two hours of the same thing.
  for (const DeviceHours& d : tally.devices) {
    const bool core = rates_[d.device].device == kCpu;
    if (core) totals.cpu_hours += d.hours;
    if (!core || !has_accelerators_ || of_one_kind) totals.device_hours += d.hours;
  }
  put_energy(tally, totals);
  put_cost(tally, totals);
  totals.site = consequences(tally, totals);
  return totals;
}

}  // namespace joulery::project
