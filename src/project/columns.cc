// project: names of columns, see columns.h. docs/formats/job-log.md lists them for users.
#include "project/columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/utf8.h"

namespace joulery::project {
namespace {

struct Name {
  Field field;
  const char* name;  ///< lower case, without "_"
  double unit = 1;
};
// Of two columns that could be the same thing, the one that stands first here counts. Slurm's names
// are those of sacct(1); num_gpu to scheduled_time those of the Alibaba GPU trace v2023;
// arrival_time and length those of the PAI sample of GAIA (umassos/GAIA).
constexpr Name kFields[] = {
    {Field::kId, "jobid"},
    {Field::kId, "jobidraw"},
    {Field::kId, "id"},
    {Field::kId, "runid"},
    {Field::kStart, "start"},
    {Field::kStart, "starttime"},
    {Field::kStart, "started"},
    {Field::kStart, "begin"},
    {Field::kStart, "begintime"},
    {Field::kStart, "scheduledtime"},
    {Field::kSubmit, "submit"},
    {Field::kSubmit, "submittime"},
    {Field::kSubmit, "arrivaltime"},
    {Field::kSubmit, "creationtime"},
    {Field::kEnd, "end"},
    {Field::kEnd, "endtime"},
    {Field::kEnd, "finish"},
    {Field::kEnd, "finishtime"},
    {Field::kEnd, "completiontime"},
    {Field::kEnd, "deletiontime"},
    {Field::kElapsed, "elapsedraw"},
    {Field::kElapsed, "elapsed"},
    {Field::kElapsed, "elapseds"},
    {Field::kElapsed, "duration"},
    {Field::kElapsed, "durations"},
    {Field::kElapsed, "length"},
    {Field::kElapsed, "runtime"},
    {Field::kElapsed, "runtimes"},
    {Field::kElapsed, "hours", 3600},
    {Field::kElapsed, "elapsedh", 3600},
    {Field::kElapsed, "durationh", 3600},
    {Field::kElapsed, "runtimeh", 3600},
    {Field::kTres, "alloctres"},
    {Field::kTres, "reqtres"},
    {Field::kGres, "allocgres"},
    {Field::kGres, "reqgres"},
    {Field::kNodes, "allocnodes"},
    {Field::kNodes, "nnodes"},
    {Field::kDeviceCount, "gpus"},
    {Field::kDeviceCount, "numgpu"},
    {Field::kDeviceCount, "numgpus"},
    {Field::kDeviceCount, "ngpus"},
    {Field::kDeviceCount, "gpucount"},
    {Field::kDeviceCount, "devices"},
    {Field::kDeviceCount, "devicecount"},
    {Field::kDeviceShare, "gpumilli", 1e-3},
    {Field::kDeviceShare, "gpushare"},
    {Field::kDevice, "device"},
    {Field::kDevice, "gputype"},
    {Field::kDevice, "gpumodel"},
    {Field::kDevice, "gpuspec"},
    {Field::kDevice, "gpuname"},
    {Field::kDevice, "accelerator"},
    {Field::kCpus, "alloccpus"},
    {Field::kCpus, "ncpus"},
    {Field::kCpus, "cpus"},
    {Field::kCpus, "numcpus"},
    {Field::kCpus, "cores"},
    {Field::kCpus, "procs"},
    {Field::kCpus, "cpumilli", 1e-3},
    {Field::kEnergy, "consumedenergyraw"},
    {Field::kEnergy, "consumedenergy"},
    {Field::kEnergy, "energyj"},
    {Field::kEnergy, "energywh", 3600},
    {Field::kEnergy, "energykwh", kJoulesPerKilowattHour},
    {Field::kTags, "comment"},
    {Field::kTags, "tags"},
    {Field::kTags, "admincomment"},
};

struct Kept {
  KeptColumn column;
  const char* name;
};
constexpr Kept kKept[] = {
    {kUser, "user"},       {kUser, "username"},     {kUser, "uid"},        {kAccount, "account"},
    {kAccount, "group"},   {kAccount, "project"},   {kAccount, "team"},    {kState, "state"},
    {kState, "status"},    {kState, "podphase"},    {kState, "jobstatus"}, {kSearch, "search"},
    {kSearch, "searchid"}, {kSearch, "gridsearch"}, {kSearch, "sweep"},    {kSearch, "sweepid"},
    {kStage, "stage"},     {kStage, "purpose"},     {kRole, "role"},       {kRole, "modelrole"},
};

/// Lower case, and without what people put between words.
std::string plain(std::string_view name) {
  std::string out = lower(name);
  std::erase_if(out, [](char c) { return c == '_' || c == ' ' || c == '-'; });
  return out;
}

using Places = std::map<std::string, std::size_t>;

Result<Places> places_of(const std::vector<std::string>& names, const std::string& place) {
  Places places;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    const auto [at, fresh] = places.emplace(plain(names[i]), i);
    if (!fresh)
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: columns {} and {} are both called {}", place, at->second + 1,
                               i + 1, shortened(printable(names[i]), 40))};
  }
  return places;
}

