// report: the sentences of a statement, the same in every format. UTF-8, safe for a terminal; each
// writer escapes them for its own.
#pragma once

#include <string>
#include <vector>

#include "joulery/statement.h"

namespace joulery {

struct StatementSection {
  std::string title;  ///< "Energy"
  std::string text;   ///< whole sentences
};
std::vector<StatementSection> statement_sections(const Statement& statement);

/// "2 x NVIDIA A100, 1 x AMD EPYC".
std::string hardware_words(const Statement& statement);
/// "45 ± 2 g/kWh, average, location-based, US, table X (2022)"; empty where missing.
std::string intensity_words(const Factor<GramsPerJoule>& intensity);
/// "782 ± 20 kWh".
std::string energy_words(const Estimate<Joules>& energy);

}  // namespace joulery
