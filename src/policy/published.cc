// policy: cap measurements that papers published, each row with the place where it stands.
#include <fmt/format.h>

#include "joulery/policy.h"

namespace joulery {
namespace {

/// In percent of the highest cap's.
struct PublishedPoint {
  double cap_w, time_pct, energy_pct;
};

PublishedCaps published(const std::string& workload, const std::string& gpus,
                        const std::vector<PublishedPoint>& points,
                        std::optional<double> max_slowdown, const std::string& source) {
  PublishedCaps out{.group = {}, .max_slowdown = max_slowdown, .source = source};
  out.group.key = {{"workload", workload}, {"gpus", gpus}};
  out.group.relative = true;
  for (const PublishedPoint& point : points)
    out.group.rows.push_back(
        {Watts(point.cap_w), Seconds(point.time_pct / 100), Joules(point.energy_pct / 100), 1});
  out.group.notes = {source};
  return out;
}

// McDonald, Li, Frey, Tiwari, Gadepally, Samsi: Great Power, Great Responsibility: Recommendations
// for Reducing Energy for Training Language Models. Findings of NAACL 2022, arXiv 2205.09646.
std::vector<PublishedCaps> mcdonald2022() {
  const std::string text = "McDonald et al., Findings of NAACL 2022, section 3.1, ";
  const std::string figure1 = "McDonald et al., Findings of NAACL 2022, Figure 1 (caption)";
  const std::vector<PublishedPoint> inference = {
      {250, 100, 100}, {200, 108.2, 88.0}, {150, 122.7, 75.8}, {100, 214, 89.0}};
  return {
      published("BERT inference", "2 x V100", inference, 0.10,
                text + "\"Energy savings apply to inference\""),
      published("BERT inference", "2 x V100", inference, std::nullopt,
                text + "\"Energy savings apply to inference\""),
      published("BERT training", "16 x V100", {{250, 100, 100}, {150, 108.5, 87.7}}, std::nullopt,
                figure1),
      published("BERT training, mean over GPU counts", "2 to 424 x V100",
                {{250, 100, 100}, {150, 106.8, 86.3}}, std::nullopt,
                text + "\"Energy savings at larger scales\" and Figure 2"),
      published("BERT training", "T4", {{70, 100, 100}}, std::nullopt,
                text + "Figure 3: the default 70 W perform optimally; no other number is given"),
  };
}

}  // namespace

Result<std::vector<PublishedCaps>> find_published_caps(const std::string& preset) {
  if (preset == "mcdonald2022") return mcdonald2022();
  return Error{ErrorCode::kUsage,
               fmt::format("--preset: \"{}\" is no preset; there is mcdonald2022", preset)};
}

}  // namespace joulery
