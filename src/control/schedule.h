// control: in which order a sweep runs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace joulery {

struct SweepStep {
  std::optional<std::size_t> level;  ///< absent: the limit that was found
  bool warm_up = false;
};

/// The found limit at the start, after every third cap and at the end (A-B-A), so that a slow drift
/// of the machine shows in it and can be taken out; the caps of each repeat in an order of their
/// own, which `seed` decides.
std::vector<SweepStep> make_schedule(std::size_t levels, int repeat, bool warm_up,
                                     std::uint64_t seed);

}  // namespace joulery
