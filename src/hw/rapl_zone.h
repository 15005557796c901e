// hw: the RAPL domains and what their parts are called, whichever way they are read or set.
#pragma once

#include <cstdint>
#include <string>

namespace joulery {

enum class RaplDomain : std::uint8_t { kPackage, kCore, kUncore, kDram, kPsys };

/// One counter: a domain of a package. `place` tells packages and dies apart: "0", "1-die-1".
struct RaplZone {
  RaplDomain domain = RaplDomain::kPackage;
  std::string place;
};

/// "cpu/0/package", "cpu/0/core", "cpu/0/uncore", "dram/0", "node/psys".
std::string rapl_component(const RaplZone& zone);

}  // namespace joulery
