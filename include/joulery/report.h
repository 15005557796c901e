// report: accounts, ledgers and traces as text, JSON, CSV, HDF5 and pictures. One file a format.
#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "joulery/account.h"
#include "joulery/control.h"
#include "joulery/estimate.h"
#include "joulery/export.h"
#include "joulery/factors.h"
#include "joulery/lease.h"
#include "joulery/ledger.h"
#include "joulery/policy.h"
#include "joulery/project.h"
#include "joulery/pue.h"
#include "joulery/sensor.h"
#include "joulery/simulate.h"
#include "joulery/site.h"
#include "joulery/slurm.h"
#include "joulery/statement.h"

namespace joulery {

class TimeZone;
struct AllStartsPlan;
struct Plan;

/// Text for people: at most 100 columns, kWh, kg, +- with k = 2.
JOULERY_EXPORT void write_account_text(const Account& account, std::ostream& out);
/// "joulery/run/1".
JOULERY_EXPORT void write_account_json(const Account& account, std::ostream& out);

JOULERY_EXPORT void write_sensors_text(const std::vector<ChannelReport>& reports,
                                       std::ostream& out);
JOULERY_EXPORT void write_sensors_json(const std::vector<ChannelReport>& reports,
                                       std::ostream& out);
/// "joulery/cap/1": devices, and what was given back that others had left.
JOULERY_EXPORT void write_cap_text(const std::vector<CapDevice>& devices, std::ostream& out);
JOULERY_EXPORT void write_cap_json(const std::vector<CapDevice>& devices,
                                   const std::vector<GivenBack>& given_back, std::ostream& out);
/// A line a device.
JOULERY_EXPORT void write_given_back_text(const std::vector<GivenBack>& given_back,
                                          std::ostream& out);
JOULERY_EXPORT void write_runs_text(const Ledger::Listing& listing, std::ostream& out);
JOULERY_EXPORT void write_runs_json(const Ledger::Listing& listing, std::ostream& out);
JOULERY_EXPORT void write_comparison_text(const Account& a, const Account& b, std::ostream& out);
JOULERY_EXPORT void write_comparison_json(const Account& a, const Account& b, std::ostream& out);

/// What a whole project used. JSON: "joulery/account/1".
JOULERY_EXPORT void write_project_text(const ProjectAccount& account, std::ostream& out);
JOULERY_EXPORT void write_project_json(const ProjectAccount& account, std::ostream& out);
/// PUE over time; the model where there is one. JSON: "joulery/pue/1".
JOULERY_EXPORT void write_pue_text(const PueProfile& profile, const std::optional<PueModel>& model,
                                   std::ostream& out);
JOULERY_EXPORT void write_pue_model_text(const PueModel& model, std::ostream& out);
JOULERY_EXPORT void write_pue_json(const PueProfile& profile, const std::optional<PueModel>& model,
                                   std::ostream& out);
/// Daily means over all days, and hourly means over a week, in the form of Figures 4 and 5 of arXiv
/// 2205.09646. `first_day`: of the week, "2020-07-27"; that of the greatest variation if empty.
/// Suffixes and errors as plot_power(); kUsage for a day without readings.
JOULERY_EXPORT Result<void> plot_pue(const PueProfile& profile, const std::string& first_day,
                                     const std::string& path);
/// When and where to run a job; times in `zone`. JSON: "joulery/plan/1", and of every start
/// "joulery/plan-all/1".
JOULERY_EXPORT void write_plan_text(const Plan& plan, const TimeZone& zone, std::ostream& out);
JOULERY_EXPORT void write_plan_json(const Plan& plan, std::ostream& out);
JOULERY_EXPORT void write_all_starts_text(const AllStartsPlan& plan, const TimeZone& zone,
                                          std::ostream& out);
JOULERY_EXPORT void write_all_starts_json(const AllStartsPlan& plan, std::ostream& out);
/// The tables of places and of hardware: a line each, or (`write_site_text`, `write_device_text`)
/// all that is known. JSON: "joulery/site/1", "joulery/device/1".
JOULERY_EXPORT void write_sites_text(const std::vector<SiteEntry>& sites, std::ostream& out);
JOULERY_EXPORT void write_site_text(const SiteEntry& site, std::ostream& out);
JOULERY_EXPORT void write_sites_json(const std::vector<SiteEntry>& sites, std::ostream& out);
JOULERY_EXPORT void write_devices_text(const DeviceTable& table, std::ostream& out);
JOULERY_EXPORT void write_device_text(const DeviceTable& table, std::ostream& out);
JOULERY_EXPORT void write_devices_json(const DeviceTable& table, std::ostream& out);

/// "joulery/submit/1": what was handed to Slurm, and the plan where it was made in the same call.
JOULERY_EXPORT void write_submit_json(const SubmitRequest& request, const Submitted& done,
                                      const std::optional<Plan>& plan, std::ostream& out);

/// The choice for one job, of a table or a sweep.
struct Recommendation {
  std::vector<std::pair<std::string, std::string>> key;  ///< tells jobs apart: column and value
  std::optional<double> max_slowdown;                    ///< the bound that it was made with
  CapChoice choice;
};
/// Text: a table and one sentence a job; of many jobs, a line each. JSON: "joulery/recommend/1".
JOULERY_EXPORT void write_recommend_text(const ChoiceRules& rules,
                                         const std::vector<Recommendation>& jobs,
                                         std::ostream& out);
JOULERY_EXPORT void write_recommend_json(const ChoiceRules& rules,
                                         const std::vector<Recommendation>& jobs,
                                         std::ostream& out);

/// Relative time and energy at each cap, in the form of Figure 1 of arXiv 2205.09646: bars with
/// their intervals (k = 2), 100 % being the baseline; a panel a job. Suffixes and errors as
/// plot_power(); kUsage where there are more jobs than panels.
JOULERY_EXPORT Result<void> plot_caps(const std::vector<Recommendation>& jobs,
                                      const std::string& path);

/// Sweeps over power caps: one, or one for each combination of a grid. Table, bars, recommendation;
/// of a grid also relative time and energy of all combinations, and their means.
JOULERY_EXPORT void write_sweep_text(const std::vector<Sweep>& sweeps, std::ostream& out);
/// "joulery/sweep/1".
JOULERY_EXPORT void write_sweep_json(const std::vector<Sweep>& sweeps, std::ostream& out);

/// Estimates: one with its parts and basis, several as a table with their sum.
JOULERY_EXPORT void write_estimates_text(const std::vector<EstimatedRow>& rows, std::ostream& out);
/// "joulery/estimate/1".
JOULERY_EXPORT void write_estimates_json(const std::vector<EstimatedRow>& rows, std::ostream& out);
/// Published tables, each printed row above ours; JSON: "joulery/estimate/1" with "tables".
JOULERY_EXPORT void write_preset_text(const Preset& preset, std::ostream& out);
JOULERY_EXPORT void write_preset_json(const Preset& preset, std::ostream& out);

/// A simulation: two tables a place and slack, and one over all of them.
JOULERY_EXPORT void write_simulation_text(const Simulation& simulation, std::ostream& out);
/// "joulery/simulate/1".
JOULERY_EXPORT void write_simulation_json(const Simulation& simulation, std::ostream& out);

/// Devices in use over the busiest week under up to four policies, beside the objective: of the
/// first place, with its longest slack and first seed. The simulation was made with `keep_hours`.
/// Suffixes and errors as plot_power().
JOULERY_EXPORT Result<void> plot_simulation(const Simulation& simulation, const std::string& path);

/// A way to write a statement: its name on the command line, what it is, and the writer.
struct StatementFormat {
  const char* name;
  const char* what;
  void (*write)(const Statement& statement, std::ostream& out);
};
/// "text", "markdown", "latex", "modelcard": each is safe whatever the names of runs hold.
JOULERY_EXPORT std::span<const StatementFormat> statement_formats();
/// "joulery/statement/1".
JOULERY_EXPORT void write_statement_json(const Statement& statement, std::ostream& out);

/// Every sample of a run. CSV: one row per sample.
JOULERY_EXPORT Result<void> export_csv(const StoredRun& run, std::ostream& out);
JOULERY_EXPORT Result<void> export_json(const StoredRun& run, std::ostream& out);
/// HDF5 needs a plain file, and writes over what is there; after an error there is none. The
/// library is opened here, not at start. Errors: kUnavailable where it is not installed.
JOULERY_EXPORT Result<void> export_hdf5(const StoredRun& run, const std::string& path);

/// Power over time, one-minute means (or finer for short runs), several runs overlaid, through
/// gnuplot. The kind of picture follows the file's suffix: .svg, .pdf, .png. Errors: kUnavailable
/// where gnuplot is absent.
JOULERY_EXPORT Result<void> plot_power(const std::vector<const StoredRun*>& runs,
                                       const std::string& path);
/// Relative time and energy of each combination of a grid, a panel for each, the form of Figure 2
/// of arXiv 2205.09646; of a single sweep as plot_caps(). Files and errors as there, without its
/// bound.
JOULERY_EXPORT Result<void> plot_sweep(const std::vector<Sweep>& sweeps, const std::string& path);
/// Whether plot_power(), plot_caps() and plot_sweep() know the suffix. Errors: kUsage, naming those
/// that it knows.
JOULERY_EXPORT Result<void> check_plot_name(const std::string& path);

}  // namespace joulery
