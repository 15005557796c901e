// base: what the library says where it cannot return it (a destructor, a thread). It prints nothing
// by itself: a program installs a receiver; without one, messages are dropped.
#pragma once

#include <functional>
#include <string>

namespace joulery {

/// Any thread. The receiver must be thread-safe.
void log_warning(const std::string& message);
void set_log_receiver(std::function<void(const std::string&)> receiver);

}  // namespace joulery
