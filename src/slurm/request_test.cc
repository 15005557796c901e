// slurm: a plan's slots become a begin and pauses, and its document is read or refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "joulery/slurm.h"
#include "slurm/made_times.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

Result<SubmitRequest> request_at(PlannedTimes times, WallTime now = at(0)) {
  auto call = read_sbatch_call({"sbatch", "--requeue", "--wrap", "true"});
  return make_submit_request(*call, times, now);
}

TEST(SubmitRequest, HasAPauseBetweenSlotsThatDoNotMeet) {
  const auto request =
      request_at({{{at(10), at(20)}, {at(20), at(30)}, {at(50), at(60)}}, at(100)});

  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->begin, at(10));
  EXPECT_EQ(request->end, at(60));
  EXPECT_EQ(request->deadline, at(100));
  ASSERT_THAT(request->pauses, SizeIs(1));
  EXPECT_EQ(request->pauses[0].begin, at(30));
  EXPECT_EQ(request->pauses[0].end, at(50));
}

TEST(SubmitRequest, RefusesSlotsOfNoPlan) {
  EXPECT_THAT(request_at({}).error().message, HasSubstr("no slot"));
  EXPECT_THAT(request_at({{{at(10), at(20)}, {at(15), at(30)}}, {}}).error().message,
              HasSubstr("not in order: 1970-01-01T00:00:15"));
  EXPECT_THAT(request_at({{{at(10), at(10)}}, {}}).error().message, HasSubstr("not in order"));
  EXPECT_THAT(request_at({{{at(10), at(20)}}, {}}, at(20)).error().message,
              HasSubstr("was over at 1970-01-01T00:00:20"));
  EXPECT_TRUE(request_at({{{at(10), at(20)}}, {}}, at(19)));
}

TEST(SubmitRequest, RefusesAPlanThatEndsAfterItsDeadline) {
  EXPECT_TRUE(request_at({{{at(10), at(20)}}, at(20)}));
  EXPECT_THAT(request_at({{{at(10), at(20)}}, at(19)}).error().message,
              HasSubstr("ends at 1970-01-01T00:00:20.000Z, after its deadline"));
}

TEST(SubmitRequest, RefusesMorePausesThanAControllerShouldHold) {
  PlannedTimes times;
  for (int i = 0; i <= 100; ++i) times.slots.emplace_back(at(10 * i), at(10 * i + 5));
  EXPECT_TRUE(request_at(times));

  times.slots.emplace_back(at(2000), at(2005));
  EXPECT_THAT(request_at(times).error().message, HasSubstr("101 pauses"));
}

TEST(SubmitRequest, RefusesPausesOfAJobThatCannotHaveThem) {
  auto call = read_sbatch_call({"sbatch", "--wrap", "true"});

  EXPECT_TRUE(make_submit_request(*call, {{{at(1), at(2)}}, {}}, at(0)));
  const auto request = make_submit_request(*call, {{{at(1), at(2)}, {at(3), at(4)}}, {}}, at(0));
  EXPECT_EQ(request.error().code, ErrorCode::kUsage);
}

class PlanDocument : public testing::Test {
 protected:
  Result<PlannedTimes> read(const std::string& text) {
    EXPECT_TRUE(save_file(path_, text));
    return read_plan_document(path_);
  }
  void TearDown() override { unlink(path_.c_str()); }
  std::string path_ = testing::TempDir() + "joulery-plan-" + std::to_string(getpid()) + ".json";
};

TEST_F(PlanDocument, HasSlotsAndPerhapsADeadline) {
  const auto times = read(R"({"schema": "joulery/plan/1", "deadline": "2026-11-26T09:00:00Z",
      "planned": {"slots": [["2026-11-26T01:00:00Z", "2026-11-26T03:00:00+01:00"],
                            ["2026-11-26T03:00:00Z", "2026-11-26T04:00:00Z"]]}})");

  ASSERT_TRUE(times) << times.error().message;
  EXPECT_THAT(times->slots, SizeIs(2));
  EXPECT_EQ(times->slots[0].second, *parse_time("2026-11-26T02:00:00Z"));
  EXPECT_EQ(times->deadline, parse_time("2026-11-26T09:00:00Z"));
}

TEST_F(PlanDocument, OfSeveralPlacesTellsWhere) {
  const auto times = read(R"({"schema": "joulery/plan/1", "planned": {"place": "FRA",
      "slots": [["2026-11-26T01:00:00Z", "2026-11-26T02:00:00Z"]]}})");

  ASSERT_TRUE(times) << times.error().message;
  EXPECT_EQ(times->place, "FRA");
}

TEST_F(PlanDocument, ThatIsNoneNamesTheFile) {
  const auto times = read("{}");
  EXPECT_EQ(times.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(times.error().message, HasSubstr(path_ + ": no document of joulery plan --json"));
  EXPECT_EQ(read_plan_document(path_ + ".absent").error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace joulery
