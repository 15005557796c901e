// account: trace + place + job -> energy by component and phase, with uncertainty and coverage;
// carbon; cost.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "joulery/export.h"
#include "joulery/job.h"
#include "joulery/site.h"
#include "joulery/trace.h"
#include "joulery/units.h"

namespace joulery {

/// One term of an uncertainty budget, in joules, k = 1.
struct Contribution {
  std::string
      what;  ///< "gpu sensor gain", "sensor offset", "window edge", "alias", "gaps", "model"
  Joules u{};
};

struct ComponentAccount {
  std::string id;
  ComponentKind kind = ComponentKind::kOther;
  std::string model;
  std::string source;  ///< of the energy: "nvml-counter", "powercap", "cpu-model", ...
  Estimate<Joules> energy;
  Estimate<Watts> mean_power;
  Estimate<Watts> peak_power;
  Estimate<Joules> idle_energy;  ///< missing where no idle stretch was measured (--idle)
  std::optional<Estimate<Joules>>
      job_share;  ///< CPU and DRAM: the job's part by CPU time; `energy` stays whole
  std::optional<Joules>
      cross_check;            ///< the other way to the same energy (integral beside counter)
  std::uint64_t samples = 0;  ///< of the channel that gave the energy, inside the window
  std::optional<std::string> part_of;  ///< counted in that component, so left out of the sum
  std::vector<Contribution> budget;    ///< of `energy`, largest first
  std::string accuracy_source;         ///< "calibration FILE", or the study behind the default
  std::vector<std::string>
      flags;  ///< "sensor_disagree", "counter_reset", "spike", "aliased", "simulated", ...
};

struct PhaseAccount {
  std::string name;
  Estimate<Seconds> duration;
  Estimate<Joules> it_energy;
};

struct CostRange {
  Estimate<Money> low;
  Estimate<Money> high;
};

struct Account {
  Job job;
  WallTime begin;
  Estimate<Seconds> duration;
  std::vector<ComponentAccount> components;
  Estimate<Joules> it_energy;         ///< sum of the components that nothing else counts
  std::vector<std::string> includes;  ///< kinds in the sum, e.g. "gpu", "cpu"
  std::vector<std::string> excludes;  ///< kinds that could not be seen: the sum is a lower bound
  Place place;
  Estimate<Joules> site_energy;  ///< IT energy x PUE: all that the site drew for the job
  Estimate<GramsCo2> carbon;
  Estimate<Money> electricity_cost;
  CostRange cloud_cost;
  std::vector<PhaseAccount> phases;  ///< tile the run; empty where nothing was marked
  LoopStats loop;
  std::vector<std::string> flags;
};

/// Computes the account of a trace. One pass over the energy and power columns; memory does not
/// grow with the trace.
JOULERY_EXPORT Result<Account> make_account(const Trace& trace, const Job& job, const Place& place);

/// The difference of two runs. On the same boards the gain of the sensors cancels.
struct Comparison {
  struct Row {
    std::string what;  ///< "duration", "it_energy", or a component's id
    std::string unit;
    Estimate<double> a, b;
    Estimate<double> change;  ///< b - a
    Estimate<double> ratio;   ///< b / a - 1, with its own interval
    bool common_cancelled = false;
  };
  std::vector<Row> rows;
  std::vector<std::string> notes;  ///< "different boards: ...", "coverage differs"
};
JOULERY_EXPORT Comparison compare_accounts(const Account& a, const Account& b);

}  // namespace joulery
