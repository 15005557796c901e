// lease: the devices of this machine, see control.h.
#include "lease/control.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "lease/give_back.h"
#include "lease/guard_start.h"
#include "lease/take.h"

namespace joulery {
namespace {

constexpr Seconds kPatience{5};  // for a detached holder to give back: 100 times what it takes
constexpr Seconds kPause{0.02};

GivenBack failed(const std::string& device, std::string why) {
  GivenBack result;
  result.device = device;
  result.failed = true;
  result.why = std::move(why);
  return result;
}

class Control final : public CapControl {
 public:
  Control(std::shared_ptr<LeaseMachine> machine, std::optional<NoRight> missing,
          const CapOptions& options)
      : machine_(std::move(machine)), missing_(std::move(missing)), options_(options) {}

  std::vector<CapDevice> list() override {
    const auto content = machine_->book.load();
    std::vector<CapDevice> devices;
    for (const auto& cap : machine_->caps)
      if (cap->info().chosen) devices.push_back(describe_device(*cap, content));
    return devices;
  }

  Result<std::unique_ptr<CapLease>> take(const std::vector<std::string>& devices,
                                         std::optional<Seconds> lifetime) override {
    return take_devices(devices, lifetime, false);
  }
  Result<std::unique_ptr<CapLease>> take_devices(const std::vector<std::string>& devices,
                                                 std::optional<Seconds> lifetime, bool detached);

  std::vector<GivenBack> recover() override;
  Result<void> set_detached(const std::vector<CapWish>& caps, Seconds lifetime) override;
  Result<std::vector<GivenBack>> end_detached(const std::vector<std::string>& devices) override;

 private:
  CapDevice describe_device(PowerCap& cap, const Result<BookContent>& content);
  void refuse_damaged(const DamagedRecord& damaged, CapDevice& device);
  void add_limits(PowerCap& cap, CapDevice& device);
  /// Why this process must not set the device; nothing: it may.
  [[nodiscard]] std::optional<NoRight> refusal_of(const CapInfo& info) const;
  Result<void> check_devices(const std::vector<std::string>& devices);
  std::optional<GivenBack> recover_one(const LeaseRecord& seen);
  Result<GivenBack> end_one(const LeaseRecord& record);
  /// Whether this process may give the device back. In a container every holder outside seems dead.
  [[nodiscard]] bool may_give_back(const LeaseRecord& record) const {
    const PowerCap* const cap = machine_->find(record.device);
    return !missing_ || (missing_->container && cap != nullptr && cap->info().simulated);
  }

