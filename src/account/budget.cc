// account: the uncertainty of one channel's energy, see budget.h.
#include "account/budget.h"

#include <algorithm>
#include <cmath>

namespace joulery::account {
namespace {

// A counter's tick is published some time after the moment that it is of; how long is not known. A
// choice: power readings of 25 ms rise within 15 ms to 120 ms (Yang, Adamek, Armour, SC24, arXiv
// 2312.02741), so somewhere up to 10 ms are likely.
constexpr Seconds kPublication{0.010};

double square(double x) { return x * x; }

std::optional<double> slope(const std::optional<NearCut::Point>& a,
                            const std::optional<NearCut::Point>& b) {
  if (!a || !b || b->time <= a->time || b->value < a->value) return std::nullopt;
  return (b->value - a->value) / Seconds(b->time - a->time).count();
}

/// A counter's power just before a cut: that is what the age of its last tick looks back on.
std::optional<double> power_before(const NearCut& near) {
  return slope(near.far_before, near.before);
}

double power_at(const RunView& view, std::size_t cut) {
  const NearCut& near = view.scan->near(cut);
  if (view.scan->channel().rule != Rule::kCounter) {
    if (near.before) return near.before->value;
    return near.after ? near.after->value : view.load.mean;
  }
  if (const auto p = power_before(near)) return *p;
  if (const auto p = slope(near.after, near.far_after)) return *p;
  // A run shorter than a tick: the counter stood still, which does not mean that nothing was drawn.
  const bool moved = view.load.mean > 0 || !view.scan->channel().max_power;
  return moved ? view.load.mean : view.scan->channel().max_power->count();
}

/// Time from the cut to the nearer of the samples that it lies between.
double distance(const NearCut& near, Instant cut) {
  if (!near.before || !near.after) return 0;
  return Seconds(std::min(cut - near.before->time, near.after->time - cut)).count();
}

/// A cut between two readings takes part of each: their ages partly level out.
double levelled(const NearCut& near, Instant cut) {
  if (!near.before || !near.after) return 1;
  const double x = Seconds(cut - near.before->time) / Seconds(near.after->time - near.before->time);
  return square(x) + square(1 - x);
}

double range_of(const NearCut& near) { return near.high > near.low ? near.high - near.low : 0; }

/// What a reading's age hides is the power of a moment near the cut, of which power_at() is but a
/// neighbour or a mean. Its variance in W^2, the load being at one of two levels.
double moment_square(const RunView& view, std::size_t cut) {
  return view.finest != nullptr ? square(range_of(view.finest->near(cut))) / 4 : 0;
}

/// A counter's power just before the run: by its own slope, else by a power reading of that time.
std::optional<double> power_before_run(const RunView& view, std::size_t begin) {
  if (const auto slope = power_before(view.scan->near(begin))) return slope;
  if (view.finest == nullptr || !view.finest->near(begin).before) return std::nullopt;
  return view.finest->near(begin).before->value;
}

/// What a window's edges leave unknown, in J.
struct Edges {
  double random = 0;  ///< by the ages of the readings, which each board has its own
  double common = 0;  ///< by their mean age, where power rises or falls over the window
};

Edges counter_edges(const RunView& view, std::size_t begin, std::size_t end) {
  const Channel& channel = view.scan->channel();
  const double tick = channel.update_period.count();
  const double pe = power_at(view, end);
  const auto pb = power_before_run(view, begin);
  const double most = std::max(pe, power_at(view, begin));
  // The age of the last tick is uniform in [0, tick] at either end: P tick / sqrt(6) where both
  // powers are equal. Where the time before the run was not seen, its power may be anything up to
  // the run's own: a mean over that.
  const double pb_square = pb ? square(*pb) : square(most) / 3;
  const double drop_square = pb ? square(pe - *pb) : square(pe) - pe * most + square(most) / 3;
  const double ages = pb_square * levelled(view.scan->near(begin), view.slots->cuts[begin]) +
                      square(pe) * levelled(view.scan->near(end), view.slots->cuts[end]);
  const double late = square(tick / 2) + square(kPublication.count()) / 3;
  double variance = square(tick) * ages / 12 + square(channel.resolution) / 6;
  for (const std::size_t cut : {begin, end}) {
    const NearCut& near = view.scan->near(cut);
    variance += moment_square(view, cut) * (square(tick) / 12 + late);
    const double apart = distance(near, view.slots->cuts[cut]);
    variance += square(apart * view.load.deviation) / 3;
    variance += square(power_at(view, cut) * near.half_width_us * 1e-6) / 3;
  }
  return {.random = std::sqrt(variance), .common = std::sqrt(late * drop_square)};
}

double step_at(const NearCut& near) {
  return near.before && near.after ? near.after->value - near.before->value : 0;
}

/// Time between the two readings beside a cut that neither of them averages: a step there is drawn
/// as a ramp.
double unlooked(const NearCut& near, const Channel& channel) {
  if (!near.before || !near.after) return 0;
  const double apart = Seconds(near.after->time - near.before->time).count();
  return std::max(apart - channel.averaging.count(), 0.0);
}

Edges power_edges(const RunView& view, std::size_t begin, std::size_t end) {
  const Channel& channel = view.scan->channel();
  // The age of a reading is uniform within one refresh, and the same at both ends.
  const double shift =
      (power_at(view, end) - power_at(view, begin)) * channel.update_period.count();
  const double moments = moment_square(view, begin) + moment_square(view, end);
  const double moved = moments * square(channel.update_period.count()) / 3;
  double variance = std::max(square(shift) / 12, moved);
  for (const std::size_t cut : {begin, end}) {
    const NearCut& near = view.scan->near(cut);
    const double range = range_of(near);
    // A step at the cut, smeared over the averaging window, loses an eighth of it across the cut.
    // What the average has hidden (a load faster than its window) is a twelfth of the window's own
    // energy.
    variance += square(range * channel.averaging.count() / 8);
    variance += square(view.load.mean * channel.averaging.count() / 12);
    const bool by_sample = channel.rule != Rule::kTrapezoid;
    const double apart =
        by_sample ? view.scan->spacing().count() / 2 : distance(near, view.slots->cuts[cut]);
    variance += square(step_at(near) * unlooked(near, channel) / 2);
    variance += square(range * apart) / 3;
    variance += square(power_at(view, cut) * near.half_width_us * 1e-6) / 3;
  }
  return {.random = std::sqrt(variance), .common = std::abs(shift) / 2};
}

double alias(const RunView& view, Window window) {
  if (view.power == nullptr || view.scan->channel().rule == Rule::kWindowAverage) return 0;
  const bool counter = view.scan->channel().rule == Rule::kCounter;
  if (counter && view.scan->channel().duty >= 1) return 0;
  return alias_term(*view.power, view.power->range(window.first, window.last), view.load);
}

/// The mean of a steady load's readings is as sure as their scatter and number let it be.
double noise(const RunView& view, Window window) {
  if (view.scan->channel().rule != Rule::kTrapezoid) return 0;
  return noise_term(*view.scan, view.scan->range(window.first, window.last), view.load);
}

/// What an unseen second may have used: anything between the least and the greatest power, so a
/// rectangle. Where the device's greatest power is not known, what was seen is no bound: then from
/// nothing to twice the mean. A choice.
double gap_range(const RunView& view) {
  const SlotSums& run = view.run;
  const bool any = run.high >= run.low;
  const double seen_high = any ? run.high : view.load.mean;
  const auto& limit = view.scan->channel().max_power;
  const double low = any && limit ? run.low : 0;
  const double high = std::max(limit ? limit->count() : 2 * view.load.mean, seen_high);
  return (high - low) / std::sqrt(12.0);
}

std::vector<Contribution> terms(const RunView& view, Window window, double gross, double missing) {
  const Channel& channel = view.scan->channel();
  const Accuracy& accuracy = channel.accuracy;
  const std::size_t begin = window.first - 1;
  const std::size_t end = window.last;
  const double length = Seconds(view.slots->cuts[end] - view.slots->cuts[begin]).count();
  const double gain = accuracy.gain * gross * accuracy.gain_u;
  const double offset = accuracy.offset_u.count() * length;
  const bool counter = channel.rule == Rule::kCounter;
  const Edges edges = counter ? counter_edges(view, begin, end) : power_edges(view, begin, end);
  const double share = length / std::max(view.slots->duration().count(), 1e-6);
  std::vector<Contribution> budget;
  const auto put = [&](const std::string& what, double u) {
    if (u > 0) budget.push_back({what, Joules(u)});
  };
  const bool modelled = channel.evidence == Evidence::kModelled;
  put(gain_term(channel), gain);
  put(modelled ? "model offset" : "sensor offset", offset);
  put("window edge", accuracy.gain * edges.random);
  put(kRiseTerm, accuracy.gain * edges.common);
  put("alias", accuracy.gain * alias(view, window));
  put("reading noise", accuracy.gain * noise(view, window));
  const double unknown = view.scan->windows_only() ? 0 : missing;
  put("gaps", accuracy.gain * unknown * gap_range(view));
  // The truth is taken to lie anywhere between the two: a rectangle with the value at its end.
  put("sensors disagree", view.disagreement.count() * share / std::sqrt(3.0));
  std::stable_sort(budget.begin(), budget.end(),
                   [](const auto& a, const auto& b) { return a.u > b.u; });
  return budget;
}

}  // namespace

std::string gain_term(const Channel& channel) {
  if (channel.evidence == Evidence::kModelled) return "model";
  return std::string(name_of(channel.kind)) + " sensor gain";
}

WindowEnergy evaluate(const RunView& view, Window window) {
  const Channel& channel = view.scan->channel();
  const SlotSums& run = view.run;
  const SlotSums sum = view.scan->range(window.first, window.last);
  const Micros span = view.slots->cuts[window.last] - view.slots->cuts[window.first - 1];
  const double length = Seconds(span).count();
  const double missing = Seconds(std::max(span - Micros(sum.seen_us), Micros(0))).count();
  // Unseen time takes the run's mean power, the same in every phase, so that phases still tile the
  // run.
  const double run_seen = static_cast<double>(run.seen_us) * 1e-6;
  const bool fills = run_seen > 0 && !view.scan->windows_only();
  const double fill = fills ? missing * run.joules / run_seen : 0;
  const double gross = sum.joules + fill;
  const double net = channel.accuracy.gain * gross - channel.accuracy.offset.count() * length;
  WindowEnergy result;
  result.budget = terms(view, window, gross, missing);
  double variance = 0;
  for (const Contribution& term : result.budget) variance += square(term.u.count());
  result.energy = Estimate<Joules>::of(Joules(net), Joules(std::sqrt(variance)), channel.evidence,
                                       result.budget.empty() ? "" : result.budget.front().what,
                                       length > 0 ? 1 - missing / length : 0);
  return result;
}

}  // namespace joulery::account
