// hw: tells one life of NVIDIA's driver from the next; see nvml.h.
#include <fmt/format.h>
#include <sys/stat.h>

#include "hw/nvml.h"

namespace joulery {

// kernfs numbers its nodes in a cycle (Linux, fs/kernfs/dir.c, idr_alloc_cyclic), so that the
// directory of a module that was unloaded and loaded again has another number. Its times are no
// help: sysfs makes them up when it is first looked at.
std::string Nvml::driver_epoch() const {
  if (simulated_)
    return simulated_origin_ == nullptr ? "" : fmt::format("standin:{:.9f}", simulated_origin_());
  struct stat info {};
  if (::stat("/sys/module/nvidia", &info) != 0) return {};
  return fmt::format("module:{}", static_cast<unsigned long long>(info.st_ino));
}

}  // namespace joulery
