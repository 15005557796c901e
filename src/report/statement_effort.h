// report: of a statement: how the energy is known, what failed, what was done to use less.
#pragma once

#include <string>

#include "joulery/statement.h"

namespace joulery {

std::string method_words(const Statement& statement);
std::string runs_words(const Statement& statement);
std::string steps_words(const Statement& statement);

}  // namespace joulery
