// joulery-guard: gives capped devices back when the process that holds them cannot. Started by
// joulery; src/lease/guard.cc has its work.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "joulery/lease.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("joulery-guard: started by joulery alone; see docs/actuators.md\n", stderr);
    return 64;  // EX_USAGE of <sysexits.h>
  }
  try {
    return joulery::run_guard({argv + 1, argv + argc});
  } catch (const std::exception&) {
    return 70;  // EX_SOFTWARE; the record stays for whoever comes next
  }
}
