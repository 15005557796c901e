// account: site energy, carbon and cost, see money.h.
#include "account/money.h"

#include <algorithm>
#include <string>

#include "account/product.h"

namespace joulery::account {
namespace {

/// Where the factor is missing too, says so of both.
template <class Out, class T>
Estimate<Out> times_factor(const Estimate<Joules>& energy, const Factor<T>& factor,
                           const std::string& name, const std::string& flag) {
  const std::string& why = factor.estimate.why.empty() ? flag : factor.estimate.why;
  if (!energy) return Estimate<Out>::missing(energy.why + (factor.estimate ? "" : "; " + why));
  if (!factor.estimate) return Estimate<Out>::missing(why);
  Estimate<T> known = factor.estimate;
  known.evidence =
      Evidence::kMeasured;  // a given factor does not lower the class of what it multiplies
  return times<Out>(energy, known, name);
}

std::size_t count_gpus(const Account& account) {
  return static_cast<std::size_t>(std::count_if(
      account.components.begin(), account.components.end(),
      [](const ComponentAccount& c) { return c.kind == ComponentKind::kGpu && !c.part_of; }));
}

CostRange no_rent(const std::string& why) {
  return {Estimate<Money>::missing(why), Estimate<Money>::missing(why)};
}

Estimate<Money> rent(const Estimate<Seconds>& time, MoneyPerSecond price) {
  return Estimate<Money>::of(*time.value * price, time.u * price, Evidence::kConstant, time.top, 1);
}

CostRange cloud_cost(const Account& account) {
  if (!account.place.cloud_price || !account.duration)
    return rent_of(account.duration, account.place);
  const std::size_t devices = count_gpus(account);
  if (devices == 0) return no_rent("--cloud-price is per device, and the run has no GPU");
  Estimate<Seconds> device_time = account.duration;
  device_time.value = *device_time.value * static_cast<double>(devices);
  device_time.u *= static_cast<double>(devices);
  return rent_of(device_time, account.place);
}

}  // namespace

Estimate<Joules> site_energy_of(const Estimate<Joules>& it_energy, const Place& place) {
  return times_factor<Joules>(it_energy, place.pue, "PUE", "no PUE: --pue");
}

Estimate<GramsCo2> carbon_of(const Estimate<Joules>& site_energy, const Place& place) {
  return times_factor<GramsCo2>(site_energy, place.intensity, "carbon intensity",
                                "no carbon intensity: --region or --intensity");
}

Estimate<Money> electricity_cost_of(const Estimate<Joules>& site_energy, const Place& place) {
  return times_factor<Money>(site_energy, place.electricity_price, "electricity price",
                             "no electricity price: --electricity-price");
}

CostRange rent_of(const Estimate<Seconds>& device_time, const Place& place) {
  if (!place.cloud_price) return no_rent("no cloud price: --cloud-price");
  if (!device_time) return no_rent(device_time.why);
  return {rent(device_time, place.cloud_price->first),
          rent(device_time, place.cloud_price->second)};
}

void put_consequences(Account& account) {
  account.site_energy = site_energy_of(account.it_energy, account.place);
  account.carbon = carbon_of(account.site_energy, account.place);
  account.electricity_cost = electricity_cost_of(account.site_energy, account.place);
  account.cloud_cost = cloud_cost(account);
}

}  // namespace joulery::account
