// report: the account of a project, "joulery/account/1"; docs/formats/job-log.md says every key.
#include <algorithm>
#include <array>
#include <ostream>

#include "joulery/report.h"
#include "report/job_totals_json.h"
#include "report/json_quantity.h"
#include "report/place_json.h"
#include "report/project_worth.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

/// Writes the parts that share a currency.
class ProjectJson {
 public:
  ProjectJson(const ProjectAccount& account, std::ostream& out)
      : account_(account), currency_(account.place.currency), json_(out) {}
  void write();

 private:
  void put_totals(const JobTotals& totals) { put_job_totals(json_, totals, currency_); }
  void put_grouping(const JobGrouping& grouping);
  void put_device_hours();
  void put_durations();
  void put_skipped();
  void put_single();
  void put_in_use();
  void put_development();
  void put_roles();
  void put_own();
  void put_rates();
  void put_counted(const char* key, const std::vector<CountedNote>& notes);
  void put_seconds(const char* key, const std::optional<Seconds>& time);
  void put_ratio(const char* key, const std::optional<double>& ratio);

  const ProjectAccount& account_;
  const std::string& currency_;
  JsonWriter json_;
};

/// A column that has the name of a key of ours is told apart.
std::string key_of(const std::string& column) {
  constexpr std::array kOurs = {"jobs",        "device_hours", "cpu_hours",  "it_energy",
                                "site_energy", "carbon",       "cloud_cost", "electricity_cost"};
  const bool taken = std::find(kOurs.begin(), kOurs.end(), column) != kOurs.end();
  return taken ? column + "_column" : column;
}

void ProjectJson::put_grouping(const JobGrouping& grouping) {
  json_.begin_array(Layout::kLines);
  for (const JobGroup& group : grouping.groups) {
    json_.begin_object(Layout::kOneLine);
    for (std::size_t i = 0; i < group.key.size(); ++i) {
      json_.key(key_of(grouping.columns[i]));
      group.key[i].empty() ? json_.null() : json_.value(group.key[i]);
    }
    put_totals(group.totals);
    json_.end_object();
  }
  json_.end_array();
}

void ProjectJson::put_device_hours() {
  json_.key("device_hours");
  json_.begin_object(Layout::kOneLine);
  for (const auto& [device, hours] : account_.device_hours) json_.member(device, hours);
  json_.end_object();
}

void ProjectJson::put_seconds(const char* key, const std::optional<Seconds>& time) {
  const auto number = time ? Estimate<double>::of(time->count(), 0, Evidence::kConstant)
                           : Estimate<double>::missing("no job");
  put_quantity(json_, key, number, "s");
}

void ProjectJson::put_durations() {
  json_.key("job_duration");
  json_.begin_object();
  put_seconds("min", account_.shortest);
  put_seconds("mean", account_.mean);
  put_seconds("max", account_.longest);
  json_.end_object();
}

void ProjectJson::put_counted(const char* key, const std::vector<CountedNote>& notes) {
  json_.key(key);
  json_.begin_array(Layout::kLines);
  for (const CountedNote& note : notes) {
    json_.begin_object(Layout::kOneLine);
    json_.member("what", note.what);
    json_.member("count", note.count);
    json_.key("first_line");
    note.first_line > 0 ? json_.value(note.first_line) : json_.null();
    json_.end_object();
  }
  json_.end_array();
}

void ProjectJson::put_skipped() {
  json_.key("skipped");
  json_.begin_array(Layout::kLines);
  for (const SkippedLine& line : account_.skipped) {
    json_.begin_object(Layout::kOneLine);
    json_.member("line", line.line);
    json_.member("why", line.why);
    json_.end_object();
  }
  json_.end_array();
  json_.member("skipped_lines", account_.skipped_lines);
  json_.member("skipped_listed", static_cast<std::uint64_t>(account_.skipped.size()));
  put_counted("skipped_why", account_.skipped_why);
  put_counted("notes", account_.notes);
  json_.member("steps", account_.steps);
}

void ProjectJson::put_single() {
  json_.key("totals");
  json_.begin_object();
  for (const JobGrouping& grouping : account_.single) {
    json_.key(grouping.columns.front());
    put_grouping(grouping);
  }
  json_.end_object();
  json_.key("failed");
  json_.begin_object(Layout::kOneLine);
  put_totals(account_.failed);
  json_.end_object();
}

