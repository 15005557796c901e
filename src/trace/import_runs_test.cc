// trace: imports of logs whose rows are whole runs or windows: CodeCarbon and Zeus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace/import_fixture.h"

namespace joulery {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const std::string kHeading =
    "timestamp,project_name,run_id,duration,emissions,cpu_energy,gpu_energy,ram_energy,"
    "energy_consumed,pue\n";

// A row whose three energies are `kwh` each.
std::string row(const std::string& clock, const std::string& run, double duration, double kwh,
                const std::string& pue = "1.0") {
  const std::string e = std::to_string(kwh);
  return "2024-05-31T" + clock + ",p," + run + "," + std::to_string(duration) + ",0.1," + e + "," +
         e + "," + e + "," + std::to_string(3 * kwh) + "," + pue + "\n";
}

TEST(ImportCodeCarbon, CountsTheFlushesOfARunOnce) {
  const auto imported = import_texts({kHeading + row("10:00:10", "a", 10, 1) +
                                      row("10:00:20", "a", 20, 2) + row("10:00:30", "a", 30.4, 3)});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  const Points gpu = points_of(trace, "gpu/codecarbon-0/energy");
  ASSERT_EQ(gpu.size(), 4u);
  EXPECT_EQ(gpu.front(), std::pair(0.0, 0.0));
  EXPECT_EQ(gpu.back(), std::pair(30.0, 3 * 3.6e6));
  EXPECT_EQ(flag_of(trace, "cumulative_rows"),
            "cumulative_rows: a.log: 3 rows are 1 runs, each counted once");
  EXPECT_EQ(channel_of(trace, "gpu/codecarbon-0/energy").evidence, Evidence::kModelled);
}

TEST(ImportCodeCarbon, AddsRunsThatFollowEachOtherEvenUnderOneId) {
  const auto imported =
      import_texts({kHeading + row("10:00:10", "a", 10, 1) + row("10:01:20", "a", 10, 2)});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_THAT(points_of(*imported->trace, "cpu/codecarbon-0/energy"),
              ElementsAre(Pair(0, 0), Pair(10, 3.6e6), Pair(70, 3.6e6), Pair(80, 3 * 3.6e6)));
}

TEST(ImportCodeCarbon, PutsRunsOfOneTimeSideBySideAndSaysSo) {
  const auto imported =
      import_texts({kHeading + row("10:00:10", "a", 10, 1) + row("10:00:12", "b", 10, 2)});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(points_of(*imported->trace, "gpu/codecarbon-1/energy").back().second, 2 * 3.6e6);
  EXPECT_THAT(flag_of(*imported->trace, "overlapping_runs"), HasSubstr("up to 2 at once"));
}

TEST(ImportCodeCarbon, SkipsRowsThatWritersMixedUp) {
  std::string mixed = row("10:00:30", "b", 10, 1);
  mixed.insert(25, "2024-05-31T10:00:");

  const auto imported = import_texts({kHeading + row("10:00:10", "a", 10, 1) + mixed + kHeading +
                                      row("10:00:50", "c", 10, 1) + row("10:00:51", "d", 0, 1)});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_EQ(points_of(trace, "gpu/codecarbon-0/energy").back().second, 2 * 3.6e6);
  EXPECT_EQ(flag_of(trace, "garbled_line"), "garbled_line: 2 times, first a.log:3, a.log:6");
  EXPECT_EQ(flag_of(trace, "repeated_heading"), "repeated_heading: a.log:4");
}

TEST(ImportCodeCarbon, DoesNotTakeAPartThatItCouldNotSeeForZero) {
  const std::string unseen = "2024-05-31T10:01:00,p,b,20,0.1,1,0.0,,2,1\n";

  const auto imported = import_texts({kHeading + row("10:00:10", "a", 10, 1) + unseen});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_EQ(flag_of(trace, "missing_value gpu_energy"), "missing_value gpu_energy: a.log:3");
  EXPECT_EQ(flag_of(trace, "missing_value ram_energy"), "missing_value ram_energy: a.log:3");
  bool broken = false;
  ASSERT_TRUE(trace.scan([](const Channel& c) { return c.kind == ComponentKind::kGpu; },
                         [&](std::uint16_t, const Block& b) { broken = b.restart.back() != 0; }));
  EXPECT_TRUE(broken);
}

TEST(ImportCodeCarbon, TellsWhereOneProcessWasTracked) {
  const auto flags = [](const std::string& mode) {
    const std::string heading = kHeading.substr(0, kHeading.size() - 1) + ",tracking_mode\n";
    const auto imported = import_texts({heading + row("10:00:10", "a", 10, 1, "1.0," + mode)});
    EXPECT_TRUE(imported) << imported.error().message;
    return imported ? imported->trace->channels()[0].flags : std::vector<std::string>{};
  };

  EXPECT_THAT(flags("process"), Contains("process-scope"));
  EXPECT_THAT(flags("machine"), ElementsAre("windows-only"));
}

TEST(ImportCodeCarbon, TakesOutThePueThatItsEnergiesContain) {
  const auto imported = import_texts({kHeading + row("10:00:10", "a", 10, 1.5, "1.5")});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(points_of(*imported->trace, "gpu/codecarbon-0/energy").back().second, 3.6e6);
  EXPECT_EQ(flag_of(*imported->trace, "pue_taken_out"), "pue_taken_out: a.log:2");
}

TEST(ImportZeus, LaysWindowsWithoutStampsEndToEnd) {
  const auto imported =
      import_texts({"window_name,elapsed_time,gpu0_energy,gpu3_energy\nx,10,100,50\ny,5,60,\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_THAT(points_of(trace, "gpu/0/board/energy"),
              ElementsAre(Pair(0, 0), Pair(10, 100), Pair(15, 160)));
  EXPECT_THAT(points_of(trace, "gpu/3/board/energy"),
              ElementsAre(Pair(0, 0), Pair(10, 50), Pair(15, 50)));
  EXPECT_EQ(flag_of(trace, "missing_value"), "missing_value energy: a.log:3");
  EXPECT_THAT(flag_of(trace, "no_stamps"), HasSubstr("end to end"));
  ASSERT_EQ(trace.info().events.size(), 2u);
  EXPECT_EQ(trace.info().events[1].text, "y");
  EXPECT_EQ(trace.info().events[1].kind, Event::Kind::kMark);
}

TEST(ImportZeus, BreaksTheCounterBetweenWindows) {
  const auto imported = import_texts(
      {"start_time,window_name,elapsed_time,gpu0_energy\n999,a,10,100\n1020,b,10,100\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_THAT(channel_of(*imported->trace, "gpu/0/board/energy").flags, Contains("windows-only"));
  std::vector<int> restarts;
  ASSERT_TRUE(imported->trace->scan(
      [](const Channel&) { return true; },
      [&](std::uint16_t, const Block& b) { restarts.assign(b.restart.begin(), b.restart.end()); }));
  EXPECT_THAT(restarts, ElementsAre(0, 0, 1, 0));
}

TEST(ImportCodeCarbon, BreaksTheCounterBetweenRuns) {
  const auto imported =
      import_texts({kHeading + row("10:00:10", "a", 10, 1) + row("10:10:10", "b", 10, 1)});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_THAT(channel_of(*imported->trace, "gpu/codecarbon-0/energy").flags,
              Contains("windows-only"));
  std::vector<int> restarts;
  ASSERT_TRUE(imported->trace->scan(
      [](const Channel& c) { return c.kind == ComponentKind::kGpu; },
      [&](std::uint16_t, const Block& b) { restarts.assign(b.restart.begin(), b.restart.end()); }));
  EXPECT_THAT(restarts, ElementsAre(0, 0, 1, 0));
}

TEST(ImportZeus, DoesNotCountAWindowInsideAnotherTwice) {
  const auto imported =
      import_texts({"start_time,window_name,elapsed_time,gpu0_energy\n"
                    "1000,inner,2,20\n999,outer,10,100\n1020,next,10,100\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_THAT(points_of(trace, "gpu/0/board/energy"),
              ElementsAre(Pair(0, 0), Pair(10, 100), Pair(21, 100), Pair(31, 200)));
  EXPECT_EQ(flag_of(trace, "window_inside_another"), "window_inside_another: a.log:2");
}

TEST(ImportZeus, RefusesEnergiesThatAreNone) {
  const auto imported = import_texts({"window_name,elapsed_time,gpu0_energy\nx,10,-5\n"});

  ASSERT_FALSE(imported);
  EXPECT_THAT(imported.error().message,
              HasSubstr("a.log:2: column 3 (gpu0_energy): '-5' is no energy"));
}

}  // namespace
}  // namespace joulery
