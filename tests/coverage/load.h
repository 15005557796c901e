// coverage: loads for simulated boards, drawn at random within a class.
#pragma once

#include <random>
#include <string>

#include "coverage/trial.h"

namespace joulery::coverage {

using Random = std::mt19937_64;

double uniform(Random& random, double low, double high);
double log_uniform(Random& random, double low, double high);

/// A load as JOULERY_STANDIN spells it, for a run from `begin` to `begin` + `length`, in s of the
/// machine's clock.
std::string draw_load(const Plan& plan, double begin, Random& random);

}  // namespace joulery::coverage
