// account: trace + place + job to energy, see joulery/account.h.
#include "joulery/account.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "account/component.h"
#include "account/money.h"

namespace joulery {
namespace account {
namespace {

// The window's own stamps: taken just before the exec and just after the exit is seen, each within
// a scheduler tick of 1 to 4 ms, mostly far less.
constexpr Seconds kStampU{1e-3};

bool gives_energy(const Channel& channel) {
  const bool measure = channel.measure == Measure::kEnergy || channel.measure == Measure::kPower;
  return measure && channel.rule != Rule::kNone;
}

/// A count of other users' processes on a board: what it drew is then not all the job's.
bool counts_foreign(const Channel& channel) {
  return channel.measure == Measure::kCount && channel.id.ends_with("/foreign_processes");
}

bool is_wanted(const Channel& channel) { return gives_energy(channel) || counts_foreign(channel); }

/// One scan for each channel that can give energy, fed by one pass over the trace.
class Scans {
 public:
  Scans(const Trace& trace, const Slots& slots)
      : slots_(&slots), channels_(trace.channels()), by_channel_(channels_.size()) {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      if (!gives_energy(channels_[i])) continue;
      by_channel_[i] = &scans_.emplace_back(channels_[i], slots, trace.info().period);
    }
  }

  Result<void> run(const Trace& trace) {
    JOULERY_CHECK(trace.scan(is_wanted, [this](std::uint16_t channel, const Block& block) {
      if (by_channel_[channel] != nullptr) {
        by_channel_[channel]->take(block);
      } else {
        look_for_foreign(channel, block);
      }
    }));
    for (ChannelScan& scan : scans_) scan.finish();
    for (const auto& [channel, count] : foreign_)
      if (count.before || count.inside) shared_.insert(channels_[channel].component);
    return {};
  }

  [[nodiscard]] const ChannelScan* of(std::size_t channel) const { return by_channel_[channel]; }
  [[nodiscard]] bool is_shared(const std::string& component) const {
    return shared_.contains(component);
  }

 private:
  /// What the counts of a board say of the run. Each stands until the next: the lists are long
  /// apart, and a short run may lie between two of them.
  struct Foreign {
    bool before = false;  ///< the last count at or before the begin
    bool inside = false;  ///< any later one, up to the first after the end
    bool ended = false;
  };

  void look_for_foreign(std::uint16_t channel, const Block& block) {
    Foreign& count = foreign_[channel];
    for (std::size_t i = 0; i < block.time.size() && !count.ended; ++i) {
      const bool any = block.value[i] > 0;
      if (block.time[i] <= slots_->begin()) {
        count.before = any;
      } else {
        count.inside |= any;
        count.ended = block.time[i] > slots_->end();
      }
    }
  }

  const Slots* slots_;
  std::span<const Channel> channels_;
  std::deque<ChannelScan> scans_;
  std::vector<ChannelScan*> by_channel_;
  std::map<std::uint16_t, Foreign> foreign_;  ///< by channel
  std::set<std::string> shared_;              ///< components that foreign processes used
};

/// Components in the order of their first channel. A part without any energy channel is told only
/// where energy is expected of its kind.
std::vector<Readings> group_by_component(const Trace& trace, const Scans& scans) {
  std::vector<Readings> groups;
  for (std::size_t i = 0; i < trace.channels().size(); ++i) {
    const Channel& channel = trace.channels()[i];
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Readings& g) { return g.component == channel.component; });
    if (group == groups.end())
      group = groups.insert(group, Readings{channel.component, &channel, {}});
    if (scans.of(i) == nullptr) continue;
    if (group->scans.empty()) group->described_by = &channel;
    group->scans.push_back(scans.of(i));
  }
  std::erase_if(groups, [](const Readings& g) {
    return g.scans.empty() && g.described_by->kind != ComponentKind::kGpu;
  });
  return groups;
}

/// Whether a component that encloses `inner`, however far up, gave an energy.
bool is_counted_elsewhere(const std::vector<MeasuredComponent>& components,
                          const ComponentAccount& inner) {
  std::optional<std::string> outer = inner.part_of;
  for (std::size_t steps = 0; outer && steps < components.size(); ++steps) {
    const auto at =
        std::find_if(components.begin(), components.end(),
                     [&](const MeasuredComponent& c) { return c.account.id == *outer; });
    if (at == components.end()) return false;
    if (at->view) return true;
    outer = at->account.part_of;
  }
  return false;
}

/// A part whose whole could not be seen counts for itself: else its energy would be lost.
void release_orphans(std::vector<MeasuredComponent>& components) {
  std::vector<ComponentAccount*> orphans;
  for (MeasuredComponent& component : components) {
    if (component.account.part_of && !is_counted_elsewhere(components, component.account)) {
      orphans.push_back(&component.account);
    }
  }
  for (ComponentAccount* orphan : orphans) orphan->part_of.reset();
}

/// Whether a window lies wholly between those that a component's log tells of.
bool is_between(const MeasuredComponent& component, Window window) {
  const ChannelScan& scan = *component.view->scan;
  return scan.windows_only() && scan.range(window.first, window.last).seen_us == 0;
}

std::vector<Part> parts_of(const std::vector<MeasuredComponent>& components,
                           const std::vector<WindowEnergy>& energies, Window window) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < components.size(); ++i) {
    const MeasuredComponent& component = components[i];
    const bool counts = component.view && !component.account.part_of;
    if (counts && !is_between(component, window)) {
      parts.push_back({&energies[i], &component.view->scan->channel()});
    }
  }
  return parts;
}