  std::shared_ptr<LeaseMachine> machine_;
  std::optional<NoRight> missing_;
  CapOptions options_;
};

std::optional<NoRight> Control::refusal_of(const CapInfo& info) const {
  if (!info.refusal.why.empty())
    return NoRight{{ErrorCode::kUnavailable, info.refusal.why}, info.refusal.advice, false};
  // Nobody outside of a container has a simulated device.
  if (missing_ && !(missing_->container && info.simulated)) return missing_;
  return std::nullopt;
}

CapDevice Control::describe_device(PowerCap& cap, const Result<BookContent>& content) {
  const CapInfo& info = cap.info();
  CapDevice device;
  device.id = info.id;
  device.kind = info.kind;
  device.model = info.model;
  device.notes = info.notes;
  if (const auto refusal = refusal_of(info)) {
    device.refused = refusal->error.message;
    device.advice = refusal->advice;
  }
  add_limits(cap, device);
  if (!content) device.notes.push_back("leases cannot be read: " + content.error().message);
  if (!content) return device;
  for (const LeaseRecord& record : content->records)
    if (record.device == info.id) device.holder = holder_of(record, *machine_->host);
  for (const DamagedRecord& damaged : content->damaged)
    if (damaged.name == record_name(info.id) && device.refused.empty())
      refuse_damaged(damaged, device);
  return device;
}

void Control::refuse_damaged(const DamagedRecord& damaged, CapDevice& device) {
  device.refused = options_.lease_dir + "/" + damaged.name + ": " + damaged.why;
  device.advice = "see what the device is at, then remove the file";
}

void Control::add_limits(PowerCap& cap, CapDevice& device) {
  const auto now = cap.read();
  if (!now) {
    if (device.refused.empty()) device.refused = now.error().message;
    return;
  }
  device.least = now->least;
  device.most = now->most;
  device.default_limit = now->default_limit;
  device.requested = now->requested;
  device.enforced = now->enforced;
  if (cap.clocks() != nullptr)
    if (const auto clocks = cap.clocks()->range()) {
      device.least_clock = clocks->least;
      device.most_clock = clocks->most;
    }
  if (now->enforced && *now->enforced < now->requested)
    device.notes.push_back(fmt::format(
        "out-of-band cap: {:g} W is enforced though {:g} W is requested, by a limiter that no "
        "program on this machine can see or set (a BMC)",
        now->enforced->count(), now->requested.count()));
}

Result<void> Control::check_devices(const std::vector<std::string>& devices) {
  if (devices.empty()) return Error{ErrorCode::kUsage, "no device to cap"};
  for (auto device = devices.begin(); device != devices.end(); ++device) {
    const PowerCap* const cap = machine_->find(*device);
    if (cap == nullptr)
      return Error{ErrorCode::kUsage, *device + ": no such device; joulery cap get lists them"};
    if (std::find(devices.begin(), device, *device) != device)
      return Error{ErrorCode::kUsage, *device + ": named twice"};
    if (const auto refusal = refusal_of(cap->info()))
      return Error{refusal->error.code,
                   *device + ": " + refusal->error.message +
                       (refusal->advice.empty() ? "" : "; " + refusal->advice)};
  }
  return {};
}

Result<std::unique_ptr<CapLease>> Control::take_devices(const std::vector<std::string>& devices,
                                                        std::optional<Seconds> lifetime,
                                                        bool detached) {
  JOULERY_CHECK(check_devices(devices));
  std::vector<CapDevice> found;
  for (const CapDevice& device : list())
    if (std::find(devices.begin(), devices.end(), device.id) != devices.end())
      found.push_back(device);
  return joulery::take_devices(machine_, {devices, lifetime, detached}, std::move(found));
}

std::vector<GivenBack> Control::recover() {
  std::vector<GivenBack> done;
  if (missing_ && !missing_->container) return done;
  // Without a record there is nothing to do, and no directory is made for it.
  const auto content = machine_->book.load();
  if (!content) return {failed(options_.lease_dir, content.error().message)};
  for (const LeaseRecord& record : content->records) {
    if (!may_give_back(record) || !is_over(record, *machine_->host)) continue;
    if (auto result = recover_one(record)) done.push_back(std::move(*result));
  }
  for (const DamagedRecord& damaged : content->damaged)
    done.push_back(
        failed(damaged.name, damaged.why + "; look at " + options_.lease_dir + "/" + damaged.name));
  return done;
}

// Nothing where somebody else has given it back meanwhile.
std::optional<GivenBack> Control::recover_one(const LeaseRecord& seen) {
  const auto lock = BookLock::take(machine_->book, seen.device);
  if (!lock) return failed(seen.device, lock.error().message);
  const auto record = machine_->book.find(seen.device);
  if (!record) return failed(seen.device, record.error().message);
  if (!*record || !is_over(**record, *machine_->host)) return std::nullopt;
  return give_back(**record, machine_->find(seen.device), machine_->book, *machine_->host);
}

Result<void> Control::set_detached(const std::vector<CapWish>& caps, Seconds lifetime) {
  std::vector<std::string> devices;
  for (const CapWish& wish : caps) devices.push_back(wish.device);
  JOULERY_CHECK(check_devices(devices));
  if (!options_.sysroot.empty())
    return Error{ErrorCode::kUnavailable,
                 "below a --sysroot there is no guard that would end the lease; name a command"};
  LeaseHost& host = *machine_->host;
  std::vector<std::string> words{"hold",
                                 "--dir",
                                 options_.lease_dir,
                                 "--seconds",
                                 fmt::format("{:.6f}", lifetime.count()),
                                 "--uid",
                                 std::to_string(host.uid()),
                                 "--command",
                                 host.command().substr(0, 4 * kMostCommandBytes)};
  for (const CapWish& wish : caps) {
    if (wish.cap)
      words.insert(words.end(),
                   {"--cap", fmt::format("{}={}", wish.device, microwatts(*wish.cap))});
    if (wish.clock)
      words.insert(words.end(),
                   {"--clock", fmt::format("{}={}", wish.device, megahertz(*wish.clock))});
  }
  const auto holder = start_guard_program(options_.guard, words);
  return holder ? Result<void>() : holder.error();
}

Result<GivenBack> Control::end_one(const LeaseRecord& record) {
  LeaseHost& host = *machine_->host;
  if (record.pid_namespace != 0 && record.pid_namespace != host.pid_namespace())
    return Error{ErrorCode::kUnavailable,
                 record.device + ": its holder is in another container, out of reach from here"};
  const auto told = host.signal(record.holder, SIGTERM);
  if (!told && told.error().code != ErrorCode::kGone) return told.error();
  const std::int64_t end_us =
      host.boot_time_us() + static_cast<std::int64_t>(kPatience.count() * 1e6);
  while (host.is_alive(record.holder)) {
    if (host.boot_time_us() >= end_us)
      return Error{ErrorCode::kTransient,
                   fmt::format("{}: its holder, process {}, has not given it back within 5 s",
                               record.device, record.holder.pid)};
    host.wait(kPause);
  }
  GivenBack result;
  result.device = record.device;
  result.found = watts_of(record.found_uw);
  result.asked = watts_of(record.asked_uw);
  JOULERY_TRY(const auto left, machine_->book.find(record.device));
  PowerCap* const cap = machine_->find(record.device);
  if (cap != nullptr)
    if (const auto now = cap->read()) result.requested = now->requested;
  result.failed = left.has_value();
  result.restored = !result.failed && result.requested == result.found;
  if (!result.restored)
    result.why = result.failed ? "its holder ended without giving it back" : "left as it is";
  return result;
}

Result<std::vector<GivenBack>> Control::end_detached(const std::vector<std::string>& devices) {
  JOULERY_TRY(BookContent content, machine_->book.load());
  // Before the first is ended: with it end all devices of its lease.
  std::erase_if(content.records, [&](const LeaseRecord& record) {
    const bool named = devices.empty() ||
                       std::find(devices.begin(), devices.end(), record.device) != devices.end();
    return !named || !record.detached || is_over(record, *machine_->host);
  });
  if (!std::all_of(content.records.begin(), content.records.end(),
                   [&](const LeaseRecord& record) { return may_give_back(record); }))
    return missing_->error;
  std::vector<GivenBack> done;
  for (const LeaseRecord& record : content.records) {
    JOULERY_TRY(done.emplace_back(), end_one(record));
  }
  return done;
}

}  // namespace

std::unique_ptr<CapControl> make_cap_control(std::shared_ptr<LeaseMachine> machine,
                                             std::optional<NoRight> missing,
                                             const CapOptions& options) {
  return std::make_unique<Control>(std::move(machine), std::move(missing), options);
}

Result<std::unique_ptr<CapLease>> take_detached(const std::shared_ptr<LeaseMachine>& machine,
                                                const CapOptions& options,
                                                const std::vector<std::string>& devices,
                                                Seconds lifetime) {
  return Control(machine, find_missing_right(options.sysroot, options.lease_dir), options)
      .take_devices(devices, lifetime, true);
}

Result<std::unique_ptr<CapControl>> open_cap_control(const CapOptions& options) {
  const bool real = options.sysroot.empty();
  JOULERY_TRY(
      auto machine,
      open_lease_machine(options, {.wanted = real, .program = options.guard, .directory = {}}, {}));
  return make_cap_control(std::move(machine),
                          find_missing_right(options.sysroot, options.lease_dir), options);
}

}  // namespace joulery
