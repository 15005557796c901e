// plan: cuts off slots what rounding on a grid has made them too long, see surplus.h.
#include "plan/surplus.h"

#include <algorithm>
#include <optional>

namespace joulery::plan {
namespace {

/// A part of one rate at an end of a slot.
struct Cut {
  std::size_t slot = 0;
  bool at_end = true;
  Micros most{};
  double rate = 0;
};

Micros surplus_of(const PausedJob& job, const std::vector<Slot>& slots) {
  Micros held{};
  for (const Slot& slot : slots) held += slot.end - slot.begin;
  return held - job.length - static_cast<Micros::rep>(slots.size() - 1) * job.resume_time;
}

Micros room_of(const PausedJob& job, const std::vector<Slot>& slots, std::size_t i) {
  const Micros least = i == 0 ? std::clamp(job.shortest_slot, Micros(1), job.length)
                              : std::max(job.shortest_slot, job.resume_time + Micros(1));
  return slots[i].end - slots[i].begin - least;
}

Cut cut_at_end(const RateCurve& curve, const Slot& slot, std::size_t i) {
  const SeriesPiece& last = curve.pieces()[curve.piece_after(slot.end - Micros(1))];
  return {i, true, slot.end - std::max(last.begin, slot.begin), last.value};
}

Cut cut_at_begin(const RateCurve& curve, const Slot& slot, std::size_t i) {
  const SeriesPiece& first = curve.pieces()[curve.piece_after(slot.begin)];
  return {i, false, std::min(first.end, slot.end) - slot.begin, first.value};
}

/// The dearest; of equal ones the last.
std::optional<Cut> dearest_cut(const RateCurve& curve, const PausedJob& job,
                               const std::vector<Slot>& slots) {
  std::optional<Cut> best;
  const auto take = [&](const Cut& cut) {
    if (!best || cut.rate >= best->rate) best = cut;
  };
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (room_of(job, slots, i) <= Micros(0)) continue;
    if (i == 0 || job.resume_load_s <= 0) take(cut_at_begin(curve, slots[i], i));
    take(cut_at_end(curve, slots[i], i));
  }
  return best;
}

}  // namespace

void cut_surplus(const RateCurve& curve, const PausedJob& job, std::vector<Slot>& slots) {
  for (Micros surplus = surplus_of(job, slots); surplus > Micros(0);) {
    const auto cut = dearest_cut(curve, job, slots);
    if (!cut) return;
    const Micros taken = std::min({surplus, cut->most, room_of(job, slots, cut->slot)});
    Slot& slot = slots[cut->slot];
    (cut->at_end ? slot.end : slot.begin) += cut->at_end ? -taken : taken;
    surplus -= taken;
  }
}

}  // namespace joulery::plan
