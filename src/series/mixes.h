// series: the carbon intensity that a mix of sources makes, row by row.
#pragma once

#include <string>
#include <vector>

#include "joulery/result.h"
#include "series/rows.h"
#include "series/table.h"

namespace joulery::series {

/// Whether the values come from columns of power, one a source: "mix" was asked for, or nothing
/// was, no heading is of an intensity, and at least two name sources.
bool is_mix(const std::vector<std::string>& columns, std::size_t stamp, const std::string& wanted);

/// Reads the rows below the heading. Each source counts with the intensity of its own column, "coal
/// (g/kWh)", else of the shipped table of sources, imports with that of the shipped table of
/// regions. What has none may be any of the sources, with a note. Each source makes an error of the
/// table: one number for all rows where it has a factor, while what has none and imports may change
/// from row to row (the table of regions has means of a year). Negative values (exports, pumping)
/// and storage do not count. Errors: kInvalid, naming file and column.
Result<void> read_mix(Rows& rows, Table& table);

}  // namespace joulery::series
