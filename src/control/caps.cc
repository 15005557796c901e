// control: caps for the devices at hand, see caps.h.
#include "control/caps.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace joulery {
namespace {

// NVML speaks in mW and powercap in uW, but limits are set in steps of a watt or so: closer ones
// are the same cap.
constexpr double kSameWatts = 0.5;

bool same(Watts a, Watts b) { return std::abs(a.count() - b.count()) < kSameWatts; }

bool same(const std::vector<Watts>& a, const std::vector<Watts>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](Watts x, Watts y) { return same(x, y); });
}

std::string text_of(const WantedCap& cap) {
  return fmt::format("{:g}{}", cap.value, cap.percent ? "%" : "W");
}

Result<WantedCap> parse_cap(std::string_view text, std::string_view flag) {
  const std::string_view word = trim(text);
  if (word.ends_with("Hz"))
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: '{}' is a clock, and only power limits are compared; for example "
                             "{} 150W",
                             flag, word, flag)};
  if (!word.ends_with('%')) {
    JOULERY_TRY(const Watts cap, parse_power(word, flag));
    if (cap > Watts(0)) return WantedCap{cap.count(), false};
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: a cap of {}; for example {} 150W", flag, word, flag)};
  }
  constexpr double kMostPercent = 200;  // no board lets itself be set to twice its default
  const auto percent = parse_number(trim(word.substr(0, word.size() - 1)));
  if (percent && *percent > 0 && *percent <= kMostPercent) return WantedCap{*percent, true};
  return Error{ErrorCode::kUsage,
               fmt::format("{}: '{}' is no percentage of a limit; for example {} 60%", flag,
                           std::string(word), flag)};
}

Result<Watts> cap_in_range(const WantedCap& wanted, const CapDevice& device) {
  JOULERY_TRY(const Watts cap, cap_for(wanted, device));
  const bool fits = (!device.least || cap.count() >= device.least->count() - kSameWatts) &&
                    (!device.most || cap.count() <= device.most->count() + kSameWatts);
  if (fits) return cap;
  return Error{ErrorCode::kUsage,
               fmt::format("--caps: {}: {} takes {:g}W to {:g}W; nothing was started",
                           text_of(wanted), device.id, device.least.value_or(Watts(0)).count(),
                           device.most.value_or(cap).count())};
}

Result<SweepLevel> level_of(const WantedCap& wanted, const std::vector<CapDevice>& devices) {
  SweepLevel level;
  for (const CapDevice& device : devices) {
    JOULERY_TRY(const Watts cap, cap_in_range(wanted, device));
    level.per_device.push_back(cap);
  }
  level.cap = mean(level.per_device);
  level.text = wanted.percent ? fmt::format("{:g} % ({:g} W)", wanted.value, level.cap.count())
                              : fmt::format("{:g} W", level.cap.count());
  return level;
}

// All that is told of a cap bears its mean over the devices.
Result<void> check_means(const std::vector<SweepLevel>& levels) {
  for (std::size_t i = 1; i < levels.size(); ++i)
    if (same(levels[i - 1].cap, levels[i].cap))
      return Error{ErrorCode::kUsage,
                   fmt::format("--caps: {} and {} are the same on average over the devices, though "
                               "not on each: leave one of them out",
                               levels[i - 1].text, levels[i].text)};
  return {};
}

std::string what_to_do(const CapDevice& device) {
  return device.advice.empty() ? "" : "; " + device.advice;
}

Result<void> check_device(const CapDevice& device) {
  if (device.refused.empty()) return {};
  return Error{ErrorCode::kUnavailable,
               device.id + " cannot be capped: " + device.refused + what_to_do(device)};
}

std::vector<CapDevice> of_kind(const std::vector<CapDevice>& all, ComponentKind kind) {
  std::vector<CapDevice> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const CapDevice& device) { return device.kind == kind; });
  return found;
}