Estimate<Joules> total(const std::vector<MeasuredComponent>& components, Window window) {
  std::vector<WindowEnergy> energies(components.size());
  for (std::size_t i = 0; i < components.size(); ++i) {
    if (components[i].view) energies[i] = evaluate(*components[i].view, window);
  }
  const std::vector<Part> parts = parts_of(components, energies, window);
  const bool any = std::any_of(components.begin(), components.end(),
                               [](const MeasuredComponent& c) { return c.view.has_value(); });
  if (parts.empty() && any) return Estimate<Joules>::missing("the log has nothing of this time");
  return add_up(parts);
}

/// CPU and DRAM are in every machine, seen alone or through a node's meter; another kind is
/// expected where a component of it was found. What is part of another component is in the sum
/// through it.
void put_kinds(Account& account) {
  std::set<ComponentKind> seen;
  std::set<ComponentKind> through_others;
  std::set<ComponentKind> wanted{ComponentKind::kCpu, ComponentKind::kDram};
  for (const ComponentAccount& component : account.components) {
    if (component.part_of) {
      through_others.insert(component.kind);
    } else if (component.energy) {
      seen.insert(component.kind);
    } else {
      wanted.insert(component.kind);
    }
  }
  if (seen.contains(ComponentKind::kNode)) {
    through_others.insert({ComponentKind::kCpu, ComponentKind::kDram});
  }
  for (const ComponentKind kind : seen) account.includes.emplace_back(name_of(kind));
  for (const ComponentKind kind : wanted) {
    const bool counted = seen.contains(kind) || through_others.contains(kind);
    if (!counted) account.excludes.emplace_back(name_of(kind));
  }
}

/// Whether a log of windows leaves out a part of the run.
bool has_time_between(const MeasuredComponent& component, const Slots& slots) {
  if (!component.view || component.account.part_of) return false;
  const bool whole = Micros(component.view->run.seen_us) >= slots.end() - slots.begin();
  return component.view->scan->windows_only() && !whole;
}

/// A sum without a part or a time that could not be seen is a lower bound, and says so.
void put_unseen_parts(const std::vector<MeasuredComponent>& components, const Slots& slots,
                      Account& account) {
  for (const ComponentAccount& component : account.components) {
    if (!component.energy && !component.part_of) account.flags.push_back("unseen: " + component.id);
  }
  const bool unseen =
      std::any_of(account.flags.begin(), account.flags.end(),
                  [](const std::string& flag) { return flag.starts_with("unseen: "); });
  const bool between =
      std::any_of(components.begin(), components.end(),
                  [&](const MeasuredComponent& c) { return has_time_between(c, slots); });
  if (account.it_energy && (unseen || between || !account.excludes.empty()))
    account.flags.emplace_back("lower_bound");
}

bool has_clock_step(const TraceInfo& info) {
  return std::any_of(info.events.begin(), info.events.end(), [&](const Event& event) {
    return event.kind == Event::Kind::kClockStep && event.time >= info.begin &&
           event.time <= info.end;
  });
}

Estimate<Seconds> length_of(Seconds t) {
  return Estimate<Seconds>::of(t, kStampU, Evidence::kMeasured, "window stamps");
}

void put_phases(const std::vector<MeasuredComponent>& components, const Slots& slots,
                Account& account) {
  for (std::size_t i = 0; i < slots.names.size(); ++i) {
    const std::size_t slot = slots.first + i;
    account.phases.push_back(
        {slots.names[i], length_of(slots.length(slot)), total(components, {slot, slot})});
  }
}

}  // namespace
}  // namespace account

Result<Account> make_account(const Trace& trace, const Job& job, const Place& place) {
  const TraceInfo& info = trace.info();
  if (info.end <= info.begin && !account::is_killed_early(info)) {
    return Error{ErrorCode::kInvalid, "the run's window is empty: it ends " +
                                          std::to_string((info.begin - info.end).count()) +
                                          " us before it begins"};
  }
  const account::Slots slots = account::cut_run(info);
  account::Scans scans(trace, slots);
  JOULERY_CHECK(scans.run(trace));
  Account result;
  result.job = job;
  result.begin = info.wall_begin;
  result.duration = account::is_killed_early(info)
                        ? Estimate<Seconds>::missing(account::kKilledEarly)
                        : account::length_of(slots.duration());
  result.place = place;
  result.loop = info.loop;
  result.flags = info.flags;
  if (!info.complete) result.flags.emplace_back("incomplete");
  if (account::has_clock_step(info)) result.flags.emplace_back("clock_step");
  std::vector<account::MeasuredComponent> components;
  for (const account::Readings& readings : account::group_by_component(trace, scans)) {
    components.push_back(account::measure_component(readings, info, slots, job));
    if (scans.is_shared(readings.component))
      components.back().account.flags.emplace_back("foreign_processes");
  }
  account::release_orphans(components);
  for (const account::MeasuredComponent& component : components) {
    result.components.push_back(component.account);
  }
  result.it_energy = account::total(components, {slots.first, slots.last});
  if (account::is_killed_early(info)) result.it_energy.why = account::kKilledEarly;
  account::put_kinds(result);
  account::put_unseen_parts(components, slots, result);
  account::put_phases(components, slots, result);
  account::put_consequences(result);
  return result;
}

}  // namespace joulery
