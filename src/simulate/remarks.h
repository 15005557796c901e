// simulate: how sure sums are, where their factors came from, and what a reader has to know of
// them.
#pragma once

#include <string>
#include <vector>

#include "joulery/simulate.h"

namespace joulery::simulate {

/// Of one unit of each sum, factors taken as independent. `it_energy`: of one joule of IT energy.
/// `mean_pue`: site energy by IT energy, where the PUE is known.
SumsBasis basis_of(const PlaceSignals& place, double mean_pue, const Estimate<double>& it_energy);
/// Of intensity, PUE and price, as far as there are any.
std::vector<std::string> sources_of(const PlaceSignals& place);
/// What was assumed of the series and constants of these places, each once.
void add_place_notes(const std::vector<PlaceSignals>& places, std::vector<std::string>& notes);

}  // namespace joulery::simulate
