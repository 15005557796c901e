// joulery runs: the ledger, a line for each run.
#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/report.h"

namespace joulery::cli {
namespace {

constexpr std::array kRunsFlags = {
    Flag{"--project", "NAME", "thesis", "only the runs of that project (default: all)"}};

Result<int> cmd_runs(const Args& args) {
  JOULERY_TRY(const auto ledger, open_home_ledger());
  JOULERY_TRY(const Ledger::Listing listing, ledger->list(args.get("--project")));
  if (args.has("--json"))
    write_runs_json(listing, std::cout);
  else
    write_runs_text(listing, std::cout);
  return 0;
}

}  // namespace

Command runs_command() {
  return {.name = "runs",
          .summary = "Lists the runs of the ledger, the newest first.",
          .usage = "[--project NAME] [--json]",
          .least_words = 0,
          .most_words = 0,
          .word = "",
          .flags = {kRunsFlags, kJsonFlag},
          .example = "joulery runs --project thesis",
          .run = cmd_runs};
}

}  // namespace joulery::cli