void ProjectJson::put_in_use() {
  json_.key("in_use");
  if (!account_.in_use) return json_.null();
  const DevicesInUse& use = *account_.in_use;
  json_.begin_object();
  json_.member("mean", use.mean);
  json_.member("peak", use.peak);
  json_.member("peak_at", use.peak_at);
  json_.member("begin", use.begin);
  json_.member("end", use.end);
  json_.member("span_s", use.span.count());
  json_.key("days");
  if (use.days_left_out) {
    json_.null();
  } else {
    json_.begin_array(Layout::kLines);
    for (const DevicesInUse::Day& day : use.days) {
      json_.begin_object(Layout::kOneLine);
      json_.member("day", day.day);
      json_.member("mean", day.mean);
      json_.member("peak", day.peak);
      json_.end_object();
    }
    json_.end_array();
  }
  json_.end_object();
}

void ProjectJson::put_development() {
  json_.key("development");
  json_.begin_array(Layout::kLines);
  for (const DevelopmentLine& line : account_.development) {
    json_.begin_object(Layout::kOneLine);
    json_.member("what", line.what);
    json_.member("basis", line.basis);
    json_.member("jobs", line.jobs);
    json_.member("device_hours", line.totals.device_hours);
    put_job_energy(json_, line.totals, nullptr);
    put_job_consequences(json_, line.totals, currency_, Layout::kOneLine);
    json_.end_object();
  }
  json_.end_array();
}

void ProjectJson::put_roles() {
  json_.key("roles");
  if (!account_.roles) return json_.null();
  json_.begin_array(Layout::kLines);
  for (const RoleComparison::Side& side : account_.roles->sides) {
    json_.begin_object();
    json_.member("role", side.role);
    const std::pair<const char*, const JobTotals*> parts[] = {{"all", &side.all},
                                                              {"tuning", &side.tuning}};
    for (const auto& [key, totals] : parts) {
      if (totals == &side.tuning && !account_.roles->has_stage) continue;
      json_.key(key);
      json_.begin_object(Layout::kOneLine);
      put_totals(*totals);
      json_.end_object();
    }
    json_.end_object();
  }
  json_.end_array();
}

void ProjectJson::put_ratio(const char* key, const std::optional<double>& ratio) {
  json_.key(key);
  ratio ? json_.value(100 * *ratio) : json_.null();
}

void ProjectJson::put_own() {
  json_.key("own");
  if (!account_.own) return json_.null();
  const OwnComparison& own = *account_.own;
  const std::string& currency = own.servers.currency;
  json_.begin_object();
  json_.member("devices", own.devices);
  json_.member("currency", currency);
  json_.member("share_price", own.share.count());
  json_.member("whole_servers", own.whole_servers);
  json_.member("whole_price", own.whole.count());
  put_quantity(json_, "electricity_cost", as_number(own.electricity), currency_);
  put_ratio("share_of_cloud_low_pct", own.share_of_low);
  put_ratio("share_of_cloud_high_pct", own.share_of_high);
  put_ratio("whole_of_cloud_low_pct", own.whole_of_low);
  put_ratio("whole_of_cloud_high_pct", own.whole_of_high);
  json_.end_object();
}

void ProjectJson::put_rates() {
  json_.key("rates");
  json_.begin_array(Layout::kLines);
  for (const DeviceRate& rate : account_.rates) {
    json_.begin_object(Layout::kOneLine);
    json_.member("device", rate.device);
    put_quantity(json_, "power", as_number(rate.power), "W");
    if (rate.power) json_.member("power_source", rate.power_source);
    if (!rate.priced_as.empty()) json_.member("priced_as", rate.priced_as);
    if (rate.rent) json_.member("price_source", rate.rent_source);
    json_.end_object();
  }
  json_.end_array();
}

void ProjectJson::write() {
  json_.begin_object();
  json_.member("schema", "joulery/account/1");
  json_.member("jobs", account_.totals.jobs);
  put_device_hours();
  json_.key("by");
  put_grouping(account_.by);
  put_durations();
  put_job_energy(json_, account_.totals, &account_.includes);
  put_job_consequences(json_, account_.totals, currency_, Layout::kLines);
  put_skipped();
  json_.member("source", account_.source);
  json_.member("format", account_.format);
  json_.member("cpu_hours", account_.totals.cpu_hours);
  put_single();
  put_pue(json_, account_.place.pue);
  put_intensity(json_, account_.place.intensity);
  put_in_use();
  put_development();
  put_roles();
  put_own();
  put_rates();
  put_worth_json(json_, account_);
  json_.end_object();
}

}  // namespace

void write_project_json(const ProjectAccount& account, std::ostream& out) {
  ProjectJson(account, out).write();
}

}  // namespace joulery
