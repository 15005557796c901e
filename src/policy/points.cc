// policy: the Pareto frontier, and caps beside what was drawn, see points.h.
#include "policy/points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace joulery {
namespace {

// Board sensors are off by 5 % (docs/uncertainty.md): less above a cap is no disobedience.
constexpr double kObeyedWithin = 1.05;

/// `least`: what was drawn at least, the sensors allowed for.
void note_draw(const CapPoint& point, Watts draw, Watts least, std::vector<std::string>& notes) {
  if (least <= point.cap) return;
  notes.push_back(fmt::format("{}: drew {}, {:.1f} % above the cap{}", watts_text(point.cap),
                              watts_text(draw), 100 * (draw / point.cap - 1),
                              point.obeyed ? "" : ": the cap was not obeyed"));
}

/// At 95 %; without repeats nothing is.
bool is_less(const Change& a, const Change& b) {
  return a.u_pct && b.u_pct && a.pct + 1.96 * std::hypot(*a.u_pct, *b.u_pct) < b.pct;
}

bool beats(const CapPoint& a, const CapPoint& b) {
  return a.time_change && is_less(*a.time_change, *b.time_change) &&
         is_less(*a.energy_change, *b.energy_change);
}

/// Only a sweep tells: a mean draw below a cap may have peaks above it.
bool all_inert(const CapChoice& choice) {
  return choice.is_sweep &&
         std::all_of(choice.points.begin(), choice.points.end(), [](const CapPoint& point) {
           return point.baseline || !point.time_change || point.inert;
         });
}

}  // namespace

std::string watts_text(Watts power) { return fmt::format("{:.4g} W", power.count()); }

Watts draw_of(const CapPoint& point, int devices) {
  return point.device_energy / point.time * (1.0 / devices);
}

void mark_frontier(std::vector<CapPoint>& points) {
  std::vector<CapPoint*> by_time;
  for (CapPoint& point : points)
    if (point.time_change) by_time.push_back(&point);
  std::sort(by_time.begin(), by_time.end(), [](const CapPoint* a, const CapPoint* b) {
    return std::pair(a->time, a->energy) < std::pair(b->time, b->energy);
  });
  const CapPoint* best = nullptr;  // least energy among those at most as slow
  for (CapPoint* point : by_time) {
    const bool same = best != nullptr && point->time == best->time && point->energy == best->energy;
    point->on_frontier = best == nullptr || same || point->energy < best->energy;
    if (point->on_frontier) best = point;
  }
}

void mark_sweep_frontier(std::vector<CapPoint>& points) {
  for (CapPoint& point : points)
    point.on_frontier = point.time_change &&
                        std::none_of(points.begin(), points.end(),
                                     [&](const CapPoint& other) { return beats(other, point); });
}

void compare_with_caps(CapChoice& choice, int devices, const std::vector<double>& draw_u) {
  const Watts draw = draw_of(choice.points[choice.baseline], devices);
  for (std::size_t i = 0; i < choice.points.size(); ++i) {
    CapPoint& point = choice.points[i];
    if (!point.time_change) continue;
    const Watts own = draw_of(point, devices);
    const Watts least = own * (1 - 2 * (draw_u.empty() ? 0 : draw_u[i]));
    point.binding = draw > point.cap;
    point.obeyed = least <= point.cap * kObeyedWithin;
    note_draw(point, own, least, choice.notes);
  }
  const Watts lowest = choice.points.front().cap;
  choice.cap_inert = draw < lowest;
  if (choice.cap_inert && choice.points.size() > 1)
    choice.notes.push_back(fmt::format(
        "inert: the mean draw at {}, {}, lies below the lowest cap, {}: what these caps change is "
        "{}",
        watts_text(choice.points[choice.baseline].cap), watts_text(draw), watts_text(lowest),
        all_inert(choice) ? "scatter" : "scatter, or bursts that they clip"));
}

}  // namespace joulery
