// joulery-guard: gives capped devices back when the process that holds them cannot. Started by
// joulery; src/lease/guard.cc has its work.
#include <exception>
#include <string>
#include <vector>

#include "joulery/lease.h"

int main(int argc, char** argv) {
  try {
    return joulery::run_guard({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::exception&) {
    return 70;  // EX_SOFTWARE of <sysexits.h>; the record stays for whoever comes next
  }
}
