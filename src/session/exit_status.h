// session: how the end of a command becomes the exit status of the program that ran it.
#pragma once

#include "joulery/result.h"

namespace joulery {

/// Of a command that could not be started: 127 not found, 126 not executable, 125 our own failure.
int exit_code_of_start(const Error& error);
/// Of what wait(2) told: the command's own status, or 128 + the signal that ended it.
int exit_code_of_end(int wait_status);

inline constexpr int kSignalBase = 128;  // POSIX, Shell Command Language, 2.8.2
inline constexpr int kOwnFailure = 125;  // as env(1), timeout(1) and nohup(1) of GNU coreutils

}  // namespace joulery
