// account: choice and cross-check of a component's channels, see component.h.
#include "account/component.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "account/share.h"

namespace joulery::account {
namespace {

constexpr double kDisagree = 0.05;  // two ways to the same energy may differ by this much
constexpr Seconds kDisagreeWindow{
    30};  // in windows from this length on: shorter ones have their edges besides
constexpr double kDisagreeDeviations =
    3;  // in shorter ones the difference must stand out of edges and aliasing
constexpr std::int64_t kFrozenUs = 10'000'000;
// A counter that missed all of so many refreshes, over no less than a second, does not count: some
// machines publish counters that stand for ever. The number is that of scan_step.cc.
constexpr double kStillRefreshes = 20;
constexpr Seconds kStillLeast{1};
constexpr const char* kNoPower = "no power sample lies inside the run";

bool is_counter(const ChannelScan& scan) { return scan.channel().rule == Rule::kCounter; }

bool is_usable(const ChannelScan& scan, const Slots& slots) {
  return scan.range(slots.first, slots.last).seen_us > 0;
}

/// Counters before integrals; of these, sensors that look all the time before those that look at a
/// part of it.
auto rank(const ChannelScan& scan) {
  const Channel& channel = scan.channel();
  return std::make_tuple(!channel.preferred, !is_counter(scan), channel.evidence, channel.duty < 1,
                         channel.averaging.count());
}

std::vector<const ChannelScan*> ranked(const Readings& readings, const Slots& slots) {
  std::vector<const ChannelScan*> usable;
  for (const ChannelScan* scan : readings.scans) {
    if (is_usable(*scan, slots)) usable.push_back(scan);
  }
  std::stable_sort(usable.begin(), usable.end(),
                   [](auto* a, auto* b) { return rank(*a) < rank(*b); });
  return usable;
}

/// Whether a counter did not tick at all in the run.
bool never_moved(const ChannelScan& scan, const Slots& slots) {
  const Incidents& incidents = scan.incidents();
  const bool broken = incidents.resets > 0 || incidents.spikes > 0;
  return is_counter(scan) && !broken && scan.range(slots.first, slots.last).joules == 0;
}

/// Whether the run is so long that a sound counter would have ticked.
bool is_long_for(const ChannelScan& scan, const Slots& slots) {
  const Seconds refresh =
      scan.channel().update_period.count() > 0 ? scan.channel().update_period : scan.spacing();
  return slots.duration() > std::max(kStillRefreshes * refresh, kStillLeast);
}

const ChannelScan* first_of(const std::vector<const ChannelScan*>& usable, bool counter) {
  for (const ChannelScan* scan : usable) {
    if (is_counter(*scan) == counter) return scan;
  }
  return nullptr;
}

const ChannelScan* finest_of(const std::vector<const ChannelScan*>& usable) {
  const ChannelScan* finest = nullptr;
  for (const ChannelScan* scan : usable) {
    const bool finer = finest == nullptr || scan->channel().averaging < finest->channel().averaging;
    if (!is_counter(*scan) && finer) finest = scan;
  }
  return finest;
}

RunView view_of(const ChannelScan& scan, const std::vector<const ChannelScan*>& usable,
                const Slots& slots) {
  RunView view{.slots = &slots,
               .scan = &scan,
               .power = nullptr,
               .finest = is_counter(scan) ? finest_of(usable) : &scan,
               .run = scan.range(slots.first, slots.last),
               .load = {},
               .disagreement = {}};
  view.power = is_counter(scan) ? first_of(usable, false) : &scan;
  view.load = describe_load(view.power != nullptr ? *view.power : scan, slots);
  return view;
}

double without_gain(const WindowEnergy& energy, const Channel& channel) {
  double variance = 0;
  for (const Contribution& term : energy.budget) {
    if (term.what != gain_term(channel)) variance += term.u.count() * term.u.count();
  }
  return std::sqrt(variance);
}

struct Crossing {
  const ChannelScan* other = nullptr;
  Joules energy{};
  bool disagrees = false;
  bool aliased = false;  ///< a sensor that looks at a part of the time tells another energy
};

/// How far the energies of two channels of one part are from each other.
struct Distance {
  bool apart = false;  ///< more than kDisagree
  bool clear = false;  ///< more than edges and aliasing can make
};

Distance distance(const RunView& view, const RunView& other) {
  const Window run{view.slots->first, view.slots->last};
  const WindowEnergy mine = evaluate(view, run);
  const WindowEnergy theirs = evaluate(other, run);
  const double a = mine.energy.value->count();
  const double b = theirs.energy.value->count();
  const double noise = std::hypot(without_gain(mine, view.scan->channel()),
                                  without_gain(theirs, other.scan->channel()));
  return {.apart = std::abs(a - b) > kDisagree * std::max(std::abs(a), std::abs(b)),
          .clear = std::abs(a - b) > kDisagreeDeviations * noise};
}

/// A model is no second measurement: it may well be off by more than 5 %.
bool is_second(const ChannelScan& scan, const RunView& view) {
  return &scan != view.scan && scan.channel().evidence != Evidence::kModelled;
}

/// The second way to the energy: a counter beside power and power beside a counter; of power alone,
/// a reading that averages over another window.
const ChannelScan* second_way(const RunView& view, const std::vector<const ChannelScan*>& usable) {
  const ChannelScan* other = first_of(usable, !is_counter(*view.scan));
  if (other != nullptr) return is_second(*other, view) ? other : nullptr;
  for (const ChannelScan* scan : usable) {
    const bool same = scan->channel().averaging == view.scan->channel().averaging;
    if (is_second(*scan, view) && !is_counter(*scan) && !same) return scan;
  }
  return nullptr;
}

Crossing cross(const RunView& view, const std::vector<const ChannelScan*>& usable) {
  Crossing crossing;
  for (const ChannelScan* scan : usable) {
    if (!is_second(*scan, view) || scan->channel().duty >= 1) continue;
    const Distance to = distance(view, view_of(*scan, usable, *view.slots));
    crossing.aliased |= to.apart && to.clear;
  }
  crossing.other = second_way(view, usable);
  if (crossing.other == nullptr) return crossing;
  const RunView second = view_of(*crossing.other, usable, *view.slots);
  crossing.energy = *evaluate(second, {view.slots->first, view.slots->last}).energy.value;
  const Distance to = distance(view, second);
  crossing.disagrees = to.apart && (view.slots->duration() >= kDisagreeWindow || to.clear);
  return crossing;
}

void add_flag(std::vector<std::string>& flags, const std::string& flag) {
  if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
}

/// Reports every sensor's own marks, and what happened to the one that gave the energy.
void put_flags(const RunView& view, const TraceInfo& info, ComponentAccount& account) {
  const Channel& channel = view.scan->channel();
  for (const std::string& flag : channel.flags) add_flag(account.flags, flag);
  const Incidents& incidents = view.scan->incidents();
  if (incidents.resets > 0) add_flag(account.flags, "counter_reset");
  if (incidents.spikes > 0) add_flag(account.flags, "spike");
  if (incidents.gaps > 0) add_flag(account.flags, "gap");
  const bool part_time = !is_counter(*view.scan) || channel.duty < 1;
  if (part_time && view.load.lock) add_flag(account.flags, "aliased");
  for (const Event& event : info.events) {
    const bool lost = event.kind == Event::Kind::kSensorLost;
    if (lost && event.text.starts_with(account.id + ": ")) add_flag(account.flags, "sensor_lost");
  }
}

/// The highest reading of one channel.
Estimate<Watts> highest(const ChannelScan& from, const Slots& slots) {
  const double reading = from.range(slots.first, slots.last).high;
  if (!std::isfinite(reading)) return Estimate<Watts>::missing(kNoPower);
  const Accuracy& accuracy = from.channel().accuracy;
  const double gain_u = accuracy.gain * reading * accuracy.gain_u;
  const double u = std::hypot(gain_u, accuracy.offset_u.count());
  const Evidence evidence = std::max(
      from.channel().evidence, is_counter(from) ? Evidence::kMeasured : Evidence::kIntegrated);
  return Estimate<Watts>::of(
      Watts(accuracy.gain * reading) - accuracy.offset, Watts(u), evidence,
      gain_u >= accuracy.offset_u.count() ? gain_term(from.channel()) : "sensor offset");
}

/// From all power channels, since one that looks at a part of the time may see the low part of a
/// load only; of a counter alone, its steepest stretch. Never below the mean.
Estimate<Watts> peak(const RunView& view, const std::vector<const ChannelScan*>& usable,
                     const Estimate<Watts>& mean) {
  const bool counted = first_of(usable, false) == nullptr;
  auto most = Estimate<Watts>::missing(kNoPower);
  for (const ChannelScan* scan : usable) {
    if (is_counter(*scan) != counted) continue;
    const Estimate<Watts> peak = highest(*scan, *view.slots);
    if (peak && (!most || *most.value < *peak.value)) most = peak;
  }
  return most && mean && *most.value < *mean.value ? mean : most;
}

/// Idle power times the run's length. Its gain error is that of the run's own energy: their
/// difference is surer than the two uncertainties look.
Estimate<Joules> idle_energy(const RunView& view) {
  const Slots& slots = *view.slots;
  if (!slots.idle)
    return Estimate<Joules>::missing("no idle stretch was measured: --idle DURATION");
  if (view.scan->slot(*slots.idle).seen_us == 0) {
    return Estimate<Joules>::missing("no sample lies in the idle stretch");
  }
  Estimate<Joules> energy = evaluate(view, {*slots.idle, *slots.idle}).energy;
  const double scale = slots.duration() / slots.length(*slots.idle);
  energy.value = *energy.value * scale;
  energy.u = energy.u * scale;
  return energy;
}

void put_energy(const RunView& view, const Job& job, ComponentAccount& account) {
  const Channel& channel = view.scan->channel();
  WindowEnergy run = evaluate(view, {view.slots->first, view.slots->last});
  account.source = channel.source;
  account.accuracy_source = channel.accuracy.source;
  account.samples = view.scan->samples();
  account.energy = run.energy;
  account.budget = std::move(run.budget);
  // Of a log's windows, the mean is that of the time inside them.
  const Seconds length =
      view.scan->windows_only() ? Seconds(Micros(view.run.seen_us)) : view.slots->duration();
  account.mean_power =
      Estimate<Watts>::of(*account.energy.value / length, account.energy.u / length,
                          account.energy.evidence, account.energy.top, account.energy.coverage);
  account.idle_energy = idle_energy(view);
  account.job_share = share_by_cpu_time(account, job);
}

ComponentAccount describe(const Readings& readings) {
  ComponentAccount account;
  account.id = readings.component;
  account.kind = readings.described_by->kind;
  account.model = readings.described_by->model;
  account.source = readings.described_by->source;
  account.part_of = readings.described_by->part_of;
  return account;
}

std::string why_unseen(const Readings& readings, const TraceInfo& info) {
  if (is_killed_early(info)) return kKilledEarly;
  return readings.component + (readings.scans.empty() ? " has no energy or power channel"
                                                      : " gave no readings that span the run");
}

MeasuredComponent unseen(ComponentAccount account, const std::string& why) {
  account.energy = Estimate<Joules>::missing(why);
  account.mean_power = Estimate<Watts>::missing(why);
  account.peak_power = Estimate<Watts>::missing(why);
  account.idle_energy = Estimate<Joules>::missing(why);
  return {std::move(account), std::nullopt};
}

}  // namespace

MeasuredComponent measure_component(const Readings& readings, const TraceInfo& info,
                                    const Slots& slots, const Job& job) {
  ComponentAccount account = describe(readings);
  const std::vector<const ChannelScan*> usable = ranked(readings, slots);
  if (usable.empty()) return unseen(std::move(account), why_unseen(readings, info));
  if (never_moved(*usable.front(), slots) && is_long_for(*usable.front(), slots) &&
      first_of(usable, false) == nullptr) {
    return unseen(std::move(account),
                  readings.component + "'s energy counter never moved, and nothing is beside it");
  }
  RunView view = view_of(*usable.front(), usable, slots);
  Crossing crossing = cross(view, usable);
  const bool moved = !never_moved(*view.scan, slots);
  const bool stands = is_counter(*view.scan) && (view.scan->incidents().frozen_us >= kFrozenUs ||
                                                 (!moved && is_long_for(*view.scan, slots)));
  const bool frozen = stands && (crossing.other == nullptr || crossing.disagrees);
  if (frozen) add_flag(account.flags, "counter_frozen");
  // The power channel saw what the counter slept through, or what a run shorter than its refresh
  // did not give it the time to tell.
  if (crossing.other != nullptr && (frozen || !moved)) {
    const Joules counted = *evaluate(view, {slots.first, slots.last}).energy.value;
    view = view_of(*crossing.other, usable, slots);
    crossing = frozen ? Crossing{.other = usable.front(), .energy = counted} : Crossing{};
  }
  if (crossing.other != nullptr) account.cross_check = crossing.energy;
  if (crossing.disagrees) {
    add_flag(account.flags, "sensor_disagree");
    const Joules mine = *evaluate(view, {slots.first, slots.last}).energy.value;
    view.disagreement = Joules(std::abs((mine - crossing.energy).count()));
  }
  if (crossing.aliased) add_flag(account.flags, "aliased");
  put_energy(view, job, account);
  account.peak_power = peak(view, usable, account.mean_power);
  put_flags(view, info, account);
  return {std::move(account), view};
}

}  // namespace joulery::account
