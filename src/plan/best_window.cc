// plan: when to run one job of constant load, see joulery/plan.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "base/text.h"
#include "joulery/plan.h"
#include "plan/contiguous.h"
#include "plan/early_slots.h"
#include "plan/free_slots.h"
#include "plan/moments.h"
#include "plan/paused_slots.h"

namespace joulery {
namespace {

bool is_length(Seconds time) { return std::isfinite(time.count()) && time.count() >= 0; }

/// A choice: minutes of half a day.
constexpr std::size_t kMostSteps = 720;

Result<void> check_profile(const JobShape& job) {
  if (job.profile.empty()) return {};
  if (job.interruptible)
    return invalid("a load that varies over the job is planned without pauses");
  if (job.profile.size() > kMostSteps)
    return invalid(fmt::format("a load of {} steps, more than {}", job.profile.size(), kMostSteps));
  Seconds length{0};
  for (const LoadStep& step : job.profile) {
    if (!is_length(step.length) || !std::isfinite(step.share) || step.share < 0)
      return invalid("a step of the load has no length, or a share below 0");
    length += step.length;
  }
  if (std::abs((length - job.length).count()) <= 1e-6) return {};
  return invalid(fmt::format("the steps of the load are {} together, the job {}",
                             format_duration(length), format_duration(job.length)));
}

Result<void> check(const JobShape& job) {
  if (!is_length(job.length) || plan::micros(job.length) <= Micros(0))
    return invalid(fmt::format("a job of {:.6g} s has no length", job.length.count()));
  if (!plan::is_moment(job.release)) return invalid("the release is out of all calendars");
  if (!is_length(job.shortest_slot) || !is_length(job.resume_time) || !is_length(job.resume_load) ||
      !is_length(job.start_load))
    return invalid("the least slot and what a resume takes have to be 0 or more");
  JOULERY_CHECK(check_profile(job));
  if (std::isfinite(job.slack.count()) && job.slack.count() >= 0) return {};
  return invalid(
      fmt::format("the start cannot be put off by {:.6g} s: begun at once, the job ends at {}",
                  job.slack.count(), format_time(job.release + plan::micros(job.length))));
}

std::string span_of(WallTime begin, WallTime end) {
  return fmt::format("{} to {}", format_time(begin), format_time(end));
}

/// The first known stretch after `from` that is long enough; else the longest.
Slot best_stretch(const RateCurve& curve, WallTime from, Micros length) {
  Slot best{from, from};
  const auto& pieces = curve.pieces();
  for (std::size_t i = curve.piece_after(from); i < pieces.size();
       i = curve.last_without_gap(i) + 1) {
    const Slot slot{std::max(from, pieces[i].begin), pieces[curve.last_without_gap(i)].end};
    if (slot.end - slot.begin > best.end - best.begin) best = slot;
    if (best.end - best.begin >= length) break;
  }
  return best;
}

/// Why no window fits, and what can be done instead.
Error no_window(const RateCurve& curve, const JobShape& job) {
  const Micros length = plan::micros(job.length);
  const std::string series = span_of(curve.begin(), curve.end());
  const std::string wanted = format_duration(job.length);
  if (length > curve.end() - curve.begin())
    return invalid(fmt::format("a job of {} is longer than the series ({})", wanted, series));
  if (job.release >= curve.end())
    return invalid(fmt::format("nothing is known from {} on: the series is of {}",
                               format_time(job.release), series));
  const Slot best = best_stretch(curve, job.release, length);
  const Micros known = best.end - best.begin;
  if (known >= length)
    return invalid(fmt::format(
        "the series ({}) does not cover {} of a start within {} of {}; the first that it covers is "
        "at {}",
        series, wanted, format_duration(job.slack), format_time(job.release),
        format_time(best.begin)));
  return invalid(fmt::format(
      "the series ({}) does not cover {} in a row from {} on; at most {}, from {}", series, wanted,
      format_time(job.release), format_duration(Seconds(known)), format_time(best.begin)));
}

Error no_slots(const RateCurve& curve, const JobShape& job, const plan::PausedJob& bounds) {
  Micros known{};
  const auto& pieces = curve.pieces();
  for (std::size_t i = curve.piece_after(bounds.begin);
       i < pieces.size() && pieces[i].begin < bounds.end; ++i)
    known += std::min(pieces[i].end, bounds.end) - std::max(pieces[i].begin, bounds.begin);
  if (known == Micros(0)) return no_window(curve, job);
  return invalid(
      fmt::format("the series ({}) does not cover {} of slots within {}: {} of it are known{}",
                  span_of(curve.begin(), curve.end()), format_duration(job.length),
                  span_of(bounds.begin, bounds.end), format_duration(Seconds(known)),
                  known >= bounds.length ? ", in parts that are too short for it" : ""));
}

std::optional<JobWindow> contiguous(const RateCurve& curve, const JobShape& job) {
  const Micros length = plan::micros(job.length);
  const WallTime last =
      std::max(job.release, std::min(curve.end(), job.release + plan::micros(job.slack)));
  const plan::WindowBounds bounds{job.release, last, length, job.start_load.count()};
  return job.profile.empty() ? plan::best_contiguous(curve, bounds)
                             : plan::best_with_profile(curve, bounds, job.profile);
}

bool is_better(const JobWindow& a, const std::optional<JobWindow>& b, double resolution) {
  if (!b || a.cost < b->cost - resolution) return true;
  return a.cost <= b->cost + resolution && a.slots.size() < b->slots.size();
}

/// On the grid, or without a pause where that costs less; where the gaps leave neither, as early as
/// possible.
std::optional<JobWindow> paused(const RateCurve& curve, const JobShape& job,
                                const plan::PausedJob& bounds) {
  std::optional<JobWindow> best;
  if (bounds.end - bounds.begin >= bounds.length)
    best = plan::best_on_grid(curve, bounds, plan::make_slot_grid(curve, bounds, job.most_pairs));
  const auto whole = contiguous(curve, job);
  if (whole && is_better(*whole, best, curve.resolution())) {
    const Seconds grid = best ? best->grid : Seconds(0);
    best = whole;
    best->grid = grid;
  }
  return best ? best : plan::earliest_slots(curve, bounds);
}

}  // namespace

Result<JobWindow> best_window(const RateCurve& curve, const JobShape& job) {
  JOULERY_CHECK(check(job));
  if (!job.interruptible) {
    const auto window = contiguous(curve, job);
    return window ? Result<JobWindow>(*window) : no_window(curve, job);
  }
  plan::PausedJob bounds;
  bounds.length = plan::micros(job.length);
  bounds.shortest_slot = plan::micros(job.shortest_slot);
  bounds.resume_time = plan::micros(job.resume_time);
  bounds.resume_load_s = job.resume_load.count();
  bounds.begin = std::max(job.release, curve.begin());
  bounds.end = std::min(curve.end(), job.release + plan::micros(job.slack) + bounds.length);
  const bool is_free = bounds.shortest_slot == Micros(0) && bounds.resume_time == Micros(0) &&
                       bounds.resume_load_s <= 0;
  const auto slots = is_free
                         ? plan::cheapest_slots(curve, {bounds.begin, bounds.end, bounds.length})
                         : paused(curve, job, bounds);
  return slots ? Result<JobWindow>(*slots) : no_slots(curve, job, bounds);
}

Result<JobWindow> run_now(const RateCurve& curve, const JobShape& job) {
  JOULERY_CHECK(check(job));
  JobShape now = job;
  now.slack = Seconds(0);
  const WallTime end = job.release + plan::micros(job.length);
  const auto cost = job.profile.empty() ? curve.integral(job.release, end)
                                        : plan::profile_integral(curve, job.release, job.profile);
  if (!cost) return no_window(curve, now);
  return JobWindow{.slots = {{job.release, end}}, .cost = *cost};
}

}  // namespace joulery
