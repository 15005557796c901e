// joulery submit -- sbatch WORD...: hands a job to Slurm at the time that a plan gives it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/utf8.h"
#include "commands.h"
#include "common.h"
#include "joulery/report.h"
#include "joulery/slurm.h"
#include "output.h"

namespace joulery::cli {
namespace {

constexpr std::array kFlags = {
    Flag{"--plan", "FILE", "plan.json",
         "take the times from a document of `joulery plan --json` instead of planning"},
    Flag{"--pause-partition", "NAME", "cpu",
         "where the small jobs run that pause an interruptible one (default: where it runs)"},
    Flag{"--dry-run", "", "", "print the commands on standard output, and run none"},
    Flag{"--quiet", "", "", "say nothing of what was planned and run"},
    Flag{"--output", "FILE", "submit.json", "write plan and job number to FILE as a JSON document"},
    Flag{"--json", "", "",
         "refused: standard output belongs to sbatch; --output FILE writes the document"},
};

Result<SubmitRequest> read_request(const Args& args) {
  if (args.has("--json"))
    return Error{ErrorCode::kUsage,
                 "--json: standard output belongs to sbatch; for example --output submit.json"};
  if (args.has("--output")) JOULERY_CHECK(check_output(args.get("--output"), "--output"));
  JOULERY_TRY(SbatchCall call, read_sbatch_call(args.words()));
  JOULERY_TRY(const PlannedTimes times, read_plan_document(args.get("--plan")));
  JOULERY_TRY(SubmitRequest request, make_submit_request(std::move(call), times, wall_now()));
  request.pause_partition = args.get("--pause-partition");
  return request;
}

void say(const std::string& line) { std::cerr << "joulery: " << line << '\n'; }

void tell_times(const SubmitRequest& request) {
  const Seconds wait = request.begin - wall_now();
  say(fmt::format("planned from {} to {}, {}", format_time(request.begin), format_time(request.end),
                  wait.count() > 0 ? "begins in " + format_duration(wait) : "begins now"));
  for (const SlurmPause& pause : request.pauses)
    say(fmt::format("pauses from {} to {}", format_time(pause.begin), format_time(pause.end)));
}

/// To be read, or fed to a shell: what a command reads stands behind it.
Result<int> print_commands(const SubmitRequest& request, bool quiet) {
  JOULERY_TRY(const SubmitCommands all, submit_commands(request));
  if (!quiet) tell_times(request);
  for (const std::string& note : all.notes) log_warning(note);
  for (const SlurmCommand& command : all.commands) {
    std::cout << shell_words(command.words);
    if (!command.input.empty()) std::cout << " <<'END'\n" << command.input << "END";
    std::cout << '\n';
  }
  return 0;
}

void tell(const Submitted& done) {
  say("ran " + printable(shell_words(done.command)));
  if (done.pause_jobs.empty()) return;
  say(fmt::format("jobs {} pause it, job {} cancels those that are left",
                  fmt::join(done.pause_jobs, ", "), done.tidy_job));
}

Result<int> cmd_submit(const Args& args) {
  JOULERY_TRY(const SubmitRequest request, read_request(args));
  const bool quiet = args.has("--quiet");
  if (args.has("--dry-run")) return print_commands(request, quiet);
  if (!quiet) tell_times(request);
  JOULERY_TRY(const Submitted done, submit_job(request));
  for (const std::string& note : done.notes) log_warning(note);
  if (!quiet) tell(done);
  if (!args.has("--output")) return done.exit_status;
  // The job is submitted: its number counts, whatever becomes of the document.
  const auto written = write_output(args.get("--output"), [&](std::ostream& out) -> Result<void> {
    write_submit_json(request, done, out);
    return {};
  });
  if (!written) log_warning(written.error().message);
  return done.exit_status;
}

}  // namespace

Command submit_command() {
  return {.name = "submit",
          .summary = "Hands a job to Slurm at the time that a plan gives it.",
          .usage = "[FLAG...] -- sbatch [WORD...]",
          .least_words = 1,
          .most_words = kAnyNumber,
          .word = "sbatch and its words after --",
          .flags = {kFlags},
          .example = "joulery submit --plan plan.json -- sbatch --time=8:00:00 train.sh",
          .run = cmd_submit,
          .runs_a_child = true,
          .keeps_codes = true};
}

}  // namespace joulery::cli
