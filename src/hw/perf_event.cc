// hw: perf_event_open(2) of this machine, see perf_event.h.
#include "hw/perf_event.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"

namespace joulery {
namespace {

class OpenCounter final : public PerfCounter {
 public:
  OpenCounter(FileDescriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

  Result<std::uint64_t> read() override {
    std::uint64_t count = 0;
    for (;;) {
      const ssize_t n = ::read(fd_.get(), &count, sizeof count);
      if (n == static_cast<ssize_t>(sizeof count)) return count;
      // A read of nothing is how the kernel says that the event's CPU went offline.
      if (n >= 0) return Error{ErrorCode::kGone, name_ + ": the event ended"};
      if (errno != EINTR) return errno_error(name_, "read", errno);
    }
  }

 private:
  FileDescriptor fd_;
  std::string name_;
};

class KernelPerf final : public PerfEvents {
 public:
  Result<std::unique_ptr<PerfCounter>> open(const PerfEvent& event) override {
    perf_event_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.type = event.type;
    attributes.config = event.config;
    constexpr pid_t kEveryProcess = -1;
    constexpr int kNoGroup = -1;
    const long fd = ::syscall(SYS_perf_event_open, &attributes, kEveryProcess, event.cpu, kNoGroup,
                              static_cast<unsigned long>(PERF_FLAG_FD_CLOEXEC));
    if (fd < 0) return failure(event, errno);
    return std::unique_ptr<PerfCounter>(
        std::make_unique<OpenCounter>(FileDescriptor(static_cast<int>(fd)), event.name));
  }

 private:
  static Error failure(const PerfEvent& event, int error_number) {
    Error error = errno_error(event.name, "perf_event_open", error_number);
    // Whatever else is wrong with it (EINVAL, EOPNOTSUPP, ENOSYS), this event is not on this
    // machine.
    if (error.code != ErrorCode::kDenied) error.code = ErrorCode::kUnavailable;
    return error;
  }
};

}  // namespace

std::shared_ptr<PerfEvents> open_perf_events() { return std::make_shared<KernelPerf>(); }

}  // namespace joulery
