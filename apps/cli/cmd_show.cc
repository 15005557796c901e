// joulery show RUN...: the account of stored runs, and a picture of their power over time.
#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/report.h"
#include "output.h"

namespace joulery::cli {
namespace {

constexpr std::array kShowFlags = {
    Flag{"--plot", "FILE", "power.svg",
         "draw power over time into FILE (.svg, .pdf or .png), several runs overlaid"}};

Result<void> plot(const std::vector<StoredRun>& runs, const std::string& path) {
  std::vector<const StoredRun*> pointers;
  for (const StoredRun& run : runs) pointers.push_back(&run);
  return write_output_file(path,
                           [&](const std::string& draft) { return plot_power(pointers, draft); });
}

Result<int> cmd_show(const Args& args) {
  if (args.has("--json") && args.words().size() > 1)
    return Error{ErrorCode::kUsage,
                 "--json prints one document: give one RUN, for example joulery show last --json"};
  if (args.has("--plot")) {
    JOULERY_CHECK(check_plot_name(args.get("--plot")));
    JOULERY_CHECK(check_output(args.get("--plot"), "--plot"));
  }
  JOULERY_TRY(const auto ledger, open_home_ledger());
  std::vector<StoredRun> runs;
  std::vector<Account> accounts;
  for (const std::string& word : args.words()) {
    JOULERY_TRY(StoredRun run, ledger->load(word));
    JOULERY_TRY(Account account, make_account(*run.trace, run.job, run.place));
    runs.push_back(std::move(run));
    accounts.push_back(std::move(account));
  }
  if (args.has("--plot")) JOULERY_CHECK(plot(runs, args.get("--plot")));
  for (const Account& account : accounts) print_account(account, args);
  return 0;
}

}  // namespace

Command show_command() {
  return {.name = "show",
          .summary =
              "Shows the account of stored runs; RUN is an id, a unique prefix of one, a name, or "
              "\"last\".",
          .usage = "RUN... [--plot FILE] [--json]",
          .least_words = 1,
          .most_words = kAnyNumber,
          .word = "a RUN",
          .flags = {kShowFlags, kJsonFlag},
          .example = "joulery show last",
          .run = cmd_show};
}

}  // namespace joulery::cli
