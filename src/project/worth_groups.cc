// project: groups of runs beside one another: their best, what reaching a target took, and the
// front, see worth.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>

#include "project/grouping.h"
#include "project/worth.h"

namespace joulery::project {
namespace {

struct Group {
  std::uint64_t runs = 0, reached = 0;
  std::optional<double> best;
  Tally all, of_reached;
};

using Key = std::vector<std::uint32_t>;  // names of the log

/// Columns of --by that tell runs apart: of a job on two devices, the device tells no group.
std::vector<std::size_t> columns_of(const LogData& data) {
  std::vector<std::size_t> out;
  for (const std::string& name : data.asked_by) {
    if (name == "device" || name == "month") continue;
    const auto at = std::find(data.columns.begin(), data.columns.end(), name);
    out.push_back(static_cast<std::size_t>(at - data.columns.begin()));
  }
  return out;
}

void add_to(const LogData& data, const JobRecord& job, Tally& tally) {
  tally.jobs += 1;
  add_job(data, job, 1, {}, tally);
}

std::map<Key, Group> sum_up(const LogData& data, const Metrics& metrics,
                            const ProjectRequest& request,
                            const std::vector<std::size_t>& columns) {
  std::map<Key, Group> groups;
  Key key(columns.size());
  for (std::size_t i = 0; i < data.jobs.size(); ++i) {
    const JobRecord& job = data.jobs[i];
    for (std::size_t c = 0; c < columns.size(); ++c)
      key[c] = data.kinds[job.kind * data.columns.size() + columns[c]];
    Group& group = groups[key];
    add_to(data, job, group.all);
    if (!metrics[i]) continue;
    ++group.runs;
    if (!group.best || is_better(*metrics[i], *group.best, request.better)) group.best = metrics[i];
    const bool reached = request.target && !is_better(*request.target, *metrics[i], request.better);
    if (!reached) continue;
    ++group.reached;
    add_to(data, job, group.of_reached);
  }
  return groups;
}

GroupWorth finish(const LogData& data, const Key& key, const Group& group, const Pricing& pricing) {
  GroupWorth out;
  for (const std::uint32_t name : key) out.key.push_back(data.names.at(name));
  out.runs = group.runs;
  out.best = group.best;
  out.totals = pricing.totals(group.all);
  out.reached = group.reached;
  if (group.reached == 0) return out;
  const double share = 1 / static_cast<double>(group.reached);
  out.mean_of_reached = pricing.totals(scaled(group.of_reached, share));
  out.per_reached = pricing.totals(scaled(group.all, share));
  return out;
}

/// What groups that reached a target are put in order by: energy, or time where none is known.
std::pair<double, double> effort_of(const JobTotals& totals) {
  constexpr double kUnknown = std::numeric_limits<double>::infinity();
  return {totals.it_energy ? totals.it_energy.value->count() : kUnknown, totals.device_hours};
}

/// Of a group some of whose devices have no known power, the energy is no place on a front.
WorthPoint point_of(const GroupWorth& group) {
  constexpr double kWhole = 1 - 1e-9;  // shares of hours, summed
  WorthPoint point;
  point.name = group.key.empty() ? "this project" : fmt::format("{}", fmt::join(group.key, ", "));
  point.metric = *group.best;
  const JobTotals& totals = group.totals;
  const bool whole = totals.it_energy.coverage >= kWhole;
  if (totals.it_energy && whole) point.energy_j = totals.it_energy.value->count();
  if (totals.site.carbon && whole) point.carbon_g = totals.site.carbon.value->count();
  if (totals.cloud_cost.high && totals.cost_excludes.empty())
    point.cost = totals.cloud_cost.high.value->count();
  return point;
}

void put_front(const std::vector<WorthPoint>& beside, ProjectWorth& worth) {
  std::vector<WorthPoint> points;
  for (const GroupWorth& group : worth.groups)
    if (group.best) points.push_back(point_of(group));
  const std::size_t groups = points.size();
  points.insert(points.end(), beside.begin(), beside.end());
  worth.front = fronts_of(points, worth.better);
  for (std::size_t i = groups; i < points.size(); ++i) worth.front[i].estimate = true;
}

}  // namespace

void put_groups(const LogData& data, const Metrics& metrics, const ProjectRequest& request,
                const Pricing& pricing, ProjectWorth& worth) {
  const std::vector<std::size_t> columns = columns_of(data);
  // Without columns the whole project is one group: a target is reached, a front has one point.
  if (columns.empty() && !request.target && request.beside.empty()) return;
  for (const std::size_t column : columns) worth.columns.push_back(data.columns[column]);
  for (const auto& [key, group] : sum_up(data, metrics, request, columns))
    worth.groups.push_back(finish(data, key, group, pricing));
  std::stable_sort(worth.groups.begin(), worth.groups.end(),
                   [&](const GroupWorth& a, const GroupWorth& b) {
                     if (a.per_reached && b.per_reached)
                       return effort_of(*a.per_reached) < effort_of(*b.per_reached);
                     if (a.per_reached || b.per_reached) return a.per_reached.has_value();
                     if (!a.best || !b.best) return a.best.has_value() && !b.best;
                     return is_better(*a.best, *b.best, worth.better);
                   });
  put_front(request.beside, worth);
}

}  // namespace joulery::project
