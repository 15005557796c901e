// lease: joulery-guard, see guard.h.
#include "lease/guard.h"

#include <algorithm>

#include "lease/control.h"
#include "lease/give_back.h"
#include "lease/guard_start.h"

namespace joulery {
namespace {

constexpr std::int64_t kAgainMicros = 1'000'000;  // between tries to find the devices: a choice
constexpr std::int64_t kWatchMicros = 1'000'000;  // between looks at the devices: a choice

CapOptions options_of(const GuardWords& words) {
  CapOptions options;
  options.lease_dir = words.directory;
  return options;
}

/// Of the lease that is watched.
struct LeaseState {
  bool any = false;
  std::optional<std::int64_t> expires_us;
};

Result<std::shared_ptr<LeaseMachine>> open_watched(const GuardWords& words) {
  return open_lease_machine(options_of(words), {.wanted = false, .program = {}, .directory = {}},
                            {});
}

Result<std::shared_ptr<LeaseMachine>> open_guardable(const GuardWords& words) {
  JOULERY_TRY(auto machine, open_watched(words));
  JOULERY_CHECK(check_guardable(*machine, words.lease));
  return machine;
}

Result<LeaseState> look(LeaseMachine& machine, std::uint64_t lease) {
  JOULERY_TRY(const BookContent content, machine.book.load());
  LeaseState state;
  for (const LeaseRecord& record : content.records) {
    if (record.lease != lease) continue;
    state.any = true;
    state.expires_us = record.expires_us;
  }
  return state;
}

/// Reports, and returns when the lease has to end; false: there is none any more.
Result<bool> wait_for_end(const GuardWords& words, LeaseMachine& machine, GuardWait& wait,
                          const FileDescriptor& holder) {
  JOULERY_TRY(const LeaseState state, look(machine, words.lease));
  // Where nobody listens the lease may have been undone, or its holder was killed.
  if (!report_ready()) {
    if (const auto now = look(machine, words.lease); now && !now->any) return false;
  }
  if (state.any) wait.wait(holder.get(), state.expires_us);
  return state.any;
}

}  // namespace

Result<void> watch_lease(const GuardWords& words) {
  settle_in();
  JOULERY_TRY(GuardWait wait, GuardWait::open());
  const auto holder = watch_process(words.holder);
  if (!holder && holder.error().code != ErrorCode::kGone) return holder.error();
  const auto host = open_lease_host("", {.wanted = false, .program = {}, .directory = {}}, {});
  std::shared_ptr<LeaseMachine> machine;
  bool lives = holder.has_value();
  while (lives && machine == nullptr) {
    auto opened = open_guardable(words);
    if (opened)
      machine = std::move(*opened);
    else if (!words.patient)
      return opened.error();
    else
      lives =
          wait.wait(holder->get(), host->boot_time_us() + kAgainMicros) == GuardWait::Reason::kTime;
  }
  if (machine != nullptr) {
    JOULERY_TRY(const bool any, wait_for_end(words, *machine, wait, *holder));
    if (!any) return {};
  } else {
    report_failure(Error{ErrorCode::kGone, "the holder was faster to die than its guard to start"});
  }
  give_back_until_done(
      words.lease, std::move(machine), [&] { return open_watched(words); }, *host);
  return {};
}

Result<void> hold_lease(const GuardWords& words) {
  settle_in();
  JOULERY_TRY(GuardWait wait, GuardWait::open());
  const CapOptions options = options_of(words);
  JOULERY_TRY(const auto machine,
              open_lease_machine(options, {.wanted = true, .program = {}, .directory = {}},
                                 {.uid = words.uid, .command = words.command}));
  std::vector<std::string> devices;
  for (const CapWish& wish : words.caps)
    if (std::find(devices.begin(), devices.end(), wish.device) == devices.end())
      devices.push_back(wish.device);
  JOULERY_TRY(const auto lease, take_detached(machine, options, devices, words.lifetime));
  JOULERY_CHECK(lease->set_all(words.caps));
  // Whoever asked has given up, and told that nothing is set: the lease ends with this return.
  JOULERY_CHECK(report_ready());

  const std::int64_t end_us =
      machine->host->boot_time_us() + static_cast<std::int64_t>(words.lifetime.count() * 1e6);
  for (;;) {
    const std::int64_t next_us = machine->host->boot_time_us() + kWatchMicros;
    const auto reason = wait.wait(-1, std::min(next_us, end_us));
    if (reason == GuardWait::Reason::kSignal || machine->host->boot_time_us() >= end_us) break;
    const auto watches = lease->check();
    if (std::all_of(watches.begin(), watches.end(),
                    [](const CapWatch& watch) { return watch.state == CapWatch::State::kGone; }))
      break;
  }
  return lease->release();
}

int run_guard(const std::vector<std::string>& words) {
  const auto parsed = parse_guard_words(words);
  if (!parsed) {
    report_failure(parsed.error());
    return 64;  // EX_USAGE of <sysexits.h>
  }
  const auto done = parsed->hold ? hold_lease(*parsed) : watch_lease(*parsed);
  if (done) return 0;
  report_failure(done.error());
  return 69;  // EX_UNAVAILABLE
}

}  // namespace joulery
