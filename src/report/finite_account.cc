// report: no NaN leaves, see finite_account.h.
#include "report/finite_account.h"

#include <cmath>

#include "report/number.h"

namespace joulery {
namespace {

template <class T>
void make_finite(Estimate<T>& estimate) {
  const Estimate<double> number = as_number(estimate);
  if (!number && estimate) estimate = Estimate<T>::missing(number.why);
  estimate.coverage = number.coverage;
}

void make_finite(ComponentAccount& component) {
  make_finite(component.energy);
  make_finite(component.mean_power);
  make_finite(component.peak_power);
  make_finite(component.idle_energy);
  if (component.job_share) make_finite(*component.job_share);
  if (component.cross_check && !std::isfinite(component.cross_check->count()))
    component.cross_check.reset();
}

}  // namespace

Account finite(Account account) {
  for (ComponentAccount& component : account.components) make_finite(component);
  for (PhaseAccount& phase : account.phases) {
    make_finite(phase.duration);
    make_finite(phase.it_energy);
  }
  make_finite(account.duration);
  make_finite(account.it_energy);
  make_finite(account.site_energy);
  make_finite(account.carbon);
  make_finite(account.electricity_cost);
  make_finite(account.cloud_cost.low);
  make_finite(account.cloud_cost.high);
  make_finite(account.place.pue.estimate);
  make_finite(account.place.intensity.estimate);
  make_finite(account.place.electricity_price.estimate);
  return account;
}

}  // namespace joulery
