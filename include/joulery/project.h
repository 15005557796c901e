// project: what a whole project used, from the log of its jobs: Slurm's sacct, CSV, the Standard
// Workload Format, or the ledger of measured runs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "joulery/account.h"
#include "joulery/estimate.h"
#include "joulery/export.h"
#include "joulery/factors.h"
#include "joulery/ledger.h"
#include "joulery/result.h"
#include "joulery/site.h"
#include "joulery/units.h"
#include "joulery/worth.h"

namespace joulery {

// ---- reading

struct JobLogOptions {
  std::string format;           ///< "sacct", "csv", "swf"; empty: found out from the file
  std::vector<std::string> by;  ///< columns, tags, "device" or "month" to total by; empty: default
  std::string search;           ///< column or tag that names a search; empty: recognised names
  std::string stage;            ///< development, tuning, final, evaluation; empty: recognised names
  std::string role;             ///< baseline or proposed; empty: recognised names
  std::string device;           ///< of jobs whose log names no kind of accelerator
  bool keep_submit = false;     ///< also when jobs were handed in: 8 bytes more a job
  std::string metric;           ///< column, tag or mark with what a run reached; empty: none
  std::vector<std::string> parameters;  ///< columns or tags: hyper-parameters of the runs
  std::optional<WallTime> now;          ///< end of jobs that still run; empty: the log's last stamp
};

namespace project {
struct LogData;
}

/// The jobs of a log, below 64 bytes each. Move only.
class JOULERY_EXPORT JobLog {
 public:
  explicit JobLog(std::unique_ptr<project::LogData> data);
  JobLog(JobLog&&) noexcept;
  JobLog& operator=(JobLog&&) noexcept;
  ~JobLog();

  [[nodiscard]] std::size_t jobs() const;
  /// Kinds of devices, as the log spells them; "cpu" are the cores of jobs without an accelerator,
  /// "gpu" accelerators whose kind is not told.
  [[nodiscard]] const std::vector<std::string>& devices() const;
  [[nodiscard]] const project::LogData& data() const { return *data_; }

