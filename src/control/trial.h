// control: what one run of a sweep showed, read back from its record.
#pragma once

#include <string>
#include <vector>

#include "joulery/control.h"

namespace joulery {

/// What a sweep writes into the record of a run, as notes, so that it is there after an
/// interruption.
inline constexpr std::string_view kDigestNote = "sweep: file ";
inline constexpr std::string_view kLostControlNote = "sweep: not controlled: ";
inline constexpr std::string_view kInterruptNote = "sweep: interrupted by signal ";
inline constexpr std::string_view kRemarkNote = "sweep: ";

/// Fills in all that the record tells of a run; `devices` are the components that were capped, and
/// `caps` what was asked of each. Errors: those of make_account(), and kInvalid where no energy of
/// a device was measured.
Result<void> read_run(const KeptRun& kept, const std::vector<CapDevice>& devices,
                      const std::vector<Watts>& caps, SweepRun& run);

}  // namespace joulery
