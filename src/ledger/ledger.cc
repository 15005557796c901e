// ledger: records in a directory, found by id, prefix or name; see joulery/ledger.h.
#include "joulery/ledger.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/file.h"
#include "ledger/draft.h"
#include "ledger/home.h"
#include "ledger/index.h"
#include "ledger/job_json.h"
#include "ledger/record_dir.h"
#include "ledger/run_id.h"

namespace joulery {
namespace {

class WritingRun : public OpenRun {
 public:
  WritingRun(std::string id, std::unique_ptr<RecordWriter> writer)
      : id_(std::move(id)), writer_(std::move(writer)) {}
  const std::string& id() const override { return id_; }
  SampleSink& sink() override { return *writer_; }
  Result<void> close(const TraceInfo& end, const Job& job) override {
    JOULERY_CHECK(writer_->close(end, closing_text(job)));
    if (writer_->failure()) return *writer_->failure();
    return {};
  }

 private:
  std::string id_;
  std::unique_ptr<RecordWriter> writer_;
};

Error several(const std::string& run, const std::vector<std::string>& candidates) {
  constexpr std::size_t kMostNamed = 8;
  std::string message =
      "\"" + run + "\" could be any of " + std::to_string(candidates.size()) + " runs:";
  for (std::size_t i = 0; i < std::min(kMostNamed, candidates.size()); ++i)
    message += " " + candidates[i];
  if (candidates.size() > kMostNamed) message += " ...";
  return Error{ErrorCode::kInvalid, std::move(message)};
}

class DirectoryLedger : public Ledger {
 public:
  DirectoryLedger(std::string home, FileClock file_clock)
      : home_(std::move(home)), file_clock_(std::move(file_clock)) {}

  Result<std::unique_ptr<OpenRun>> begin_run(const Job& job, const Place& place,
                                             std::span<const Channel> channels,
                                             const TraceInfo& start) override;
  Result<std::string> store(const Job& job, const Place& place, const Trace& trace) override;
  Result<Listing> list(const std::string& project) override;
  Result<std::string> find(const std::string& run) override;
  Result<StoredRun> load(const std::string& run) override;
  Result<void> remove(const std::string& run) override;

 private:
  using Make = std::function<Result<void>(const Job& named, const std::string& path)>;
  Result<std::string> make_record(const Job& job, const Make& make) const;
  std::string index_path() const { return home_ + "/index.sqlite"; }

