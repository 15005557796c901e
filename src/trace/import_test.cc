// trace: what imports do with single logs, good and bad; small ones written for the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace/import_fixture.h"

namespace joulery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

std::string error_of(const Result<Imported>& imported) {
  return imported ? "no error" : imported.error().message;
}

std::string utf16(const std::string& ascii, bool little) {
  std::string out = little ? "\xFF\xFE" : "\xFE\xFF";
  for (const char c : ascii) {
    if (!little) out += '\0';
    out += c;
    if (little) out += '\0';
  }
  return out;
}

const std::string kSmi =
    "timestamp, power.draw [W], temperature.gpu\n"
    "2023/07/08 19:28:27.000, 100.00 W, 54\n"
    "2023/07/08 19:28:27.100, 110.00 W, 54\n"
    "2023/07/08 19:28:27.200, 120.00 W, 55\n";
const Points kSmiPower = {{0, 100}, {0.1, 110}, {0.2, 120}};

// ---- files

TEST(Import, ReadsTheSameFromAnyLineEndAndEncoding) {
  std::string crlf, cr;
  for (const char c : kSmi) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  for (const char c : kSmi) cr += c == '\n' ? '\r' : c;
  for (const std::string& text :
       {kSmi, crlf, cr, "\xEF\xBB\xBF" + kSmi, utf16(kSmi, true), utf16(kSmi, false)}) {
    const auto imported = import_texts({text});

    ASSERT_TRUE(imported) << imported.error().message;
    EXPECT_EQ(points_of(*imported->trace, "gpu/0/board/power"), kSmiPower);
  }
  EXPECT_EQ(flag_of(*import_texts({utf16(kSmi, true)})->trace, "utf16"), "utf16_converted: a.log");
}

TEST(Import, RefusesEmptyAndUnknownFilesByName) {
  EXPECT_EQ(error_of(import_texts({""})), "a.log: is empty");
  EXPECT_EQ(error_of(import_texts({" \n\n"})), "a.log: is empty");
  EXPECT_THAT(error_of(import_texts({"x,y\n1,2\n"})), HasSubstr("a.log:1: is in no known format"));
  EXPECT_THAT(error_of(import_texts({kSmi.substr(0, kSmi.find('\n') + 1)})),
              HasSubstr("a.log:1: ends without a row of data"));
  EXPECT_THAT(error_of(import_logs({"/does/not/exist"}, {})), HasSubstr("/does/not/exist"));
  EXPECT_THAT(error_of(import_logs({"/"}, {})), HasSubstr("/: is a directory"));
  ImportOptions options;
  options.format = "nvidia";
  EXPECT_THAT(error_of(import_texts({kSmi}, options)), HasSubstr("--format: 'nvidia' is unknown"));
}

TEST(Import, RefusesFilesOfTwoFormatsTogether) {
  const auto imported = import_texts({kSmi, "timestamp,power_w\n2023-07-08T19:28:27Z,1\n"});

  EXPECT_THAT(error_of(imported),
              HasSubstr("b.log:1: is csv, but the files before it are nvidia-smi"));
}

TEST(Import, KeepsAWindowThatWasAskedForAndSaysWhereTheLogIs) {
  ImportOptions options;
  options.begin = *parse_stamp("2023-07-08T19:28:27.050Z", {});
  options.end = *parse_stamp("2023-07-08T19:28:27.150Z", {});

  const auto imported = import_texts({kSmi}, options);

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->trace->info().wall_begin, *options.begin);
  EXPECT_EQ(imported->trace->info().end - imported->trace->info().begin, Micros(100'000));
  options.end = *options.begin;
  EXPECT_THAT(error_of(import_texts({kSmi}, options)),
              HasSubstr("the log runs from 2023-07-08T19:28:27.000Z to 2023-07-08T19:28:27.200Z"));
}

TEST(Import, ReadsStampsInTheZoneThatIsGiven) {
  ImportOptions options;
  options.utc_offset = std::chrono::minutes(60);

  const auto imported = import_texts({kSmi}, options);

  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->trace->info().wall_begin, *parse_stamp("2023-07-08T18:28:27Z", {}));
}

TEST(Import, PutsFilesOfOneDeviceInOrder) {
  const std::string later =
      "timestamp, power.draw [W]\n2023/07/08 19:29:27.000, 1\n2023/07/08 19:29:27.100, 2\n";

  const auto imported = import_texts({later, kSmi});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_THAT(
      points_of(*imported->trace, "gpu/0/board/power"),
      ElementsAre(Pair(0, 100), Pair(0.1, 110), Pair(0.2, 120), Pair(60, 1), Pair(60.1, 2)));
}

