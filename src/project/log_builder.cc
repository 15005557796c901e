// project: the rules by which rows become jobs, see log_builder.h and docs/formats/job-log.md.
#include "project/log_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "base/text.h"

namespace joulery::project {
namespace {

constexpr std::array<std::string_view, kFixedColumns> kNames = {"user",   "account", "state",
                                                                "search", "stage",   "role"};
// Distinct combinations of the kept columns: a choice that bounds memory. A --by column that
// differs from job to job (an id) meets it at two million jobs.
constexpr std::size_t kMostKinds = 2'000'000;
// Slurm rounds its stamps and its Elapsed to seconds, each by itself.
constexpr std::int64_t kRoundingUs = 1'000'000;
constexpr std::int64_t kHourUs = 3'600'000'000;

/// "CANCELLED by 1000" is one state, whoever cancelled.
std::string_view without_doer(std::string_view state) {
  const std::size_t by = state.find(" by ");
  return by == std::string_view::npos ? state : state.substr(0, by);
}

std::uint64_t hash_of_id(std::string_view id) {
  return id.empty() ? 0 : std::hash<std::string_view>()(id) | 1;
}

}  // namespace

std::string_view name_of(KeptColumn column) { return kNames[column]; }

std::string metric_note(const std::string& metric) {
  return fmt::format("its {} is no number: counted as jobs without one", metric);
}

std::size_t LogData::keep(const std::string& name) {
  const auto at = std::find(columns.begin(), columns.end(), name);
  const auto place = static_cast<std::size_t>(at - columns.begin());
  if (at == columns.end()) columns.push_back(name);
  return place;
}

LogBuilder::LogBuilder(const JobLogOptions& options) : data_(std::make_unique<LogData>()) {
  for (const std::string_view name : kNames) data_->columns.emplace_back(name);
  data_->by = data_->asked_by = options.by;
  for (const std::string& name : options.by)
    if (name != "device" && name != "month") data_->keep(name);
  const std::size_t of_totals = data_->columns.size();
  if (!options.metric.empty()) data_->metric = data_->keep(options.metric);
  for (const std::string& name : options.parameters) data_->parameters.push_back(data_->keep(name));
  data_->has_column.assign(data_->columns.size(), false);
  data_->for_worth.assign(data_->columns.size(), false);
  std::fill(data_->for_worth.begin() + static_cast<std::ptrdiff_t>(of_totals),
            data_->for_worth.end(), true);
  now_ = options.now;
  keep_submit_ = options.keep_submit;
}

bool LogBuilder::is_of_one_clock(const JobRow& row) {
  for (const Stamp& stamp : {row.start, row.end}) {
    if (!stamp) continue;
    if (data_->jobs.size() == 0 && last_us_ == 0) data_->calendar = stamp.calendar;
    if (stamp.calendar != data_->calendar) return false;
    last_us_ = std::max(last_us_, stamp.us);
  }
  return true;
}

void LogBuilder::note_difference(const JobRow& row) {
  const std::int64_t longer = row.elapsed->count() - (row.end.us - row.start.us);
  if (std::abs(longer) <= kRoundingUs) return;
  Remarks& remarks = data_->remarks;
  if (std::abs(std::abs(longer) - kHourUs) <= kRoundingUs) {
    remarks.note(row.line,
                 "elapsed and end - start differ by an hour, as across a change to or "
                 "from daylight saving: elapsed counts");
  } else if (longer < 0) {
    remarks.note(row.line, "elapsed is less than end - start (suspended?): elapsed counts");
  } else {
    remarks.note(row.line, "elapsed is more than end - start: elapsed counts");
  }
}

bool LogBuilder::settle_by_stamps(const JobRow& row, JobRecord& job) {
  if (!row.start) {
    data_->remarks.skip(row.line, "never started");
    return false;
  }
  if (!row.end) {
    job.flags |= JobRecord::kOpen | JobRecord::kRunning;
    return true;
  }
  job.elapsed_us = row.end.us - row.start.us;
  if (job.elapsed_us < 0) {
    data_->remarks.skip(row.line, "ends before it begins");
    return false;
  }
  if (row.start_is_submit)
    data_->remarks.note(row.line, "no start: counted from when it was handed in, waiting included");
  return true;
}

bool LogBuilder::settle_times(const JobRow& row, JobRecord& job) {
  if (!is_of_one_clock(row)) {
    data_->remarks.skip(row.line, "its times are of another clock than those of the first job");
    return false;
  }
  if (row.start) {
    job.flags |= JobRecord::kHasStart;
    job.start_us = row.start.us;
  }
  if (!row.elapsed) return settle_by_stamps(row, job);
  if (row.elapsed->count() < 0) {
    data_->remarks.skip(row.line, "its elapsed time is negative");
    return false;
  }
  if (!row.start && row.elapsed->count() == 0) {
    data_->remarks.skip(row.line, "never started");
    return false;
  }
  job.elapsed_us = row.elapsed->count();
  if (row.start) last_us_ = std::max(last_us_, job.start_us + job.elapsed_us);
  if (row.start && row.end && !row.start_is_submit) note_difference(row);
  if (row.start && !row.end) {
    // Of logs that tell no end of any job, a start and a length are all there is.
    const std::string state = lower(row.columns[kState]);
    if (state.starts_with("running") || state.starts_with("suspended"))
      job.flags |= JobRecord::kRunning;
  }
  return true;
}

// Of hyper-parameters, 1e-1 and 0.10 are one value; elsewhere a text is what it is: 007 is not 7.
std::uint32_t LogBuilder::put_value(std::size_t column, std::string_view text) {
  if (column == kState) return data_->names.put(without_doer(text));
  const auto& numbers = data_->parameters;
  if (std::find(numbers.begin(), numbers.end(), column) == numbers.end())
    return data_->names.put(text);
  const auto number = parse_number(trim(text));
  return data_->names.put(number ? fmt::format("{}", *number) : std::string(text));
}

void LogBuilder::note_metric(const JobRow& row) {
  if (!data_->metric) return;
  const std::string_view text = trim(row.columns[*data_->metric]);
  if (text.empty() || parse_number(text)) return;
  data_->remarks.note(row.line, metric_note(data_->columns[*data_->metric]));
}

std::optional<std::uint32_t> LogBuilder::kind_of(const JobRow& row) {
  kind_.clear();
  for (std::size_t i = 0; i < row.columns.size(); ++i)
    kind_.push_back(put_value(i, row.columns[i]));
  if (kind_ == last_kind_) return last_kind_id_;
  last_kind_ = kind_;
  const std::uint64_t hash = hash_of(kind_);
  const auto same = [&](std::uint32_t number) {
    return std::equal(kind_.begin(), kind_.end(), &data_->kinds[number * kind_.size()]);
  };
  if (const std::uint32_t* known = kinds_.find(hash, same)) return last_kind_id_ = *known;
  if (data_->kind_count() == kMostKinds) return {};
  last_kind_id_ = static_cast<std::uint32_t>(data_->kind_count());
  data_->kinds.insert(data_->kinds.end(), kind_.begin(), kind_.end());
  kinds_.add(hash, last_kind_id_);
  return last_kind_id_;
}

void LogBuilder::store(const JobRow& row, const JobRecord& job) {
  JobRecord* known = job.id == 0 ? nullptr : data_->jobs.find_or_index(job);
  parent_ = known;
  if (known == nullptr) {
    data_->jobs.add(job);
    const bool told = row.submit && row.submit.calendar == data_->calendar;
    if (keep_submit_)
      data_->submit_us.push_back(told ? std::min(row.submit.us, job.start_us) : job.start_us);
    parent_ = &data_->jobs[data_->jobs.size() - 1];
    return;
  }
  const bool later = known->has(JobRecord::kOpen) || job.elapsed_us > known->elapsed_us;
  if (later && !job.has(JobRecord::kOpen)) *known = job;
  data_->remarks.skip(row.line,
                      later ? "the same job and start as an earlier line: this line counts for both"
                            : "the same job and start as an earlier line, which counts",
                      row.id);
}

void LogBuilder::add(JobRow& row) {
  step_parent_.assign(row.id);
  parent_ = nullptr;
  batch_energy_j_ = steps_energy_j_ = 0;
  if (!row.garbled.empty()) {
    data_->remarks.skip(row.line, std::string(row.garbled), row.garbled_text);
    return;
  }
  JobRecord job;
  if (!settle_times(row, job)) return;
  note_metric(row);
  const auto kind = kind_of(row);
  if (!kind) {
    data_->remarks.skip(row.line, "more combinations of columns than can be kept apart");
    return;
  }
  job.id = hash_of_id(row.id);
  job.kind = *kind;
  job.devices = data_->devices.put(row.devices);
  job.set_place(row.place);
  parent_has_own_energy_ = row.energy_j.has_value();
  if (row.energy_j) {
    job.flags |= JobRecord::kHasEnergy;
    job.energy_j = *row.energy_j;
    job.energy_u_j = static_cast<float>(row.energy_u_j);
  }
  if (row.devices.empty()) data_->remarks.note(row.line, "no device and no core: no device-hours");
  if (job.elapsed_us == 0 && !job.has(JobRecord::kOpen))
    data_->remarks.note(row.line, "of zero length: counted as jobs, without hours");
  store(row, job);
}

void LogBuilder::add_step(std::string_view job_id, bool batch, std::optional<double> energy_j) {
  ++data_->steps;
  if (parent_ == nullptr || job_id != step_parent_ || parent_has_own_energy_ || !energy_j) return;
  (batch ? batch_energy_j_ : steps_energy_j_) += *energy_j;
  // The batch step lasts as long as the job, and its node's energy holds that of the others there.
  parent_->energy_j = std::max(batch_energy_j_, steps_energy_j_);
  parent_->energy_u_j = static_cast<float>(kEnergyU * parent_->energy_j);
  parent_->flags |= JobRecord::kHasEnergy;
}

void LogBuilder::close_open_jobs() {
  const std::int64_t now = now_ ? now_->time_since_epoch().count() : last_us_;
  for (std::size_t i = 0; i < data_->jobs.size(); ++i) {
    JobRecord& job = data_->jobs[i];
    if (job.has(JobRecord::kRunning))
      data_->remarks.note(0, job.has(JobRecord::kOpen)
                                 ? (now_ ? "still running: counted up to --now"
                                         : "still running: counted up to the log's last stamp")
                                 : "still running: counted up to when the log was written");
    if (!job.has(JobRecord::kOpen)) continue;
    job.elapsed_us = std::max<std::int64_t>(0, now - job.start_us);
    job.flags &= ~std::uint32_t{JobRecord::kOpen};
  }
}

Result<JobLog> LogBuilder::finish() {
  const std::string& source = data_->source;
  if (data_->names.full())
    return Error{ErrorCode::kInvalid, fmt::format("{}: its columns hold more than {} MiB of "
                                                  "different values: is a column of --by an id?",
                                                  source, StringPool::kMostTotal >> 20)};
  if (data_->devices.full())
    return Error{ErrorCode::kInvalid, fmt::format("{}: more than {} different sets of devices",
                                                  source, DeviceSets::kMostSets)};
  if (now_ && !data_->calendar)
    return Error{ErrorCode::kUsage, "--now: the log's times do not count from 1970"};
  close_open_jobs();
  data_->remarks.note(0,
                      "further attempts of a job (requeued, or its id used again): each used its "
                      "devices, so each counts",
                      data_->jobs.count_repeats());
  kinds_ = {};
  return JobLog(std::move(data_));
}

}  // namespace joulery::project

namespace joulery {

JobLog::JobLog(std::unique_ptr<project::LogData> data) : data_(std::move(data)) {}
JobLog::JobLog(JobLog&&) noexcept = default;
JobLog& JobLog::operator=(JobLog&&) noexcept = default;
JobLog::~JobLog() = default;
std::size_t JobLog::jobs() const { return data_->jobs.size(); }
const std::vector<std::string>& JobLog::devices() const { return data_->devices.names(); }

}  // namespace joulery
