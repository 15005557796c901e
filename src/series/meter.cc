// series: states of meters, see meter.h.
#include "series/meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "series/meter_rates.h"

namespace joulery::series {
namespace {

// A choice: energies of intervals fall every second time, meters where something happened to them.
// A counter that begins anew every day falls once in 24 hours.
constexpr std::size_t kLeastFalls = 3;
constexpr std::size_t kMostFallsOneIn = 4;
// A choice: three days of quarter hours. A meter that is away for longer is a new one.
constexpr std::size_t kLongestAway = 300;
constexpr double kNever = std::numeric_limits<double>::infinity();

/// How often something happened, and where first.
struct Tally {
  std::size_t count = 0;
  std::string first;

  void add(const TimedReading& at) {
    if (count++ == 0) first = fmt::format("{}, line {}", format_time(at.time), at.line);
  }
  [[nodiscard]] std::string text() const {
    return count == 1 ? fmt::format("once, at {}", first)
                      : fmt::format("{} times, first at {}", count, first);
  }
};

/// What follows a state that is right.
struct Verdict {
  enum class Fault : std::uint8_t { kNone, kRollover, kLater, kEarlier, kExchange };
  Fault fault = Fault::kNone;
  std::size_t next = 0;  ///< the next state that is right; before it all are wrong
  double capacity = 0;   ///< of a register that was full, in joules
};

/// Walks from state to state.
class MeterWalk {
 public:
  MeterWalk(const std::vector<TimedReading>& states, double unit)
      : states_(states), rates_(states), unit_(unit) {}

  std::vector<SeriesPiece> take();
  void put_notes(std::vector<std::string>& notes) const;

 private:
  [[nodiscard]] double rise(std::size_t a, std::size_t b) const {
    return *states_[b].value - *states_[a].value;
  }
  [[nodiscard]] Micros time(std::size_t a, std::size_t b) const {
    return states_[b].time - states_[a].time;
  }
  [[nodiscard]] bool plausible(std::size_t a, std::size_t b) const {
    return rates_.plausible(rise(a, b), time(a, b));
  }
  [[nodiscard]] double strangeness(std::size_t a, std::size_t b) const {
    return rates_.strangeness(rise(a, b), time(a, b));
  }
  [[nodiscard]] std::optional<double> full_register(std::size_t next) const;
  [[nodiscard]] std::optional<std::size_t> back_from(std::size_t away) const;
  [[nodiscard]] Verdict judge() const;
  [[nodiscard]] Verdict judge_one_reading() const;
  void follow(const Verdict& verdict);
  void put(std::size_t a, std::size_t b, double energy);

