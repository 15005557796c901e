// lease: whether this process may set limits at all, and where else it would have to be asked for.
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "hw/identity.h"
#include "hw/privilege.h"
#include "lease/machine.h"

namespace joulery {
namespace {

std::string namespace_of(const char* kind) {
  std::array<char, 64> link;
  const ssize_t n =
      ::readlink((std::string("/proc/self/ns/") + kind).c_str(), link.data(), link.size());
  return std::string(link.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
}

// The numbers of the first namespaces are fixed (Linux, include/linux/proc_ns.h).
constexpr const char* kFirstUsers = "user:[4026531837]";
constexpr const char* kFirstProcesses = "pid:[4026531836]";

/// Whether `path` is what the machine's first process sees there. Its nearest part that exists is
/// compared: a container's own /run has another number than the host's.
bool is_the_hosts(std::string path) {
  for (;;) {
    struct stat here {};
    struct stat there {};
    const bool is_here = ::stat(path.c_str(), &here) == 0;
    const bool is_there = ::stat(("/proc/1/root" + path).c_str(), &there) == 0;
    if (is_here != is_there) return false;
    if (is_here) return here.st_dev == there.st_dev && here.st_ino == there.st_ino;
    const std::size_t slash = path.rfind('/');
    if (slash == 0 || slash == std::string::npos) return false;
    path.resize(slash);
  }
}

}  // namespace

std::string container_reason(const Surroundings& here, const std::string& lease_dir) {
  if (here.users != kFirstUsers)
    return "this is a container with users of its own, in which root is not the machine's";
  if (here.processes != kFirstProcesses)
    return "this is a container with processes of its own: a lease names its holder by a number "
           "that means nothing outside";
  if (!here.sees_hosts_directory)
    return "this is a container, or seems to be: the machine's " + lease_dir +
           " is not to be seen from here";
  return {};
}

std::optional<NoRight> find_missing_right(const std::string& sysroot,
                                          const std::string& lease_dir) {
  if (const auto own = own_identity(); !own)
    return NoRight{
        {ErrorCode::kUnavailable, "a lease names its holder as /proc does: " + own.error().message},
        "mount /proc",
        false};
  if (!sysroot.empty()) return std::nullopt;
  if (!can_be_root())
    return NoRight{{ErrorCode::kDenied, "setting a power limit needs root"}, "use sudo", false};
  Surroundings here{namespace_of("user"), namespace_of("pid"), false};
  {
    const RootScope root;
    here.sees_hosts_directory = is_the_hosts(lease_dir);
  }
  const std::string why = container_reason(here, lease_dir);
  if (why.empty()) return std::nullopt;
  return NoRight{{ErrorCode::kUnavailable, why}, "cap on the machine itself, outside", true};
}

}  // namespace joulery
