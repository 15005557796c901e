// joulery cap get|set|restore: power limits and clocks, set under a lease that gives them back.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "base/text.h"
#include "cap_request.h"
#include "commands.h"
#include "common.h"
#include "joulery/lease.h"
#include "joulery/report.h"
#include "joulery/session.h"

namespace joulery::cli {
namespace {

constexpr std::array kCapFlags = {
    Flag{"--device", "LIST", "0,cpu/0/package",
         "devices with commas: ids that cap get tells, indices of GPUs (PCI order), UUIDs or their "
         "beginnings (default: of set the GPUs that run would measure, else all)"},
    Flag{"--for", "DURATION", "2h",
         "hold the cap for so long, 1s to 30d, in the background, instead of for a command"},
};

struct SetRequest {
  std::string cap;
  std::vector<std::string> devices;
  std::optional<Seconds> lifetime;
  std::vector<std::string> command;  ///< empty: --for
};

Result<std::unique_ptr<CapControl>> open_control(const Args& args) {
  CapOptions options = cap_options_of(args);
  // Whoever names a device means the machine's, whatever a job was given.
  if (!args.has("--device")) {
    JOULERY_TRY(options.gpus, find_gpu_selection(""));
  }
  return open_cap_control(options);
}

std::vector<CapDevice> those_of(const std::vector<CapDevice>& devices,
                                const std::vector<CapDevice>& chosen) {
  std::vector<CapDevice> out;
  for (const CapDevice& device : devices)
    for (const CapDevice& wanted : chosen)
      if (device.id == wanted.id) out.push_back(device);
  return out;
}

void print(const std::vector<CapDevice>& devices, const std::vector<GivenBack>& given_back,
           const Args& args) {
  if (args.has("--json")) {
    write_cap_json(devices, given_back, std::cout);
    return;
  }
  write_given_back_text(given_back, std::cout);
  if (!given_back.empty()) std::cout << '\n';
  write_cap_text(devices, std::cout);
}

Result<int> cap_get(const Args& args) {
  if (args.has("--for")) return Error{ErrorCode::kUsage, "--for: cap get sets nothing"};
  JOULERY_CHECK(act_as_caller());
  JOULERY_TRY(const auto control, open_cap_control(cap_options_of(args)));
  const auto given_back = control->recover();
  auto devices = control->list();
  if (args.has("--device")) {
    JOULERY_TRY(devices, find_cap_devices(devices, args.list("--device"), "--device"));
  }
  print(devices, given_back, args);
  return 0;
}

Result<SetRequest> read_set(const Args& args) {
  SetRequest request;
  const std::vector<std::string>& words = args.words();
  if (args.words_before() != 2)
    return Error{ErrorCode::kUsage,
                 "cap set needs one cap, for example: joulery cap set 150W --for 2h"};
  request.cap = words[1];
  request.devices = args.list("--device");
  request.command.assign(words.begin() + 2, words.end());
  if (request.command.empty() != args.has("--for"))
    return Error{ErrorCode::kUsage,
                 "cap set needs either --for DURATION or a command after --, to know when the cap "
                 "ends"};
  if (!args.has("--for")) return request;
  JOULERY_TRY(const Seconds lifetime, parse_duration(args.get("--for"), "--for"));
  if (lifetime < Seconds(1) || lifetime > std::chrono::days(30))
    return Error{ErrorCode::kUsage,
                 fmt::format("--for: {} is not within 1 s and 30 d", args.get("--for"))};
  request.lifetime = lifetime;
  return request;
}

Result<CapWish> wish_of(const WantedSetting& wanted, const CapDevice& device) {
  CapWish wish{device.id, {}, wanted.clock};
  if (wanted.clock && !device.most_clock)
    return Error{ErrorCode::kUnavailable,
                 device.id + ": has no clock that can be locked (GPUs have, from Volta on)"};
  if (wanted.power) {
    JOULERY_TRY(wish.cap, cap_for(*wanted.power, device));
  }
  return wish;
}

Result<std::vector<CapWish>> wishes_of(const SetRequest& request,
                                       const std::vector<CapDevice>& devices) {
  if (devices.empty())
    return Error{ErrorCode::kUnavailable,
                 "no GPU whose power could be capped; joulery cap get "
                 "lists what can, --device names it"};
  JOULERY_TRY(const WantedSetting wanted, parse_setting(request.cap, "cap set"));
  std::vector<CapWish> wishes;
  for (const CapDevice& device : devices) {
    JOULERY_TRY(wishes.emplace_back(), wish_of(wanted, device));
  }
  return wishes;
}

Result<std::unique_ptr<CapLease>> take_and_set(CapControl& control,
                                               const std::vector<CapWish>& wishes) {
  std::vector<std::string> ids;
  for (const CapWish& wish : wishes) ids.push_back(wish.device);
  JOULERY_TRY(auto lease, control.take(ids, {}));
  JOULERY_CHECK(lease->set_all(wishes));
  return lease;
}

// What happens to a cap while the command runs is told once it has ended: standard error is its
// own.
class Watcher {
 public:
  explicit Watcher(CapLease& lease) : lease_(lease) {}
  void look() {
    for (const CapWatch& watch : lease_.check())
      if (watch.state != CapWatch::State::kHeld) told_.try_emplace(watch.device, watch.why);
  }
  void tell() const {
    for (const auto& [device, why] : told_) std::cerr << "joulery: " << why << '\n';
  }

