// ledger: the directory of records, see record_dir.h.
#include "ledger/record_dir.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>

#include "base/file.h"
#include "ledger/job_json.h"
#include "ledger/run_id.h"

namespace joulery {
namespace {

constexpr std::string_view kSuffix = ".jrun";
constexpr std::string_view kTailSuffix = ".jrun.tail";
constexpr std::size_t kCommandBytes = 400;  // of a command in a list; the record has all of it

constexpr Seconds kFresh{5};  // longer than a second of sampling and a slow disk

Seconds age(std::int64_t mtime_ns, WallTime now) {
  return Seconds(now.time_since_epoch() - std::chrono::nanoseconds(mtime_ns));
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// The id in a file's name, empty where it is not ours.
std::string_view id_in(std::string_view file, std::string_view suffix) {
  if (!file.ends_with(suffix)) return {};
  file.remove_suffix(suffix.size());
  return is_run_id(file) ? file : std::string_view{};
}

std::string joined(const std::vector<std::string>& command) {
  std::string line;
  for (const std::string& word : command) {
    if (line.size() >= kCommandBytes) break;
    line += (line.empty() ? "" : " ") + word;
  }
  return line.substr(0, kCommandBytes);
}

RunSummary summary_of(const StoredRun& run) {
  RunSummary summary;
  summary.id = run.job.id;
  summary.name = run.job.name;
  summary.project = run.job.project;
  summary.command = joined(run.job.command);
  summary.host = run.job.host;
  summary.origin = run.job.origin;
  summary.begin = run.trace->info().wall_begin;
  summary.complete = run.trace->info().complete;
  summary.exit_status = run.job.exit_status;
  summary.signal = run.job.signal;
  summary.tags = run.job.tags;
  return summary;
}

}  // namespace

std::string record_path(const std::string& home, const std::string& id) {
  return home + "/runs/" + id + std::string(kSuffix);
}

Result<std::map<std::string, FileStamp>> scan_records(const std::string& home) {
  const std::string path = home + "/runs";
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(path.c_str()), ::closedir);
  if (!dir) return errno_error(path, "open", errno);
  std::map<std::string, FileStamp> records;
  std::map<std::string, FileStamp> tails;
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string_view record = id_in(entry->d_name, kSuffix);
    const std::string_view tail = id_in(entry->d_name, kTailSuffix);
    if (record.empty() && tail.empty()) continue;
    struct stat info {};
    if (::fstatat(::dirfd(dir.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISREG(info.st_mode)) continue;
    if (!record.empty())
      records[std::string(record)] = {info.st_size, nanoseconds(info.st_mtim), 0, 0};
    else
      tails[std::string(tail)] = {0, 0, info.st_size, nanoseconds(info.st_mtim)};
  }
  for (auto& [id, stamp] : records) {
    const auto tail = tails.find(id);
    if (tail == tails.end()) continue;
    stamp.tail_size = tail->second.tail_size;
    stamp.tail_mtime_ns = tail->second.tail_mtime_ns;
  }
  return records;
}

bool is_live(const FileStamp& stamp, Seconds period, WallTime now) {
  constexpr double kPeriods =
      3;  // either file is written about once a second, or once a period where that is longer
  const std::int64_t written = std::max(stamp.mtime_ns, stamp.tail_mtime_ns);
  return stamp.tail_mtime_ns != 0 && age(written, now) < std::max(kFresh, kPeriods * period);
}

bool is_being_made(const FileStamp& stamp, WallTime now) {
  return age(stamp.mtime_ns, now) < kFresh;
}

Result<StoredRun> load_run(const std::string& home, const std::string& id) {
  const std::string path = record_path(home, id);
  JOULERY_TRY(std::unique_ptr<RecordTrace> record, load_record(path));
  auto about = parse_about(record->about());
  if (!about) return Error{about.error().code, path + ": " + about.error().message};
  StoredRun run{std::move(about->job), std::move(about->place), nullptr};
  if (!record->closing().empty()) {
    const auto closed = parse_closing(record->closing(), run.job);
    if (!closed) return Error{closed.error().code, path + ": " + closed.error().message};
  }
  run.job.id = id;  // the file's name is the one that finds it again
  run.trace = std::move(record);
  return run;
}

Result<RunSummary> summarize(const std::string& home, const std::string& id, const FileStamp& stamp,
                             WallTime now) {
  JOULERY_TRY(const StoredRun run, load_run(home, id));
  RunSummary summary = summary_of(run);
  summary.running = !summary.complete && is_live(stamp, run.trace->info().period, now);
  const auto account = make_account(*run.trace, run.job, run.place);
  if (account) {
    summary.duration = account->duration;
    summary.it_energy = account->it_energy;
    summary.carbon = account->carbon;
    summary.excludes = account->excludes;
    // One board of several that could not be seen makes the sum a lower bound as a whole kind does.
    for (const ComponentAccount& component : account->components)
      if (!component.energy && !component.part_of) summary.excludes.push_back(component.id);
  } else {
    summary.duration.why = summary.it_energy.why = summary.carbon.why = account.error().message;
  }
  return summary;
}

}  // namespace joulery
