// plan: the cheapest slots of a job that may be paused at no cost, see free_slots.h.
#include "plan/free_slots.h"

#include <algorithm>

#include "plan/equal_rates.h"

namespace joulery::plan {
namespace {

std::vector<SeriesPiece> pieces_within(const RateCurve& curve, const SlotBounds& bounds) {
  std::vector<SeriesPiece> parts;
  const auto& pieces = curve.pieces();
  for (std::size_t i = curve.piece_after(bounds.begin);
       i < pieces.size() && pieces[i].begin < bounds.end; ++i)
    parts.push_back({std::max(pieces[i].begin, bounds.begin), std::min(pieces[i].end, bounds.end),
                     pieces[i].value});
  return parts;
}

/// The rate of the last piece that is needed, and what is left for pieces of that rate.
struct Margin {
  double rate = 0;
  Micros rest{};
};

std::optional<Margin> margin_of(std::vector<SeriesPiece> parts, Micros length) {
  std::sort(parts.begin(), parts.end(),
            [](const SeriesPiece& a, const SeriesPiece& b) { return a.value < b.value; });
  Micros cheaper{};
  Micros taken{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i == 0 || parts[i].value != parts[i - 1].value) cheaper = taken;
    taken += parts[i].end - parts[i].begin;
    if (taken >= length) return Margin{parts[i].value, length - cheaper};
  }
  return {};
}

/// In order of time, those that meet joined.
std::vector<Slot> joined(std::vector<Slot> slots) {
  std::sort(slots.begin(), slots.end(),
            [](const Slot& a, const Slot& b) { return a.begin < b.begin; });
  std::vector<Slot> out;
  for (const Slot& slot : slots) {
    if (!out.empty() && out.back().end == slot.begin)
      out.back().end = slot.end;
    else
      out.push_back(slot);
  }
  return out;
}

std::vector<Slot> slots_of(const std::vector<SeriesPiece>& parts, auto&& wanted) {
  std::vector<Slot> slots;
  for (const SeriesPiece& part : parts)
    if (wanted(part.value)) slots.push_back({part.begin, part.end});
  return joined(std::move(slots));
}

}  // namespace

std::optional<JobWindow> cheapest_slots(const RateCurve& curve, const SlotBounds& bounds) {
  const std::vector<SeriesPiece> parts = pieces_within(curve, bounds);
  const auto margin = margin_of(parts, bounds.length);
  if (!margin) return {};
  JobWindow out;
  out.slots = slots_of(parts, [&](double rate) { return rate < margin->rate; });
  const auto equal = slots_of(parts, [&](double rate) { return rate == margin->rate; });
  const auto taken = take_of_equal(equal, out.slots, margin->rest);
  out.slots.insert(out.slots.end(), taken.begin(), taken.end());
  out.slots = joined(std::move(out.slots));
  for (const Slot& slot : out.slots) out.cost += curve.integral(slot.begin, slot.end).value_or(0);
  return out;
}

}  // namespace joulery::plan
