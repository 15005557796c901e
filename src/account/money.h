// account: from energy to what the site drew, carbon and cost. Nothing here is guessed.
#pragma once

#include "joulery/account.h"

namespace joulery::account {

/// Fills site_energy, carbon, electricity_cost and cloud_cost from it_energy, duration, components
/// and place.
void put_consequences(Account& account);

Estimate<Joules> site_energy_of(const Estimate<Joules>& it_energy, const Place& place);
/// Of these, where both the energy and the factor are missing, `why` says so of both.
Estimate<GramsCo2> carbon_of(const Estimate<Joules>& site_energy, const Place& place);
Estimate<Money> electricity_cost_of(const Estimate<Joules>& site_energy, const Place& place);
/// Of so much time of one device: 4 devices for 1 h are 4 h.
CostRange rent_of(const Estimate<Seconds>& device_time, const Place& place);

}  // namespace joulery::account