TEST(Import, TakesFilesOfOneTimeForSeveralDevices) {
  const auto imported = import_texts({kSmi, kSmi});

  ASSERT_TRUE(imported);
  EXPECT_EQ(points_of(*imported->trace, "gpu/1/board/power"), kSmiPower);
}

TEST(Import, SurvivesHostileBytes) {
  const std::string row = "2023/07/08 19:28:28.000, ";
  for (const std::string& bad :
       {row + "1e999, 1", row + "nan, 1", row + "-, 1", row + ", 1", row + std::string(3, '\0'),
        std::string(200'000, 'x'), std::string("9999/99/99 99:99:99.999, 1, 1"),
        std::string("0001/01/01 00:00:00.000, 1, 1"), std::string("\xFF\xFE\xFD, \x80, \xC3")}) {
    const auto imported = import_texts({kSmi + bad + "\n"});

    ASSERT_TRUE(imported) << imported.error().message;
    EXPECT_EQ(points_of(*imported->trace, "gpu/0/board/power"), kSmiPower);
    EXPECT_EQ(flag_of(*imported->trace, "garbled_line"), "garbled_line: a.log:5");
  }
}

// ---- nvidia-smi

TEST(ImportNvidiaSmi, ReadsColumnsInAnyOrderWithAndWithoutUnits) {
  const auto imported = import_texts(
      {"power.draw.instant [W], name, clocks.sm [MHz], timestamp, uuid, power.draw [W], "
       "memory.used [MiB]\n"
       "91.5, NVIDIA A100-SXM4-40GB, 1410, 2023/07/08 19:28:27.000, GPU-1b, 90.0, 2\n"
       "92.5, NVIDIA A100-SXM4-40GB, 1410, 2023/07/08 19:28:27.100, GPU-1b, 91.0, 2\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_THAT(points_of(trace, "gpu/GPU-1b/board/power"), ElementsAre(Pair(0, 90), Pair(0.1, 91)));
  EXPECT_THAT(points_of(trace, "gpu/GPU-1b/board/sm_clock")[0], Pair(0, 1410e6));
  EXPECT_THAT(points_of(trace, "gpu/GPU-1b/board/memory_used")[0], Pair(0, 2097152));
  const Channel& power = channel_of(trace, "gpu/GPU-1b/board/power");
  EXPECT_EQ(power.model, "NVIDIA A100-SXM4-40GB");
  EXPECT_EQ(power.duty, 0.25);
  EXPECT_EQ(power.rule, Rule::kTrapezoid);
  EXPECT_EQ(power.evidence, Evidence::kIntegrated);
  EXPECT_EQ(power.source, "nvidia-smi power.draw");
  EXPECT_TRUE(power.preferred);
  EXPECT_FALSE(channel_of(trace, "gpu/GPU-1b/board/power_instant").preferred);
}

TEST(ImportNvidiaSmi, TakesThePowerLimitForTheMostThatTheBoardDraws) {
  const auto imported =
      import_texts({"timestamp, index, power.limit [W], power.draw [W]\n"
                    "2023/07/08 19:28:27.000, 3, 300.00 W, 50.00 W\n"
                    "2023/07/08 19:28:27.100, 3, 250.00 W, 51.00 W\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  const auto& most = channel_of(*imported->trace, "gpu/3/board/power").max_power;
  ASSERT_TRUE(most);
  EXPECT_EQ(most->count(), 300);
}

TEST(ImportNvidiaSmi, TakesAnotherPowerWherePowerDrawIsNotSupported) {
  const auto imported =
      import_texts({"timestamp, index, power.draw [W], power.draw.instant [W]\n"
                    "2023/07/08 19:28:27.000, 3, [N/A], 50.00 W\n"
                    "2023/07/08 19:28:27.100, 3, [Not Supported], 51.00 W\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_THAT(ids_of(trace), ElementsAre("gpu/3/board/power_instant"));
  EXPECT_TRUE(trace.channels()[0].preferred);
  EXPECT_EQ(flag_of(trace, "missing_value power.draw [N/A]"),
            "missing_value power.draw [N/A]: a.log:2");
}

TEST(ImportNvidiaSmi, SkipsAndNamesGarbledRepeatedAndTruncatedLines) {
  const auto imported = import_texts(
      {kSmi + "timestamp, power.draw [W], temperature.gpu\n" +
       "2023/07/08 19:28:2023/07/08 19:28:27.300, 1.00 W, 55\n" +
       "2023/07/08 19:28:27.300, 130.00 W, 55\n" + "2023/07/08 19:28:27.300, 130.00 W, 55\n" +
       "2023/07/08 19:28:27.250, 9.00 W, 55\n" + "2023/07/08 19:28:27.400, 14"});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_THAT(points_of(trace, "gpu/0/board/power"),
              ElementsAre(Pair(0, 100), Pair(0.1, 110), Pair(0.2, 120), Pair(0.3, 130)));
  EXPECT_EQ(flag_of(trace, "repeated_heading"), "repeated_heading: a.log:5");
  EXPECT_EQ(flag_of(trace, "garbled_line"), "garbled_line: a.log:6");
  EXPECT_EQ(flag_of(trace, "duplicate"), "duplicate: a.log:8");
  EXPECT_EQ(flag_of(trace, "clock_went_back"), "clock_went_back: a.log:9");
  EXPECT_EQ(flag_of(trace, "truncated_last_line"), "truncated_last_line: a.log:10");
}

TEST(ImportNvidiaSmi, DropsALastValueThatMayLackDigits) {
  const std::string heading = "timestamp, power.draw [W]\n2023/07/08 19:28:27.000, 126.96\n";

  const auto cut = import_texts({heading + "2023/07/08 19:28:27.100, 12"});
  const auto whole = import_texts({heading + "2023/07/08 19:28:27.100, 126.97"});

  EXPECT_EQ(points_of(*cut->trace, "gpu/0/board/power").size(), 1u);
  EXPECT_EQ(flag_of(*cut->trace, "truncated"), "truncated_last_line: a.log:3");
  EXPECT_EQ(points_of(*whole->trace, "gpu/0/board/power").size(), 2u);
}

TEST(ImportNvidiaSmi, RefusesAFileThatIsMostlyGarbled) {
  const auto imported =
      import_texts({"timestamp, power.draw [W]\nx, 1\ny, 2\n"
                    "2023/07/08 19:28:27.000, 1\n"});

  EXPECT_THAT(error_of(imported),
              HasSubstr("a.log:2: column 1: 'x' is no time from 1990 to 2100 (2 of 3 rows"));
}

TEST(ImportNvidiaSmi, AsksForAHeading) {
  ImportOptions options;
  options.format = "nvidia-smi";

  const auto imported = import_texts({"2023/07/08 19:28:27.000, 1\n"}, options);

  EXPECT_THAT(error_of(imported), HasSubstr("no heading with 'timestamp' and 'power.draw'"));
}

// Bursts of `devices` rows, 3 ms apart, every 100 ms; device d draws 100 + d W.
std::string interleaved(int devices, int bursts) {
  std::string text = "timestamp, power.draw [W]\n";
  for (int burst = 0; burst < bursts; ++burst)
    for (int device = 0; device < devices; ++device)
      text += "2023/07/08 19:28:" + std::to_string(10 + burst / 10) + "." +
              std::to_string(burst % 10) + (device * 3 < 10 ? "0" : "") +
              std::to_string(device * 3) + ", " + std::to_string(100 + device) + " W\n";
  return text;
}

TEST(ImportNvidiaSmi, TellsInterleavedDevicesApart) {
  const auto imported = import_texts({interleaved(4, 30)});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_EQ(trace.channels().size(), 4u);
  const Points last = points_of(trace, "gpu/3/board/power");
  EXPECT_EQ(last.size(), 30u);
  EXPECT_EQ(last[7].second, 103);
  EXPECT_EQ(flag_of(trace, "interleaved_devices"),
            "interleaved_devices: a.log has rows of 4 devices without an index");
}

TEST(ImportNvidiaSmi, LeavesOutABurstThatLacksARow) {
  std::string text = interleaved(4, 30);
  const std::size_t row = text.find("101 W", 1000);
  text.replace(row, 3, "1#1");

  const auto imported = import_texts({text});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(points_of(*imported->trace, "gpu/2/board/power").size(), 29u);
  for (const auto& [time, watts] : points_of(*imported->trace, "gpu/2/board/power"))
    EXPECT_EQ(watts, 102) << time;
  EXPECT_THAT(flag_of(*imported->trace, "row_of_unknown_device"), HasSubstr("3 times"));
}

TEST(ImportNvidiaSmi, CountsRowsWhereTheNumberOfDevicesIsGiven) {
  ImportOptions options;
  options.interleaved = 2;

  const auto imported = import_texts({interleaved(1, 30)}, options);

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(points_of(*imported->trace, "gpu/0/board/power").size(), 15u);
  EXPECT_EQ(points_of(*imported->trace, "gpu/1/board/power").size(), 15u);
  EXPECT_THAT(flag_of(*imported->trace, "interleaved_devices"), HasSubstr("its stamps show 1"));
}

TEST(ImportNvidiaSmi, KnowsTheSensorsOfBoardsByTheirNames) {
  const auto averaging = [](const std::string& name) {
    const auto imported =
        import_texts({"timestamp, index, name, power.draw [W]\n"
                      "2023/07/08 19:28:27.000, 0, " +
                      name + ", 50\n"});
    return imported ? imported->trace->channels()[0].averaging.count() : -1;
  };

  EXPECT_EQ(averaging("NVIDIA A100-SXM4-40GB"), 0.025);
  EXPECT_EQ(averaging("NVIDIA RTX A3000 Laptop GPU"), 1);
  EXPECT_EQ(averaging("Tesla V100-SXM2-16GB"), 0.01);
  EXPECT_EQ(averaging("NVIDIA A10"), 1);
  EXPECT_EQ(averaging("Some GPU"), 0.1);
}

TEST(Import, RefusesInterleavedWhereRowsSayWhatTheyAreOf) {
  ImportOptions options;
  options.interleaved = 2;

  const auto imported = import_texts({"timestamp,power_w\n2023-07-08T19:28:27Z,1\n"}, options);

  EXPECT_THAT(error_of(imported), HasSubstr("--interleaved 2: only for nvidia-smi logs; a.log"));
}

// ---- PTDaemon

TEST(ImportPtdaemon, TakesTheFirstWattsAsTheTotalAndChannelsAsItsParts) {
  const auto imported = import_texts(
      {"Time,03-17-2021 04:12:22.000,Watts,10.5,Volts,-1.0,Amps,-1.0,PF,-1.0,Mark,a,Ch1,Watts,6.0,"
       "Volts,206.1,Ch2,Watts,-1.000000\n"
       "Time,03-17-2021 "
       "04:12:23.000,Watts,-1.000000,Volts,-1.0,Mark,a,Ch1,Watts,6.5,Ch2,Watts,4.0\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_THAT(points_of(trace, "node/wall/power"), ElementsAre(Pair(0, 10.5)));
  EXPECT_THAT(points_of(trace, "node/wall/ch1/power"), ElementsAre(Pair(0, 6), Pair(1, 6.5)));
  EXPECT_EQ(channel_of(trace, "node/wall/ch2/power").part_of, "node/wall");
  EXPECT_THAT(flag_of(trace, "missing_value Watts -1"), HasSubstr("2 times"));
  EXPECT_EQ(trace.info().events[0].text, "ptdaemon mark a");
}

TEST(ImportPtdaemon, LeavesPartsAloneWhereThereIsNoTotal) {
  const auto imported =
      import_texts({"Time,03-17-2021 04:12:22.000,Watts,-1.0,Volts,-1.0,Ch1,Watts,6.0\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_FALSE(channel_of(*imported->trace, "node/wall/ch1/power").part_of);
}

// ---- DCGM

const std::string kDmon =
    "#Entity   POWER      TOTEC          SMCLK\n"
    "ID        W          mJ                  \n"
    "GPU 0     50.000     1000           1410 \n"
    "GPU 1     60.000     N/A            1410 \n"
    "GPU 0     51.000     51000          1410 \n"
    "#Entity   POWER      TOTEC          SMCLK\n"
    "ID        W          mJ                  \n"
    "GPU 1     61.000     9223372036854775794 1410 \n"
    "GPU 0     52.000     400            1410 \n";

TEST(ImportDcgm, ReadsRoundsOfGpusAndPrefersTheCounter) {
  const auto imported = import_texts({kDmon});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_EQ(imported->format, "dcgm");
  EXPECT_THAT(points_of(trace, "gpu/0/board/energy"),
              ElementsAre(Pair(0, 1), Pair(1, 51), Pair(2, 0.4)));
  EXPECT_THAT(points_of(trace, "gpu/1/board/power"), ElementsAre(Pair(0, 60), Pair(1, 61)));
  EXPECT_TRUE(channel_of(trace, "gpu/0/board/energy").preferred);
  EXPECT_FALSE(channel_of(trace, "gpu/0/board/power").preferred);
  EXPECT_TRUE(channel_of(trace, "gpu/1/board/power").preferred);
  EXPECT_THAT(flag_of(trace, "no_stamps"), HasSubstr("1 s apart"));
  EXPECT_THAT(flag_of(trace, "missing_value TOTEC"), HasSubstr("2 times"));
  EXPECT_THAT(channel_of(trace, "gpu/0/board/energy").flags, ElementsAre("unknown-model"));
  EXPECT_THAT(channel_of(trace, "gpu/1/board/power").flags, ElementsAre("unknown-model"));
}

TEST(ImportDcgm, TakesStampsThatSomethingPutBeforeTheLines) {
  const auto imported =
      import_texts({"1777708107.0 # Entity  POWER\n"
                    "1777708107.0 GPU 0  50.0\n"
                    "1777708107.5 GPU 0  51.0\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_THAT(points_of(*imported->trace, "gpu/0/board/power"),
              ElementsAre(Pair(0, 50), Pair(0.5, 51)));
  EXPECT_EQ(flag_of(*imported->trace, "no_stamps"), "");
}

}  // namespace
}  // namespace joulery
