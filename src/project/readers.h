// project: one function for each format of job logs; read.cc chooses.
#pragma once

#include <istream>
#include <string>

#include "base/lines.h"
#include "joulery/project.h"
#include "project/log_builder.h"

namespace joulery::project {

/// Text with a heading: sacct's parsable output ('|') and CSV (',', ';' or tab).
Result<void> read_table(LogLines& lines, char separator, const JobLogOptions& options,
                        LogBuilder& builder);
/// The Standard Workload Format of the Parallel Workloads Archive, version 2.2.
Result<void> read_swf(LogLines& lines, const JobLogOptions& options, LogBuilder& builder);
/// `sacct --json`, of all versions of its data parser; streams. "Lines" are numbers of jobs.
Result<void> read_sacct_json(std::istream& in, const std::string& file,
                             const JobLogOptions& options, LogBuilder& builder);

/// From a stream, for tests; read_job_log() opens a file.
Result<JobLog> read_jobs(std::istream& in, const std::string& file, const JobLogOptions& options);

/// Reads devices and cores into `row`. `device`: of accelerators without a kind.
void put_gpus(const TresCounts& counts, const std::string& device, LogData& data, JobRow& row);

}  // namespace joulery::project
