// base: the log receiver, see log.h.
#include "base/log.h"

#include <mutex>
#include <utility>

namespace joulery {
namespace {
struct Receiver {
  std::mutex mutex;
  std::function<void(const std::string&)> call;
};
Receiver& receiver() {
  static Receiver instance;
  return instance;
}
}  // namespace

void log_warning(const std::string& message) {
  Receiver& r = receiver();
  const std::lock_guard lock(r.mutex);
  if (r.call) r.call(message);
}

void set_log_receiver(std::function<void(const std::string&)> call) {
  Receiver& r = receiver();
  const std::lock_guard lock(r.mutex);
  r.call = std::move(call);
}

}  // namespace joulery
