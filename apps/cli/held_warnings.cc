// joulery: warnings that wait, see held_warnings.h.
#include "held_warnings.h"

#include <iostream>

#include "base/log.h"

namespace joulery::cli {

HeldWarnings::HeldWarnings() {
  set_log_receiver([this](const std::string& message) {
    const std::lock_guard lock(mutex_);
    if (messages_.size() < kMost) messages_.push_back(message);
  });
}

HeldWarnings::~HeldWarnings() {
  set_log_receiver({});
  for (const std::string& message : messages_) std::cerr << "joulery: " << message << '\n';
}

}  // namespace joulery::cli
