// report: devices that can be capped, as text and JSON.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "joulery/report.h"

namespace joulery {
namespace {

using testing::HasSubstr;

CapDevice held() {
  CapDevice device;
  device.id = "gpu/GPU-5e9d5bb1-6cd8-7cc6-4d60-0a8c9ed3e7a2/board";
  device.model = "NVIDIA A100";
  device.least = Watts(100);
  device.most = device.default_limit = Watts(400);
  device.requested = device.enforced = Watts(150);
  device.least_clock = Hertz(210e6);
  device.most_clock = Hertz(1410e6);
  device.notes = {"persistence mode is off"};
  device.holder = CapHolder{};
  device.holder->pid = 4711;
  device.holder->uid = 1000;
  device.holder->command = "joulery cap set\x1b[31m";
  device.holder->left = Seconds(3600);
  device.holder->found = Watts(250);
  device.holder->asked = Watts(150);
  device.holder->clock = Hertz(1200e6);
  return device;
}

CapDevice refused() {
  CapDevice device;
  device.id = "cpu/0/package";
  device.kind = ComponentKind::kCpu;
  device.most = Watts(205.5);
  device.requested = Watts(200);
  device.refused = "setting a power limit needs root";
  device.advice = "use sudo";
  return device;
}

TEST(CapText, FitsALineAndTellsWhoHoldsWhat) {
  std::ostringstream out;

  write_cap_text({held(), refused()}, out);

  EXPECT_THAT(out.str(), HasSubstr("100-400 W    400 W    150 W     150 W  held"));
  EXPECT_THAT(out.str(), HasSubstr("to 205.5 W        -    200 W         -  refused"));
  EXPECT_THAT(out.str(),
              HasSubstr("held at 150 W (found at 250 W), its clock locked to at most 1200 MHz"));
  EXPECT_THAT(out.str(), HasSubstr("joulery cap set\\x1b[31m,"));
  EXPECT_THAT(out.str(), HasSubstr("clocks can be locked, 210-1410 MHz: gpu/GPU-5e9d5bb1"));
  EXPECT_THAT(out.str(), HasSubstr("to do: use sudo"));
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
}

TEST(CapText, SaysWhatBecameOfALease) {
  GivenBack restored;
  restored.device = "cpu/0/package";
  restored.found = Watts(200);
  restored.restored = true;
  GivenBack failed = restored;
  failed.restored = false;
  failed.failed = true;
  failed.why = "GPU is lost";
  restored.unlocked = true;
  std::ostringstream out;

  write_given_back_text({restored, failed}, out);

  EXPECT_EQ(out.str(),
            "cpu/0/package: back at 200 W, as it was found; its clock is unlocked\n"
            "cpu/0/package: not given back: GPU is lost\n");
}

TEST(CapJson, HasNullForWhatTheHardwareDoesNotTell) {
  std::ostringstream out;

  write_cap_json({held(), refused()}, {GivenBack{}}, out);

  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["schema"], "joulery/cap/1");
  EXPECT_EQ(json["devices"][0]["lease"]["left_s"], 3600);
  EXPECT_EQ(json["devices"][0]["min_w"], 100);
  EXPECT_EQ(json["devices"][0]["max_clock_mhz"], 1410);
  EXPECT_EQ(json["devices"][0]["lease"]["clock_mhz"], 1200);
  EXPECT_TRUE(json["devices"][1]["min_clock_mhz"].is_null());
  EXPECT_EQ(json["given_back"][0]["unlocked"], false);
  EXPECT_TRUE(json["devices"][1]["lease"].is_null());
  EXPECT_TRUE(json["devices"][1]["default_w"].is_null());
  EXPECT_EQ(json["devices"][1]["requested_w"], 200);
  EXPECT_TRUE(json["given_back"][0]["requested_w"].is_null());
}

}  // namespace
}  // namespace joulery
