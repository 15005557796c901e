// estimate: what is implausible, see plausible.h.
#include "estimate/plausible.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/text.h"

namespace joulery::estimate {
namespace {

// Bounds of the mean power per device, host included, in units of its TDP. Above: an eight-GPU
// server is rated at less than twice the TDP of its boards (DGX H100: 10.2 kW for 8 x 700 W); 2.5
// is a choice that leaves room. Below: a choice, less than a board draws that waits.
constexpr double kMostOfTdp = 2.5;
constexpr double kLeastOfTdp = 0.05;
// Of a device that the table does not know: no accelerator of today has a TDP above 1.4 kW
// (AMD Instinct MI355X), and 2.5 times that is far out.
constexpr double kMostWatts = 3500;
// The dirtiest power plants, of lignite, emit 1.1 to 1.2 kg/kWh; a grid, with its losses, less
// than this choice.
constexpr double kMostGramsPerKwh = 1500;
// Published and ours may differ by this factor before it is told: a choice, wide enough for a
// figure that was rounded to one digit.
constexpr double kSameFactor = 1.25;
// How near a ratio must come to that of a slip to be named: a choice.
constexpr double kSlipTolerance = 0.05;

struct Slip {
  double ratio;
  const char* what;
};
constexpr std::array kSlips = {
    Slip{kGramsPerPound / 1000, "kilograms taken for pounds, or the reverse"},
    Slip{1000, "a unit a thousand times off: W for kW, kg for t"},
    Slip{3600, "Wh taken for J, or the reverse"},
};

bool near(double ratio, double wanted) {
  return std::abs(std::log(ratio / wanted)) < kSlipTolerance;
}

std::string slip_behind(double ratio, const Factor<double>& pue) {
  for (const Slip& slip : kSlips)
    if (near(ratio, slip.ratio) || near(ratio, 1 / slip.ratio)) return slip.what;
  // A smaller PUE makes no difference that honest figures could not have.
  if (!pue.estimate || *pue.estimate.value < kSameFactor) return {};
  const double value = *pue.estimate.value;
  if (near(ratio, value)) return "a PUE that was applied twice, or on one side only";
  if (near(ratio, 1 / value)) return "a PUE that was left out, or on one side only";
  return {};
}

/// Mean power of one device with its share of the host, as the row's energy has it.
std::optional<double> watts_per_device(const EstimatedRow& row) {
  const Estimate<Seconds>& time = row.request.device_time;
  if (!row.it_energy || !time || !(*time.value > Seconds(0))) return {};
  return (*row.it_energy.value / *time.value).count();
}

void check_power(EstimatedRow& row) {
  const auto watts = watts_per_device(row);
  if (!watts) return;
  const auto& device = row.request.device;
  if (!device || !device->tdp) {
    if (*watts > kMostWatts)
      row.flags.push_back(fmt::format(
          "implausible energy: {:.6g} W a device is more than any accelerator draws", *watts));
    return;
  }
  const double share = Watts(*watts) / *device->tdp;
  if (share > kMostOfTdp || share < kLeastOfTdp)
    row.flags.push_back(fmt::format(
        "implausible energy: {:.6g} W a device, {:.3g} times the TDP of {} ({:.4g} W): {}", *watts,
        share, device->id, device->tdp->count(),
        share > 1 ? "more than it and its host could draw" : "less than it draws when idle"));
}

void check_intensity(EstimatedRow& row) {
  const auto& intensity = row.request.place.intensity.estimate;
  if (!intensity) return;
  const double grams = intensity.value->count() * kJoulesPerKilowattHour;
  if (grams > kMostGramsPerKwh)
    row.flags.push_back(
        fmt::format("implausible intensity: {:.4g} g/kWh is more than any grid emits", grams));
}

void check_published_energy(EstimatedRow& row) {
  const auto& published = row.request.published.energy;
  const Estimate<Joules>& ours = row.site.site_energy ? row.site.site_energy : row.it_energy;
  if (!published || !ours) return;
  const double ratio = *published / *ours.value;
  const std::string slip = slip_behind(ratio, row.request.place.pue);
  if (std::abs(std::log(ratio)) < std::log(kSameFactor) && slip.empty()) return;
  row.flags.push_back(fmt::format("implausible published energy: {:.3g} times ours{}", ratio,
                                  slip.empty() ? "" : "; the ratio is that of " + slip));
}

void check_published_carbon(EstimatedRow& row) {
  const auto& published = row.request.published;
  if (!published.carbon) return;
  if (published.energy) {
    const double grams =
        published.carbon->count() / published.energy->count() * kJoulesPerKilowattHour;
    if (grams > kMostGramsPerKwh)
      row.flags.push_back(fmt::format(
          "implausible published carbon: with the published energy it needs {:.4g} g/kWh, more "
          "than any grid emits",
          grams));
  }
  if (!row.site.carbon) return;
  const double ratio = *published.carbon / *row.site.carbon.value;
  const std::string slip = slip_behind(ratio, row.request.place.pue);
  if (std::abs(std::log(ratio)) < std::log(kSameFactor) && slip.empty()) return;
  row.flags.push_back(fmt::format("implausible published carbon: {:.3g} times ours{}", ratio,
                                  slip.empty() ? "" : "; the ratio is that of " + slip));
}

}  // namespace

void put_flags(EstimatedRow& row) {
  check_power(row);
  check_intensity(row);
  check_published_energy(row);
  check_published_carbon(row);
}

}  // namespace joulery::estimate
