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

/// What a log may have; an input may be endless, as of a pipe.
struct LogBounds {
  std::uint64_t bytes = std::uint64_t{4} << 30;   // a choice: twice a log of thirteen million jobs
  std::uint64_t lines = std::uint64_t{32} << 20;  // a choice: 2 GiB of memory, were each a job
};

/// The error of a log beyond its bounds.
Error too_long(const std::string& file, const LogBounds& bounds);

/// `sacct --json`, of all versions of its data parser; streams. "Lines" are numbers of jobs. `head`
/// is what was taken of `in` already.
Result<void> read_sacct_json(std::string_view head, std::istream& in, const LogBounds& bounds,
                             const JobLogOptions& options, LogBuilder& builder);

/// From a stream; read_job_log() opens a file. Errors: kInvalid, beyond the bounds too.
Result<JobLog> read_jobs(std::istream& in, const std::string& file, const JobLogOptions& options,
                         const LogBounds& bounds = {});

/// Reads devices and cores into `row`. `device`: of accelerators without a kind.
void put_gpus(const TresCounts& counts, const std::string& device, LogData& data, JobRow& row);

}  // namespace joulery::project
