// policy: documents of `joulery sweep` and `joulery recommend`, read again as the caps of jobs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "joulery/policy.h"

namespace joulery {

/// Whether it begins as JSON does and no table: with a brace.
bool is_cap_document(std::string_view bytes);

/// As load_cap_table(). Times and energies are the baseline's with the changes that the document
/// tells, which have no drift; those of joulery/recommend/1 are in units of the baseline's, since
/// it tells no devices. What cannot be compared, or is scatter, is left out and told.
Result<std::vector<CapGroup>> read_cap_document(std::string_view bytes, const std::string& file);

}  // namespace joulery