Result<CapDevice> find_device(const std::vector<CapDevice>& all, const std::string& name) {
  for (const CapDevice& device : all)
    if (device.id == name) return device;
  std::vector<std::string> ids;
  for (const CapDevice& device : all) ids.push_back(device.id);
  const auto nearest = nearest_names(name, ids, 1);
  return Error{ErrorCode::kUsage,
               "--device: no device \"" + name + "\" that could be capped" +
                   (nearest.empty() ? "" : "; did you mean " + nearest[0] + "?")};
}

}  // namespace

Watts mean(const std::vector<Watts>& values) {
  Watts sum{};
  for (const Watts value : values) sum += value;
  return values.empty() ? sum : sum / static_cast<double>(values.size());
}

Result<std::vector<WantedCap>> parse_caps(std::string_view text, std::string_view flag) {
  std::vector<WantedCap> caps;
  for (const std::string_view word : split(text, ',')) {
    JOULERY_TRY(const WantedCap cap, parse_cap(word, flag));
    caps.push_back(cap);
  }
  return caps;
}

Result<Watts> cap_for(const WantedCap& wanted, const CapDevice& device) {
  if (!wanted.percent) return Watts(wanted.value);
  if (device.default_limit) return *device.default_limit * (wanted.value / 100);
  return Error{ErrorCode::kUsage, fmt::format("{}: {} tells no default limit: give watts",
                                              text_of(wanted), device.id)};
}

Result<Watts> limit_in_force(const CapDevice& device) {
  if (device.requested && device.enforced) return std::min(*device.requested, *device.enforced);
  if (device.requested) return *device.requested;
  if (device.enforced) return *device.enforced;
  return Error{ErrorCode::kUnavailable, device.id + ": the limit in force cannot be read"};
}

Result<CapPlan> plan_caps(const std::vector<WantedCap>& wanted,
                          const std::vector<CapDevice>& devices) {
  CapPlan plan;
  for (const CapDevice& device : devices) {
    JOULERY_TRY(const Watts found, limit_in_force(device));
    plan.found.push_back(found);
  }
  for (const WantedCap& cap : wanted) {
    JOULERY_TRY(const SweepLevel level, level_of(cap, devices));
    const auto is_it = [&](const SweepLevel& other) {
      return same(other.per_device, level.per_device);
    };
    if (same(level.per_device, plan.found))
      plan.notes.push_back(text_of(cap) + " is the limit in force: it is the baseline");
    else if (const auto twin = std::find_if(plan.levels.begin(), plan.levels.end(), is_it);
             twin == plan.levels.end())
      plan.levels.push_back(level);
    else
      plan.notes.push_back(twin->text == level.text
                               ? level.text +
                                     " was given twice: --repeat says how often a cap is run"
                               : level.text + " is " + twin->text + ": it is run once");
  }
  if (plan.levels.empty())
    return Error{ErrorCode::kUsage, fmt::format("--caps: no cap beside the limit in force, {:g}W",
                                                mean(plan.found).count())};
  std::sort(plan.levels.begin(), plan.levels.end(), [](const SweepLevel& a, const SweepLevel& b) {
    return std::pair(a.cap, a.text) < std::pair(b.cap, b.text);
  });
  JOULERY_CHECK(check_means(plan.levels));
  return plan;
}

Result<std::vector<CapDevice>> choose_devices(const std::vector<CapDevice>& all,
                                              const std::vector<std::string>& named) {
  std::vector<CapDevice> chosen;
  for (const std::string& name : named) {
    JOULERY_TRY(CapDevice device, find_device(all, name));
    chosen.push_back(std::move(device));
  }
  if (named.empty()) chosen = of_kind(all, ComponentKind::kGpu);
  if (named.empty() && chosen.empty()) chosen = of_kind(all, ComponentKind::kCpu);
  if (chosen.empty())
    return Error{ErrorCode::kUnavailable,
                 "no device here whose power can be capped: joulery cap get lists them"};
  for (const CapDevice& device : chosen) JOULERY_CHECK(check_device(device));
  return chosen;
}

}  // namespace joulery
