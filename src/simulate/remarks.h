// simulate: where the factors of a place came from, and what a reader has to know of them.
#pragma once

#include <string>
#include <vector>

#include "joulery/simulate.h"

namespace joulery::simulate {

/// Of intensity, PUE and price, as far as there are any.
std::vector<std::string> sources_of(const PlaceSignals& place);
/// What was assumed of the series and constants of these places, each once.
void add_place_notes(const std::vector<PlaceSignals>& places, std::vector<std::string>& notes);
/// Where nothing tells how sure the effect of a cap is.
void add_cap_note(const SimulationRequest& request, std::vector<std::string>& notes);

}  // namespace joulery::simulate
