// project: the runs of the ledger as jobs: each with its own energy, its tags as columns.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "base/text.h"
#include "project/columns.h"
#include "project/log_builder.h"
#include "project/places.h"
#include "project/readers.h"

namespace joulery {
namespace project {
namespace {

std::string state_of(const RunSummary& run) {
  if (run.running) return "RUNNING";
  if (run.signal) return "CANCELLED";
  if (run.exit_status) return *run.exit_status == 0 ? "COMPLETED" : "FAILED";
  return run.origin == "run" ? "CUT OFF" : "COMPLETED";
}

/// Boards by model: a component is a board, whatever its channels.
std::map<std::string, double> boards_of(const Trace& trace) {
  std::map<std::string, std::string> models;
  for (const Channel& channel : trace.channels())
    if (channel.kind == ComponentKind::kGpu && !channel.part_of)
      models.emplace(channel.component, channel.model);
  std::map<std::string, double> counts;
  for (const auto& [component, model] : models) counts[model] += 1;
  return counts;
}

/// What a run marked last: `joulery mark accuracy=0.93`.
std::string_view marked_value(const Trace& trace, std::string_view name) {
  std::string_view value;
  for (const Event& event : trace.info().events) {
    const std::string_view text = event.text;
    if (event.kind == Event::Kind::kMark && text.size() > name.size() && text[name.size()] == '=' &&
        text.starts_with(name))
      value = text.substr(name.size() + 1);
  }
  return value;
}

class LedgerReader {
 public:
  LedgerReader(Ledger& ledger, const JobLogOptions& options, LogBuilder& builder)
      : ledger_(ledger), options_(options), builder_(builder) {}

  Result<void> read(const std::string& project) {
    JOULERY_TRY(const Ledger::Listing listing, ledger_.list(project));
    LogData& data = builder_.data();
    JOULERY_CHECK(check_by(options_, {"user", "account", "state", "project", "name", "host"}, true,
                           "the ledger"));
    for (const RunSummary& run : listing.runs) take_run(run);
    for (const std::string& problem : listing.problems)
      data.remarks.skip(++number_, "a record that cannot be read", problem);
    data.excludes.assign(excludes_.begin(), excludes_.end());
    put_default_by(data);
    return {};
  }

 private:
  void take_run(const RunSummary& run) {
    JobRow row;
    row.line = ++number_;
    row.id = run.id;
    const auto stored = ledger_.load(run.id);
    if (!stored)
      return builder_.data().remarks.skip(number_, "a record that cannot be read",
                                          stored.error().message);
    row.start = {Stamp::Kind::kTime, true, run.begin.time_since_epoch().count()};
    if (run.duration)
      row.elapsed = std::chrono::duration_cast<Micros>(*run.duration.value);
    else if (!run.running)
      return builder_.data().remarks.skip(number_, "its length is not known", run.duration.why);
    put_devices(*stored, row);
    row.place = place_of(stored->place);
    if (run.it_energy) {
      row.energy_j = run.it_energy.value->count();
      row.energy_u_j = run.it_energy.u.count();
    }
    excludes_.insert(run.excludes.begin(), run.excludes.end());
    const std::string state = state_of(run);
    put_columns(run, *stored, state, row);
    builder_.add(row);
  }

  /// Records of one place share it.
  std::uint32_t place_of(const Place& place) {
    std::vector<Place>& places = builder_.data().places;
    auto at = std::find_if(places.begin(), places.end(),
                           [&](const Place& other) { return is_same_place(other, place); });
    if (at == places.end() && places.size() == JobRecord::kMostPlaces) return 0;
    if (at == places.end()) at = places.insert(at, place);
    return static_cast<std::uint32_t>(at - places.begin()) + 1;
  }

  void put_devices(const StoredRun& run, JobRow& row) {
    LogData& data = builder_.data();
    for (const auto& [model, count] : boards_of(*run.trace)) {
      const std::string_view unnamed =
          options_.device.empty() ? kUnknownDevice : std::string_view(options_.device);
      add_to(row.devices, {data.devices.device(model.empty() ? unnamed : model), count});
    }
    // A run without boards used its machine's processors, however many: one machine.
    if (row.devices.empty()) row.devices.push_back({data.devices.device(kCpu), 1});
  }

  void put_columns(const RunSummary& run, const StoredRun& stored, const std::string& state,
                   JobRow& row) {
    LogData& data = builder_.data();
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
      std::string wanted = data.columns[i];
      if (i == kSearch && !options_.search.empty()) wanted = options_.search;
      if (i == kStage && !options_.stage.empty()) wanted = options_.stage;
      if (i == kRole && !options_.role.empty()) wanted = options_.role;
      const auto tag = std::find_if(run.tags.begin(), run.tags.end(),
                                    [&](const auto& t) { return t.first == wanted; });
      std::string_view value;
      if (wanted == "user") value = stored.job.user;
      if (wanted == "state") value = state;
      if (wanted == "account" || wanted == "project") value = run.project;
      if (wanted == "name") value = run.name;
      if (wanted == "host") value = run.host;
      if (tag != run.tags.end()) value = tag->second;
      if (const auto marked = marked_value(*stored.trace, wanted); !marked.empty()) value = marked;
      if (!value.empty()) data.has_column[i] = true;
      row.columns.push_back(value);
    }
  }

  Ledger& ledger_;
  const JobLogOptions& options_;
  LogBuilder& builder_;
  std::uint64_t number_ = 0;
  std::set<std::string> excludes_;
};

}  // namespace
}  // namespace project

Result<JobLog> read_ledger_jobs(Ledger& ledger, const std::string& project,
                                const JobLogOptions& options) {
  project::LogBuilder builder(options);
  builder.data().source = project.empty() ? "the ledger" : "project " + project + " of the ledger";
  builder.data().format = "ledger";
  JOULERY_CHECK(project::LedgerReader(ledger, options, builder).read(project));
  return builder.finish();
}

}  // namespace joulery
