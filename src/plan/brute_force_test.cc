// plan: the kernels against a search through all there is, on random small series whose moments are
// whole seconds and whose rates are small whole numbers, so that sums are exact and ties are many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>

#include "joulery/plan.h"

namespace joulery {
namespace {

using std::chrono::seconds;
using Random = std::mt19937;

/// Of each test; JOULERY_PLAN_TRIALS asks for more.
int trials() {
  const char* const asked = std::getenv("JOULERY_PLAN_TRIALS");
  return asked != nullptr ? std::atoi(asked) : 5000;
}

int draw(Random& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}

WallTime at_second(int second) { return WallTime(seconds(second)); }

/// The rate of each second; empty in a gap.
using Cells = std::vector<std::optional<int>>;

struct Instance {
  Cells cells;
  std::vector<SeriesPiece> pieces;
};

/// Pieces of one to three seconds, some gaps, some negative rates.
Instance draw_series(Random& random, int seconds_long) {
  Instance out;
  const int gaps = draw(random, 0, 2);
  while (static_cast<int>(out.cells.size()) < seconds_long) {
    const int begin = static_cast<int>(out.cells.size());
    const int length = std::min(draw(random, 1, 3), seconds_long - begin);
    const bool is_gap = begin > 0 && draw(random, 0, 9) < gaps;
    const int rate = draw(random, -2, 5);
    for (int i = 0; i < length; ++i)
      out.cells.push_back(is_gap ? std::optional<int>() : std::optional(rate));
    if (!is_gap) out.pieces.push_back({at_second(begin), at_second(begin + length), double(rate)});
  }
  if (out.pieces.empty()) return draw_series(random, seconds_long);
  return out;
}

JobShape draw_job(Random& random, int seconds_long) {
  JobShape job;
  job.length = Seconds(draw(random, 1, 6));
  job.release = at_second(draw(random, -2, seconds_long));
  job.slack = Seconds(draw(random, 0, 8));
  return job;
}

int count(Seconds time) { return static_cast<int>(time.count()); }
int second_of(WallTime time) {
  return static_cast<int>(std::chrono::floor<seconds>(time).time_since_epoch().count());
}

std::optional<int> sum(const Cells& cells, int begin, int end) {
  if (begin < 0 || end > static_cast<int>(cells.size())) return {};
  int total = 0;
  for (int i = begin; i < end; ++i) {
    const auto& cell = cells[static_cast<std::size_t>(i)];
    if (!cell) return {};
    total += *cell;
  }
  return total;
}

struct Found {
  int cost;
  int slots;
  int begin;
};

std::optional<Found> search_window(const Cells& cells, const JobShape& job) {
  std::optional<Found> best;
  const int release = second_of(job.release);
  for (int start = release; start <= release + count(job.slack); ++start) {
    const auto cost = sum(cells, start, start + count(job.length));
    if (cost && (!best || *cost < best->cost)) best = Found{*cost, 1, start};
  }
  return best;
}

/// The steps that the bits of a number choose, as slots: begin and length.
std::vector<std::pair<int, int>> runs_of(unsigned bits, int step) {
  std::vector<std::pair<int, int>> runs;
  for (int i = 0; bits != 0; i += step, bits >>= 1) {
    if ((bits & 1) == 0) continue;
    if (!runs.empty() && runs.back().first + runs.back().second == i)
      runs.back().second += step;
    else
      runs.emplace_back(i, step);
  }
  return runs;
}

/// What slots cost; empty where the job may not run so.
std::optional<int> cost_of(const Cells& cells, const JobShape& job,
                           const std::vector<std::pair<int, int>>& runs, int release) {
  const int resume = count(job.resume_time);
  const int shortest = count(job.shortest_slot);
  int work = 0;
  int cost = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const int begin = release + runs[i].first;
    const auto part = sum(cells, begin, begin + runs[i].second);
    const int least = i == 0 ? std::min(shortest, count(job.length)) : shortest;
    if (!part || runs[i].second < least || (i > 0 && runs[i].second <= resume)) return {};
    work += runs[i].second - (i > 0 ? resume : 0);
    cost += *part;
    if (i > 0) cost += count(job.resume_load) * *cells[static_cast<std::size_t>(begin)];
  }
  return work == count(job.length) ? std::optional(cost) : std::nullopt;
}

/// `step`: from the release, or where the series begins, on.
std::optional<Found> search_slots(const Cells& cells, const JobShape& job, int step) {
  std::optional<Found> best;
  const int release = second_of(job.release);
  const int begin = std::max(release, 0);
  const int span = release + count(job.slack) + count(job.length) - begin;
  if (span <= 0) return best;
  const unsigned all = 1U << (span / step);
  for (unsigned bits = 1; bits < all; ++bits) {
    const auto runs = runs_of(bits, step);
    const auto cost = cost_of(cells, job, runs, begin);
    const int slots = static_cast<int>(runs.size());
    if (!cost) continue;
    if (!best || *cost < best->cost || (*cost == best->cost && slots < best->slots))
      best = Found{*cost, slots, begin + runs[0].first};
  }
  return best;
}

std::string told(const Instance& instance, const JobShape& job) {
  std::string text;
  for (const auto& cell : instance.cells) text += cell ? std::to_string(*cell) + " " : "_ ";
  return text + "| length " + std::to_string(count(job.length)) + " release " +
         std::to_string(second_of(job.release)) + " slack " + std::to_string(count(job.slack)) +
         " shortest " + std::to_string(count(job.shortest_slot)) + " resume " +
         std::to_string(count(job.resume_time)) + " load " + std::to_string(count(job.resume_load));
}

void expect_same(const std::optional<Found>& wanted, const Result<JobWindow>& got) {
  ASSERT_EQ(got.has_value(), wanted.has_value());
  if (!wanted) return;
  EXPECT_NEAR(got->cost, wanted->cost, 1e-9);
  EXPECT_EQ(static_cast<int>(got->slots.size()), wanted->slots);
}

/// Slots in order, apart, within the deadline, each long enough, together the work.
void expect_right_slots(const JobShape& job, const JobWindow& window) {
  Seconds work{0};
  for (std::size_t i = 0; i < window.slots.size(); ++i) {
    const Slot& slot = window.slots[i];
    EXPECT_GE(slot.end - slot.begin,
              i == 0 ? std::min(job.shortest_slot, job.length) : job.shortest_slot);
    if (i > 0) {
      EXPECT_GT(slot.begin, window.slots[i - 1].end);
    }
    work += Seconds(slot.end - slot.begin) - (i > 0 ? job.resume_time : Seconds(0));
  }
  EXPECT_GE(window.slots.front().begin, job.release);
  EXPECT_LE(Seconds(window.slots.back().end - job.release), job.slack + job.length);
  EXPECT_NEAR(work.count(), job.length.count(), 1e-9);
}

/// In seconds: what the search goes by. Where running pays, a resume after ever shorter pauses
/// would pay more, so that there is no best but on a grid. Else the grid loses nothing.
int step_of(const Instance& instance, const Result<JobWindow>& got) {
  const bool pays = std::any_of(instance.pieces.begin(), instance.pieces.end(),
                                [](const SeriesPiece& piece) { return piece.value < 0; });
  return pays && got && got->grid > Seconds(0) ? count(got->grid) : 1;
}

void try_slots(const Instance& instance, const JobShape& job) {
  const auto curve = RateCurve::make(instance.pieces);
  ASSERT_TRUE(curve);
  SCOPED_TRACE(told(instance, job));
  const auto got = best_window(*curve, job);
  auto wanted = search_slots(instance.cells, job, step_of(instance, got));
  const auto whole = search_window(instance.cells, job);
  if (whole && (!wanted || whole->cost <= wanted->cost)) wanted = whole;
  expect_same(wanted, got);
  if (got) expect_right_slots(job, *got);
}

TEST(BruteForce, FindsNoBetterOrEarlierWindow) {
  Random random(1);
  for (int trial = 0; trial < trials() && !testing::Test::HasFailure(); ++trial) {
    const int seconds_long = draw(random, 1, 20);
    const Instance instance = draw_series(random, seconds_long);
    const JobShape job = draw_job(random, seconds_long);
    const auto curve = RateCurve::make(instance.pieces);
    ASSERT_TRUE(curve);
    SCOPED_TRACE(told(instance, job));

    const auto wanted = search_window(instance.cells, job);
    const auto got = best_window(*curve, job);

    expect_same(wanted, got);
    if (got) {
      EXPECT_EQ(got->slots[0].begin, at_second(wanted->begin));
    }
  }
}

TEST(BruteForce, FindsNoBetterFreeSlotsNorFewerOfThem) {
  Random random(2);
  for (int trial = 0; trial < trials() && !testing::Test::HasFailure(); ++trial) {
    const Instance instance = draw_series(random, draw(random, 1, 14));
    JobShape job = draw_job(random, 12);
    job.interruptible = true;
    try_slots(instance, job);
  }
}

TEST(BruteForce, FindsNoBetterSlotsWhereAPauseCosts) {
  Random random(3);
  for (int trial = 0; trial < trials() && !testing::Test::HasFailure(); ++trial) {
    const Instance instance = draw_series(random, draw(random, 1, 14));
    JobShape job = draw_job(random, 12);
    job.interruptible = true;
    job.shortest_slot = Seconds(draw(random, 0, 3));
    job.resume_time = Seconds(draw(random, 0, 2));
    job.resume_load = Seconds(draw(random, 0, 2));
    try_slots(instance, job);
  }
}

// A grid too coarse for the resume time, which it rounds up: none of that is run or paid for.
TEST(BruteForce, RunsForNoMoreThanItsLengthAndItsResumes) {
  Random random(6);
  int paused = 0;
  for (int trial = 0; trial < trials() / 10 && !testing::Test::HasFailure(); ++trial) {
    std::vector<SeriesPiece> pieces;
    for (int i = 0; i < 40; ++i)
      pieces.push_back({at_second(60 * i), at_second(60 * i + 60), double(draw(random, 0, 9))});
    const auto curve = RateCurve::make(pieces);
    ASSERT_TRUE(curve);
    JobShape job;
    job.length = Seconds(60 * draw(random, 2, 10));
    job.release = at_second(0);
    job.slack = Seconds(2400) - job.length;
    job.interruptible = true;
    job.resume_time = std::chrono::microseconds(draw(random, 1, 20'000'000));
    job.shortest_slot = std::chrono::microseconds(draw(random, 0, 60'000'000));
    job.most_pairs = 2000;

    const auto window = best_window(*curve, job);

    ASSERT_TRUE(window) << window.error().message;
    Seconds run{0};
    WallTime before = at_second(0);
    for (const Slot& slot : window->slots) {
      EXPECT_GE(slot.begin, before);
      EXPECT_GE(Seconds(slot.end - slot.begin), std::min(job.shortest_slot, job.length));
      run += slot.end - slot.begin;
      before = slot.end;
    }
    EXPECT_LE(before, at_second(2400));
    const auto count = static_cast<double>(window->slots.size());
    const Seconds work = job.length + (count - 1) * job.resume_time;
    EXPECT_NEAR(run.count(), std::max(work, count * job.shortest_slot).count(), 1e-4);
    paused += window->slots.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(paused, trials() / 40);
}

// The moments of one series in seconds, of the other in milliseconds that are odd to each other.
TEST(BruteForce, FindsNoBetterWindowBetweenWholeSeconds) {
  Random random(4);
  for (int trial = 0; trial < trials() && !testing::Test::HasFailure(); ++trial) {
    const Instance instance = draw_series(random, 12);
    const auto curve = RateCurve::make(instance.pieces);
    ASSERT_TRUE(curve);
    JobShape job = draw_job(random, 10);
    job.length = Seconds(draw(random, 1, 40) / 8.0);
    job.release += std::chrono::milliseconds(draw(random, 0, 7) * 125);
    job.slack = Seconds(draw(random, 0, 40) / 8.0);
    SCOPED_TRACE(told(instance, job));

    std::optional<double> least;
    for (Seconds wait{0}; wait <= job.slack; wait += Seconds(0.125)) {
      const WallTime start = job.release + std::chrono::duration_cast<Micros>(wait);
      const auto cost =
          curve->integral(start, start + std::chrono::duration_cast<Micros>(job.length));
      if (cost && (!least || *cost < *least)) least = *cost;
    }
    const auto got = best_window(*curve, job);

    ASSERT_EQ(got.has_value(), least.has_value());
    if (got) {
      EXPECT_NEAR(got->cost, *least, 1e-9);
    }
  }
}

TEST(BruteForce, FindsNoBetterWindowOfALoadThatVaries) {
  Random random(5);
  for (int trial = 0; trial < trials() && !testing::Test::HasFailure(); ++trial) {
    const Instance instance = draw_series(random, 14);
    const auto curve = RateCurve::make(instance.pieces);
    ASSERT_TRUE(curve);
    JobShape job = draw_job(random, 8);
    job.length = Seconds(0);
    for (int step = draw(random, 1, 4); step > 0; --step) {
      job.profile.push_back({Seconds(draw(random, 1, 3)), double(draw(random, 0, 4))});
      job.length += job.profile.back().length;
    }
    SCOPED_TRACE(told(instance, job));

    std::optional<double> least;
    const int release = second_of(job.release);
    for (int start = release; start <= release + count(job.slack); ++start) {
      double cost = 0;
      bool known = true;
      int second = start;
      for (const LoadStep& step : job.profile) {
        const auto part = sum(instance.cells, second, second + count(step.length));
        known = known && part;
        cost += step.share * part.value_or(0);
        second += count(step.length);
      }
      if (known && (!least || cost < *least)) least = cost;
    }
    const auto got = best_window(*curve, job);

    ASSERT_EQ(got.has_value(), least.has_value());
    if (got) {
      EXPECT_NEAR(got->cost, *least, 1e-9);
    }
  }
}

}  // namespace
}  // namespace joulery
