// plan: which of the stretches of one rate to run in, see equal_rates.h.
#include "plan/equal_rates.h"

#include <algorithm>
#include <numeric>

#include "plan/ranked_sums.h"

namespace joulery::plan {
namespace {

Micros length_of(const Slot& slot) { return slot.end - slot.begin; }

/// A stretch and whether the job runs right before and right after it anyway.
struct Stretch {
  Slot slot;
  bool follows = false, leads = false;
};

std::vector<Stretch> stretches_of(const std::vector<Slot>& equal, const std::vector<Slot>& taken) {
  std::vector<Stretch> out;
  std::size_t i = 0;
  for (const Slot& slot : equal) {
    while (i < taken.size() && taken[i].end < slot.begin) ++i;
    Stretch stretch{slot};
    std::size_t next = i;
    if (i < taken.size() && taken[i].end == slot.begin) {
      stretch.follows = true;
      ++next;
    }
    stretch.leads = next < taken.size() && taken[next].begin == slot.end;
    out.push_back(stretch);
  }
  return out;
}

class Taking {
 public:
  explicit Taking(Micros rest) : rest_(rest) {}

  void take(const Stretch& stretch) {
    const Micros length = std::min(rest_, length_of(stretch.slot));
    if (length == Micros(0)) return;
    rest_ -= length;
    const bool at_its_end = stretch.leads && !stretch.follows;
    out_.push_back(at_its_end ? Slot{stretch.slot.end - length, stretch.slot.end}
                              : Slot{stretch.slot.begin, stretch.slot.begin + length});
  }
  [[nodiscard]] Micros rest() const { return rest_; }
  [[nodiscard]] std::vector<Slot> slots() && { return std::move(out_); }

 private:
  Micros rest_;
  std::vector<Slot> out_;
};

/// Each of the stretches between two slots that is run through saves one, so as many as fit: the
/// shortest first. What is left of them goes to `others`.
void take_bridges(std::vector<Stretch> bridges, Taking& taking, std::vector<Stretch>& others) {
  std::stable_sort(bridges.begin(), bridges.end(), [](const Stretch& a, const Stretch& b) {
    return length_of(a.slot) < length_of(b.slot);
  });
  for (const Stretch& bridge : bridges) {
    if (length_of(bridge.slot) <= taking.rest())
      taking.take(bridge);
    else
      others.push_back(bridge);
  }
  std::sort(others.begin(), others.end(),
            [](const Stretch& a, const Stretch& b) { return a.slot.begin < b.slot.begin; });
}

/// Stretches by falling length in a RankedSums: least(k) is then less the length of the k longest.
class Longest {
 public:
  explicit Longest(const std::vector<Stretch>& alone) : rank_(alone.size()), sums_(alone.size()) {
    std::vector<std::size_t> order(alone.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return length_of(alone[a].slot) > length_of(alone[b].slot);
    });
    for (std::size_t r = 0; r < order.size(); ++r) {
      rank_[order[r]] = r;
      sums_.add(r, length_of(alone[order[r]].slot));
    }
  }
  void remove(std::size_t i, const Stretch& stretch) {
    sums_.remove(rank_[i], length_of(stretch.slot));
  }
  [[nodiscard]] Micros together(std::ptrdiff_t count) const { return sums_.least(count); }

 private:
  std::vector<std::size_t> rank_;
  RankedSums<Micros> sums_;
};

/// Each costs a slot: as few as can hold the rest, and of such sets the one that begins earliest:
/// a stretch is taken where the longest of those after it can hold what it leaves.
void take_alone(const std::vector<Stretch>& alone, Taking& taking) {
  Longest after(alone);
  std::ptrdiff_t count = 0;
  while (after.together(count) < taking.rest()) ++count;
  for (std::size_t i = 0; i < alone.size() && count > 0; ++i) {
    after.remove(i, alone[i]);
    if (length_of(alone[i].slot) + after.together(count - 1) < taking.rest()) continue;
    taking.take(alone[i]);
    --count;
  }
}

}  // namespace

std::vector<Slot> take_of_equal(const std::vector<Slot>& equal, const std::vector<Slot>& taken,
                                Micros rest) {
  std::vector<Stretch> bridges;
  std::vector<Stretch> beside;
  std::vector<Stretch> alone;
  for (const Stretch& stretch : stretches_of(equal, taken)) {
    if (stretch.follows && stretch.leads)
      bridges.push_back(stretch);
    else
      (stretch.follows || stretch.leads ? beside : alone).push_back(stretch);
  }
  Taking taking(rest);
  take_bridges(std::move(bridges), taking, beside);
  for (const Stretch& stretch : beside) taking.take(stretch);
  take_alone(alone, taking);
  return std::move(taking).slots();
}

}  // namespace joulery::plan