  const std::vector<TimedReading>& states_;
  const MeterRates rates_;
  const double unit_;
  std::size_t at_ = 0;                 ///< the last state that is right
  std::optional<std::size_t> before_;  ///< and the one before, where nothing happened in between
  bool put_last_ = false;              ///< whether the last step made a piece
  std::vector<SeriesPiece> pieces_;
  std::size_t gaps_ = 0;
  double capacity_ = 0;
  Tally rollovers_, dropped_, away_, falls_, rises_;
};

/// Of how much a register holds that was full before `next`, if it was. Registers have decimal
/// digits (four at least: a choice), or 32 bits of a unit that may be a decimal part of the
/// heading's.
std::optional<double> MeterWalk::full_register(std::size_t next) const {
  constexpr double kLeastDigits = 1e4, kBits = 4294967296.0, kLeastPart = 1e-6, kMostDigits = 1e15;
  const double state = *states_[at_].value;
  const auto fits = [&](double capacity) {
    return capacity > state && rates_.plausible(rise(at_, next) + capacity, time(at_, next));
  };
  for (double capacity = kLeastDigits; capacity <= kMostDigits; capacity *= 10)
    if (fits(capacity * unit_)) return capacity * unit_;
  for (double part = kLeastPart; part <= 1; part *= 10)
    if (fits(kBits * part * unit_)) return kBits * part * unit_;
  return {};
}

/// Where states that left at `away` are back: the step there is as little one of the meter's own as
/// the one that led away. A new meter that reaches the old one's state gets there step by step.
std::optional<std::size_t> MeterWalk::back_from(std::size_t away) const {
  const std::size_t end = std::min(states_.size(), away + kLongestAway);
  for (std::size_t i = away + 1; i < end; ++i) {
    if (!plausible(at_, i)) continue;
    const bool goes_on = i + 1 == states_.size() || plausible(i, i + 1);
    if (plausible(i - 1, i) || !goes_on) return {};
    return i;
  }
  return {};
}

/// Whether the one reading behind the fall is wrong, the one before it, or none: whatever leaves
/// the more usual rates.
Verdict MeterWalk::judge_one_reading() const {
  using Fault = Verdict::Fault;
  const std::size_t next = at_ + 1;
  const bool last = next + 1 == states_.size();
  const double before = before_ ? strangeness(*before_, at_) : 0;
  const double after = last ? 0 : strangeness(next, next + 1);
  const double exchange = std::max(before, after);
  const double later = last ? kNever : std::max(before, strangeness(at_, next + 1));
  const double earlier = before_ ? std::max(strangeness(*before_, next), after) : kNever;
  if (later <= earlier && later < exchange) return {Fault::kLater, next + 1};
  if (earlier < exchange) return {Fault::kEarlier, next};
  return {Fault::kExchange, next};
}

Verdict MeterWalk::judge() const {
  using Fault = Verdict::Fault;
  const std::size_t next = at_ + 1;
  if (plausible(at_, next)) return {Fault::kNone, next};
  const bool goes_on = next + 1 == states_.size() || plausible(next, next + 1);
  if (rise(at_, next) < 0 && goes_on)
    if (const auto capacity = full_register(next)) return {Fault::kRollover, next, *capacity};
  const Verdict one = judge_one_reading();
  if (one.fault != Fault::kExchange) return one;
  if (const auto back = back_from(next)) return {Fault::kLater, *back};
  return one;
}

/// A gap between two readings, wrong ones among them, is one of the piece.
void MeterWalk::put(std::size_t a, std::size_t b, double energy) {
  put_last_ = true;
  for (std::size_t i = a; i < b && put_last_; ++i) put_last_ = !gap_follows(states_, i);
  if (put_last_)
    pieces_.push_back({states_[a].time, states_[b].time, energy});
  else
    ++gaps_;
}

void MeterWalk::follow(const Verdict& verdict) {
  using Fault = Verdict::Fault;
  const std::size_t next = verdict.next;
  const std::size_t from = at_;
  at_ = next;
  std::optional<std::size_t> before = from;
  switch (verdict.fault) {
    case Fault::kNone:
      put(from, next, rise(from, next));
      break;
    case Fault::kRollover:
      put(from, next, rise(from, next) + verdict.capacity);
      if (rollovers_.count == 0) capacity_ = verdict.capacity;
      rollovers_.add(states_[next]);
      before.reset();
      break;
    case Fault::kLater:
      if (next == from + 2) {
        put(from, next, rise(from, next));
        dropped_.add(states_[from + 1]);
      } else {
        away_.add(states_[from + 1]);
        before.reset();
      }
      break;
    case Fault::kEarlier:
      if (put_last_) pieces_.pop_back();
      put(*before_, next, rise(*before_, next));
      dropped_.add(states_[from]);
      before = before_;
      break;
    case Fault::kExchange:
      (rise(from, next) < 0 ? falls_ : rises_).add(states_[next]);
      before.reset();
      break;
  }
  before_ = before;
}

std::vector<SeriesPiece> MeterWalk::take() {
  while (at_ + 1 < states_.size()) follow(judge());
  return std::move(pieces_);
}

void MeterWalk::put_notes(std::vector<std::string>& notes) const {
  const auto add = [&](const Tally& tally, const std::string& what, std::string_view done) {
    if (tally.count > 0) notes.push_back(fmt::format("{} {}: {}", what, tally.text(), done));
  };
  notes.emplace_back("a meter that counts on: the differences of its states are taken");
  add(rollovers_, fmt::format("its register was full at {:.10g} of its unit", capacity_ / unit_),
      "counted on from 0");
  add(dropped_, "one reading left the others and came back",
      "it is dropped, and the energy across it is known");
  add(away_, "several readings in a row left the others and came back",
      "nothing is known meanwhile");
  add(falls_, "the state fell and stayed there (a new meter, or one that was set back)",
      "nothing is known of the interval before");
  add(rises_, "the state rose beyond all that is usual (a new meter, or a wrong reading)",
      "nothing is known of the interval before");
  if (gaps_ > 0) notes.push_back(fmt::format("{} gaps, in which nothing is known", gaps_));
}

Result<void> check_falls(const std::vector<TimedReading>& states, const std::string& place) {
  std::size_t falls = 0, changes = 0;
  for (std::size_t i = 1; i < states.size(); ++i) {
    falls += *states[i].value < *states[i - 1].value ? 1U : 0U;
    changes += *states[i].value != *states[i - 1].value ? 1U : 0U;
  }
  if (falls < kLeastFalls || kMostFallsOneIn * falls <= changes) return {};
  return Error{ErrorCode::kInvalid,
               fmt::format("{}: falls in {} of {} changes, as energies of intervals do and the "
                           "states of no meter that counts on: they are read as such where the "
                           "heading has none of the words meter, counter and cumulative, and "
                           "--energy is not cumulative",
                           place, falls, changes)};
}

}  // namespace

Result<std::vector<SeriesPiece>> energies_between(const std::vector<TimedReading>& readings,
                                                  double unit, const std::string& place,
                                                  std::vector<std::string>& notes) {
  JOULERY_CHECK(check_falls(readings, place));
  MeterWalk walk(readings, unit);
  auto pieces = walk.take();
  walk.put_notes(notes);
  if (pieces.empty())
    return Error{ErrorCode::kInvalid, place + ": no two states of the meter follow each other"};
  return pieces;
}

}  // namespace joulery::series
