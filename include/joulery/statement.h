// statement: accounts of runs -> what a paper says of its energy: place by place, with what was
// measured, modelled and missing, what failed, and what was done to use less.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "joulery/account.h"
#include "joulery/estimate.h"
#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/sample.h"
#include "joulery/site.h"
#include "joulery/units.h"

namespace joulery {

/// One model of device.
struct StatedHardware {
  ComponentKind kind = ComponentKind::kOther;
  std::string model;       ///< may be empty
  std::size_t count = 0;   ///< different ones over all runs
  Seconds device_time{0};  ///< summed over devices and runs
};

/// Runs of one place: of the same site (else host), PUE and intensity.
struct StatedPlace {
  std::string name;     ///< of --site, else the host; a second group of it "host (2)"
  std::string same_as;  ///< of a second group, the name of the first; else empty
  std::vector<std::string> hosts;
  std::size_t runs = 0;
  Estimate<Joules> it_energy;
  Estimate<Joules> site_energy;
  Estimate<GramsCo2> carbon;
  Factor<double> pue;
  Factor<GramsPerJoule> intensity;
  std::vector<EnergyShare> mix;  ///< of the electricity, where a table tells it
};

/// How a part of the energy came to be known.
struct StatedMethod {
  Evidence evidence = Evidence::kMissing;
  std::vector<std::string> kinds;    ///< "gpu", "cpu"
  std::vector<std::string> sources;  ///< "nvml-counter"
  Joules energy{};
};

/// Carbon of one kind of intensity. Different kinds are never added up.
struct StatedCarbon {
  std::string kind;   ///< "average", "marginal" or "unstated"
  std::string basis;  ///< "location", "market" or empty
  Estimate<GramsCo2> carbon;
};

/// Electricity in one currency.
struct StatedCost {
  std::string currency;
  Estimate<Money> electricity;
  std::size_t runs = 0;  ///< that have a price
};

/// What renting the devices for as long would have cost, at the prices of the records.
struct StatedRent {
  std::string currency;
  Estimate<Money> low, high;
  std::size_t runs = 0;  ///< that have a price
};

/// What a sweep over power caps measured: the cap of least energy against the limit found.
struct StatedSaving {
  std::string sweep;                            ///< its id
  std::string cap, baseline;                    ///< "150 W", "found 250 W"
  std::size_t runs = 0;                         ///< of the whole sweep
  Estimate<double> energy_change, time_change;  ///< relative: -0.12 is 12 % less
};

/// What a plan (`joulery plan --json`) chose, and whether the runs kept to it.
struct StatedPlan {
  std::string objective;  ///< "carbon", "energy" or "cost"
  std::string place;      ///< where it was chosen, too; else empty
  WallTime now, start;    ///< begin without the plan, and with it
  std::vector<std::pair<WallTime, WallTime>> slots;
  std::optional<double> saving_pct, saving_u_pct;
  std::size_t kept = 0;  ///< runs that began within its slots
};
/// Of a document "joulery/plan/1". Errors: kUnavailable, kInvalid, naming the file.
JOULERY_EXPORT Result<StatedPlan> read_stated_plan(const std::string& file);

struct Statement {
  std::string project;           ///< empty where runs were named
  std::vector<std::string> ids;  ///< of the runs, in order of time
  std::size_t runs = 0;
  std::size_t failed = 0;      ///< ended with another status than 0, or by a signal
  std::size_t unfinished = 0;  ///< whose record has no end
  std::size_t without_energy = 0;
  std::string why_without;     ///< of the first of these
  WallTime begin, end;         ///< of the first and of the last run
  Estimate<Seconds> duration;  ///< of all runs, one after another
  std::vector<StatedHardware> hardware;
  std::vector<StatedPlace> places;  ///< by falling energy
  std::vector<StatedMethod> methods;
  std::vector<std::string> includes, excludes;
  std::vector<std::size_t> excluded_in;  ///< how many runs could not see each of `excludes`
  bool lower_bound = false;
  Estimate<Joules> it_energy, site_energy;
  std::vector<StatedCarbon> carbon_by_kind;
  Estimate<GramsCo2> carbon;  ///< missing where a place has none or kinds differ
  Estimate<GramsCo2> carbon_location, carbon_market;
  Factor<GramsPerJoule> market;  ///< of what was bought, where it was told beside the places' own
  std::vector<StatedCost> costs;
  std::vector<StatedRent> rents;
  bool sci_asked = false;
  Estimate<GramsCo2> embodied;   ///< M of the SCI: of what the hardware's making emitted
  Estimate<GramsCo2> sci;        ///< (E I + M) per run, ISO/IEC 21031; I location-based
  Estimate<Joules> lost_energy;  ///< of failed and unfinished runs; missing where there are none
  std::vector<StatedSaving> savings;
  std::vector<StatedPlan> plans;
  std::optional<std::string> training_type;  ///< tag "training_type", where all runs agree
  std::string version;                       ///< of Joulery
  std::vector<std::string> left_out;         ///< runs whose records could not be read
  std::vector<std::string> notes;
};

/// What no record tells.
struct StatementExtras {
  Factor<GramsPerJoule> market;       ///< intensity of what was bought, for all places; may miss
  std::optional<Embodied> embodied;   ///< of one accelerator; of runs without one, a processor
  std::vector<std::string> left_out;  ///< ids of runs whose records could not be read
  std::vector<StatedPlan> plans;      ///< that the runs followed, or were to
};

/// Pure: the same accounts give the same statement, in whatever order. `sites` tell the mix of a
/// place's electricity.
///
/// Sums over runs: what runs share (gain, model, offset, PUE, intensity) is wrong in the same
/// direction, so its uncertainties add up linearly, an upper bound; what each run draws anew
/// (window edges, reading noise, gaps) in quadrature.
JOULERY_EXPORT Statement make_statement(std::vector<Account> accounts, std::string project,
                                        const std::vector<SiteEntry>& sites,
                                        StatementExtras extras = {});

}  // namespace joulery
