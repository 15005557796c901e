// project: what devices draw and cost, by flags and by the table.
#include <gmock/gmock.h>

#include "joulery/project.h"

namespace joulery {
namespace {

Accelerator board(const std::string& id, double tdp_w) {
  Accelerator row;
  row.id = id;
  row.tdp = Watts(tdp_w);
  row.tdp_source = "data sheet";
  row.average_power = Estimate<Watts>::missing("no paper");
  return row;
}

std::vector<Accelerator> table() {
  Accelerator p100 = board("P100", 250);
  p100.average_power = Estimate<Watts>::of(Watts(271), Watts(30), Evidence::kConstant);
  RentalPrice spot{
      "Google Cloud", true,        MoneyPerSecond(0.43 / 3600), MoneyPerSecond(0.43 / 3600), "USD",
      "2019",         "footnote 7"};
  RentalPrice demand = spot;
  demand.spot = false;
  demand.low = demand.high = MoneyPerSecond(1.46 / 3600);
  p100.prices = {spot, demand};
  return {p100, board("Titan-X", 250)};
}

const std::vector<std::string> kDevices = {"titan-x", "P100", "warp9", "cpu"};

Result<std::vector<DeviceRate>> rates(const RateRequest& request, const Place& place = {}) {
  return make_device_rates(kDevices, request, place, table());
}

TEST(DeviceRates, PowerIsGivenElseMeasuredElseAShareOfTheTdpElseMissing) {
  const auto found = rates({{"WARP9=500W,cpu=5W"}, {}, {}});
  ASSERT_TRUE(found) << found.error().message;
  const DeviceRate &titan = found->at(0), &p100 = found->at(1), &warp = found->at(2),
                   &cpu = found->at(3);
  EXPECT_LT(*titan.power.value, Watts(250));
  EXPECT_GT(titan.power.u, Watts(25));  // wide
  EXPECT_THAT(titan.excludes, testing::ElementsAre("cpu", "dram", "rest"));
  EXPECT_EQ(p100.power.value, Watts(271));
  EXPECT_TRUE(p100.excludes.empty());  // of its whole system
  EXPECT_EQ(warp.power.value, Watts(500));
  EXPECT_EQ(warp.power_source, "--device-power");
  EXPECT_EQ(cpu.power.value, Watts(5));
  EXPECT_THAT(cpu.excludes, testing::ElementsAre("dram", "rest"));

  const auto none = rates({});
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->at(2).power);
  EXPECT_THAT(none->at(2).power.why, testing::HasSubstr("--device-power warp9=250W"));
}

TEST(DeviceRates, APriceIsGivenElseThatOfAnotherDeviceElseOfThePlace) {
  Place place;
  place.cloud_price = std::pair(MoneyPerSecond(2.0 / 3600), MoneyPerSecond(3.0 / 3600));
  place.cloud_price_source = "--cloud-price";
  const auto found = rates({{}, {"warp9=9USD/h"}, {"Titan-X=P100"}}, place);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->at(0).priced_as, "P100");
  EXPECT_DOUBLE_EQ(found->at(0).rent->first.count() * 3600, 0.43);
  EXPECT_DOUBLE_EQ(found->at(0).rent->second.count() * 3600, 1.46);
  EXPECT_DOUBLE_EQ(found->at(1).rent->first.count() * 3600, 2);
  EXPECT_DOUBLE_EQ(found->at(2).rent->first.count() * 3600, 9);
  EXPECT_FALSE(found->at(3).rent);  // cores are not rented by the device
}

TEST(DeviceRates, MistakesNameTheFlag) {
  struct Case {
    RateRequest request;
    const char* told;
  };
  for (const auto& [request, told] :
       {Case{{{"warp9"}, {}, {}}, "DEVICE=VALUE"}, Case{{{"warp9=500"}, {}, {}}, "--device-power"},
        Case{{{"warp9=5W,Warp9=6W"}, {}, {}}, "twice"},
        Case{{{"k80=5W"}, {}, {}}, "titan-x, P100, warp9, cpu"},
        Case{{{}, {"warp9=9"}, {}}, "--device-price"}, Case{{{}, {"warp9=9EUR/h"}, {}}, "EUR"},
        Case{{{}, {}, {"warp9=Titan-X"}}, "no price"}, Case{{{}, {}, {"warp9=none"}}, "none"}}) {
    const auto found = rates(request);
    ASSERT_FALSE(found) << told;
    EXPECT_EQ(found.error().code, ErrorCode::kUsage);
    EXPECT_THAT(found.error().message, testing::HasSubstr(told));
  }
}

TEST(OwnServers, HaveAPriceACurrencyAndDevices) {
  const auto servers = parse_own_servers("20000USD/8", "--own");
  ASSERT_TRUE(servers);
  EXPECT_EQ(servers->price, Money(20'000));
  EXPECT_EQ(servers->currency, "USD");
  EXPECT_EQ(servers->devices, 8);
  for (const char* text : {"", "20000", "20000USD", "20000/8", "USD/8", "-5USD/8", "20000usd/8",
                           "20000USD/0", "20000USD/x", "nanUSD/8"})
    EXPECT_FALSE(parse_own_servers(text, "--own")) << text;
}

TEST(Rates, TellWhatTheirPowerIsOf) {
  const auto table = load_accelerators({});
  ASSERT_TRUE(table);
  const auto rates = make_device_rates({"V100", "A40"}, {}, Place{}, *table);
  ASSERT_TRUE(rates);
  EXPECT_EQ((*rates)[0].part, "node");  // the mean of its system in training
  EXPECT_EQ((*rates)[1].part, "gpu");   // a share of its TDP
}

}  // namespace
}  // namespace joulery
