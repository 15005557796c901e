// estimate: what an energy means at a place, and beside familiar things, see joulery/estimate.h.
#include <array>

#include "account/money.h"
#include "joulery/estimate.h"

namespace joulery {
namespace {

struct Familiar {
  const char* what;
  double pounds;
};
// Strubell, Ganesh, McCallum, ACL 2019 (arXiv 1906.02243), Table 1.
constexpr std::array kFamiliar = {
    Familiar{"air travel, 1 person, NY to SF", 1984},
    Familiar{"human life, average, 1 year", 11'023},
    Familiar{"American life, average, 1 year", 36'156},
    Familiar{"car, average incl. fuel, 1 lifetime", 126'000},
};

}  // namespace

Consequences consequences_of(const Estimate<Joules>& it_energy, const Place& place) {
  return consequences_of_site(account::site_energy_of(it_energy, place), place);
}

Consequences consequences_of_site(const Estimate<Joules>& site_energy, const Place& place) {
  return {site_energy, account::carbon_of(site_energy, place),
          account::electricity_cost_of(site_energy, place)};
}

CostRange rent_of(const Estimate<Seconds>& device_time, const Place& place) {
  return account::rent_of(device_time, place);
}

std::vector<Equivalent> equivalents_of(GramsCo2 carbon) {
  std::vector<Equivalent> out;
  for (const Familiar& thing : kFamiliar) {
    const GramsCo2 each(thing.pounds * kGramsPerPound);
    out.push_back({thing.what, each, carbon / each});
  }
  return out;
}

Estimate<GramsCo2> embodied_of(const Estimate<GramsCo2>& each, const Estimate<Seconds>& device_time,
                               Seconds lifetime) {
  if (!each) return each;
  if (!device_time) return Estimate<GramsCo2>::missing(device_time.why);
  const double share = *device_time.value / lifetime;
  Estimate<GramsCo2> part = each;
  part.value = *each.value * share;
  part.u = each.u * share;
  return part;
}

}  // namespace joulery
