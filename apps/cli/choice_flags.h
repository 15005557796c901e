// joulery: the flags of a choice among power caps.
#pragma once

#include "args.h"
#include "joulery/policy.h"
#include "joulery/site.h"

namespace joulery::cli {

inline constexpr std::array kChoiceFlags = {
    Flag{"--objective", "NAME", "edp",
         "what is made small: energy (default), edp (energy times time), or cost (electricity and "
         "rent)"},
    Flag{"--max-slowdown", "PERCENT", "5%",
         "recommend no cap that makes the job slower by more than this (default: no bound)"},
    Flag{"--base-power", "POWER", "100W",
         "power of the node for each device, beside what the devices draw themselves"},
};

/// Errors: kUsage.
Result<ChoiceRules> read_choice_rules(const Args& args, const Place& place);

}  // namespace joulery::cli
