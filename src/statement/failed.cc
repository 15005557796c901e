// statement: runs that failed or did not end, and what else must be said of the runs.
#include <algorithm>
#include <map>
#include <set>

#include "statement/parts.h"

namespace joulery::statement {
namespace {

bool has(const std::vector<std::string>& flags, const std::string& flag) {
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

bool any_component(const Runs& runs, const std::string& flag) {
  return std::any_of(runs.begin(), runs.end(), [&](const Account* run) {
    return std::any_of(run->components.begin(), run->components.end(),
                       [&](const ComponentAccount& c) { return has(c.flags, flag); });
  });
}

/// Whether two runs measured one device at the same time: its energy is then in the sum twice.
bool overlap(const Runs& runs) {
  using Window = std::pair<WallTime, WallTime>;
  std::map<std::pair<std::string, std::string>, std::vector<Window>> windows;
  for (const Account* run : runs) {
    if (!run->duration) continue;
    const auto length = std::chrono::duration_cast<Micros>(*run->duration.value);
    for (const ComponentAccount& component : run->components)
      if (component.energy)
        windows[{run->job.host, component.id}].emplace_back(run->begin, run->begin + length);
  }
  for (auto& [device, list] : windows) {
    std::sort(list.begin(), list.end());
    for (std::size_t i = 1; i < list.size(); ++i)
      if (list[i].first < list[i - 1].second) return true;
  }
  return false;
}

}  // namespace

bool is_unfinished(const Account& run) { return has(run.flags, "incomplete"); }

bool is_failed(const Account& run) {
  return run.job.exit_status.value_or(0) != 0 || run.job.signal.has_value();
}

std::vector<std::string> warn_of(const Runs& runs) {
  std::vector<std::string> notes;
  if (overlap(runs))
    notes.emplace_back(
        "runs overlapped in time on the same devices, whose energy of that time is counted in "
        "each");
  if (any_component(runs, "simulated"))
    notes.emplace_back("some of the sensors were simulated: this is no energy that was drawn");
  if (any_component(runs, "foreign_processes"))
    notes.emplace_back("other users' processes ran on some of the boards, and are counted");
  const bool shared = std::any_of(runs.begin(), runs.end(), [](const Account* run) {
    return std::any_of(run->components.begin(), run->components.end(),
                       [](const ComponentAccount& c) { return c.job_share && !c.part_of; });
  });
  if (shared)
    notes.emplace_back("CPUs and memory are counted whole, with whatever else ran on the machine");
  return notes;
}

std::string tag_of(const Account& run, const std::string& key) {
  for (const auto& [name, value] : run.job.tags)
    if (name == key) return value;
  return "";
}

}  // namespace joulery::statement
