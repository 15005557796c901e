// control: from the record of a run to what the policy sees, see trial.h.
#include "control/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/mean.h"

namespace joulery {
namespace {

/// The mean of a channel's samples, and the growth of a counter, within the run.
struct Seen {
  double sum = 0;
  std::size_t count = 0;
  double first = 0, last = 0;
  double least = 0, most = 0;
  Instant begin, end;

  void add(Instant time, double value) {
    if (count == 0) {
      begin = time;
      first = least = most = value;
    }
    end = time;
    least = std::min(least, value);
    most = std::max(most, value);
    last = value;
    sum += value;
    ++count;
  }
  [[nodiscard]] std::optional<double> mean() const {
    return count > 0 ? std::optional(sum / static_cast<double>(count)) : std::nullopt;
  }
  // Of a counter of seconds.
  [[nodiscard]] std::optional<double> share() const {
    const double seconds = Seconds(end - begin).count();
    if (count < 2 || seconds <= 0) return std::nullopt;
    return std::clamp((last - first) / seconds, 0.0, 1.0);
  }
};

std::string last_part(const std::string& id) { return id.substr(id.rfind('/') + 1); }

bool is_of(const Channel& channel, const std::vector<CapDevice>& devices) {
  return std::any_of(devices.begin(), devices.end(),
                     [&](const CapDevice& device) { return device.id == channel.component; });
}

// Memory clocks are left out: a power limit moves that of the multiprocessors.
bool is_wanted(const Channel& channel, const std::vector<CapDevice>& devices) {
  if (!is_of(channel, devices)) return false;
  const std::string name = last_part(channel.id);
  return channel.measure == Measure::kTemperature || name == "throttle_power" ||
         name == "sm_clock" || name == "power_limit";
}

Result<std::map<std::uint16_t, Seen>> look_at(const Trace& trace,
                                              const std::vector<CapDevice>& devices) {
  std::map<std::uint16_t, Seen> seen;
  const TraceInfo& info = trace.info();
  const auto visit = [&](std::uint16_t channel, const Block& block) {
    for (std::size_t i = 0; i < block.time.size(); ++i)
      if (block.time[i] >= info.begin && block.time[i] <= info.end)
        seen[channel].add(block.time[i], block.value[i]);
  };
  JOULERY_CHECK(trace.scan([&](const Channel& c) { return is_wanted(c, devices); }, visit));
  return seen;
}

std::optional<double> in_mhz(std::optional<double> hertz) {
  constexpr double kMega = 1e6;
  return hertz ? std::optional(*hertz / kMega) : std::nullopt;
}

// What a sample of the limits may differ from what was asked for: NVML rounds to its own steps.
constexpr double kSeenWatts = 1;

// Between two looks of the lease somebody may have set another limit and set ours again: one sample
// tells, however long the run is.
void check_limit(const std::string& device, Watts cap, const Seen& seen, SweepRun& run) {
  const double asked = cap.count();
  const double other = seen.most - asked > asked - seen.least ? seen.most : seen.least;
  if (std::abs(other - asked) <= kSeenWatts) return;
  run.controlled = false;
  run.notes.push_back(
      fmt::format("{}: {:g} W was asked for, the limit was seen at {:g} W", device, asked, other));
}

void put_channels(const Trace& trace, const std::map<std::uint16_t, Seen>& seen,
                  const std::vector<CapDevice>& devices, const std::vector<Watts>& caps,
                  SweepRun& run) {
  OptionalMean throttle, temperature, clock;
  for (const auto& [index, channel_seen] : seen) {
    const Channel& channel = trace.channels()[index];
    const std::string name = last_part(channel.id);
    if (channel.measure == Measure::kTemperature) temperature.add(channel_seen.mean());
    if (name == "sm_clock") clock.add(in_mhz(channel_seen.mean()));
    if (name == "throttle_power") throttle.add(channel_seen.share());
    if (name != "power_limit") continue;
    for (std::size_t i = 0; i < devices.size() && i < caps.size(); ++i)
      if (devices[i].id == channel.component)
        check_limit(devices[i].id, caps[i], channel_seen, run);
  }
  run.trial.throttle_share = throttle.get();
  run.trial.temperature_c = temperature.get();
  run.trial.clock_mhz = clock.get();
}

// Two sensors of a board that contradict each other do so in every run of the same load.
bool is_disagreement(const Contribution& term) { return term.what == "sensors disagree"; }

double signed_disagreement(const ComponentAccount& part, double u) {
  return part.cross_check && *part.cross_check < *part.energy.value ? -u : u;
}

// The gain and offset of a sensor are the same in every run on its board: they leave a ratio.
bool is_shared(const Contribution& term) {
  return term.what.ends_with("sensor gain") || term.what == "sensor offset" ||
         is_disagreement(term);
}

// A model's error is the same in every run, and as large as what a cap changes: no choice is made
// on it. --base-power tells the rest of a node that has no sensor.
Joules seen_energy(const Account& account) {
  Joules sum{};
  for (const ComponentAccount& part : account.components)
    if (!part.part_of && part.energy && part.energy.evidence <= Evidence::kIntegrated)
      sum += *part.energy.value;
  return sum;
}

Result<void> put_energy(const Account& account, const std::vector<CapDevice>& devices,
                        SweepRun& run) {
  double own = 0, shared = 0, disagreement = 0;
  for (const CapDevice& device : devices) {
    const auto found =
        std::find_if(account.components.begin(), account.components.end(),
                     [&](const ComponentAccount& part) { return part.id == device.id; });
    if (found == account.components.end() || !found->energy)
      return Error{ErrorCode::kInvalid,
                   "run " + account.job.id + ": no energy of " + device.id + " was measured" +
                       (found == account.components.end() ? "" : ": " + found->energy.why)};
    run.simulated = run.simulated || std::find(found->flags.begin(), found->flags.end(),
                                               "simulated") != found->flags.end();
    run.device_energy.emplace_back(device.id, *found->energy.value);
    run.trial.device_energy += *found->energy.value;
    double device_shared = 0;
    for (const Contribution& term : found->budget) {
      const double variance = term.u.count() * term.u.count();
      (is_shared(term) ? device_shared : own) += variance;
      if (is_disagreement(term)) disagreement += signed_disagreement(*found, term.u.count());
    }
    shared += std::sqrt(device_shared);  // boards of one model err alike in part: the worst case
  }
  run.trial.device_energy_u = Joules(std::sqrt(own));
  if (run.trial.device_energy > Joules(0)) {
    run.gain_u = shared / run.trial.device_energy.count();
    run.trial.disagreement = disagreement / run.trial.device_energy.count();
  }
  const Joules seen = seen_energy(account);
  if (seen > run.trial.device_energy) run.trial.node_energy = seen;
  return {};
}

void put_notes(const TraceInfo& info, SweepRun& run) {
  for (const Event& event : info.events) {
    run.marks += event.kind == Event::Kind::kMark ? 1 : 0;
    const std::string_view text = event.text;
    if (event.kind != Event::Kind::kNote || !text.starts_with(kRemarkNote)) continue;
    if (text.starts_with(kDigestNote)) {
      run.digest = text.substr(kDigestNote.size());
      continue;
    }
    run.interrupted = run.interrupted || text.starts_with(kInterruptNote);
    run.controlled = run.controlled && !text.starts_with(kLostControlNote);
    run.notes.emplace_back(text.substr(kRemarkNote.size()));
  }
}

}  // namespace

Result<void> read_run(const KeptRun& kept, const std::vector<CapDevice>& devices,
                      const std::vector<Watts>& caps, SweepRun& run) {
  run.exit_status = kept.job.exit_status;
  run.signal = kept.job.signal;
  run.survivors = kept.job.survivors;
  run.trial.run = run.id = kept.job.id;
  put_notes(kept.trace->info(), run);
  JOULERY_TRY(const auto seen, look_at(*kept.trace, devices));
  put_channels(*kept.trace, seen, devices, caps, run);
  JOULERY_TRY(const Account account, make_account(*kept.trace, kept.job, kept.place));
  if (!account.duration)
    return Error{ErrorCode::kInvalid, "run " + run.id + ": " + account.duration.why};
  run.trial.time = *account.duration.value;
  run.trial.time_u = account.duration.u;
  return put_energy(account, devices, run);
}

}  // namespace joulery
