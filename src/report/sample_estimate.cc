// report: fixed estimates for tests, see sample_estimate.h.
#include "report/sample_estimate.h"

namespace joulery {
namespace {

template <class T>
Estimate<T> given(double value, double u, const char* top) {
  return Estimate<T>::of(T(value), T(u), Evidence::kConstant, top, 0);
}

Place place_with_prices() {
  Place place;
  place.pue = {given<double>(1.58, 0.0577, "PUE"), "--pue", {}, "", ""};
  place.intensity = {given<GramsPerJoule>(432.7 / kJoulesPerKilowattHour,
                                          43.27 / kJoulesPerKilowattHour, "carbon intensity"),
                     "--intensity", 2018, "US", "average"};
  place.electricity_price = {
      given<MoneyPerJoule>(0.12 / kJoulesPerKilowattHour, 0, "electricity price"),
      "--electricity-price",
      {},
      "",
      ""};
  place.cloud_price = {MoneyPerSecond(0.43 / 3600), MoneyPerSecond(1.46 / 3600)};
  place.cloud_price_source = "--cloud-price";
  return place;
}

EstimateRequest extended_run() {
  EstimateRequest request;
  request.name = "big \"Transformer\"";
  request.device = Accelerator{};
  request.device->id = "P100-PCIe-16GB";
  request.device->tdp = Watts(250);
  request.count = 8;
  request.duration = given<Seconds>(84 * 3600, 1039, "duration");
  request.device_time = given<Seconds>(8 * 84 * 3600, 8 * 1039, "duration");
  request.parts = {
      {"gpu",
       Estimate<Watts>::of(Watts(1440), Watts(72), Evidence::kIntegrated, "gpu sensor gain", 0),
       "run 20261125T153412-0a0b0c (nvml-power) x 8"},
      {"cpu", Estimate<Watts>::of(Watts(75.43), Watts(15), Evidence::kModelled, "model", 0),
       "run 20261125T153412-0a0b0c (cpu-model) x 1"}};
  request.steadiness = Steadiness{Seconds(60), 20, 0.012, -0.004, true, 0.0027};
  request.excludes = {"dram", "rest"};
  request.place = place_with_prices();
  request.embodied =
      Embodied{given<GramsCo2>(150e3, 45e3, "embodied carbon"), Seconds(4 * 365.25 * 86400)};
  request.unit = FunctionalUnit{300'000, "steps"};
  request.notes = {"power of run 20261125T153412-0a0b0c is steady"};
  return request;
}

EstimateRequest unknown_power() {
  EstimateRequest request = extended_run();
  request.name = "on TPU";
  request.parts.clear();
  request.excludes.clear();
  request.steadiness.reset();
  request.embodied.reset();
  request.unit.reset();
  request.no_power = "its power is said to be unknown (power)";
  return request;
}

EstimateRequest implausible() {
  EstimateRequest request = unknown_power();
  request.name = "kW for W";
  request.parts = {{"gpu", given<Watts>(1.44e6, 7.2e4, "given power"), "given"}};
  request.place = Place{};
  request.place.pue.estimate = Estimate<double>::missing("no PUE: --pue");
  request.published.energy = Joules(201 * kJoulesPerKilowattHour);
  return request;
}

}  // namespace

std::vector<EstimatedRow> sample_estimates() {
  return {estimate_row(extended_run()), estimate_row(unknown_power()), estimate_row(implausible())};
}

}  // namespace joulery
