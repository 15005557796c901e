// lease: opening a machine, see machine.h.
#include "lease/machine.h"

#include "lease/give_back.h"

namespace joulery {

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
  JOULERY_TRY(const BookLock lock, BookLock::take(machine.book));
  JOULERY_TRY(const BookContent content, machine.book.load());
  std::vector<GivenBack> done;
  for (const LeaseRecord& record : content.records)
    if (record.lease == lease)
      done.push_back(give_back(record, machine.find(record.device), machine.book, *machine.host));
  return done;
}

}  // namespace joulery
