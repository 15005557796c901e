// simulate: names of policies and objectives, and what a cap does.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "joulery/simulate.h"

namespace joulery {
namespace {

template <class Value>
struct Name {
  Value value;
  std::string_view name;
};
constexpr std::array kShifts = {
    Name<Shift>{Shift::kRunNow, "run-now"},
    Name<Shift>{Shift::kBestWindow, "best-window"},
    Name<Shift>{Shift::kInterruptible, "interruptible"},
    Name<Shift>{Shift::kThreshold, "threshold"},
    Name<Shift>{Shift::kPueOnly, "pue-only"},
    Name<Shift>{Shift::kCarbonOnly, "carbon-only"},
    Name<Shift>{Shift::kCapsByHour, "caps-by-hour"},
    Name<Shift>{Shift::kCapacityLimited, "capacity-limited"},
};
constexpr std::array kObjectives = {
    Name<ShiftObjective>{ShiftObjective::kCarbon, "carbon"},
    Name<ShiftObjective>{ShiftObjective::kEnergy, "energy"},
    Name<ShiftObjective>{ShiftObjective::kCost, "cost"},
};
constexpr std::array kQueueRules = {
    Name<QueueRule>{QueueRule::kFifo, "fifo"},
    Name<QueueRule>{QueueRule::kBackfill, "backfill"},
};

template <class Names, class Value>
std::string_view name_in(const Names& names, Value value) {
  for (const auto& entry : names)
    if (entry.value == value) return entry.name;
  return {};
}

template <class Value, class Names>
Result<Value> parse_in(const Names& names, std::string_view text, std::string_view flag) {
  std::vector<std::string_view> known;
  for (const auto& entry : names) {
    if (entry.name == text) return entry.value;
    known.push_back(entry.name);
  }
  return Error{ErrorCode::kUsage,
               fmt::format("{}: \"{}\" is none of {}", flag, text, fmt::join(known, ", "))};
}

constexpr Watts kMostCap{1e6};  // a choice: more than a rack draws in full use

/// "150W=1.08/0.8".
std::optional<CapEffect> parse_effect(std::string_view text, std::string_view flag) {
  constexpr double kMost = 10;  // times as long, or as much: a slip of the pen beyond
  const std::size_t equals = text.find('='), slash = text.find('/');
  if (equals == std::string_view::npos || slash == std::string_view::npos || slash < equals)
    return {};
  const auto time = parse_number(trim(text.substr(equals + 1, slash - equals - 1)));
  const auto energy = parse_number(trim(text.substr(slash + 1)));
  const std::string_view cap = trim(text.substr(0, equals));
  if (!time || !energy || *time <= 0 || *energy <= 0 || *time > kMost || *energy > kMost) return {};
  if (!parse_power(cap, flag)) return {};
  return CapEffect{std::string(cap), *time, *energy};
}

}  // namespace

std::string_view name_of(Shift shift) { return name_in(kShifts, shift); }
std::string_view name_of(ShiftObjective objective) { return name_in(kObjectives, objective); }

std::string_view name_of(QueueRule rule) { return name_in(kQueueRules, rule); }

Result<QueueRule> parse_queue_rule(std::string_view name, std::string_view flag) {
  return parse_in<QueueRule>(kQueueRules, name, flag);
}
Result<Shift> parse_shift(std::string_view name, std::string_view flag) {
  return parse_in<Shift>(kShifts, name, flag);
}
Result<ShiftObjective> parse_shift_objective(std::string_view name, std::string_view flag) {
  return parse_in<ShiftObjective>(kObjectives, name, flag);
}

bool uses_forecast(Shift shift) {
  return shift == Shift::kBestWindow || shift == Shift::kInterruptible ||
         shift == Shift::kPueOnly || shift == Shift::kCarbonOnly ||
         shift == Shift::kCapacityLimited;
}

Result<CapEffect> parse_cap_curve(std::string_view text, std::string_view flag) {
  const std::vector<std::string_view> parts = split(text, ',');
  const auto error = [&](const char* why) {
    return Error{
        ErrorCode::kUsage,
        fmt::format("{}: \"{}\" {}; for example {} 250W=1/1,150W=1.08/0.8", flag, text, why, flag)};
  };
  if (parts.size() != 2) return error("is not two caps with their time and energy");
  const auto uncapped = parse_effect(parts[0], flag), capped = parse_effect(parts[1], flag);
  if (!uncapped || !capped) return error("is not POWER=TIME/ENERGY twice");
  const CapEffect out{capped->cap, capped->time / uncapped->time,
                      capped->energy / uncapped->energy};
  const Watts lower = *parse_power(capped->cap, flag), higher = *parse_power(uncapped->cap, flag);
  if (lower <= Watts(0) || higher > kMostCap) return error("has a cap that no device takes");
  if (lower >= higher) return error("has the higher cap behind the lower one");
  if (out.time < 1) return error("makes jobs faster with the second cap");
  return out;
}

Result<CapEffect> cap_effect_of(const CapGroup& group, std::optional<Watts> cap) {
  const auto is_frugal = [](const CapRow& a, const CapRow& b) {
    const Joules of_a = a.whole_energy(), of_b = b.whole_energy();
    return of_a != of_b ? of_a < of_b : a.time < b.time;
  };
  const auto& rows = group.rows;
  const CapRow& baseline = baseline_of(group);
  if (cap && *cap >= baseline.cap)
    return Error{ErrorCode::kUsage,
                 fmt::format("--cap: {:.6g} W is not below the baseline, {:.6g} W", cap->count(),
                             baseline.cap.count())};
  // A higher limit than the baseline's is no cap: jobs would draw more.
  auto chosen = rows.end();
  for (auto row = rows.begin(); row != rows.end(); ++row)
    if (row->cap < baseline.cap && (chosen == rows.end() || is_frugal(*row, *chosen))) chosen = row;
  if (cap)
    chosen =
        std::find_if(rows.begin(), rows.end(), [&](const CapRow& row) { return row.cap == *cap; });
  if (chosen == rows.end() && !cap)
    return Error{ErrorCode::kInvalid, fmt::format("--sweep: no cap is below the baseline, {:.6g} W",
                                                  baseline.cap.count())};
  if (chosen == rows.end())
    return Error{ErrorCode::kUsage,
                 fmt::format("--cap: the table has no row of {:.6g} W", cap->count())};
  if (chosen->whole_energy() >= baseline.whole_energy())
    return Error{ErrorCode::kInvalid,
                 fmt::format("--sweep: at {:.6g} W the job uses no less than at {:.6g} W",
                             chosen->cap.count(), baseline.cap.count())};
  return CapEffect{fmt::format("{:.6g}W", chosen->cap.count()), chosen->time / baseline.time,
                   chosen->whole_energy() / baseline.whole_energy(), chosen->energy_u};
}

}  // namespace joulery
