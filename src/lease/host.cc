// lease: the real machine, see host.h.
#include "lease/host.h"

#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <optional>
#include <system_error>
#include <thread>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "hw/file_tree.h"
#include "hw/privilege.h"
#include "lease/guard_start.h"

namespace joulery {
namespace {

std::string own_command() {
  constexpr std::uint64_t kMost = 1 << 20;
  return public_command(load_file("/proc/self/cmdline", kMost).value_or(std::string()));
}

std::uint32_t caller_uid() {
  const auto caller = find_caller();
  return caller && caller->known ? caller->credentials.uid : ::getuid();
}

class RealHost final : public LeaseHost {
 public:
  RealHost(const std::string& sysroot, GuardSetting guard, HolderName name)
      : guard_(std::move(guard)), name_(std::move(name)) {
    // Once: the machine cannot be started anew under a living process.
    boot_ =
        open_file_tree(sysroot)->read("/proc/sys/kernel/random/boot_id").value_or(std::string());
  }

  std::string boot_id() override { return boot_; }
  std::int64_t boot_time_us() override {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  }
  WallTime wall_time() override { return wall_now(); }
  void wait(Seconds time) override { std::this_thread::sleep_for(time); }
  // find_missing_right() refuses where there is none.
  ProcessIdentity self() override { return own_identity().value_or(ProcessIdentity{}); }
  std::uint64_t pid_namespace() override {
    struct stat info {};
    return ::stat("/proc/self/ns/pid", &info) == 0 ? info.st_ino : 0;
  }
  bool is_alive(const ProcessIdentity& process) override {
    const RootScope root;  // who sees all processes, whatever /proc hides from the caller
    return joulery::is_alive(process);
  }
  Result<void> signal(const ProcessIdentity& process, int number) override {
    const RootScope root;
    return signal_process(process, number);
  }
  std::uint64_t random() override {
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number)
      number = static_cast<std::uint64_t>(boot_time_us());
    return number;
  }
  std::uint32_t uid() override { return name_.uid.value_or(caller_uid()); }
  std::string command() override { return name_.command.empty() ? own_command() : name_.command; }
  void run_all(const std::vector<std::function<void()>>& jobs) override {
    std::vector<std::thread> threads;
    std::vector<const std::function<void()>*> own;
    for (const auto& job : jobs) {
      try {
        threads.emplace_back(job);
      } catch (const std::system_error&) {  // no thread to be had: one after the other, then
        own.push_back(&job);
      }
    }
    for (const auto* job : own) (*job)();
    for (std::thread& thread : threads) thread.join();
  }
  Result<std::unique_ptr<GuardHandle>> start_guard(std::uint64_t lease, bool ready) override {
    if (!guard_.wanted) return std::unique_ptr<GuardHandle>();
    return start_lease_guard(guard_, lease, self(), ready);
  }

 private:
  GuardSetting guard_;
  HolderName name_;
  std::string boot_;
};

}  // namespace

std::string public_command(std::string_view words) {
  while (words.ends_with('\0')) words.remove_suffix(1);
  const auto parts = split(words, '\0');
  std::string shown(parts.empty() ? "" : parts[0]);
  const bool joulery = shown.substr(shown.rfind('/') + 1) == "joulery";
  for (std::size_t i = 1; joulery && i < parts.size(); ++i) {
    shown += " " + std::string(parts[i]);
    if (parts[i - 1] == "--") break;
  }
  return shown;
}

std::unique_ptr<LeaseHost> open_lease_host(const std::string& sysroot, GuardSetting guard,
                                           HolderName name) {
  return std::make_unique<RealHost>(sysroot, std::move(guard), std::move(name));
}

}  // namespace joulery