 private:
  std::unique_ptr<project::LogData> data_;
};

/// Streams the file. Errors: kInvalid, naming file and line; kUsage for a column of `options` that
/// the log does not have; kUnavailable where there is no file.
JOULERY_EXPORT Result<JobLog> read_job_log(const std::string& path, const JobLogOptions& options);
/// The measured runs of one project (empty: of all): their own energy, their tags as columns.
JOULERY_EXPORT Result<JobLog> read_ledger_jobs(Ledger& ledger, const std::string& project,
                                               const JobLogOptions& options);

// ---- what devices draw and cost

/// One kind of device of a log.
struct DeviceRate {
  std::string device;     ///< as the log spells it
  std::string priced_as;  ///< the row of the table whose price counts; empty where none does
  Estimate<Watts> power;  ///< of one; missing: why
  std::string power_source;
  std::string part = "gpu";           ///< what `power` is of: "gpu", "cpu", or "node": its share
  std::vector<std::string> excludes;  ///< parts of the node that `power` leaves out
  std::optional<std::pair<MoneyPerSecond, MoneyPerSecond>> rent;  ///< low, high
  std::string rent_source;
};

/// The words that a user gave: lists "V100=300W,A100=400W".
struct RateRequest {
  std::vector<std::string> device_power;  ///< --device-power
  std::vector<std::string> device_price;  ///< --device-price V100=0.74..2.48USD/h
  std::vector<std::string> price_as;      ///< --price-as Titan-X=P100
};
/// Power: given, else measured on average by a paper, else TDP x utilisation, else missing. Price:
/// given for the device (or the one that it is priced as), else the place's cloud price, else the
/// table's. Errors: kUsage, naming the flag; a device that neither log nor table has is refused
/// with the nearest names.
JOULERY_EXPORT Result<std::vector<DeviceRate>> make_device_rates(
    const std::vector<std::string>& devices, const RateRequest& request, const Place& place,
    const std::vector<Accelerator>& accelerators);

/// "20000USD/8": servers of 8 devices at that price.
struct OwnServers {
  Money price{};
  std::string currency;
  double devices = 0;
};
/// Errors: kUsage.
JOULERY_EXPORT Result<OwnServers> parse_own_servers(std::string_view text, std::string_view flag);

// ---- totals

/// What some jobs used and cost.
struct JobTotals {
  std::uint64_t jobs = 0;
  double device_hours = 0;  ///< of accelerators; of cores in a log without accelerators
  double cpu_hours = 0;     ///< of cores of jobs without an accelerator
  Estimate<Joules> it_energy;
  std::vector<std::string> excludes;  ///< devices whose power is not known, parts of their nodes
  Consequences site;
  CostRange cloud_cost;
  std::vector<std::string> cost_excludes;  ///< devices whose price is not known
};

struct JobGroup {
  std::vector<std::string> key;  ///< a value for each column; empty: the log has none
  JobTotals totals;
};
/// Totals by one column or several, the largest first.
struct JobGrouping {
  std::vector<std::string> columns;
  std::vector<JobGroup> groups;
};

/// Devices in use over time: all kinds but cores, or cores where there is nothing else.
struct DevicesInUse {
  struct Day {
    std::string day;  ///< "2018-03-01", or "day 12" of a log without a calendar
    double mean = 0, peak = 0;
  };
  double peak = 0;
  std::string peak_at;
  double mean = 0;  ///< from the first start to the last end
  Seconds span{0};
  std::string begin, end;
  std::vector<Day> days;
  bool days_left_out = false;  ///< more than can be told a day each
};

/// One line of Table 4 of arXiv 1906.02243.
struct DevelopmentLine {
  std::string what;   ///< "one model", "one tuning", "whole project"
  std::string basis;  ///< how it was told from the log
  double jobs = 0;
  JobTotals totals;
};

/// Tuning and total of the baseline beside those of the proposed model.
struct RoleComparison {
  struct Side {
    std::string role;
    JobTotals all, tuning;
  };
  std::vector<Side> sides;
  bool has_stage = false;
};

/// Buying the hardware beside renting it for this project.
struct OwnComparison {
  OwnServers servers;
  double devices = 0;        ///< mean in use, rounded
  Money share{};             ///< of servers, by device
  double whole_servers = 0;  ///< that hold them
  Money whole{};
  Estimate<Money> electricity;  ///< of the project; where missing, the ratios are without it
  /// Of `whole` (and of `share`) with electricity against the cloud's price; over 1: dearer.
  std::optional<double> whole_of_low, whole_of_high, share_of_low, share_of_high;
};

struct SkippedLine {
  std::uint64_t line = 0;
  std::string why;
};
struct CountedNote {
  std::string what;
  std::uint64_t count = 0;
  std::uint64_t first_line = 0;
};

// ---- what quality took

/// A run that was better than all before it, and what the project had used by its end.
struct BestSoFar {
  std::string at;  ///< its end; empty: the log has no times
  double metric = 0;
  double device_hours = 0;
  std::optional<Joules> it_energy;  ///< where that of all jobs before is known
};
/// From the baseline to the best run.
struct Improvement {
  std::string baseline;  ///< what it is
  double from = 0, to = 0;
  double by = 0;    ///< positive
  JobTotals spent;  ///< all jobs but those of the baseline
  JobTotals each;   ///< the same by 1 of the metric
};
/// The best so far when so much of the project's energy was used.
struct Doubling {
  double share = 0;                         ///< 1/16, 1/8, ..., 1
  std::optional<double> best, improved_by;  ///< over that of half as much
};
/// Jobs of one group of --by.
struct GroupWorth {
  std::vector<std::string> key;
  std::uint64_t runs = 0;  ///< with a metric
  std::optional<double> best;
  JobTotals totals;                          ///< of all its jobs
  std::uint64_t reached = 0;                 ///< runs that reached the target
  std::optional<JobTotals> mean_of_reached;  ///< one of these
  std::optional<JobTotals> per_reached;      ///< all jobs, those that failed too, by each of these
};
struct ProjectWorth {
  std::string metric;
  Better better = Better::kHigher;
  std::uint64_t runs = 0, without = 0;  ///< jobs that have the metric, and that have none
  std::vector<BestSoFar> best_so_far;
  std::optional<Improvement> improvement;  ///< empty: nothing was better than the baseline
  std::vector<Doubling> doublings;         ///< of energy, or of device-hours
  bool by_energy = false;                  ///< doublings are of energy
  std::optional<Sensitivity> sensitivity;
  std::optional<double> target;
  std::vector<std::string> columns;  ///< of the groups
  std::vector<GroupWorth> groups;    ///< by what the target took, else by their best; may be empty
  std::vector<FrontPoint> front;     ///< groups, then estimates
};

struct ProjectAccount {
  std::string source;  ///< file or ledger
  std::string format;
  JobTotals totals;
  std::vector<DeviceRate> rates;
  std::vector<std::pair<std::string, double>> device_hours;  ///< in the order of `rates`
  std::optional<Seconds> shortest, mean, longest;
  std::vector<std::string> includes;
  JobGrouping by;                   ///< as asked for
  std::vector<JobGrouping> single;  ///< by each column that the log has
  JobTotals failed;                 ///< failed, cancelled, timed out, ...
  std::optional<DevicesInUse> in_use;
  std::vector<DevelopmentLine> development;
  std::optional<RoleComparison> roles;
  std::optional<OwnComparison> own;
  std::optional<ProjectWorth> worth;  ///< where the log was read with a metric
  Place place;
  std::vector<SkippedLine> skipped;      ///< the first ones
  std::uint64_t skipped_lines = 0;       ///< all of them
  std::vector<CountedNote> skipped_why;  ///< all of them, by reason
  std::vector<CountedNote> notes;        ///< what was settled by a rule
  std::uint64_t steps = 0;               ///< lines of job steps, which are part of their job
};

/// Which factors of a place somebody gave for this account; they go before those of a run's record.
struct GivenPlace {
  bool pue = false, intensity = false, electricity_price = false;
};

struct ProjectRequest {
  std::vector<DeviceRate> rates;  ///< one for each of JobLog::devices()
  Place place;
  GivenPlace given{};  ///< of `place`; of a log whose jobs have no place of their own: no matter
  std::optional<OwnServers> own;
  std::optional<double> own_devices;  ///< instead of the mean in use
  std::optional<double> tuning_jobs;  ///< jobs of one tuning, each as long as one model
  Better better = Better::kHigher;    ///< of the metric
  std::optional<double> target;       ///< a metric that runs are to reach
  std::vector<WorthPoint> beside;     ///< estimates, on the front with the groups
};
/// Errors: kInvalid where the log has no job, or no run has the metric.
JOULERY_EXPORT Result<ProjectAccount> account_project(const JobLog& log,
                                                      const ProjectRequest& request);

}  // namespace joulery