 private:
  CapLease& lease_;
  std::map<std::string, std::string> told_;
};

Result<int> run_capped(CapControl& control, CommandRunner& runner, const SetRequest& request,
                       const std::vector<CapWish>& wishes) {
  JOULERY_TRY(const auto lease, take_and_set(control, wishes));
  if (wishes[0].clock)
    std::cerr << "joulery: clocks are unlocked at the end; no driver tells whether they were "
                 "locked before\n";
  Watcher watcher(*lease);
  const auto status = runner.run(request.command, [&] { watcher.look(); });
  watcher.look();
  const auto released = lease->release();
  watcher.tell();
  if (!released) std::cerr << "joulery: " << released.error().message << '\n';
  if (status) return *status;
  std::cerr << "joulery: " << status.error().message << '\n';
  return exit_code_of(status.error());
}

Result<int> cap_set_for_command(const Args& args, const SetRequest& request) {
  if (args.has("--json"))
    return Error{ErrorCode::kUsage, "--json: standard output belongs to the command"};
  JOULERY_CHECK(act_as_caller());
  JOULERY_TRY(const auto runner, open_command_runner());
  JOULERY_TRY(const auto control, open_control(args));
  write_given_back_text(control->recover(), std::cerr);
  JOULERY_TRY(const auto devices, find_cap_devices(control->list(), request.devices, "--device"));
  JOULERY_TRY(const auto wishes, wishes_of(request, devices));
  return run_capped(*control, *runner, request, wishes);
}

Result<int> cap_set(const Args& args) {
  JOULERY_TRY(const SetRequest request, read_set(args));
  if (!request.command.empty()) {
    auto done = cap_set_for_command(args, request);
    if (done) return done;
    std::cerr << "joulery: " << done.error().message << '\n';
    return kOwnFailureExit;
  }
  JOULERY_CHECK(act_as_caller());
  JOULERY_TRY(const auto control, open_control(args));
  const auto given_back = control->recover();
  JOULERY_TRY(const auto devices, find_cap_devices(control->list(), request.devices, "--device"));
  JOULERY_TRY(const auto wishes, wishes_of(request, devices));
  JOULERY_CHECK(control->set_detached(wishes, *request.lifetime));
  print(those_of(control->list(), devices), given_back, args);
  return 0;
}

Result<int> cap_restore(const Args& args) {
  if (args.has("--for")) return Error{ErrorCode::kUsage, "--for: cap restore ends leases now"};
  JOULERY_CHECK(act_as_caller());
  JOULERY_TRY(const auto control, open_cap_control(cap_options_of(args)));
  const auto all = control->list();
  std::vector<std::string> ids;
  std::vector<CapDevice> devices = all;
  if (args.has("--device")) {
    JOULERY_TRY(devices, find_cap_devices(all, args.list("--device"), "--device"));
    for (const CapDevice& device : devices) ids.push_back(device.id);
  }
  std::vector<GivenBack> given_back = control->recover();
  JOULERY_TRY(const auto ended, control->end_detached(ids));
  given_back.insert(given_back.end(), ended.begin(), ended.end());
  print(those_of(control->list(), devices), given_back, args);
  // What is wrong with another device than those that were named is told, and no failure.
  for (const GivenBack& device : given_back)
    if (device.failed &&
        (ids.empty() || std::find(ids.begin(), ids.end(), device.device) != ids.end()))
      return Error{ErrorCode::kUnavailable, device.device + ": " + device.why};
  return 0;
}

Result<int> cmd_cap(const Args& args) {
  const std::string& what = args.words()[0];
  const bool alone = args.words().size() == 1;
  if (what == "set" && args.words_before() > 0) return cap_set(args);
  if (what == "get" && alone) return cap_get(args);
  if (what == "restore" && alone) return cap_restore(args);
  return Error{ErrorCode::kUsage,
               "cap: get, set or restore, and a cap after set alone; see joulery "
               "cap --help"};
}

}  // namespace

Command cap_command() {
  return {.name = "cap",
          .summary =
              "Tells power limits and clocks (get), caps them under a lease that gives them back "
              "(set), or ends such leases (restore).",
          .usage =
              "get|restore [FLAG...] | set POWER|PERCENT|CLOCK|POWER,CLOCK (--for DURATION | -- "
              "CMD [ARG...])",
          .least_words = 1,
          .most_words = kAnyNumber,
          .word = "get, set or restore",
          .flags = {kCapFlags, kJsonFlag, kSysrootFlag},
          .example = "sudo joulery cap set 150W -- python3 train.py",
          .run = cmd_cap};
}

}  // namespace joulery::cli
