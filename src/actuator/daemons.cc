// actuator: finds processes by name, see daemons.h.
#include "actuator/daemons.h"

#include <algorithm>
#include <string>
#include <vector>

namespace joulery {

bool has_process(const FileTree& files, std::string_view name) {
  const auto entries = files.list("/proc").value_or(std::vector<std::string>());
  return std::any_of(entries.begin(), entries.end(), [&](const std::string& entry) {
    return entry.find_first_not_of("0123456789") == std::string::npos &&
           files.read("/proc/" + entry + "/comm").value_or(std::string()) == name;
  });
}

}  // namespace joulery
