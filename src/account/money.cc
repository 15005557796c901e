// account: site energy, carbon and cost, see money.h.
#include "account/money.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace joulery::account {
namespace {

double count(double x) { return x; }
template <class Kind>
double count(Quantity<Kind> q) {
  return q.count();
}

/// Product of independent quantities: relative uncertainties in quadrature, written so that a zero
/// factor is harmless.
template <class Out, class A, class B>
Estimate<Out> times(const Estimate<A>& a, const Estimate<B>& b, const std::string& name_of_b) {
  const double x = count(*a.value);
  const double y = count(*b.value);
  const double from_a = std::abs(y) * count(a.u);
  const double from_b = std::abs(x) * count(b.u);
  return Estimate<Out>::of(Out(x * y), Out(std::hypot(from_a, from_b)),
                           std::max(a.evidence, b.evidence), from_b > from_a ? name_of_b : a.top,
                           a.coverage);
}

template <class Out, class T>
Estimate<Out> times_factor(const Estimate<Joules>& energy, const Factor<T>& factor,
                           const std::string& name, const std::string& flag) {
  if (!energy) return Estimate<Out>::missing(energy.why);
  if (!factor.estimate)
    return Estimate<Out>::missing(factor.estimate.why.empty() ? flag : factor.estimate.why);
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

Estimate<Money> rent(const Account& account, MoneyPerSecond price, std::size_t devices) {
  const double n = static_cast<double>(devices);
  return Estimate<Money>::of(*account.duration.value * price * n, account.duration.u * price * n,
                             Evidence::kConstant, account.duration.top, 1);
}

CostRange cloud_cost(const Account& account) {
  const auto none = [](const std::string& why) {
    return CostRange{Estimate<Money>::missing(why), Estimate<Money>::missing(why)};
  };
  if (!account.place.cloud_price) return none("no cloud price: --cloud-price");
  if (!account.duration) return none(account.duration.why);
  const std::size_t devices = count_gpus(account);
  if (devices == 0) return none("--cloud-price is per device, and the run has no GPU");
  return {rent(account, account.place.cloud_price->first, devices),
          rent(account, account.place.cloud_price->second, devices)};
}

/// Carbon needs the site's energy and the intensity: where both are missing, says so of both.
Estimate<GramsCo2> carbon_of(const Account& account) {
  const Factor<GramsPerJoule>& intensity = account.place.intensity;
  const std::string none = "no carbon intensity: --region or --intensity";
  Estimate<GramsCo2> carbon =
      times_factor<GramsCo2>(account.site_energy, intensity, "carbon intensity", none);
  if (!account.site_energy && !intensity.estimate)
    carbon.why += "; " + (intensity.estimate.why.empty() ? none : intensity.estimate.why);
  return carbon;
}

}  // namespace

void put_consequences(Account& account) {
  const Place& place = account.place;
  account.site_energy = times_factor<Joules>(account.it_energy, place.pue, "PUE", "no PUE: --pue");
  account.carbon = carbon_of(account);
  account.electricity_cost =
      times_factor<Money>(account.site_energy, place.electricity_price, "electricity price",
                          "no electricity price: --electricity-price");
  account.cloud_cost = cloud_cost(account);
}

}  // namespace joulery::account
