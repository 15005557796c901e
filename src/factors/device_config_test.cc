// factors: devices of the user's configuration replace the shipped ones; slips are told with file
// and line.
#include "factors/device_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>

#include "base/file.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A file that is gone after the test.
class TempFile {
 public:
  explicit TempFile(std::string_view text) : path_(testing::TempDir() + "joulery-device-XXXXXX") {
    const int fd = mkstemp(path_.data());
    EXPECT_TRUE(write_all(fd, text, path_));
    close(fd);
  }
  ~TempFile() { std::remove(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(DeviceConfig, GivesARowOfOnesOwn) {
  const auto rows = parse_device_config(R"([device.our-fpga]
aliases = ["U280", "alveo"]
kind = "other"
year = 2019
tdp = "225W"
memory = "8GiB"
fp32 = "2.5TFLOP/s"
average_power = "100W"
on_demand_price = "1.10..1.65EUR/h"
source = "our own meter")",
                                        "c.toml");

  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 1U);
  const Accelerator& row = rows->front();
  EXPECT_EQ(row.tdp, Watts(225));
  EXPECT_EQ(row.memory_bytes, 8.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(row.fp32_flops, 2.5e12);
  EXPECT_EQ(row.average_power.u, Watts(10));
  EXPECT_EQ(row.tdp_source, "our own meter");
  ASSERT_EQ(row.prices.size(), 1U);
  EXPECT_DOUBLE_EQ(row.prices[0].high.count() * 3600, 1.65);
  EXPECT_EQ(row.prices[0].currency, "EUR");
}

TEST(DeviceConfig, ReplacesTheShippedRowAndItsFirstFileCounts) {
  const TempFile first("[device.v100-sxm2-16gb]\ntdp = \"160W\"\naliases = [\"V100\"]\n");
  const TempFile second("[device.v100-sxm2-16gb]\ntdp = \"170W\"\nmemory = \"16GiB\"\n");

  const auto rows = load_accelerators({first.path(), "/no/such/file", second.path()});

  ASSERT_TRUE(rows) << rows.error().message;
  const auto row = find_accelerator(*rows, "V100");
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->tdp, Watts(160));
  EXPECT_TRUE(row->memory_bytes);
  EXPECT_TRUE(row->prices.empty()) << "the shipped row is gone as a whole";
  EXPECT_EQ(row->tdp_source, "device v100-sxm2-16gb in " + first.path());
}

TEST(DeviceConfig, TakesAShippedAliasForItself) {
  const TempFile file("[device.ours]\naliases = [\"A100\"]\ntdp = \"410W\"\n");

  const auto rows = load_accelerators({file.path()});

  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(find_accelerator(*rows, "A100")->id, "ours");
}

TEST(DeviceConfig, SlipsAreToldWithFileAndLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"[device.x]\ntpd = \"300W\"", "c.toml:2: tpd: unknown key; known: aliases, vendor"},
      {"[device.x]\ntdp = 300", "c.toml:2: tdp: '300'"},
      {"[device.x]\ntdp = \"300kW\"", "c.toml:2: tdp: is no power of one device"},
      {"[device.x]\ntdp = \"-3W\"", "is negative"},
      {"[device.x]\ntdp = [\"3W\"]", "c.toml:2: tdp: is one value"},
      {"[device.x]\ntdp = true", "is neither text nor a number"},
      {"[device.x]\nyear = 19", "c.toml:2: year: is no year"},
      {"[device.x]\nkind = \"cpu\"", "c.toml:2: kind: is gpu, tpu or other"},
      {"[device.x]\naverage_power_u = \"3W\"", "needs average_power"},
      {"[device.x]\naverage_power = \"3W\"\naverage_power_u = \"4W\"", "is more than"},
      {"[device.x]\nspot_price = \"2..1USD/h\"", "is a range upside down"},
      {"[device.x]\nmemory = \"16\"", "needs one of the units"},
      {"device = 1", "'device' is a set of tables"},
      {"[device]\nx = 1", "'device.x' is no table"},
      {"[device.\"-\"]\ntdp = \"3W\"", "is no table"},
      {"[device.x", "c.toml:1"},
      {"[device.x]\n\xff = 1", "c.toml:1"},
  };
  for (const auto& [text, message] : cases) {
    const auto rows = parse_device_config(text, "c.toml");
    ASSERT_FALSE(rows) << text;
    EXPECT_EQ(rows.error().code, ErrorCode::kInvalid) << text;
    EXPECT_THAT(rows.error().message, HasSubstr(message)) << text;
  }
}

TEST(DeviceConfig, IsSilentOfFilesThatSayNothing) {
  for (const char* text : {"", "[site.x]\npue = 1.2\n", "[device]\n"}) {
    const auto rows = parse_device_config(text, "c.toml");
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_TRUE(rows->empty());
  }
}

}  // namespace
}  // namespace joulery
