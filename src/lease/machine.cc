// lease: opening a machine, see machine.h.
#include "lease/machine.h"

#include <algorithm>

#include "lease/give_back.h"

namespace joulery {
namespace {

GivenBack not_given_back(const LeaseRecord& record, std::string why) {
  GivenBack result;
  result.device = record.device;
  result.found = watts_of(record.found_uw);
  result.asked = watts_of(record.asked_uw);
  result.failed = true;
  result.why = std::move(why);
  return result;
}

Result<std::vector<LeaseRecord>> records_of(LeaseMachine& machine, std::uint64_t lease) {
  JOULERY_TRY(BookContent content, machine.book.load());
  std::erase_if(content.records, [&](const LeaseRecord& record) { return record.lease != lease; });
  return std::move(content.records);
}

/// Nothing where the device is not this lease's any more. From any thread, one a device.
std::optional<GivenBack> give_back_one(LeaseMachine& machine, const LeaseRecord& seen) {
  const auto files = machine.files->again();
  LeaseBook book(*files);
  const auto lock = BookLock::take(book, seen.device);
  const auto record = lock ? book.find(seen.device) : lock.error();
  if (!record) return not_given_back(seen, record.error().message);
  if (!*record || (**record).lease != seen.lease) return std::nullopt;
  return give_back(**record, machine.find(seen.device), book, *machine.host);
}

Seconds pause_after(int tries) {
  constexpr Seconds kSoon{1};    // choices: the first for what passes, the second for a GPU that
  constexpr Seconds kLater{60};  // somebody has to reset; the guard has nothing else to do
  constexpr int kSoonTries = 60;
  return tries < kSoonTries ? kSoon : kLater;
}

void give_back_one_until_done(const LeaseRecord& record, std::shared_ptr<LeaseMachine> machine,
                              const OpenMachine& open, LeaseHost& host) {
  for (int tries = 1;; ++tries) {
    if (machine == nullptr) machine = open().value_or(nullptr);
    if (machine != nullptr) {
      const auto done = give_back_one(*machine, record);
      if (!done || !done->failed) return;
    }
    host.wait(pause_after(tries));
    machine.reset();  // the handle of a GPU that was lost stays lost
  }
}

}  // namespace

Result<std::shared_ptr<LeaseMachine>> open_lease_machine(const CapOptions& options,
                                                         GuardSetting guard, HolderName name) {
  const bool real = options.sysroot.empty();
  // Below a --sysroot nothing is done with root's rights: whoever owns the tree may put links
  // there.
  const CapMachine machine{.files = open_file_tree(options.sysroot),
                           .nvml_library = real ? kNvmlLibrary : "",
                           .gpus = options.gpus,
                           .as_root = real};
  JOULERY_TRY(PowerCaps caps, open_power_caps(machine));
  guard.directory = options.lease_dir;
  return std::make_shared<LeaseMachine>(
      std::move(caps), open_lease_files(options.sysroot + options.lease_dir, real),
      open_lease_host(options.sysroot, std::move(guard), std::move(name)));
}

Result<std::vector<GivenBack>> give_back_lease(LeaseMachine& machine, std::uint64_t lease) {
  JOULERY_TRY(const auto records, records_of(machine, lease));
  std::vector<std::optional<GivenBack>> done(records.size());
  std::vector<std::function<void()>> jobs;
  for (std::size_t i = 0; i < records.size(); ++i)
    jobs.emplace_back([&, i] { done[i] = give_back_one(machine, records[i]); });
  machine.host->run_all(jobs);
  std::vector<GivenBack> all;
  for (auto& device : done)
    if (device) all.push_back(std::move(*device));
  return all;
}

Result<void> check_guardable(LeaseMachine& machine, std::uint64_t lease) {
  JOULERY_TRY(const BookContent content, machine.book.load());
  for (const LeaseRecord& record : content.records) {
    if (record.lease != lease) continue;
    PowerCap* const cap = machine.find(record.device);
    if (cap == nullptr)
      return Error{ErrorCode::kUnavailable, record.device + ": the guard does not find it"};
    if (const auto now = cap->read(); !now)
      return Error{now.error().code,
                   record.device + ": the guard cannot read it: " + now.error().message};
  }
  return {};
}

void give_back_until_done(std::uint64_t lease, std::shared_ptr<LeaseMachine> machine,
                          const OpenMachine& open, LeaseHost& host) {
  std::vector<LeaseRecord> records;
  for (int tries = 1;; ++tries) {
    if (machine == nullptr) machine = open().value_or(nullptr);
    auto found = machine != nullptr
                     ? records_of(*machine, lease)
                     : Result<std::vector<LeaseRecord>>(Error{ErrorCode::kUnavailable, ""});
    if (found) records = std::move(*found);
    if (found) break;
    host.wait(pause_after(tries));
    machine.reset();
  }
  // Each lets go of its own: the library is initialised anew once nobody has it.
  std::vector<std::shared_ptr<LeaseMachine>> machines(records.size(), machine);
  machine.reset();
  std::vector<std::function<void()>> jobs;
  for (std::size_t i = 0; i < records.size(); ++i)
    jobs.emplace_back(
        [&, i] { give_back_one_until_done(records[i], std::move(machines[i]), open, host); });
  host.run_all(jobs);
}

}  // namespace joulery
