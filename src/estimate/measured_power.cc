// estimate: the mean power of a measured run by kind of part, see joulery/estimate.h.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "account/budget.h"
#include "joulery/estimate.h"

namespace joulery {
namespace {

// Choices (docs/uncertainty.md): the errors of boards of one model are correlated by a half, and
// those of the sockets of one machine, or of anything modelled, are wholly.
constexpr double kBoardCorrelation = 0.5;

/// The components of one kind that nothing else counts, as one.
class KindSum {
 public:
  void add(const ComponentAccount& part) {
    if (!part.mean_power) {
      ++unseen_;
      return;
    }
    const Estimate<Watts>& power = part.mean_power;
    watts_ += *power.value;
    terms_.push_back(power.u.count());
    worst_ = std::max(worst_, power.evidence);
    coverage_ += power.coverage;
    if (top_.empty()) top_ = power.top;
    sources_.insert(part.source);
    measured_ = measured_ && power.evidence <= Evidence::kIntegrated;
  }

  [[nodiscard]] bool complete() const { return unseen_ == 0 && !terms_.empty(); }

  [[nodiscard]] PartPower power(ComponentKind kind) const {
    const double rho = kind == ComponentKind::kGpu && measured_ ? kBoardCorrelation : 1;
    std::string from;
    for (const std::string& source : sources_) from += (from.empty() ? "" : ", ") + source;
    return {name_of(kind),
            Estimate<Watts>::of(watts_, Watts(account::correlated(terms_, rho)), worst_,
                                top_.empty() ? std::string(name_of(kind)) + " power" : top_,
                                coverage_ / static_cast<double>(terms_.size())),
            from};
  }

 private:
  Watts watts_{};
  std::vector<double> terms_;
  Evidence worst_ = Evidence::kMeasured;
  double coverage_ = 0;
  std::string top_;
  std::set<std::string> sources_;
  std::size_t unseen_ = 0;
  bool measured_ = true;
};

void add_excluded(std::vector<std::string>& excludes, const std::string& kind) {
  if (std::find(excludes.begin(), excludes.end(), kind) == excludes.end()) excludes.push_back(kind);
}

}  // namespace

Result<MeasuredPower> measured_power(const Account& account, const Trace& trace) {
  MeasuredPower out;
  out.run = account.job.id;
  out.duration = account.duration.value.value_or(Seconds(0));
  out.excludes = account.excludes;
  std::map<ComponentKind, KindSum> sums;
  for (const ComponentAccount& part : account.components) {
    if (part.kind == ComponentKind::kGpu) {
      ++out.gpus;
      if (out.gpu_model.empty()) out.gpu_model = part.model;
    }
    if (!part.part_of) sums[part.kind].add(part);
  }
  for (const auto& [kind, sum] : sums) {
    if (sum.complete())
      out.parts.push_back(sum.power(kind));
    else
      add_excluded(out.excludes, name_of(kind));
  }
  if (out.parts.empty())
    return Error{ErrorCode::kInvalid,
                 fmt::format("run {} has no part whose power was seen", account.job.id)};
  JOULERY_TRY(out.steadiness, steadiness_of(trace));
  return out;
}

}  // namespace joulery
