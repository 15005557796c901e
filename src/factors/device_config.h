// factors: accelerators of the user's own configuration: [device.NAME] tables, see
// docs/formats/config.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "joulery/factors.h"

namespace joulery {

/// The devices of the files, in order of precedence: of a key that two give, the first counts.
/// Absent files are skipped. Errors: kInvalid with file and line; kDenied for a file that cannot be
/// read.
Result<std::vector<Accelerator>> load_device_config(const std::vector<std::string>& files);

/// One text, as if it were all the files. For tests and fuzzing.
Result<std::vector<Accelerator>> parse_device_config(std::string_view text,
                                                     const std::string& file);

}  // namespace joulery
