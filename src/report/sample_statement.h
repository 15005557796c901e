// report: a fixed statement for tests: two places, a failed run, a sweep over caps.
#pragma once

#include "joulery/statement.h"

namespace joulery {

Statement sample_statement();
/// One run, whose names are what a format might take for its own.
Statement hostile_statement();

}  // namespace joulery
