// factors: how names of hardware are compared: logs, drivers and papers write one name in many
// ways.
#pragma once

#include <string>
#include <string_view>

namespace joulery {

/// Lower case, without blanks, hyphens, underscores, slashes and brackets, and without the words of
/// a vendor or a brand before it: "v100sxm216gb" of "NVIDIA Tesla V100-SXM2-16GB".
std::string name_key(std::string_view name);

}  // namespace joulery
