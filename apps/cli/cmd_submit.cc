// joulery submit -- sbatch WORD...: hands a job to Slurm at the time that a plan gives it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <set>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/utf8.h"
#include "commands.h"
#include "common.h"
#include "joulery/report.h"
#include "output.h"
#include "plan_request.h"
#include "submit_request.h"

namespace joulery::cli {
namespace {

void say(const std::string& line) { std::cerr << "joulery: " << line << '\n'; }

void tell_times(const SubmitTask& task) {
  const SubmitRequest& request = task.request;
  if (task.plan) write_plan_text(*task.plan, task.zone, std::cerr);
  const Seconds wait = request.begin - wall_now();
  say(fmt::format("planned from {} to {}, {}", format_time(request.begin), format_time(request.end),
                  wait.count() > 0 ? "begins in " + format_duration(wait) : "begins now"));
  for (const SlurmPause& pause : request.pauses)
    say(fmt::format("pauses from {} to {}", format_time(pause.begin), format_time(pause.end)));
}

/// A word that is no line of the text.
std::string end_word_of(const std::string& text) {
  const std::string word = "END";
  std::set<std::size_t> taken;  // lengths of the lines that are the word and any number of D
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with(word) && line.find_first_not_of('D', word.size()) == std::string::npos)
      taken.insert(line.size());
  }
  std::size_t length = word.size();
  while (taken.count(length) > 0) ++length;
  return word + std::string(length - word.size(), 'D');
}

/// To be read, or fed to a shell: what a command reads stands behind it.
Result<int> print_commands(const SubmitRequest& request) {
  JOULERY_TRY(const SubmitCommands all, submit_commands(request));
  for (const std::string& note : all.notes) log_warning(note);
  for (const SlurmCommand& command : all.commands) {
    std::cout << shell_words(command.words);
    if (!command.input.empty()) {
      const std::string end = end_word_of(command.input);
      const char* const line_end = command.input.ends_with('\n') ? "" : "\n";
      std::cout << " <<'" << end << "'\n" << command.input << line_end << end;
    }
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

/// The job is submitted: its number counts, whatever becomes of the document.
void write_document(const std::string& path, const SubmitTask& task, const Submitted& done) {
  const auto written = write_output(path, [&](std::ostream& out) -> Result<void> {
    write_submit_json(task.request, done, task.plan, out);
    return {};
  });
  if (!written) log_warning(written.error().message);
}

Result<int> cmd_submit(const Args& args) {
  JOULERY_TRY(const SubmitTask task, read_submit_task(args));
  const bool quiet = args.has("--quiet");
  if (!quiet) tell_times(task);
  if (args.has("--dry-run")) return print_commands(task.request);
  JOULERY_TRY(const Submitted done, submit_job(task.request));
  for (const std::string& note : done.notes) log_warning(note);
  if (!quiet) tell(done);
  if (args.has("--output")) write_document(args.get("--output"), task, done);
  return done.exit_status;
}

}  // namespace

Command submit_command() {
  return {.name = "submit",
          .summary = "Plans when to run a job, and hands it to Slurm for that time.",
          .usage = "--slack DURATION --series FILE[:COLUMN] [FLAG...] -- sbatch [WORD...]",
          .least_words = 1,
          .most_words = kAnyNumber,
          .word = "sbatch and its words after --",
          .flags = {kPlanJobFlags, kPlanSeriesFlags, kPlaceFlags, kSubmitFlags},
          .example =
              "joulery submit --slack 24h --series zones.csv:DE -- sbatch --time=8:00:00 train.sh",
          .run = cmd_submit,
          .runs_a_child = true,
          .keeps_codes = true};
}

}  // namespace joulery::cli
