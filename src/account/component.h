// account: one physical part: which of its channels gives the energy, and what the others say to
// it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/budget.h"
#include "joulery/account.h"

namespace joulery::account {

/// The channels of one component that can give energy; `scans` may be empty.
struct Readings {
  std::string component;
  const Channel* described_by = nullptr;  ///< first channel of the component
  std::vector<const ChannelScan*> scans;
};

struct MeasuredComponent {
  ComponentAccount account;
  std::optional<RunView> view;  ///< for the phases; empty where the energy is missing
};

/// Why nothing is known of a run of which not one sample was kept.
inline constexpr const char* kKilledEarly =
    "the meter was killed before the first sample reached the disk";
inline bool is_killed_early(const TraceInfo& info) {
  return !info.complete && info.end <= info.begin;
}

MeasuredComponent measure_component(const Readings& readings, const TraceInfo& info,
                                    const Slots& slots, const Job& job);

}  // namespace joulery::account
