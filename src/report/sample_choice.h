// report: fixed choices among caps, with one of everything that a report has to show, for tests.
#pragma once

#include <vector>

#include "joulery/report.h"

namespace joulery {

/// In turn: a sweep with uncertainties, a failed and an unequal point; a sweep that keeps the found
/// limit; a table whose caps are inert.
std::vector<Recommendation> sample_recommendations(std::size_t count);

}  // namespace joulery
