// project: what developing a model cost, see development.h.
#include "project/development.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/text.h"

namespace joulery::project {
namespace {

// States of Slurm (sacct(1), "JOB STATE CODES"), of Kubernetes pods, and of SWF by the names that
// its reader gives them.
constexpr std::array kFailedStates = {
    "failed",    "cancelled", "canceled", "timeout",       "node_fail", "out_of_memory",
    "preempted", "boot_fail", "deadline", "revoked",       "requeued",  "error",
    "oomkilled", "killed",    "crashed",  "launch_failed", "terminated"};
constexpr std::array kCompletedStates = {"completed", "succeeded", "success", "done", "finished"};
// Roles that are compared: the baselines and the proposed model of one paper.
constexpr std::size_t kMostRoles = 16;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<const char*, N>& words) {
  const std::string plain = lower(word);
  return std::any_of(words.begin(), words.end(), [&](const char* w) { return plain == w; });
}

bool is_final(std::string_view stage) {
  const std::string plain = lower(stage);
  return plain == "final" || plain == "final training";
}
bool is_tuning(std::string_view stage) {
  const std::string plain = lower(stage);
  return plain == "tuning" || plain == "tune" || plain == "search";
}

}  // namespace

bool is_failed(std::string_view state) { return is_one_of(state, kFailedStates); }

Development::Development(const LogData& data)
    : data_(data), marks_(data.kind_count(), 0), side_of_(data.kind_count(), 0) {
  std::set<std::uint32_t> searches;
  for (std::uint32_t kind = 0; kind < marks_.size(); ++kind) {
    const auto value = [&](KeptColumn column) -> const std::string& {
      return data.value(kind, column);
    };
    const auto mark = [&](bool yes, Mark which) {
      if (yes) marks_[kind] |= which;
    };
    mark(is_failed(value(kState)), kFailed);
    mark(is_one_of(value(kState), kCompletedStates), kCompleted);
    mark(is_final(value(kStage)), kFinal);
    mark(is_tuning(value(kStage)), kTuning);
    mark(!value(kSearch).empty(), kSearched);
    const std::uint32_t* const values = &data.kinds[kind * data.columns.size()];
    if (!value(kSearch).empty()) searches.insert(values[kSearch]);
    if (value(kRole).empty()) continue;
    auto side = std::find_if(sides_.begin(), sides_.end(),
                             [&](const Side& s) { return s.role == values[kRole]; });
    if (side == sides_.end() && sides_.size() == kMostRoles) continue;
    if (side == sides_.end()) side = sides_.insert(side, Side{values[kRole], {}, {}});
    side_of_[kind] = static_cast<std::uint32_t>(side - sides_.begin()) + 1;
  }
  searches_ = searches.size();
}

void Development::add(const JobRecord& job) {
  const std::uint8_t marks = marks_[job.kind];
  const auto add = [&](Tally& tally) {
    tally.jobs += 1;
    add_job(data_, job, 1, {}, tally);
  };
  if (marks & kFailed) add(failed_);
  if (marks & kFinal) add(final_);
  if (marks & kCompleted) add(completed_);
  if (marks & kSearched) add(searched_);
  if (side_of_[job.kind] == 0) return;
  Side& side = sides_[side_of_[job.kind] - 1];
  add(side.all);
  if (marks & kTuning) add(side.tuning);
}

std::pair<Tally, std::string> Development::one_model() const {
  if (final_.jobs > 0)
    return {scaled(final_, 1 / final_.jobs), fmt::format("the mean of {:.0f} job{} of stage final",
                                                         final_.jobs, final_.jobs == 1 ? "" : "s")};
  if (completed_.jobs > 0)
    return {scaled(completed_, 1 / completed_.jobs),
            fmt::format("the mean of {:.0f} completed jobs: no stage is final", completed_.jobs)};
  return {};
}

std::vector<DevelopmentLine> Development::lines(const Tally& project, const Pricing& pricing,
                                                std::optional<double> tuning_jobs) const {
  std::vector<DevelopmentLine> out;
  if (searches_ == 0 && final_.jobs == 0 && !tuning_jobs) return out;
  const auto [model, basis] = one_model();
  const auto put = [&](const char* what, const std::string& why, const Tally& tally) {
    out.push_back({what, why, tally.jobs, pricing.totals(tally)});
  };
  if (model.jobs > 0) put("one model", basis, model);
  if (tuning_jobs && model.jobs > 0)
    put("one tuning", fmt::format("{:.0f} jobs as long as one model", *tuning_jobs),
        scaled(model, *tuning_jobs));
  else if (searches_ > 0)
    put("one tuning", fmt::format("the mean of {} searches", searches_),
        scaled(searched_, 1 / static_cast<double>(searches_)));
  put("whole project", "all jobs", project);
  return out;
}

std::optional<RoleComparison> Development::roles(const Pricing& pricing) const {
  if (sides_.size() < 2) return {};
  RoleComparison out;
  out.has_stage = data_.has_column[kStage];
  for (const Side& side : sides_)
    out.sides.push_back(
        {data_.names.at(side.role), pricing.totals(side.all), pricing.totals(side.tuning)});
  return out;
}

std::optional<OwnComparison> compare_own(const OwnServers& servers, double devices,
                                         const JobTotals& totals, const std::string& currency) {
  OwnComparison own;
  own.servers = servers;
  own.devices = devices;
  own.share = servers.price * (devices / servers.devices);
  own.whole_servers = std::ceil(devices / servers.devices);
  own.whole = servers.price * own.whole_servers;
  own.electricity = totals.site.electricity_cost;
  const Money power = own.electricity.value.value_or(Money());
  const auto ratio = [&](Money price, const Estimate<Money>& cloud) -> std::optional<double> {
    if (!cloud || !(*cloud.value > Money()) || servers.currency != currency) return {};
    return (price + power) / *cloud.value;
  };
  own.whole_of_low = ratio(own.whole, totals.cloud_cost.low);
  own.whole_of_high = ratio(own.whole, totals.cloud_cost.high);
  own.share_of_low = ratio(own.share, totals.cloud_cost.low);
  own.share_of_high = ratio(own.share, totals.cloud_cost.high);
  return own;
}

}  // namespace joulery::project
