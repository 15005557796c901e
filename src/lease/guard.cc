// lease: joulery-guard, see guard.h.
#include "lease/guard.h"

#include <sys/prctl.h>

#include <algorithm>

#include "hw/file_tree.h"
#include "lease/control.h"
#include "lease/give_back.h"
#include "lease/guard_start.h"

namespace joulery {
namespace {

constexpr std::int64_t kAgainMicros = 1'000'000;  // after a failure: a choice
constexpr std::int64_t kWatchMicros =
    1'000'000;                  // how often a holder looks at its devices: a choice
constexpr int kMostTries = 60;  // then whoever comes next has to: a device that is lost stays so

CapOptions options_of(const GuardWords& words) {
  CapOptions options;
  options.lease_dir = words.directory;
  return options;
}

/// A process of its own among others: with a name, and the last one that a machine short of memory
/// ends (proc(5), oom_score_adj).
void settle_in() {
  ::prctl(PR_SET_NAME, "joulery-guard");
  [[maybe_unused]] const auto best_effort =
      open_file_tree("")->write("/proc/self/oom_score_adj", "-1000");
}

/// Of the lease that is watched.
struct LeaseState {
  bool any = false;
  std::optional<std::int64_t> expires_us;
};

class Watch {
 public:
  Watch(const GuardWords& words, LeaseMachine& machine, GuardWait wait, FileDescriptor holder)
      : words_(words), machine_(machine), wait_(std::move(wait)), holder_(std::move(holder)) {}

  Result<void> run() {
    JOULERY_TRY(const LeaseState state, look());
    if (!state.any) return {};
    wait_.wait(holder_.get(), state.expires_us);
    // Whatever it was: from here on the lease ends.
    for (int tries = 1;; ++tries) {
      const Result<bool> done = give_back_all();
      if (done && *done) return {};
      if (tries == kMostTries)
        return done ? Error{ErrorCode::kUnavailable, "cannot give back"} : done.error();
      wait_.wait(-1, machine_.host->boot_time_us() + kAgainMicros);
    }
  }

 private:
  Result<LeaseState> look() {
    JOULERY_TRY(const BookContent content, machine_.book.load());
    LeaseState state;
    for (const LeaseRecord& record : content.records) {
      if (record.lease != words_.lease) continue;
      state.any = true;
      state.expires_us = record.expires_us;
    }
    return state;
  }
  Result<bool> give_back_all() {
    JOULERY_TRY(const auto done, give_back_lease(machine_, words_.lease));
    return std::none_of(done.begin(), done.end(), [](const GivenBack& d) { return d.failed; });
  }

  const GuardWords& words_;
  LeaseMachine& machine_;
  GuardWait wait_;
  FileDescriptor holder_;
};

}  // namespace

Result<void> watch_lease(const GuardWords& words) {
  settle_in();
  JOULERY_TRY(GuardWait wait, GuardWait::open());
  JOULERY_TRY(
      const auto machine,
      open_lease_machine(options_of(words), {.wanted = false, .program = {}, .directory = {}}, {}));
  auto holder = watch_process(words.holder);
  if (!holder && holder.error().code != ErrorCode::kGone) return holder.error();
  if (!holder) {
    // It was faster to die than this to start.
    JOULERY_TRY(const auto done, give_back_lease(*machine, words.lease));
    return done.empty() ? Result<void>() : holder.error();
  }
  // Where nobody listens, there is still a lease to watch, or none.
  [[maybe_unused]] const auto best_effort = report_ready();
  return Watch(words, *machine, std::move(wait), std::move(*holder)).run();
}

Result<void> hold_lease(const GuardWords& words) {
  settle_in();
  JOULERY_TRY(GuardWait wait, GuardWait::open());
  const CapOptions options = options_of(words);
  JOULERY_TRY(const auto machine,
              open_lease_machine(options, {.wanted = true, .program = {}, .directory = {}},
                                 {.uid = words.uid, .command = words.command}));
  std::vector<std::string> devices;
  for (const CapWish& wish : words.caps) devices.push_back(wish.device);
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
