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
  JOULERY_TRY(const BookContent content, machine.book.load());
  std::vector<GivenBack> done;
  for (const LeaseRecord& seen : content.records) {
    if (seen.lease != lease) continue;
    const auto lock = BookLock::take(machine.book, seen.device);
    const auto record = lock ? machine.book.find(seen.device) : lock.error();
    if (!record)
      done.push_back(not_given_back(seen, record.error().message));
    else if (*record && (**record).lease == lease)
      done.push_back(give_back(**record, machine.find(seen.device), machine.book, *machine.host));
  }
  return done;
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
                          const OpenMachine& open, const std::function<void(Seconds)>& wait) {
  constexpr Seconds kSoon{1};    // choices: the first for what passes, the second for a GPU that
  constexpr Seconds kLater{60};  // somebody has to reset; the guard has nothing else to do
  constexpr int kSoonTries = 60;
  for (int tries = 1;; ++tries) {
    if (machine == nullptr)
      if (auto opened = open()) machine = std::move(*opened);
    if (machine != nullptr) {
      const auto done = give_back_lease(*machine, lease);
      if (done &&
          std::none_of(done->begin(), done->end(), [](const GivenBack& d) { return d.failed; }))
        return;
    }
    wait(tries < kSoonTries ? kSoon : kLater);
    machine.reset();  // the handle of a GPU that was lost stays lost
  }
}

}  // namespace joulery
