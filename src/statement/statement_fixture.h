// statement: what its tests share: one run of one board, in numbers that are easy to add.
#pragma once

#include <chrono>
#include <string>

#include "account/money.h"
#include "joulery/account.h"
#include "joulery/statement.h"

namespace joulery {

/// 1000 J with u = 50 J, of which 30 J of the run's own and 40 J that all runs share; an hour long.
inline Account made_run(const std::string& id, double joules = 1000) {
  Account run;
  run.job.id = id;
  run.job.host = "node7";
  run.job.exit_status = 0;
  run.begin = WallTime(std::chrono::hours(24 * 20000));
  run.duration = Estimate<Seconds>::of(Seconds(3600), Seconds(0.001), Evidence::kMeasured);
  ComponentAccount board;
  board.id = "gpu/GPU-1/board";
  board.kind = ComponentKind::kGpu;
  board.model = "A100";
  board.source = "nvml-counter";
  board.energy = Estimate<Joules>::of(Joules(joules), Joules(50), Evidence::kMeasured, "gain");
  board.budget = {{"gpu sensor gain", Joules(40)}, {"window edge", Joules(30)}};
  run.components = {board};
  run.it_energy = board.energy;
  run.includes = {"gpu"};
  run.place.pue.estimate = Estimate<double>::missing("no PUE: --pue");
  run.place.intensity.estimate =
      Estimate<GramsPerJoule>::missing("no carbon intensity: --region or --intensity");
  run.place.electricity_price.estimate = Estimate<MoneyPerJoule>::missing("no price");
  account::put_consequences(run);
  return run;
}

/// Begun so many hours after the others.
inline Account later(Account run, int hours) {
  run.begin += std::chrono::hours(hours);
  return run;
}

/// At a place of PUE 1.5 +- 0.1 and so many g/kWh.
inline Account placed(Account run, double grams_per_kwh, const std::string& basis) {
  run.place.pue.estimate = Estimate<double>::of(1.5, 0.1, Evidence::kConstant, "PUE");
  run.place.pue.source = "--pue";
  run.place.intensity.estimate = Estimate<GramsPerJoule>::of(
      GramsPerJoule(grams_per_kwh / kJoulesPerKilowattHour), {}, Evidence::kConstant);
  run.place.intensity.kind = "average";
  run.place.intensity.basis = basis;
  account::put_consequences(run);
  return run;
}

}  // namespace joulery
