// control: which steps of a sweep have a run, of this call or of an earlier one that was
// interrupted.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "control/schedule.h"
#include "joulery/control.h"

namespace joulery {

bool is_made(std::size_t step, const std::vector<SweepRun>& runs);
std::optional<std::size_t> first_missing(const std::vector<SweepStep>& steps,
                                         const std::vector<SweepRun>& runs);
std::size_t count_missing(const std::vector<SweepStep>& steps, const std::vector<SweepRun>& runs);
/// `step`, or the nearest before it that is a baseline.
std::size_t baseline_before(std::size_t step, const std::vector<SweepStep>& steps);

/// Puts `runs` in the order in which they were made, and leaves out those caps of earlier calls
/// behind which their call came to no baseline any more: the machine may be another one by now, and
/// nothing would tell that from what they changed.
void drop_unclosed(std::vector<SweepRun>& runs);

}  // namespace joulery
