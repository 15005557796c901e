// base: shared objects of this project that only some commands need, opened at run time.
#pragma once

#include <memory>
#include <string>

#include "joulery/result.h"

namespace joulery {

struct CloseLibrary {
  void operator()(void* library) const;
};
using Library = std::unique_ptr<void, CloseLibrary>;

/// Opens NAME.so where the build and an installation put it, seen from the program: never from a
/// path that others may set. It stays in memory, for what its libraries do when the program ends.
/// Errors: kUnavailable, with the places that were tried.
Result<Library> open_module(const std::string& name);
/// A symbol of it, or null.
const void* symbol_of(const Library& library, const char* name);

}  // namespace joulery
