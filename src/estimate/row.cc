// estimate: equations (1) and (2) of arXiv 1906.02243 for one row, with an interval.
#include <algorithm>
#include <cmath>

#include "account/product.h"
#include "estimate/plausible.h"
#include "estimate/work.h"
#include "joulery/estimate.h"

namespace joulery {
namespace {

/// Of independent kinds of part: p_c + p_r + g p_g.
Estimate<Watts> sum_of(const std::vector<PartPower>& parts) {
  double watts = 0;
  double variance = 0;
  double largest = -1;
  double seen = 0;
  Estimate<Watts> sum;
  sum.evidence = Evidence::kMeasured;
  for (const PartPower& part : parts) {
    const double u = part.power.u.count();
    watts += part.power.value->count();
    seen += part.power.value->count() * part.power.coverage;
    variance += u * u;
    sum.evidence = std::max(sum.evidence, part.power.evidence);
    if (u > largest) sum.top = part.power.top;
    largest = std::max(largest, u);
  }
  sum.value = Watts(watts);
  sum.u = Watts(std::sqrt(variance));
  sum.coverage = watts > 0 ? seen / watts : 0;
  return sum;
}

Estimate<Joules> missing_energy(const EstimateRequest& request) {
  return Estimate<Joules>::missing(request.no_power.empty() ? "no power" : request.no_power);
}

/// From power and time. Where the count is not known the power is of one device, and the time
/// that of all of them, one after the other.
Estimate<Joules> energy_of_power(const EstimateRequest& request) {
  if (request.parts.empty()) return missing_energy(request);
  Estimate<Seconds> time = request.duration ? request.duration : request.device_time;
  if (!time) return Estimate<Joules>::missing(time.why);
  time.evidence = Evidence::kMeasured;  // a given time lowers no class
  Estimate<Watts> power = sum_of(request.parts);
  if (request.steadiness) {
    const auto same = Estimate<double>::of(1, request.steadiness->u, Evidence::kModelled);
    power = account::times<Watts>(power, same, "steadiness of the run");
  }
  return account::times<Joules>(power, time, time.top);
}

/// Of an energy that includes the PUE, what the hardware had of it.
Estimate<Joules> without_pue(const Estimate<Joules>& energy, const Factor<double>& pue) {
  if (!pue.estimate)
    return Estimate<Joules>::missing(pue.estimate.why.empty() ? "no PUE: --pue" : pue.estimate.why);
  const double ratio = *pue.estimate.value;
  const auto inverse = Estimate<double>::of(1 / ratio, pue.estimate.u / (ratio * ratio),
                                            Evidence::kMeasured);  // a factor lowers no class
  return account::times<Joules>(energy, inverse, "PUE");
}

void put_energy(EstimatedRow& row) {
  const EstimateRequest& request = row.request;
  if (!request.energy) {
    row.it_energy = energy_of_power(request);
    row.site = consequences_of(row.it_energy, request.place);
  } else if (request.energy->includes_pue) {
    row.it_energy = without_pue(request.energy->energy, request.place.pue);
    row.site = consequences_of_site(request.energy->energy, request.place);
  } else {
    row.it_energy = request.energy->energy;
    row.site = consequences_of(row.it_energy, request.place);
  }
}

void put_parts(EstimatedRow& row) {
  for (const PartPower& part : row.request.parts) row.includes.push_back(part.kind);
  row.excludes = row.request.excludes;
  if (row.request.energy) row.includes = {"as given"};
}

/// (E I + M) per R of ISO/IEC 21031. M is counted where it was asked for, else the figure lacks it.
void put_sci(EstimatedRow& row) {
  const EstimateRequest& request = row.request;
  if (request.embodied)
    row.embodied =
        embodied_of(request.embodied->each, request.device_time, request.embodied->lifetime);
  if (!request.unit) return;
  Estimate<GramsCo2> sum = row.site.carbon;
  if (request.place.intensity.basis == "market")
    sum = Estimate<GramsCo2>::missing(
        "the SCI takes the grid's intensity, not that of what was bought: --intensity or --region");
  else if (!row.embodied)
    sum = Estimate<GramsCo2>::missing("no embodied carbon: --embodied and --lifetime");
  else if (!*row.embodied)
    sum = *row.embodied;
  if (sum) {
    const Estimate<GramsCo2>& embodied = *row.embodied;
    if (embodied.u > sum.u) sum.top = embodied.top;
    sum.value = (*sum.value + *embodied.value) / request.unit->number;
    sum.u = GramsCo2(std::hypot(sum.u.count(), embodied.u.count())) / request.unit->number;
    sum.evidence = std::max(sum.evidence, embodied.evidence);
  }
  row.sci = sum;
}

}  // namespace

EstimatedRow estimate_row(const EstimateRequest& request) {
  EstimatedRow row;
  row.request = request;
  put_parts(row);
  put_energy(row);
  row.cloud_cost = rent_of(request.device_time, request.place);
  if (row.site.carbon) row.equivalents = equivalents_of(*row.site.carbon.value);
  put_sci(row);
  if (request.work) row.work = estimate::work_rate(request, row.it_energy);
  estimate::put_flags(row);
  return row;
}

}  // namespace joulery
