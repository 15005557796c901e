// report: fixed choices for tests, see sample_choice.h.
#include "report/sample_choice.h"

namespace joulery {
namespace {

CapPoint point(double cap, double time, double energy, double time_pct, double energy_pct,
               std::optional<double> u) {
  CapPoint out;
  out.cap = Watts(cap);
  out.time = Seconds(time);
  out.energy = Joules(energy);
  out.device_energy = Joules(energy * 0.7);
  out.trials = 3;
  out.on_frontier = out.binding = true;
  const auto change = [u](double pct) {
    return Change{.pct = pct, .u_pct = u, .upper_pct = u ? std::optional(pct + 2 * *u) : u};
  };
  out.time_change = change(time_pct);
  out.energy_change = change(energy_pct);
  out.device_energy_change = change(energy_pct * 1.5);
  out.objective_change = out.energy_change;
  return out;
}

CapPoint baseline(double cap, double time, double energy) {
  CapPoint out = point(cap, time, energy, 0, 0, {});
  out.baseline = true;
  out.binding = false;
  return out;
}

CapChoice swept() {
  CapChoice choice;
  CapPoint failed;
  failed.cap = Watts(100);
  failed.failed = 3;
  CapPoint unequal;
  unequal.cap = Watts(125);
  unequal.unequal = 3;
  choice.points = {failed, unequal, point(150, 122.7, 15160, 22.7, -24.2, 0.8),
                   point(200, 103.2, 17600, 3.2, -12.0, 0.65), baseline(250, 100, 20000)};
  choice.points[2].obeyed = false;
  choice.points[3].throttle_share = 0.25;
  choice.points[3].temperature_c = 61;
  choice.points[3].clock_mhz = 1312.5;
  choice.points[3].runs = {"20261125T160000-0a0b0c", "20261125T161000-0a0b0d"};
  choice.baseline = 4;
  choice.recommended = 3;
  choice.is_sweep = choice.has_node = true;
  choice.notes = {
      "100 W: 3 of its trials failed",
      "125 W: 3 of its 3 trials did other work and are left out; the cap is not recommended",
      "150 W: its slowdown may be +24.2 % (95 %), more than the bound of 5 %; lower "
      "caps were not asked"};
  return choice;
}

CapChoice kept() {
  CapChoice choice;
  choice.points = {point(200, 101, 19900, 1.0, -0.5, 1.2), baseline(250, 100, 20000)};
  choice.points[0].inert = true;
  choice.baseline = 1;
  choice.recommended = 1;
  choice.is_sweep = true;
  choice.notes = {
      "keep the limit that was found, 250 W: no cap that was allowed saves beyond "
      "doubt (95 %)"};
  return choice;
}

CapChoice table() {
  CapChoice choice;
  choice.points = {point(100, 7200, 600e3, 1.2, -2.1, {}), point(300, 7100, 613e3, 0, 0, {})};
  choice.points[1].baseline = true;
  choice.baseline = 1;
  choice.recommended = 0;
  choice.cap_inert = true;
  choice.notes = {"inert: the mean draw at 300 W, 86.3 W, lies below the lowest cap, 100 W"};
  return choice;
}

}  // namespace

std::vector<Recommendation> sample_recommendations(std::size_t count) {
  std::vector<Recommendation> out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string batch = std::to_string(8 << (i % 8));
    out.push_back({.key = {{"network", "resnet\"50"}, {"batch_size", batch}},
                   .max_slowdown = 0.05,
                   .choice = i % 3 == 0   ? swept()
                             : i % 3 == 1 ? kept()
                                          : table()});
  }
  return out;
}

}  // namespace joulery
