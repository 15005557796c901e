// sensor: calibration files, good, absent and malformed.
#include "sensor/calibration.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace joulery {
namespace {

TEST(Calibration, ReadsGainAndOffset) {
  const auto read = parse_calibration(
      "# DC meter, 2026-11-20\ngain = 0.962\nu_gain = 0.01\noffset_w = -1\nu_offset_w = 0.5\n"
      "driver_major = 550\nfield = \"energy\"\nnote = \"12 V lead\"\n",
      "a.toml");

  ASSERT_TRUE(read) << read.error().message;
  EXPECT_DOUBLE_EQ(read->gain, 0.962);
  EXPECT_DOUBLE_EQ(read->u_gain, 0.01);
  EXPECT_DOUBLE_EQ(read->offset.count(), -1);
  EXPECT_DOUBLE_EQ(read->u_offset.count(), 0.5);
  EXPECT_TRUE(applies(*read, "energy", 550));
  EXPECT_FALSE(applies(*read, "energy", 555));
  EXPECT_FALSE(applies(*read, "power_instant", 550));
}

TEST(Calibration, HoldsForAllChannelsWhereItNamesNone) {
  const auto read = parse_calibration("gain = 1\nu_gain = 0.01\n", "a.toml");

  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(applies(*read, "energy", 470));
  EXPECT_TRUE(applies(*read, "power_average", 580));
}

TEST(Calibration, ReplacesTheAccuracyOfAChannel) {
  Accuracy accuracy{.gain_u = 0.05,
                    .offset_u = Watts(2.9),
                    .correlation = 0.5,
                    .family = "A100",
                    .source = "study"};

  apply(*parse_calibration("gain = 0.97\nu_gain = 0.008\n", "dir/GPU-1.toml"), accuracy);

  EXPECT_DOUBLE_EQ(accuracy.gain, 0.97);
  EXPECT_DOUBLE_EQ(accuracy.gain_u, 0.008);
  EXPECT_DOUBLE_EQ(accuracy.offset_u.count(), 0);
  EXPECT_DOUBLE_EQ(accuracy.correlation, 0.5);
  EXPECT_EQ(accuracy.source, "calibration dir/GPU-1.toml");
}

TEST(Calibration, NamesFileLineAndValueOfAMistake) {
  struct Case {
    std::string text, complaint;
  };
  for (const Case& c :
       {Case{"gain = 1\nu_gain = 7\n", "f.toml:2: u_gain"},
        Case{"gain = 1\n", "f.toml:1: u_gain is missing"},
        Case{"u_gain = 0.01\n\ngain = \"x\"\n", "f.toml:3: gain"}, Case{"gain = \n", "f.toml:1: "},
        Case{"gain = nan\nu_gain = 0.01\n", "f.toml:1: gain"},
        Case{"gain = 1\nu_gain = 0.01\ngian = 2\n", "f.toml:3: unknown key 'gian'"},
        Case{"gain = 1\nu_gain = 0.01\nfield = \"volts\"\n", "f.toml:3: field"},
        Case{"gain = 1\nu_gain = 0.01\ndriver_major = -3\n", "f.toml:3: driver_major"},
        Case{"", "f.toml:1: gain is missing"},
        Case{"gain = 1\ngain = 1\n", "f.toml:2: gain is given twice"},
        Case{"gain = 1\nu_gain = 0.01\nnote = \"a\n", "f.toml:3: note"},
        Case{std::string("\xff\xfe\0g", 4), "f.toml:1: "},
        Case{std::string(5000, '['), "f.toml:1: "}}) {
    const auto read = parse_calibration(c.text, "f.toml");

    ASSERT_FALSE(read) << c.text;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(read.error().message, testing::HasSubstr(c.complaint));
  }
}

TEST(Calibration, IsEmptyWhereThereIsNoFile) {
  EXPECT_FALSE(*load_calibration("", "GPU-1"));
  EXPECT_FALSE(*load_calibration("/nonexistent", "GPU-1"));
}

TEST(Calibration, IsReadFromTheFileOfTheBoard) {
  std::string dir = testing::TempDir() + "calibration.XXXXXX";
  ASSERT_NE(mkdtemp(dir.data()), nullptr);
  std::ofstream(dir + "/GPU-1.toml") << "gain = 0.9\nu_gain = 0.01\n";

  const auto read = load_calibration(dir, "GPU-1");
  const auto other = load_calibration(dir, "GPU-2");

  ASSERT_TRUE(read && *read);
  EXPECT_DOUBLE_EQ((*read)->gain, 0.9);
  EXPECT_FALSE(*other);
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace joulery
