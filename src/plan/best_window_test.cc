// plan: when to run one job, on series that one can follow by eye.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "joulery/plan.h"
#include "plan/made_times.h"

namespace joulery {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

/// An hour each, from 1970-01-01T00:00Z on.
RateCurve hourly(const std::vector<double>& values) {
  std::vector<SeriesPiece> pieces;
  for (std::size_t i = 0; i < values.size(); ++i)
    pieces.push_back({at(static_cast<int>(i)), at(static_cast<int>(i) + 1), values[i]});
  auto curve = RateCurve::make(std::move(pieces));
  EXPECT_TRUE(curve);
  return std::move(curve).value();
}

JobShape job_of(Seconds length, Seconds slack, bool interruptible = false) {
  JobShape job;
  job.length = length;
  job.slack = slack;
  job.interruptible = interruptible;
  return job;
}

/// "1-2 4-5": hours from and to.
std::string told(const JobWindow& window) {
  std::string text;
  for (const Slot& slot : window.slots) {
    const auto hour = [](WallTime time) {
      return std::to_string(Seconds(time.time_since_epoch()).count() / 3600).substr(0, 4);
    };
    text += (text.empty() ? "" : " ") + hour(slot.begin) + "-" + hour(slot.end);
  }
  return text;
}

std::string best(const RateCurve& curve, const JobShape& job) {
  const auto window = best_window(curve, job);
  return window ? told(*window) : window.error().message;
}

TEST(BestWindow, StartsBetweenPiecesWhereThatIsBest) {
  const RateCurve curve = hourly({9, 1, 1, 9, 9});

  EXPECT_EQ(best(curve, job_of(hours(2), hours(3))), "1.00-3.00");
  EXPECT_EQ(best(curve, job_of(minutes(90), hours(3))), "1.00-2.50");
  EXPECT_EQ(best(curve, job_of(minutes(150), hours(3))), "0.50-3.00");
}

TEST(BestWindow, IsNeverLaterThanItHasToBe) {
  const RateCurve curve = hourly({3, 3, 3, 3, 3, 3});

  EXPECT_EQ(best(curve, job_of(hours(2), hours(3))), "0.00-2.00");
  EXPECT_EQ(best(curve, job_of(hours(2), hours(3), true)), "0.00-2.00");
}

TEST(BestWindow, TakesTheDeadlineThatJustFits) {
  const RateCurve curve = hourly({3, 2, 1});

  EXPECT_EQ(best(curve, job_of(hours(3), hours(0))), "0.00-3.00");
  EXPECT_EQ(best(curve, job_of(hours(3), hours(0), true)), "0.00-3.00");
  EXPECT_EQ(best(curve, job_of(hours(3), hours(99))), "0.00-3.00");
}

TEST(BestWindow, PausesWhereThatCostsLess) {
  const RateCurve curve = hourly({5, 1, 9, 1, 2, 9});

  EXPECT_EQ(best(curve, job_of(hours(2), hours(3), true)), "1.00-2.00 3.00-4.00");
  EXPECT_EQ(best(curve, job_of(minutes(150), hours(3), true)), "1.00-2.00 3.00-4.50");
}

TEST(BestWindow, MakesNoPauseThatSavesNothing) {
  EXPECT_EQ(best(hourly({5, 1, 2, 1, 2, 9}), job_of(hours(3), hours(3), true)), "1.00-4.00");
  EXPECT_EQ(best(hourly({2, 9, 2, 2, 9}), job_of(hours(2), hours(3), true)), "2.00-4.00");
}

TEST(BestWindow, WeighsAPauseAgainstItsResume) {
  const RateCurve curve = hourly({5, 1, 9, 1, 9, 9, 9});
  JobShape job = job_of(hours(2), hours(5), true);

  job.resume_time = minutes(15);
  EXPECT_EQ(best(curve, job), "0.75-2.00 3.00-4.00");
  job.resume_time = minutes(0);
  job.resume_load = hours(1);
  EXPECT_EQ(best(curve, job), "1.00-2.00 3.00-4.00");
  job.resume_load = hours(9);
  EXPECT_EQ(best(curve, job), "0.00-2.00");
}

TEST(BestWindow, RunsAtLeastSoLongAtATime) {
  const RateCurve curve = hourly({5, 1, 9, 1, 1, 9, 2, 2, 9});
  JobShape job = job_of(hours(4), hours(5), true);

  job.shortest_slot = hours(2);
  EXPECT_EQ(best(curve, job), "3.00-5.00 6.00-8.00");
}

TEST(BestWindow, TellsTheBestThatCanBeDone) {
  const RateCurve curve = hourly({1, 2, 3});
  JobShape job = job_of(hours(2), hours(1));

  job.release = at(2);
  EXPECT_THAT(best(curve, job), HasSubstr("at most 1 h 0 min, from 1970-01-01T02:00:00.000Z"));
  job.release = at(-9);
  EXPECT_THAT(best(curve, job), HasSubstr("the first that it covers is at 1970-01-01T00:00"));
  job.release = at(7);
  EXPECT_THAT(best(curve, job), HasSubstr("nothing is known from 1970-01-01T07:00"));
  EXPECT_THAT(best(curve, job_of(hours(4), hours(1))), HasSubstr("is longer than the series"));
  EXPECT_THAT(best(curve, job_of(hours(2), hours(-1))),
              HasSubstr("begun at once, the job ends at 1970-01-01T02:00:00.000Z"));
}

TEST(BestWindow, RefusesNumbersThatAreNone) {
  const RateCurve curve = hourly({1, 2, 3});
  const Seconds nan(std::numeric_limits<double>::quiet_NaN());

  for (const JobShape& job : {job_of(nan, hours(1)), job_of(hours(1), nan),
                              job_of(Seconds(0), hours(1)), job_of(Seconds(-1), hours(1))}) {
    const auto window = best_window(curve, job);
    ASSERT_FALSE(window);
    EXPECT_EQ(window.error().code, ErrorCode::kInvalid);
  }
  EXPECT_EQ(best(curve, job_of(hours(1), Seconds(1e300))), "0.00-1.00");
}

TEST(RunNow, RunsAtTheReleaseWithoutAPause) {
  const RateCurve curve = hourly({5, 1, 9, 1});
  JobShape job = job_of(hours(2), hours(2), true);
  job.release = at(0) + minutes(30);

  const auto now = run_now(curve, job);

  ASSERT_TRUE(now);
  EXPECT_EQ(told(*now), "0.50-2.50");
  EXPECT_DOUBLE_EQ(now->cost, 1800 * 5 + 3600 * 1 + 1800 * 9);
}

TEST(RunNow, IsNotKnownInAGap) {
  JobShape job = job_of(hours(2), hours(2));
  job.release = at(3);

  const auto now = run_now(hourly({5, 1, 9, 1}), job);

  ASSERT_FALSE(now);
  EXPECT_EQ(now.error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace joulery
