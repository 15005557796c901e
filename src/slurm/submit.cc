// slurm: a job at its planned time, and the small jobs that pause it, see joulery/slurm.h.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/slurm.h"
#include "slurm/command.h"
#include "slurm/pauses.h"

namespace joulery {
namespace {

std::string deadline_time(WallTime deadline) {
  return slurm_time(std::chrono::floor<std::chrono::seconds>(deadline));
}

/// Slurm takes any deadline, and removes the job when its begin comes if begin and time limit
/// together pass it. So it gets one that the job can meet, or none; then `notes` tell.
Result<bool> passes_deadline_on(const SubmitRequest& request, std::vector<std::string>& notes) {
  if (!request.deadline) return false;
  JOULERY_TRY(const auto limit, time_limit_of(request.call));
  std::string why;
  if (!request.pauses.empty())
    why = "Slurm would count the whole time limit from each start";
  else if (!limit)
    why = "it needs a time limit, sbatch --time";
  else if (request.begin + std::chrono::ceil<Micros>(*limit) > *request.deadline)
    why = fmt::format("the time limit, {}, ends after it, and Slurm would remove the job",
                      format_duration(*limit));
  if (!why.empty()) notes.push_back("--deadline is not handed to Slurm: " + why);
  return why.empty();
}

/// The longest time for which the job runs without a pause.
Seconds longest_run(const SubmitRequest& request) {
  Seconds longest{0};
  WallTime begin = request.begin;
  for (const SlurmPause& pause : request.pauses) {
    longest = std::max(longest, Seconds(pause.begin - begin));
    begin = pause.end;
  }
  return std::max(longest, Seconds(request.end - begin));
}

Result<void> check_time_limit(const SubmitRequest& request) {
  JOULERY_TRY(const auto limit, time_limit_of(request.call));
  const Seconds longest = longest_run(request);
  if (!limit || *limit >= longest) return {};
  return Error{ErrorCode::kUsage,
               fmt::format("{}: Slurm would end the job after {}, and it is planned to run for {}",
                           request.call.find("time")->from, format_duration(*limit),
                           format_duration(longest))};
}

Result<std::vector<std::string>> sbatch_words(const SubmitRequest& request,
                                              std::vector<std::string>& notes) {
  JOULERY_CHECK(check_time_limit(request));
  std::vector<std::string> added = {"--begin=" + slurm_time(request.begin)};
  JOULERY_TRY(const bool with_deadline, passes_deadline_on(request, notes));
  if (with_deadline) added.push_back("--deadline=" + deadline_time(*request.deadline));
  if (!request.place.empty())
    notes.push_back(
        fmt::format("the plan is of {}: this Slurm has to be there", printable(request.place)));
  if (!is_limit_certain(request.call))
    notes.push_back("a time limit of the job may not have been seen: " + request.call.unknown);
  if (request.call.find("array") != nullptr)
    notes.emplace_back(
        "a job array: each of its tasks may start at the planned time; those that have to wait for "
        "others run later than planned");
  std::vector<std::string> words = request.call.words;
  words.insert(words.begin() + 1, added.begin(), added.end());
  return words;
}

/// "Submitted batch job 42 on cluster x", or of --parsable "42;x". Site plugins may say more.
std::string job_number(const std::string& output) {
  constexpr std::string_view kWords = "Submitted batch job ";
  for (std::string_view line : split(output, '\n')) {
    if (line.starts_with(kWords)) line.remove_prefix(kWords.size());
    const auto digits = static_cast<std::size_t>(
        std::ranges::find_if_not(line, [](char c) { return c >= '0' && c <= '9'; }) - line.begin());
    const bool ends = digits == line.size() || line[digits] == ' ' || line[digits] == ';';
    if (digits > 0 && ends) return std::string(line.substr(0, digits));
  }
  return "";
}

Result<std::string> submit_aside(const SlurmCommand& command) {
  JOULERY_TRY(const CommandEnd end, run_aside(command));
  const std::string job = end.exit_status == 0 ? job_number(end.output) : "";
  if (!job.empty()) return job;
  return Error{ErrorCode::kInvalid, fmt::format("Slurm took no job that pauses: {}",
                                                shortened(printable(trim(end.output)), 300))};
}

Result<void> arrange_pauses(const SubmitRequest& request, Submitted& done) {
  for (const SlurmPause& pause : request.pauses) {
    JOULERY_TRY(const SlurmCommand command, pause_job(request, pause, done.job));
    JOULERY_TRY(const std::string job, submit_aside(command));
    done.pause_jobs.push_back(job);
  }
  JOULERY_TRY(done.tidy_job, submit_aside(tidy_job(request, done.job, done.pause_jobs)));
  return {};
}

/// scancel stands beside the sbatch that was named.
std::vector<std::string> cancel_words(const SubmitRequest& request, const Submitted& done) {
  const std::string& sbatch = request.call.words[0];
  std::vector<std::string> words = {sbatch.substr(0, sbatch.size() - 6) + "scancel", done.job};
  words.insert(words.end(), done.pause_jobs.begin(), done.pause_jobs.end());
  return words;
}

}  // namespace

Result<SubmitCommands> submit_commands(const SubmitRequest& request) {
  SubmitCommands all;
  JOULERY_TRY(auto words, sbatch_words(request, all.notes));
  all.commands.push_back({std::move(words), request.call.input.value_or("")});
  std::vector<std::string> names;
  for (const SlurmPause& pause : request.pauses) {
    JOULERY_TRY(auto command, pause_job(request, pause, "JOB"));
    all.commands.push_back(std::move(command));
    names.push_back(fmt::format("PAUSE{}", names.size() + 1));
  }
  if (!names.empty()) all.commands.push_back(tidy_job(request, "JOB", names));
  return all;
}

Result<Submitted> submit_job(const SubmitRequest& request) {
  JOULERY_CHECK(check_submit(request.call, !request.pauses.empty()));
  // All that can be found wrong is found before anything is submitted.
  JOULERY_TRY(SubmitCommands planned, submit_commands(request));
  Submitted done;
  done.command = std::move(planned.commands.front().words);
  done.notes = std::move(planned.notes);
  JOULERY_TRY(const CommandEnd end, run_in_sight(done.command, request.call.input));
  done.exit_status = end.exit_status;
  if (end.exit_status == 0) done.job = job_number(end.output);
  if (end.exit_status != 0 || request.pauses.empty()) return done;
  if (done.job.empty())
    return Error{ErrorCode::kInvalid, "sbatch told no number of the job: it will not be paused"};
  const auto arranged = arrange_pauses(request, done);
  if (arranged) return done;
  const auto cancelled = run_aside({cancel_words(request, done), ""});
  const bool gone = cancelled && cancelled->exit_status == 0;
  return Error{arranged.error().code,
               fmt::format("{}; job {} {}", arranged.error().message, done.job,
                           gone ? "was cancelled again" : "could not be cancelled: scancel it")};
}

std::string shell_words(const std::vector<std::string>& words) {
  constexpr std::string_view kPlain = "_-+=:,./@%";
  const auto plain = [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || kPlain.find(c) != kPlain.npos;
  };
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    if (!word.empty() && std::ranges::all_of(word, plain)) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += '\'';
  }
  return line;
}

}  // namespace joulery
