// account: from energy to what the site drew, carbon and cost. Nothing here is guessed.
#pragma once

#include "joulery/account.h"

namespace joulery::account {

/// Fills site_energy, carbon, electricity_cost and cloud_cost from it_energy, duration, components
/// and place.
void put_consequences(Account& account);

}  // namespace joulery::account
