// coverage: jobs on a board of the stand-in, at any cap: what they take in truth, and single runs.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>

#include "coverage/promises.h"
#include "standin/timeline.h"

namespace joulery::coverage {

/// A job that ends when the board has done some seconds of work at its full clock.
class StandinJob {
 public:
  enum class Model : std::uint8_t { kCompute, kMemory, kSmall, kNoisy };
  static constexpr int kModels = 4;
  static std::string name_of(Model model);

  /// A load of that kind, drawn.
  StandinJob(Model model, std::mt19937_64& random);
  struct Run {
    double time_s, energy_j, throttle_share;
  };
  /// The work, begun at `begin_s` on the board's clock.
  [[nodiscard]] Run run(double cap_w, double begin_s) const;
  /// The mean over all beginnings. The job outlives it.
  [[nodiscard]] Truth truth(double found_w) const;

 private:
  [[nodiscard]] const standin::Timeline& timeline(double cap_w) const;
  [[nodiscard]] standin::Totals rates(double cap_w) const;

  standin::LoadSpec load_;
  std::vector<standin::Piece> pieces_;
  mutable std::map<double, standin::Timeline> timelines_;  // by cap
};

}  // namespace joulery::coverage
