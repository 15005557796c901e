// actuator: other programs that set the same limits, so that they are known before they disagree.
#pragma once

#include <string_view>

#include "hw/file_tree.h"

namespace joulery {

/// Whether a process of this name (its /proc/PID/comm) runs. Reads one file a process: 10 us each.
bool has_process(const FileTree& files, std::string_view name);

}  // namespace joulery
