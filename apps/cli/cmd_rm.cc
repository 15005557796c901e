// joulery rm RUN...: removes stored runs; all of them are known before the first is gone.
#include <algorithm>
#include <iostream>

#include "commands.h"
#include "common.h"

namespace joulery::cli {
namespace {

Result<int> cmd_rm(const Args& args) {
  JOULERY_TRY(const auto ledger, open_home_ledger());
  std::vector<std::string> ids;
  for (const std::string& word : args.words()) {
    JOULERY_TRY(std::string id, ledger->find(word));
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
  }
  for (const std::string& id : ids) JOULERY_CHECK(ledger->remove(id));
  if (args.has("--json")) {
    print_words_json("rm", "removed", ids, std::cout);
  } else {
    for (const std::string& id : ids) std::cout << "removed " << id << '\n';
  }
  return 0;
}

}  // namespace

Command rm_command() {
  return {.name = "rm",
          .summary = "Removes stored runs from the ledger, with their samples.",
          .usage = "RUN... [--json]",
          .least_words = 1,
          .most_words = kAnyNumber,
          .word = "a RUN",
          .flags = {kJsonFlag},
          .example = "joulery rm last",
          .run = cmd_rm};
}

}  // namespace joulery::cli
