// sensor: the models against recordings, and where they must be careful.
#include "sensor/power_models.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"

namespace joulery {
namespace {

struct Point {
  double load = 0;  // 0..1
  double rapl = 0;  // W
};

/// Load and RAPL power of one of CodeCarbon's recordings, by a part of its file name.
std::vector<Point> load_recording(const std::string& directory, const std::string& part) {
  std::vector<Point> points;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("compare_cpu_load_and_RAPL") || name.find(part) == std::string::npos)
      continue;
    const std::string text = load_file(entry.path(), 1 << 20).value_or(std::string());
    for (const std::string_view line : split(text, '\n')) {
      const auto fields = split_csv(line);
      if (!fields || fields->size() < 9) continue;
      const auto load = parse_number((*fields)[5]);
      const auto rapl = parse_number((*fields)[8]);
      if (load && rapl) points.push_back({*load / 100, *rapl});
    }
  }
  return points;
}

double expanded(double power, const Accuracy& accuracy) {
  return 2 * std::hypot(accuracy.gain_u * power, accuracy.offset_u.count());
}

struct Recording {
  const char* file;
  CpuInfo cpu;
  double tdp;
};

class Recordings : public testing::TestWithParam<Recording> {};

TEST_P(Recordings, TheIntervalCoversRaplAtEveryLoad) {
  const char* const data = std::getenv("JOULERY_TEST_DATA");
  if (!data) GTEST_SKIP() << "JOULERY_TEST_DATA is not set";
  const auto points = load_recording(std::string(data) + "/factors/codecarbon", GetParam().file);
  ASSERT_EQ(points.size(), 11u);

  const CpuRating rating = rate_cpu(GetParam().cpu);
  ASSERT_DOUBLE_EQ(rating.tdp.count(), GetParam().tdp);
  const Accuracy accuracy = cpu_model_accuracy(rating);

  for (const Point& point : points) {
    const double model = cpu_model_power(point.load, rating.tdp).count();
    const double half_width = expanded(model, accuracy);
    EXPECT_LE(std::abs(model - point.rapl), half_width) << point.load;
    if (point.load >= 0.1) {
      EXPECT_LE(half_width, 0.5 * model) << point.load;
    } else {
      EXPECT_LE(std::abs(model - point.rapl), 0.1 * GetParam().tdp) << point.load;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(CodeCarbon, Recordings,
                         testing::Values(Recording{"AMD_EPYC_8024P",
                                                   {.model = "AMD EPYC 8024P 8-Core Processor",
                                                    .vendor = "AuthenticAMD",
                                                    .threads = 16,
                                                    .sockets = 1},
                                                   90},
                                         Recording{
                                             "E5-2620_v3",
                                             {.model = "Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz",
                                              .vendor = "GenuineIntel",
                                              .threads = 24,
                                              .sockets = 2},
                                             170}),
                         [](const auto& recording) {
                           std::string name = recording.param.file;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(CpuModel, RisesWithLoadFasterAtFirst) {
  double last = 0;
  double last_step = 1e9;
  for (int i = 0; i <= 20; ++i) {
    const double power = cpu_model_power(i / 20.0, Watts(100)).count();
    EXPECT_GT(power, last);
    if (i > 0) {
      EXPECT_LT(power - last, last_step);
      last_step = power - last;
    }
    last = power;
  }
  EXPECT_NEAR(last, 70, 1e-9);
}

TEST(CpuModel, StaysWithinItsEndsWhateverTheLoad) {
  EXPECT_EQ(cpu_model_power(-1, Watts(100)), cpu_model_power(0, Watts(100)));
  EXPECT_EQ(cpu_model_power(7, Watts(100)), cpu_model_power(1, Watts(100)));
}

TEST(CpuRating, AVirtualMachineGetsItsShareOfThePackage) {
  const CpuRating rating = rate_cpu({.model = "Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz",
                                     .vendor = "GenuineIntel",
                                     .threads = 16,
                                     .sockets = 1,
                                     .virtual_machine = true});

  EXPECT_DOUBLE_EQ(rating.tdp.count(), 75);
  EXPECT_EQ(rating.origin, CpuRating::Origin::kShareOfListed);
  EXPECT_THAT(rating.why, testing::HasSubstr("16 of 64 threads"));
}

TEST(CpuRating, AnUnknownModelIsRatedByItsThreadsWithLessConfidence) {
  const CpuRating unknown = rate_cpu({.model = "Loongson-3C5000", .vendor = "", .threads = 16});
  const CpuRating listed = rate_cpu(
      {.model = "AMD EPYC 8024P 8-Core Processor", .vendor = "AuthenticAMD", .threads = 16});

  EXPECT_DOUBLE_EQ(unknown.tdp.count(), 60);
  EXPECT_GT(cpu_model_accuracy(unknown).gain_u, 2 * cpu_model_accuracy(listed).gain_u);
  EXPECT_GT(rate_cpu({}).tdp.count(), 0);
}

TEST(DramModel, FollowsInstalledMemory) {
  EXPECT_DOUBLE_EQ(dram_model_power(64'000'000'000).count(), 64 * 0.3725);
}

}  // namespace
}  // namespace joulery
