// control: from the runs of a sweep to the choice among its caps.
#pragma once

#include "joulery/control.h"

namespace joulery {

/// Says which runs did equal work, hands the rest to the policy, and fills in `choice`,
/// `equal_work` and `equal_work_by`.
void judge(const std::string& same, Sweep& sweep);

/// find_repeats() of the runs so far that did equal work.
Result<int> find_repeats_of(const std::string& same, Sweep sweep, int most);

}  // namespace joulery
