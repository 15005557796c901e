// joulery: while a command runs, standard error is its own: what there is to say waits for its end.
#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace joulery::cli {

/// Takes the library's warnings until it is destroyed, and says them then.
class HeldWarnings {
 public:
  HeldWarnings();
  ~HeldWarnings();
  HeldWarnings(const HeldWarnings&) = delete;
  HeldWarnings& operator=(const HeldWarnings&) = delete;

 private:
  static constexpr std::size_t kMost =
      20;  // a screen; what fails every tick would else fill it many times
  std::mutex mutex_;
  std::vector<std::string> messages_;
};

}  // namespace joulery::cli
