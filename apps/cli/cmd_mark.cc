// joulery mark NAME: starts a phase of the measured job that it is called in.
#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/session.h"

namespace joulery::cli {
namespace {

Result<int> cmd_mark(const Args& args) {
  const std::string& name = args.words()[0];
  JOULERY_CHECK(send_mark(name));
  if (args.has("--json")) print_words_json("mark", "marks", {name}, std::cout);
  return 0;
}

}  // namespace

Command mark_command() {
  return {
      .name = "mark",
      .summary =
          "Starts a phase of that name, with an account of its own, from inside a measured job.",
      .usage = "NAME [--json]",
      .least_words = 1,
      .most_words = 1,
      .word = "the NAME of the phase",
      .flags = {kJsonFlag},
      .example = "joulery run -- sh -c 'sleep 1; joulery mark train; sleep 2'",
      .run = cmd_mark};
}

}  // namespace joulery::cli