  std::string home_;
  FileClock file_clock_;
};

// Where the job has no id it gets one: the file that is made for it must be new. Returns the id.
Result<std::string> DirectoryLedger::make_record(const Job& job, const Make& make) const {
  constexpr int kTries = 8;  // two runs of one home meet in one 0.8 ms with one of 1.7 million ends
  if (!job.id.empty() && !is_run_id(job.id))
    return Error{ErrorCode::kInternal, "\"" + job.id + "\" is not the id of a run"};
  Job named = job;
  for (int i = 1;; ++i) {
    if (job.id.empty()) named.id = make_run_id();
    const std::string path = record_path(home_, named.id);
    auto made = make(named, path);
    if (made) return named.id;
    const bool taken = ::access(path.c_str(), F_OK) == 0;
    if (!job.id.empty() || !taken || i == kTries) return std::move(made).error();
  }
}

Result<std::unique_ptr<OpenRun>> DirectoryLedger::begin_run(const Job& job, const Place& place,
                                                            std::span<const Channel> channels,
                                                            const TraceInfo& start) {
  std::unique_ptr<RecordWriter> writer;
  const auto make = [&](const Job& named, const std::string& path) -> Result<void> {
    JOULERY_TRY(writer, RecordWriter::create(path, channels, start, about_text(named, place)));
    return {};
  };
  JOULERY_TRY(std::string id, make_record(job, make));
  return std::unique_ptr<OpenRun>(new WritingRun(std::move(id), std::move(writer)));
}

Result<std::string> DirectoryLedger::store(const Job& job, const Place& place, const Trace& trace) {
  return make_record(job, [&](const Job& named, const std::string& path) {
    return save_record(path, trace, about_text(named, place), closing_text(named));
  });
}

Result<Ledger::Listing> DirectoryLedger::list(const std::string& project) {
  JOULERY_TRY(const auto records, scan_records(home_));
  std::map<std::string, IndexRow> known;
  for (IndexRow& row : load_index(index_path())) known.emplace(row.run.id, std::move(row));
  std::optional<WallTime> now;  // asked for where it matters

  Listing listing;
  std::vector<IndexRow> rows;
  bool changed = false;
  for (const auto& [id, stamp] : records) {
    const auto found = known.find(id);
    if (found != known.end() && found->second.stamp == stamp) {
      rows.push_back(std::move(found->second));
      continue;
    }
    if (!now) now = file_clock_();
    auto summary = summarize(home_, id, stamp, *now);
    // Removed since the directory was read, or not yet begun: no run, but no problem either.
    const bool absent = !summary && summary.error().code == ErrorCode::kUnavailable;
    if (absent || (!summary && is_being_made(stamp, *now))) continue;
    if (!summary) {
      listing.problems.push_back(std::move(summary).error().message);
    } else if (summary->running) {
      listing.runs.push_back(std::move(*summary));
    } else {
      rows.push_back({stamp, std::move(*summary)});
      changed = true;
    }
  }
  // Only a cache: where it cannot be written, e.g. in a home that is read-only, the list is right
  // all the same.
  if (changed || rows.size() < known.size()) (void)save_index(index_path(), rows).has_value();
  for (IndexRow& row : rows) listing.runs.push_back(std::move(row.run));
  std::erase_if(listing.runs,
                [&](const RunSummary& run) { return !project.empty() && run.project != project; });
  std::sort(listing.runs.begin(), listing.runs.end(),
            [](const auto& a, const auto& b) { return a.id > b.id; });
  return listing;
}

Result<std::string> DirectoryLedger::find(const std::string& run) {
  JOULERY_TRY(const auto records, scan_records(home_));
  if (records.contains(run)) return run;
  if (run == "last" && !records.empty()) return records.rbegin()->first;
  std::vector<std::string> candidates;
  for (auto it = records.lower_bound(run); it != records.end() && it->first.starts_with(run); ++it)
    candidates.push_back(it->first);
  if (!run.empty() && candidates.size() == 1) return candidates.front();
  JOULERY_TRY(const Listing listing, list(""));
  for (const RunSummary& summary : listing.runs)
    if (!run.empty() && summary.name == run) return summary.id;
  if (!run.empty() && !candidates.empty()) return several(run, candidates);
  return Error{ErrorCode::kInvalid, "no run \"" + run + "\" in " + home_ +
                                        " (joulery runs lists the " +
                                        std::to_string(records.size()) + " that are there)"};
}

Result<StoredRun> DirectoryLedger::load(const std::string& run) {
  JOULERY_TRY(const std::string id, find(run));
  return load_run(home_, id);
}

Result<void> DirectoryLedger::remove(const std::string& run) {
  JOULERY_TRY(const std::string id, find(run));
  JOULERY_TRY(const auto records, scan_records(home_));
  const auto found = records.find(id);
  if (found == records.end()) return Error{ErrorCode::kInvalid, "run " + id + " is gone already"};
  const auto stored = load_run(home_, id);
  const Seconds period = stored ? stored->trace->info().period : Seconds(0);
  if (is_live(found->second, period, file_clock_()))
    return Error{ErrorCode::kUnavailable,
                 "run " + id + " is in progress: its meter still writes to it"};
  const std::string path = record_path(home_, id);
  if (::unlink(path.c_str()) != 0) return errno_error(path, "remove", errno);
  ::unlink((path + ".tail").c_str());
  return {};
}

}  // namespace

Result<std::unique_ptr<Ledger>> open_ledger_by(const std::string& home, FileClock file_clock) {
  JOULERY_CHECK(make_private_directories(home + "/runs"));
  return std::unique_ptr<Ledger>(new DirectoryLedger(home, std::move(file_clock)));
}

Result<std::unique_ptr<Ledger>> open_ledger(const std::string& home) {
  return open_ledger_by(home, [home] { return file_time(home + "/index.sqlite"); });
}

}  // namespace joulery
