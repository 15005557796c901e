// sensor: tells dies that have a counter each from dies that show one counter twice (some
// Threadripper do).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "hw/file_tree.h"
#include "hw/rapl_zone.h"
#include "joulery/units.h"

namespace joulery {

/// The whole number that an energy_uj file holds; empty where it holds anything else.
std::optional<std::uint64_t> parse_counter(std::string_view text);

/// Whether `second` is another die of the package of `first`, and comes after it.
bool is_other_die(const RaplZone& first, const RaplZone& second);

enum class Likeness : std::uint8_t { kSame, kOwn, kUnknown };

/// Two files show one counter where they move by equal steps, or stand at one value; kUnknown where
/// they do not move and differ. Takes up to 5 ms, because a counter must be seen to move, and is
/// asked of few machines.
Likeness compare_counters(KernelFile& first, KernelFile& second,
                          const std::function<Instant()>& now);

/// For a die whose likeness to an earlier one is not known: it is not counted until it has moved by
/// other steps.
class DieDoubt {
 public:
  /// `earlier`: the earlier die's counter, opened for this.
  explicit DieDoubt(std::unique_ptr<KernelFile> earlier) : earlier_(std::move(earlier)) {}

  /// Looks at both once more, `own` being the die's own counter now. Lifted by three looks in a row
  /// at which the steps since the first look differ: one may have fallen between the refreshes of
  /// the two.
  bool is_lifted(std::uint64_t own);

 private:
  std::unique_ptr<KernelFile> earlier_;
  std::optional<std::uint64_t> distance_;  ///< at the first look; modulo 2^64
  int looks_that_differ_ = 0;
};

}  // namespace joulery
