// hw: perf_event_open of the machine that the tests run on, as far as it may be used there.
#include "hw/perf_event.h"

#include <gmock/gmock.h>
#include <linux/perf_event.h>

namespace joulery {
namespace {

TEST(PerfEvents, AnAbsentEventIsUnavailableOrDenied) {
  const PerfEvent absent{.type = 0xfffffff0, .config = 0, .cpu = 0, .name = "power/energy-pkg/"};

  const auto counter = open_perf_events()->open(absent);

  ASSERT_FALSE(counter);
  EXPECT_NE(counter.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(counter.error().message, testing::HasSubstr("power/energy-pkg/"));
}

TEST(PerfEvents, CountsOnACpuWhereThatIsAllowed) {
  const PerfEvent clock{.type = PERF_TYPE_SOFTWARE,
                        .config = PERF_COUNT_SW_CPU_CLOCK,
                        .cpu = 0,
                        .name = "software/cpu-clock/ on CPU 0"};
  const auto counter = open_perf_events()->open(clock);
  if (!counter) GTEST_SKIP() << counter.error().message;

  const auto first = (*counter)->read();
  const auto second = (*counter)->read();

  ASSERT_TRUE(first && second);
  EXPECT_GE(*second, *first);
}

}  // namespace
}  // namespace joulery
