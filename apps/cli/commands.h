// joulery: the commands, one file each; main.cc has the table.
#pragma once

#include "args.h"

namespace joulery::cli {

/// Exit status where a command that runs another one (run, cap --, sweep) fails itself: the
/// statuses of the two stay apart.
inline constexpr int kOwnFailureExit = 125;

Command sensors_command();
Command run_command();
Command import_command();
Command mark_command();
Command runs_command();
Command show_command();
Command compare_command();
Command export_command();
Command rm_command();
Command cap_command();
Command sweep_command();
Command recommend_command();
Command estimate_command();
Command account_command();
Command statement_command();
Command pue_command();
Command plan_command();
Command simulate_command();
Command submit_command();
Command site_command();
Command device_command();

}  // namespace joulery::cli
