// project: from rows of any format to the jobs of a log: the rules are here, and only here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/project.h"
#include "project/device_sets.h"
#include "project/id_table.h"
#include "project/job_store.h"
#include "project/remarks.h"
#include "project/stamps.h"
#include "project/string_pool.h"

namespace joulery::project {

/// The columns that are kept of every job, whether or not the log has them; those that a user asks
/// for with --by follow.
enum KeptColumn : std::size_t { kUser, kAccount, kState, kSearch, kStage, kRole, kFixedColumns };
/// "user", "account", "state", "search", "stage", "role".
std::string_view name_of(KeptColumn column);

/// What is noted of jobs whose metric is text.
std::string metric_note(const std::string& metric);

/// Relative, k = 1, of an energy that a log holds: what a board's own sensor has without
/// calibration (arXiv 2312.02741, sd of 13 boards 5.2 %); logs never tell.
inline constexpr double kEnergyU = 0.05;

/// Everything that was read. `kinds` holds the values of one combination of columns after another.
struct LogData {
  std::string source, format;
  std::vector<std::string> columns;  ///< kept columns by name, the fixed ones first
  std::vector<bool> has_column;      ///< whether the log has them
  std::vector<std::string> by;       ///< as asked for, or the default
  std::vector<std::string> asked_by;
  std::optional<std::size_t> metric;    ///< its column
  std::vector<std::size_t> parameters;  ///< columns of hyper-parameters
  std::vector<bool> for_worth;          ///< columns that only these need: no totals by them
  JobStore jobs;
  DeviceSets devices;
  StringPool names;
  std::vector<std::uint32_t> kinds;
  Remarks remarks;
  bool calendar = true;                 ///< its times count from 1970
  std::vector<std::int64_t> submit_us;  ///< of each job where kept: when it was handed in, its
                                        ///< start where the log does not tell; never after that
  std::uint64_t steps = 0;
  std::vector<Place> places;          ///< of jobs whose record tells its own
  std::vector<std::string> includes;  ///< parts of a machine that measured energies hold
  std::vector<std::string> excludes;  ///< parts that they lack

  /// The place of a kept column, which is added where it is not there.
  std::size_t keep(const std::string& name);
  [[nodiscard]] std::size_t kind_count() const { return kinds.size() / columns.size(); }
  [[nodiscard]] const std::string& value(std::uint32_t kind, std::size_t column) const {
    return names.at(kinds[kind * columns.size() + column]);
  }
};

/// One row of a log, taken apart. The views live until the next row.
struct JobRow {
  std::uint64_t line = 0;
  std::string_view id;  ///< empty: the log has none
  Stamp start, end;
  Stamp submit;  ///< where it is kept
  std::optional<Micros> elapsed;
  bool start_is_submit = false;   ///< the log has no start, only when it was handed in
  std::string_view garbled;       ///< why the row cannot be used; empty: it can
  std::string_view garbled_text;  ///< its own words
  std::uint32_t place = 0;        ///< as JobRecord::place
  DeviceSet devices;              ///< numbers of LogData::devices
  std::optional<double> energy_j;
  double energy_u_j = 0;
  std::vector<std::string_view> columns;  ///< of LogData::columns
};

class LogBuilder {
 public:
  explicit LogBuilder(const JobLogOptions& options);

  [[nodiscard]] LogData& data() { return *data_; }
  /// By the rules: counts, replaces an earlier line of the same job, or skips.
  void add(JobRow& row);
  /// A step of the last job: counted with it. `batch`: the step that lasts as long as the job.
  void add_step(std::string_view job_id, bool batch, std::optional<double> energy_j);
  /// Ends open jobs, counts repeats. Errors: kInvalid where a table grew beyond its bound.
  Result<JobLog> finish();

 private:
  bool settle_times(const JobRow& row, JobRecord& job);
  bool settle_by_stamps(const JobRow& row, JobRecord& job);
  void note_difference(const JobRow& row);
  bool is_of_one_clock(const JobRow& row);
  std::uint32_t put_value(std::size_t column, std::string_view text);
  void note_metric(const JobRow& row);
  std::optional<std::uint32_t> kind_of(const JobRow& row);
  void store(const JobRow& row, const JobRecord& job);
  void close_open_jobs();

  std::unique_ptr<LogData> data_;
  std::optional<WallTime> now_;
  bool keep_submit_ = false;
  std::int64_t last_us_ = 0;  ///< the latest stamp
  IdTable kinds_;
  std::vector<std::uint32_t> kind_;  // of the present row
  std::vector<std::uint32_t> last_kind_;
  std::uint32_t last_kind_id_ = 0;
  std::string step_parent_;
  JobRecord* parent_ = nullptr;
  bool parent_has_own_energy_ = false;
  double batch_energy_j_ = 0, steps_energy_j_ = 0;
};

}  // namespace joulery::project
