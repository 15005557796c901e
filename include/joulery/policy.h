// policy: which power cap to ask for: pure functions of what was measured at several caps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

/// What is made small.
enum class Objective : std::uint8_t {
  kEnergy,  ///< of the node: of the devices, and of the base power
  kEdp,     ///< that energy times the time
  kCost,    ///< that energy times its price, and the time times the rent of the devices
};

struct ChoiceRules {
  Objective objective = Objective::kEnergy;
  std::optional<double> max_slowdown{};  ///< 0.05: at most 5 % slower than the baseline
  Watts base_power{};                    ///< of the node per device, beside the devices' own
  std::optional<MoneyPerJoule> electricity_price{};  ///< of kCost
  std::optional<std::pair<MoneyPerSecond, MoneyPerSecond>>
      rent{};  ///< of kCost: low, high; a device
};

// ---- in: a table that somebody else measured, or the document of a sweep.
struct CapRow {
  Watts cap{};
  Seconds time{};
  Joules energy{};       ///< of all devices together, without the base power
  std::size_t rows = 1;  ///< rows of the table, or runs, that were averaged to this one
  /// With what else the node drew; absent: the devices alone are known.
  std::optional<Joules> node_energy{};
  /// Relative, k = 1, of the ratio to the baseline's time and energy (the node's, where known).
  /// Absent: the table does not tell.
  std::optional<double> time_u{}, energy_u{};

  [[nodiscard]] Joules whole_energy() const { return node_energy.value_or(energy); }
};
/// The caps of one job.
struct CapGroup {
  std::vector<std::pair<std::string, std::string>> key;  ///< column and value
  int devices = 1;
  bool relative = false;            ///< in units of the baseline: nothing is known in W
  std::vector<CapRow> rows;         ///< any order, one a cap
  std::vector<std::string> notes;   ///< what the reader of the table has to say
  std::optional<Watts> baseline{};  ///< the cap that all are held against; absent: the highest
};
/// The row that the others are held against. The group has rows.
JOULERY_EXPORT const CapRow& baseline_of(const CapGroup& group);

// ---- in: a sweep: one job, run again and again at several caps.
struct SweepTrial {
  Watts cap{};            ///< per device; of a baseline: the limit that was found
  bool baseline = false;  ///< ran at the limit that was found
  Seconds begin{};        ///< since the sweep's first trial began: drift is taken out over it
  Seconds time{};
  Seconds time_u{};          ///< k = 1
  Joules device_energy;      ///< of the capped devices together
  Joules device_energy_u{};  ///< k = 1, without what all trials share: the gain of the same boards
  /// Relative, k = 1: what two sensors of a device that contradict each other leave open; above 0
  /// where the one that is not believed says more.
  double disagreement = 0;
  std::optional<Joules>
      node_energy;  ///< with the devices; absent: nothing beside them was measured
  std::optional<double> throttle_share;  ///< 0..1 of the time, by reason of the power cap
  std::optional<double> temperature_c;   ///< mean
  std::optional<double> clock_mhz;       ///< mean SM clock
  bool equal_work = true;                ///< false: did other work than the first baseline
  bool failed = false;                   ///< its command failed: counted, never compared
  std::string run;                       ///< id in the ledger
};
struct SweepTrials {
  int devices = 1;
  double gain_u = 0.05;            ///< relative, of the devices' energy; see docs/uncertainty.md
  std::vector<SweepTrial> trials;  ///< in the order in which they ran
};

