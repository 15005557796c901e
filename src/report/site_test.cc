// report: places and hardware of made tables, held by the files of tests/golden/.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "joulery/report.h"
#include "report/golden.h"

namespace joulery {
namespace {

GramsPerJoule grams_per_kwh(double grams) { return GramsPerJoule(grams / kJoulesPerKilowattHour); }

SiteEntry sample_cloud() {
  SiteEntry site;
  site.id = "cloud:north-1";
  site.aliases = {"north-1"};
  site.name = "A Cloud, North";
  site.group = "cloud";
  site.pue = {
      Estimate<double>::of(1.12, 0.05, Evidence::kConstant, "PUE"), "table: A Cloud", {}, ""};
  site.intensity = {Estimate<GramsPerJoule>::of(grams_per_kwh(412.7), grams_per_kwh(41.3),
                                                Evidence::kConstant, "carbon intensity"),
                    "table: A Publisher",
                    2024,
                    "cloud:north-1",
                    "average",
                    "location"};
  site.electricity_price.estimate = Estimate<MoneyPerJoule>::missing("no electricity price");
  return site;
}

SiteEntry sample_mix() {
  SiteEntry site = sample_cloud();
  site.id = "mix:somewhere";
  site.aliases.clear();
  site.name = "Energy mix of somewhere";
  site.group = "mix";
  site.pue = {Estimate<double>::missing("no PUE: --pue"), "", {}, ""};
  site.intensity.basis = "market";
  site.electricity_price = {
      Estimate<MoneyPerJoule>::of(MoneyPerJoule(0.12 / kJoulesPerKilowattHour), {},
                                  Evidence::kConstant, "electricity price"),
      "table: A Paper", 2019, "mix:somewhere"};
  site.cloud_price = {MoneyPerSecond(0.5 / 3600), MoneyPerSecond(2.5 / 3600)};
  site.mix = {{"coal", 0.65}, {"wind", 0.31}};
  site.note = "never in one sum with figures of the grid";
  return site;
}

DeviceTable sample_devices() {
  Accelerator gpu;
  gpu.id = "X100-16GB";
  gpu.aliases = {"X100", "Brand X100"};
  gpu.vendor = "Maker";
  gpu.kind = "gpu";
  gpu.year = 2017;
  gpu.tdp = Watts(300);
  gpu.memory_bytes = 0x1p34;
  gpu.fp32_flops = 15.7e12;
  gpu.tensor_flops = 125e12;
  gpu.tensor_format = "fp16";
  gpu.tdp_source = gpu.memory_source = gpu.throughput_source = "Maker, X100 data sheet";
  gpu.average_power = Estimate<Watts>::of(Watts(325), Watts(6.5), Evidence::kConstant, "average");
  gpu.average_power_source = "A Paper, Table 3";
  gpu.prices = {{"A Cloud", true, MoneyPerSecond(0.74 / 3600), MoneyPerSecond(1.46 / 3600), "USD",
                 "2019", "A Paper"}};
  gpu.note = "\"X100\" alone is this row";
  Accelerator bare;
  bare.id = "T1";
  bare.vendor = "Other";
  bare.kind = "tpu";
  bare.average_power = Estimate<Watts>::missing("no published average power of T1");
  return {{gpu, bare}, {{"Maker Xeno 1", Watts(85), 12, 2014, "Maker's list"}}};
}

TEST(Golden, Sites) {
  std::ostringstream list, one, json;
  write_sites_text({sample_cloud(), sample_mix()}, list);
  write_site_text(sample_cloud(), one);
  write_site_text(sample_mix(), one);
  write_sites_json({sample_cloud(), sample_mix()}, json);

  expect_golden("sites.text", list.str());
  expect_golden("site.text", one.str());
  expect_golden("sites.json", json.str());
  expect_fits(list.str());
  expect_fits(one.str());
}

TEST(Golden, Devices) {
  std::ostringstream list, one, json;
  write_devices_text(sample_devices(), list);
  write_device_text(sample_devices(), one);
  write_devices_json(sample_devices(), json);

  expect_golden("devices.text", list.str());
  expect_golden("device.text", one.str());
  expect_golden("devices.json", json.str());
  expect_fits(list.str());
  expect_fits(one.str());
}

TEST(SiteReports, EveryShippedRowFitsTheColumnsAndIsJson) {
  const auto sites = load_sites({});
  const auto devices = load_devices({});
  ASSERT_TRUE(sites) << sites.error().message;
  ASSERT_TRUE(devices) << devices.error().message;
  std::ostringstream text, site_json, device_json;
  write_sites_text(*sites, text);
  for (const SiteEntry& site : *sites) write_site_text(site, text);
  write_devices_text(*devices, text);
  write_device_text(*devices, text);
  write_sites_json(*sites, site_json);
  write_devices_json(*devices, device_json);

  expect_fits(text.str());
  EXPECT_EQ(nlohmann::json::parse(site_json.str())["sites"].size(), sites->size());
  EXPECT_EQ(nlohmann::json::parse(device_json.str())["devices"].size(),
            devices->accelerators.size() + devices->cpus.size());
}

TEST(SiteReports, HoldTheirColumnsWhateverTheNames) {
  const std::string hostile = std::string(300, 'x') + "\x1b[2J\r\n\xff" + std::string(300, 'y');
  SiteEntry site = sample_mix();
  site.id = site.name = site.note = site.intensity.source = hostile;
  site.aliases = {hostile};
  DeviceTable devices = sample_devices();
  Accelerator& gpu = devices.accelerators[0];
  gpu.id = gpu.vendor = gpu.note = gpu.tdp_source = gpu.tensor_format = hostile;
  gpu.aliases = {hostile};
  gpu.prices[0].provider = gpu.prices[0].as_of = gpu.prices[0].source = hostile;
  std::ostringstream text;
  write_sites_text({site}, text);
  write_site_text(site, text);
  write_devices_text(devices, text);
  write_device_text(devices, text);

  expect_fits(text.str());
}

}  // namespace
}  // namespace joulery
