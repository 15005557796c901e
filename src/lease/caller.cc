// lease: a process of root that acts as whoever called sudo, see joulery/lease.h.
#include <cstdlib>

#include "hw/privilege.h"
#include "hw/process.h"
#include "joulery/lease.h"

namespace joulery {

Result<void> act_as_caller() {
  Inheritance::note_descriptors();
  JOULERY_TRY(const Caller caller, find_caller());
  if (!caller.known) return {};
  JOULERY_CHECK(lower_effective(caller.credentials));
  // sudo makes these root's; what is kept for the caller belongs to the caller's home.
  if (!caller.home.empty()) ::setenv("HOME", caller.home.c_str(), 1);
  if (!caller.name.empty()) {
    ::setenv("USER", caller.name.c_str(), 1);
    ::setenv("LOGNAME", caller.name.c_str(), 1);
  }
  return {};
}

}  // namespace joulery
