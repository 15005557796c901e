// project: what developing a model cost beside training it once: Table 4 of arXiv 1906.02243, the
// baseline beside the proposed model, and own hardware beside the cloud.
#pragma once

#include <optional>
#include <vector>

#include "project/grouping.h"
#include "project/log_builder.h"
#include "project/tally.h"

namespace joulery::project {

/// Whether a state says that the work was lost: failed, cancelled, timed out, preempted, ...
bool is_failed(std::string_view state);

/// What the lines of Table 4 and the comparison of roles need, summed job by job.
class Development {
 public:
  explicit Development(const LogData& data);
  void add(const JobRecord& job);

  [[nodiscard]] std::vector<DevelopmentLine> lines(const Tally& project, const Pricing& pricing,
                                                   std::optional<double> tuning_jobs) const;
  [[nodiscard]] std::optional<RoleComparison> roles(const Pricing& pricing) const;
  [[nodiscard]] const Tally& failed() const { return failed_; }

 private:
  struct Side {
    std::uint32_t role = 0;  ///< a name of the log
    Tally all, tuning;
  };
  [[nodiscard]] std::pair<Tally, std::string> one_model() const;

  const LogData& data_;
  enum Mark : std::uint8_t { kFailed = 1, kFinal = 2, kTuning = 4, kCompleted = 8, kSearched = 16 };
  std::vector<std::uint8_t> marks_;  // of each kind
  Tally failed_, final_, completed_, searched_;
  std::size_t searches_ = 0;
  std::vector<Side> sides_;
  std::vector<std::uint32_t> side_of_;  // of each kind: 1 + number of its side
};

/// `devices`: how many were bought; the mean in use, rounded, where nothing else was said.
std::optional<OwnComparison> compare_own(const OwnServers& servers, double devices,
                                         const JobTotals& totals, const std::string& currency);

}  // namespace joulery::project