void put_fields(const Places& places, LogColumns& columns) {
  for (const Name& name : kFields) {
    auto& field = columns.fields[static_cast<std::size_t>(name.field)];
    const auto at = places.find(name.name);
    if (!field && at != places.end()) field = FoundColumn{at->second, name.unit};
  }
}

/// The names that a user gave for search, stage and role, else empty.
std::string chosen(const JobLogOptions& options, std::size_t column) {
  if (column == kSearch) return options.search;
  if (column == kStage) return options.stage;
  return column == kRole ? options.role : "";
}

void put_kept(const Places& places, const JobLogOptions& options, LogData& data,
              LogColumns& columns) {
  const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
    const auto at = places.find(plain(name));
    return at == places.end() ? std::nullopt : std::optional(at->second);
  };
  columns.kept.resize(data.columns.size());
  columns.tag_names.resize(data.columns.size());
  for (std::size_t i = 0; i < data.columns.size(); ++i) {
    const std::string name = i < kFixedColumns ? chosen(options, i) : data.columns[i];
    if (!name.empty()) columns.kept[i] = find(name);
    columns.tag_names[i] = name.empty() ? data.columns[i] : name;
  }
  for (const Kept& kept : kKept)
    if (!columns.kept[kept.column] && chosen(options, kept.column).empty())
      columns.kept[kept.column] = find(kept.name);
  for (std::size_t i = 0; i < data.columns.size(); ++i)
    data.has_column[i] = columns.kept[i].has_value();
}

Result<void> check_enough(const LogColumns& columns, const std::string& device,
                          const std::string& place) {
  const auto has = [&](Field field) { return columns.at(field).has_value(); };
  if (!has(Field::kElapsed) && !((has(Field::kStart) || has(Field::kSubmit)) && has(Field::kEnd)))
    return Error{ErrorCode::kInvalid,
                 place +
                     ": no column tells how long jobs took: Elapsed (or duration_s, hours), or "
                     "Start and End"};
  const bool devices = has(Field::kTres) || has(Field::kGres) || has(Field::kDeviceCount) ||
                       has(Field::kDevice) || has(Field::kCpus);
  if (!devices && device.empty())
    return Error{ErrorCode::kInvalid,
                 place +
                     ": no column tells devices: AllocTRES, AllocGRES, gpus, device or NCPUS; "
                     "with --device V100 each job counts as one"};
  return {};
}

}  // namespace

std::string_view tag_of(std::string_view tags, std::string_view name) {
  while (!tags.empty()) {
    const std::size_t end = std::min(tags.find_first_of(",; "), tags.size());
    const std::string_view part = tags.substr(0, end);
    if (part.size() > name.size() && part[name.size()] == '=' && part.starts_with(name))
      return part.substr(name.size() + 1);
    tags.remove_prefix(std::min(end + 1, tags.size()));
  }
  return {};
}

Result<void> check_by(const JobLogOptions& options, const std::vector<std::string>& known,
                      bool has_tags, const std::string& place) {
  const std::pair<const char*, std::vector<std::string>> flags[] = {
      {"--by", options.by},           {"--search", {options.search}},
      {"--stage", {options.stage}},   {"--role", {options.role}},
      {"--metric", {options.metric}}, {"--parameters", options.parameters}};
  for (const auto& [flag, names] : flags)
    for (const std::string& name : names) {
      const auto same = [&](const std::string& other) { return plain(other) == plain(name); };
      if (name.empty() || has_tags || std::any_of(known.begin(), known.end(), same)) continue;
      auto offered = nearest_names(name, known);
      if (offered.empty()) offered = known;
      return Error{
          ErrorCode::kUsage,
          fmt::format("{}: {} has no column \"{}\"; it has {}", flag, place,
                      shortened(printable(name), 40),
                      shortened(printable(fmt::format("{}", fmt::join(offered, ", "))), 300))};
    }
  return {};
}

void put_default_by(LogData& data) {
  if (!data.by.empty()) return;
  for (const KeptColumn column : {kUser, kState})
    if (data.has_column[column]) data.by.push_back(data.columns[column]);
  data.by.emplace_back("device");
}

Result<LogColumns> find_log_columns(std::vector<std::string> names, const JobLogOptions& options,
                                    const std::string& place, LogData& data) {
  JOULERY_TRY(const Places places, places_of(names, place));
  LogColumns columns;
  columns.names = std::move(names);
  put_fields(places, columns);
  JOULERY_CHECK(check_enough(columns, options.device, place));
  put_kept(places, options, data, columns);
  std::vector<std::string> known = columns.names;
  const auto add = [&](std::string_view name) {
    if (std::none_of(known.begin(), known.end(),
                     [&](const std::string& other) { return plain(other) == name; }))
      known.emplace_back(name);
  };
  for (const char* name : {"device", "month"}) add(name);
  for (const KeptColumn column : {kUser, kAccount, kState, kSearch, kStage, kRole})
    if (data.has_column[column]) add(name_of(column));
  JOULERY_CHECK(check_by(options, known, columns.at(Field::kTags).has_value(), place));
  put_default_by(data);
  return columns;
}

}  // namespace joulery::project
