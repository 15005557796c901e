// estimate: what the published tables share: rows made as a user would, and cells held against
// them.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "joulery/estimate.h"

namespace joulery::estimate {

using Words = std::initializer_list<std::pair<const char*, std::string>>;

/// The row of these keys and values, estimated with the shipped tables and no configuration.
Result<EstimatedRow> row_of(Words words);

/// Ours is written as `printed` is: digits, thousands, "$", "k". `slack`: how far, relative, ours
/// may be off because inputs are printed rounded.
PresetCell cell(const std::string& printed, std::optional<double> ours, double slack = 0);
/// Of what the source leaves out and we do too.
PresetCell no_cell();

double kilowatt_hours(const Estimate<Joules>& energy);
double pounds(const Estimate<GramsCo2>& carbon);
double tonnes(const Estimate<GramsCo2>& carbon);

Result<Preset> strubell2019();
Result<Preset> patterson2021();
Result<Preset> llama2();

}  // namespace joulery::estimate
