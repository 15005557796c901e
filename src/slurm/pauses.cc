// slurm: the scripts of the small jobs, see pauses.h.
#include "slurm/pauses.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "base/utf8.h"

namespace joulery {
namespace {

// What sbatch(1) takes where --signal names no time.
constexpr double kDefaultLeadSeconds = 60;
// Over what the warning takes, for a controller that is away for a moment. A choice.
constexpr double kPatienceMinutes = 5;
// A shell and one command of Slurm: scontrol 22.05 has 9 MB resident. Without a figure a site's
// default may ask for a whole node. A choice.
constexpr const char* kMemory = "--mem=100M";

// The state of a job is looked at before each step, so that a late start, a second one after a node
// has failed, and a job that is over are all the same script. "Incomplete" leaves a job alone that
// has ended in between, which requeuehold alone would run anew.
constexpr const char* kPauseBody = R"sh(
insist() {
  left=10
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 6
  done
}
look() {
  queue=$(insist squeue --noheader --user="$(id -u)" --format='%A|%T|%r') || exit 1
  printf '%s\n' "$queue" | grep "^$job|"
}
runs() {
  case $(look) in *'|RUNNING|'* | *'|CONFIGURING|'* | *'|SUSPENDED|'*) ;; *) return 1 ;; esac
}

if [ -n "$warning" ] && runs; then
  scancel $warning "$job"
fi
now=$(date +%s)
[ "$begin" -le "$now" ] || sleep $((begin - now))
held=
if [ "$(date +%s)" -lt "$end" ] && runs; then
  insist scontrol requeuehold Incomplete "$job" && held=yes
fi
case $(look) in
  *requeued*held*) held=yes ;;
  *'|PENDING|'*) ;;
  *) exit 0 ;;
esac
[ "$(date +%s)" -ge "$end" ] || insist scontrol update JobId="$job" StartTime="uts$end"
[ -z "$held" ] || insist scontrol release "$job"
)sh";

std::int64_t seconds_up(WallTime time) {
  return std::chrono::ceil<std::chrono::seconds>(time).time_since_epoch().count();
}

/// Where they run and who pays for them is as with the job itself.
std::vector<std::string> small_job(const SubmitRequest& request, const std::string& name,
                                   double minutes) {
  std::vector<std::string> words = {request.call.words[0],
                                    "--parsable",
                                    "--job-name=" + name,
                                    fmt::format("--time={:.0f}", minutes),
                                    "--nodes=1",
                                    "--ntasks=1",
                                    kMemory,
                                    "--output=/dev/null",
                                    "--chdir=/",
                                    "--requeue"};
  for (const char* const option : {"account", "partition", "qos"}) {
    const SbatchOption* const given = request.call.find(option);
    const bool moved = std::string_view(option) == "partition" && !request.pause_partition.empty();
    if (moved)
      words.push_back("--partition=" + request.pause_partition);
    else if (given != nullptr)
      words.push_back(fmt::format("--{}={}", option, given->value));
  }
  return words;
}

/// Slurm's commands stand beside the sbatch that was named, else where the user has them.
std::string path_line(const SubmitRequest& request) {
  const std::filesystem::path sbatch = request.call.words[0];
  std::string line = "PATH=";
  std::error_code failed;
  const std::filesystem::path absolute = std::filesystem::absolute(sbatch, failed);
  if (sbatch.has_parent_path() && !failed)
    line += shell_words({absolute.parent_path().string()}) + ":";
  return line + "${PATH:+$PATH:}/usr/bin:/bin\n";
}

bool is_signal(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
}

}  // namespace

std::string slurm_time(WallTime time) { return fmt::format("uts{}", seconds_up(time)); }

Result<Warning> warning_of(const SbatchCall& call) {
  const SbatchOption* const option = call.find("signal");
  if (option == nullptr) return Warning{};
  std::string_view text = option->value;
  const std::size_t colon = text.find(':');
  const std::string flags = colon == std::string_view::npos ? "" : lower(text.substr(0, colon));
  if (colon != std::string_view::npos) text.remove_prefix(colon + 1);
  const std::size_t at = text.find('@');
  const std::string_view signal = text.substr(0, at);
  const auto lead = at == std::string_view::npos ? std::optional(kDefaultLeadSeconds)
                                                 : parse_number(text.substr(at + 1));
  if (!is_signal(signal) || !lead || *lead < 0 || *lead > 65535)  // the bound is sbatch(1)'s
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: \"{}\" is no signal and time, for example B:USR1@300",
                             option->from, printable(option->value))};
  const bool to_script = flags.find('b') != std::string::npos;
  return Warning{fmt::format("{}--signal={}", to_script ? "--batch " : "", signal), Seconds(*lead)};
}

Result<SlurmCommand> pause_job(const SubmitRequest& request, const SlurmPause& pause,
                               const std::string& job) {
  JOULERY_TRY(const Warning warning, warning_of(request.call));
  const double minutes = std::ceil(warning.lead.count() / 60) + kPatienceMinutes;
  SlurmCommand command{small_job(request, "joulery-pause-" + job, minutes), ""};
  const auto lead = std::chrono::duration_cast<Micros>(warning.lead);
  command.words.push_back("--begin=" + slurm_time(pause.begin - lead));
  command.input = fmt::format(
      "#!/bin/sh\n# joulery submit: pauses job {} from {} to {}.\njob={}\nbegin={}\nend={}\n"
      "warning='{}'\n{}{}",
      job, format_time(pause.begin), format_time(pause.end), job, seconds_up(pause.begin),
      seconds_up(pause.end), warning.words, path_line(request), kPauseBody);
  return command;
}

SlurmCommand tidy_job(const SubmitRequest& request, const std::string& job,
                      const std::vector<std::string>& pause_jobs) {
  SlurmCommand command{small_job(request, "joulery-tidy-" + job, kPatienceMinutes), ""};
  command.words.push_back("--dependency=afterany:" + job);
  command.input =
      "#!/bin/sh\n# joulery submit: job " + job + " has ended.\n" + path_line(request) + "scancel";
  for (const std::string& each : pause_jobs) command.input += " " + each;
  command.input += "\n";
  return command;
}

}  // namespace joulery
