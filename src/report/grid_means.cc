// report: means over a grid, see grid_means.h.
#include "report/grid_means.h"

#include <algorithm>
#include <map>

namespace joulery {
namespace {

/// Changes of different jobs: their scatter is no error of the mean over these jobs, so only their
/// own uncertainties count. Those of one board's jobs have errors in common, and how much is not
/// known here: they are taken to err alike, which is the worst case.
class Sum {
 public:
  void add(const Change& change) {
    sum_ += change.pct;
    known_ = known_ && change.u_pct.has_value();
    u_ += change.u_pct.value_or(0);
  }
  [[nodiscard]] Change mean(std::size_t count) const {
    const auto n = static_cast<double>(count);
    Change change{.pct = sum_ / n, .u_pct = {}, .upper_pct = {}};
    if (known_) change.u_pct = u_ / n;
    return change;
  }

 private:
  double sum_ = 0;
  double u_ = 0;
  bool known_ = true;
};

struct Sums {
  Sum time, energy;
  std::size_t groups = 0;
};

}  // namespace

std::vector<GridMean> grid_means(const std::vector<Sweep>& sweeps) {
  std::map<Watts, Sums> sums;
  for (const Sweep& sweep : sweeps) {
    if (!sweep.choice) continue;
    for (const CapPoint& point : sweep.choice->points) {
      if (point.baseline || !point.time_change || !point.energy_change) continue;
      Sums& at = sums[point.cap];
      at.time.add(*point.time_change);
      at.energy.add(*point.energy_change);
      ++at.groups;
    }
  }
  std::vector<GridMean> means;
  for (const auto& [cap, at] : sums)
    means.push_back({cap, at.time.mean(at.groups), at.energy.mean(at.groups), at.groups});
  return means;
}

const CapPoint* find_point(const Sweep& sweep, Watts cap) {
  if (!sweep.choice) return nullptr;
  const auto found =
      std::find_if(sweep.choice->points.begin(), sweep.choice->points.end(),
                   [&](const CapPoint& point) { return !point.baseline && point.cap == cap; });
  return found == sweep.choice->points.end() ? nullptr : &*found;
}

}  // namespace joulery
