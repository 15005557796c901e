// report: what quality took, in JSON, see project_worth.h; docs/formats/job-log.md says every key.
#include "report/job_totals_json.h"
#include "report/json_quantity.h"
#include "report/project_worth.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

class WorthJson {
 public:
  WorthJson(JsonWriter& json, const ProjectAccount& account)
      : json_(json), worth_(*account.worth), currency_(account.place.currency) {}

  void put() {
    json_.member("metric", worth_.metric);
    json_.member("better", worth_.better == Better::kHigher ? "higher" : "lower");
    json_.member("runs", worth_.runs);
    json_.member("without", worth_.without);
    put_best_so_far();
    put_improvement();
    put_doublings();
    put_sensitivity();
    json_.member("target", worth_.target);
    put_groups();
    put_front();
  }

 private:
  void put_best_so_far() {
    json_.key("best_so_far");
    json_.begin_array(Layout::kLines);
    for (const BestSoFar& best : worth_.best_so_far) {
      json_.begin_object(Layout::kOneLine);
      json_.key("at");
      best.at.empty() ? json_.null() : json_.value(best.at);
      json_.member("metric", best.metric);
      json_.member("device_hours", best.device_hours);
      json_.member("it_energy_j",
                   best.it_energy ? std::optional(best.it_energy->count()) : std::nullopt);
      json_.end_object();
    }
    json_.end_array();
  }

  void put_improvement() {
    json_.key("improvement");
    if (!worth_.improvement) return json_.null();
    const Improvement& improvement = *worth_.improvement;
    json_.begin_object();
    json_.member("baseline", improvement.baseline);
    json_.member("from", improvement.from);
    json_.member("to", improvement.to);
    json_.member("by", improvement.by);
    put_line("spent", &improvement.spent);
    json_.key("per_unit");
    json_.begin_object(Layout::kOneLine);
    json_.member("device_hours", improvement.each.device_hours);
    put_job_energy(json_, improvement.each, nullptr);
    put_job_consequences(json_, improvement.each, currency_, Layout::kOneLine);
    json_.end_object();
    json_.end_object();
  }

  void put_doublings() {
    json_.member("doublings_of", worth_.by_energy ? "it_energy" : "device_hours");
    json_.key("doublings");
    json_.begin_array(Layout::kLines);
    for (const Doubling& doubling : worth_.doublings) {
      json_.begin_object(Layout::kOneLine);
      json_.member("share", doubling.share);
      json_.member("best", doubling.best);
      json_.member("improved_by", doubling.improved_by);
      json_.end_object();
    }
    json_.end_array();
  }

  void put_share(const ExplainedShare& share) {
    json_.member("share", share.share);
    json_.member("low", share.interval ? std::optional(share.interval->first) : std::nullopt);
    json_.member("high", share.interval ? std::optional(share.interval->second) : std::nullopt);
    if (!share.why.empty()) json_.member("why", share.why);
  }

  void put_sensitivity() {
    json_.key("sensitivity");
    if (!worth_.sensitivity) return json_.null();
    const Sensitivity& seen = *worth_.sensitivity;
    json_.begin_object();
    json_.member("runs", static_cast<std::uint64_t>(seen.runs));
    json_.member("left_out", static_cast<std::uint64_t>(seen.left_out));
    json_.key("parameters");
    json_.begin_array(Layout::kLines);
    for (const ExplainedShare& share : seen.parameters) {
      json_.begin_object(Layout::kOneLine);
      json_.member("name", share.name);
      put_share(share);
      json_.member("values", static_cast<std::uint64_t>(share.values));
      json_.member("ranges", share.binned);
      json_.member("settles", share.settles);
      json_.end_object();
    }
    json_.end_array();
    json_.key("rest");
    json_.begin_object(Layout::kOneLine);
    put_share(seen.rest);
    json_.end_object();
    json_.member("chance", seen.chance);
    json_.end_object();
  }

  /// Null where there are no totals.
  void put_line(const char* key, const JobTotals* totals) {
    json_.key(key);
    if (totals == nullptr) return json_.null();
    json_.begin_object(Layout::kOneLine);
    put_job_totals(json_, *totals, currency_);
    json_.end_object();
  }

  void put_groups() {
    json_.key("groups");
    json_.begin_array(Layout::kLines);
    for (const GroupWorth& group : worth_.groups) {
      json_.begin_object();
      json_.key("key");
      json_.begin_object(Layout::kOneLine);
      for (std::size_t i = 0; i < group.key.size(); ++i) {
        json_.key(worth_.columns[i]);
        group.key[i].empty() ? json_.null() : json_.value(group.key[i]);
      }
      json_.end_object();
      json_.member("runs", group.runs);
      json_.member("best", group.best);
      put_line("all", &group.totals);
      if (worth_.target) {
        json_.member("reached", group.reached);
        put_line("mean_of_reached", group.mean_of_reached ? &*group.mean_of_reached : nullptr);
        put_line("per_reached", group.per_reached ? &*group.per_reached : nullptr);
      }
      json_.end_object();
    }
    json_.end_array();
  }

  void put_front() {
    json_.key("front");
    json_.begin_array(Layout::kLines);
    for (const FrontPoint& at : worth_.front) put_front_point(json_, at);
    json_.end_array();
  }

  JsonWriter& json_;
  const ProjectWorth& worth_;
  const std::string& currency_;
};

}  // namespace

void put_front_point(JsonWriter& json, const FrontPoint& at) {
  json.begin_object(Layout::kOneLine);
  json.member("name", at.point.name);
  json.member("estimate", at.estimate);
  json.member("metric", at.point.metric);
  json.member("energy_j", at.point.energy_j);
  json.member("carbon_g", at.point.carbon_g);
  json.member("cost", at.point.cost);
  json.member("on_energy_front", at.energy);
  json.member("on_carbon_front", at.carbon);
  json.member("on_cost_front", at.cost);
  json.end_object();
}

void put_worth_json(JsonWriter& json, const ProjectAccount& account) {
  json.key("worth");
  if (!account.worth) return json.null();
  json.begin_object();
  WorthJson(json, account).put();
  json.end_object();
}

}  // namespace joulery
