// project: opens a job log and finds out what it is, see joulery/project.h.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "base/file.h"
#include "base/text.h"
#include "project/readers.h"

namespace joulery {
namespace project {
namespace {

bool is_swf_line(std::string_view line) {
  std::size_t words = 0;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    if (end > 0 && !parse_number(line.substr(0, end))) return false;
    words += end > 0 ? 1 : 0;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words == 18;
}

/// The first line that says something, comments of SWF and CSV apart.
std::string_view telling_line(std::string_view head) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find_first_of("\r\n"), head.size());
    const std::string_view line = trim(head.substr(0, end));
    if (!line.empty() && !line.starts_with(';') && !line.starts_with('#')) return line;
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return {};
}

char separator_of(std::string_view heading, std::string_view format) {
  if (format == "sacct") return '|';
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char separator : {',', '|', ';', '\t'}) {
    const auto count = std::count(heading.begin(), heading.end(), separator);
    if (count > most) best = separator, most = count;
  }
  return best;
}

std::string format_of(std::string_view head) {
  const std::string_view line = telling_line(head);
  if (line.starts_with('{')) return "sacct-json";
  if (is_swf_line(line)) return "swf";
  return separator_of(line, "") == '|' ? "sacct" : "csv";
}

Result<void> check_format(const std::string& format) {
  if (format.empty() || format == "sacct" || format == "csv" || format == "swf") return {};
  return Error{ErrorCode::kUsage,
               fmt::format("--format: \"{}\" is none of sacct, csv, swf", format)};
}

/// All lines of a text.
Result<void> read_lines(LogLines& lines, const JobLogOptions& options, LogBuilder& builder) {
  if (builder.data().format == "swf") return read_swf(lines, options, builder);
  const char separator = separator_of(telling_line(lines.head()), builder.data().format);
  return read_table(lines, separator, options, builder);
}

}  // namespace

Error too_long(const std::string& file, const LogBounds& bounds) {
  return {ErrorCode::kInvalid,
          fmt::format("{}: more than {} MiB or {} lines: no job log is as long; account for it a "
                      "part at a time",
                      file, bounds.bytes >> 20, bounds.lines)};
}

Result<JobLog> read_jobs(std::istream& in, const std::string& file, const JobLogOptions& options,
                         const LogBounds& bounds) {
  JOULERY_CHECK(check_format(options.format));
  LogBuilder builder(options);
  LogLines lines(in, file, bounds.bytes, bounds.lines);
  std::string format = format_of(lines.head());
  if (!options.format.empty() && (options.format != "sacct" || format != "sacct-json"))
    format = options.format;
  builder.data().source = file;
  builder.data().format = format;
  if (format == "sacct-json") {
    if (lines.utf16())  // only lines are decoded
      return Error{ErrorCode::kInvalid,
                   file + ": JSON in UTF-16: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)"};
    JOULERY_CHECK(read_sacct_json(lines.head(), in, bounds, options, builder));
  } else {
    const auto done = read_lines(lines, options, builder);
    if (lines.beyond()) return too_long(file, bounds);
    JOULERY_CHECK(done);
  }
  if (in.bad()) return Error{ErrorCode::kUnavailable, file + ": cannot be read to its end"};
  return builder.finish();
}

}  // namespace project

Result<JobLog> read_job_log(const std::string& path, const JobLogOptions& options) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return errno_error(path, "read", errno);
  if (S_ISDIR(info.st_mode))
    return Error{ErrorCode::kInvalid, path + ": is a directory, not a job log"};
  // Many have no end, as /dev/zero. A pipe is none.
  if (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode))
    return Error{ErrorCode::kInvalid, path + ": is a device, not a job log"};
  constexpr project::LogBounds kBounds;
  if (S_ISREG(info.st_mode) && static_cast<std::uint64_t>(info.st_size) > kBounds.bytes)
    return project::too_long(path, kBounds);
  std::ifstream in(path, std::ios::binary);
  if (!in) return errno_error(path, "read", errno);
  return project::read_jobs(in, path, options);
}

}  // namespace joulery
