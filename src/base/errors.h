// base: the errors that are made most.
#pragma once

#include <string>
#include <utility>

#include "joulery/result.h"

namespace joulery {

/// Of a value that cannot be.
inline Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }
/// Of what was asked for, where its parts do not go together.
inline Error usage(std::string message) { return {ErrorCode::kUsage, std::move(message)}; }

}  // namespace joulery
