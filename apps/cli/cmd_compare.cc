// joulery compare RUN RUN: what the second used more or less than the first, and how sure that is.
#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/report.h"

namespace joulery::cli {
namespace {

Result<int> cmd_compare(const Args& args) {
  JOULERY_TRY(const auto ledger, open_home_ledger());
  JOULERY_TRY(const Account first, make_account_of(*ledger, args.words()[0]));
  JOULERY_TRY(const Account second, make_account_of(*ledger, args.words()[1]));
  if (args.has("--json"))
    write_comparison_json(first, second, std::cout);
  else
    write_comparison_text(first, second, std::cout);
  return 0;
}

}  // namespace

Command compare_command() {
  return {.name = "compare",
          .summary =
              "Compares two stored runs: the difference with its own interval, common errors "
              "cancelled.",
          .usage = "RUN RUN [--json]",
          .least_words = 2,
          .most_words = 2,
          .word = "two RUNs",
          .flags = {kJsonFlag},
          .example = "joulery compare baseline last",
          .run = cmd_compare};
}

}  // namespace joulery::cli