// ---- out
/// A change against the baseline, in percent of it.
struct Change {
  double pct = 0;
  /// k = 1, of a sweep; enlarged for the few repeats, so that pct +- 1.96 u_pct holds the truth in
  /// 95 % of sweeps. Absent: a table, or a sweep without repeats.
  std::optional<double> u_pct{};
  /// The truth lies below it in 95 % of sweeps.
  std::optional<double> upper_pct{};
};
struct CapPoint {
  Watts cap{};
  Seconds time{};                       ///< mean of the trials compared
  Joules energy{};                      ///< the same, with the base power or the measured node
  Joules device_energy{};               ///< the same, of the devices alone
  std::optional<Change> time_change;    ///< absent: no trial that can be compared
  std::optional<Change> energy_change;  ///< of `energy`
  std::optional<Change> device_energy_change;
  std::optional<Change> objective_change;  ///< of what ChoiceRules makes small
  bool baseline = false;
  bool on_frontier = false;  ///< no other point is both faster and uses less
  bool binding = false;      ///< the draw at the baseline lies above this cap
  bool obeyed = true;        ///< mean power at most 5 % above the cap
  bool inert = false;        ///< of a sweep: moved neither the power (1 %) nor the throttling
  std::size_t trials = 0;    ///< that were compared
  std::size_t failed = 0;
  /// Trials that did other work: left out of the comparison. A cap with any is not recommended.
  std::size_t unequal = 0;
  std::optional<double> throttle_share, temperature_c, clock_mhz;  ///< means
  std::vector<std::string> runs;
};
/// The choice among the points of one job.
struct CapChoice {
  std::vector<CapPoint> points;  ///< by rising cap, the baseline among them
  std::size_t baseline = 0;      ///< index into points
  /// Index into points. The baseline itself where no other cap is better beyond doubt ("do no
  /// harm": the notes say why). Absent: nothing can be compared.
  std::optional<std::size_t> recommended;
  Objective objective = Objective::kEnergy;  ///< of objective_change
  bool cap_inert = false;                    ///< the draw at the baseline lies below the lowest cap
  bool has_node = false;                     ///< `energy` counts more than the devices
  bool is_sweep = false;                     ///< trials, failures, runs and the like are known
  bool relative = false;                     ///< of CapGroup: binding and obeyed are not known
  std::vector<std::string> notes;
};

/// The exact optimum of a table, by its means: equal objectives go to the faster. Errors: kUsage
/// (cost without a price, a base power beside energies of the node, either of a relative table),
/// kInvalid (no row, one that is not positive, or none of the baseline).
JOULERY_EXPORT Result<CapChoice> choose_cap(const CapGroup& group, const ChoiceRules& rules);

/// The choice from repeated, interleaved trials; docs/policies.md has the method. A cap is
/// recommended only where, at 95 %, the slowdown is within the bound and the saving is above zero,
/// the choice among many caps allowed for. Errors: as choose_cap(), and no baseline trial.
JOULERY_EXPORT Result<CapChoice> choose_from_sweep(const SweepTrials& sweep,
                                                   const ChoiceRules& rules);

/// How many repeats tell the slowdown of a cap to a quarter of the bound (95 %, one-sided): at
/// least those that ran, at most `most`. Looks at the scatter alone and not at what a cap did, so
/// that a sweep may ask after its first repeats and go on. Errors: as choose_from_sweep().
JOULERY_EXPORT Result<int> find_repeats(const SweepTrials& sweep, const ChoiceRules& rules,
                                        int most);

/// Reads a CSV table of caps, or a document of `joulery sweep` or `joulery recommend`;
/// docs/formats/recommend.md. `by`: the columns that tell jobs apart; empty: found out; a document
/// has none. Errors: kInvalid (file, line and column, or key), kUsage (no such column),
/// kUnavailable.
JOULERY_EXPORT Result<std::vector<CapGroup>> load_cap_table(const std::string& path,
                                                            const std::vector<std::string>& by);

/// Numbers that a paper published, as groups in units of its own baseline (1 s, 1 J).
struct PublishedCaps {
  CapGroup group;
  std::optional<double> max_slowdown;  ///< that this row is asked with
  std::string source;                  ///< section or figure
};
/// Errors: kUsage, naming the presets there are.
JOULERY_EXPORT Result<std::vector<PublishedCaps>> find_published_caps(const std::string& preset);

}  // namespace joulery
