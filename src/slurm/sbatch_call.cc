// slurm: an sbatch command line, its environment and its script, see joulery/slurm.h.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "joulery/slurm.h"
#include "slurm/option_words.h"
#include "slurm/script.h"
#include "slurm/time_limit.h"

namespace joulery {
namespace {

// The largest script that Slurm takes by default: max_script_size of slurm.conf(5), 4 megabytes.
constexpr std::uint64_t kMostScript = 4U << 20;

struct Variable {
  const char* name;
  std::string_view option;
};
// Those of sbatch(1), INPUT ENVIRONMENT VARIABLES, that a plan has to know.
constexpr std::array kVariables = {
    Variable{"SBATCH_ACCOUNT", "account"},
    Variable{"SBATCH_ARRAY_INX", "array"},
    Variable{"SLURM_CLUSTERS", "clusters"},
    Variable{"SBATCH_CLUSTERS", "clusters"},
    Variable{"SBATCH_NO_REQUEUE", "no-requeue"},
    Variable{"SBATCH_PARTITION", "partition"},
    Variable{"SBATCH_QOS", "qos"},
    Variable{"SBATCH_REQUEUE", "requeue"},
    Variable{"SBATCH_SIGNAL", "signal"},
    Variable{"SBATCH_TIMELIMIT", "time"},
    Variable{"SBATCH_WAIT", "wait"},
};

/// What is set later wins.
void set(SbatchCall& call, const GivenOption& given, std::string from, bool in_script = false) {
  const bool requeues = given.name == "requeue" || given.name == "no-requeue";
  const std::string name = requeues ? "requeue" : given.name;
  const std::string value = requeues ? (given.name == name ? "yes" : "no") : given.value;
  call.options.insert_or_assign(name, SbatchOption{value, std::move(from), in_script});
}

/// Where sbatch finds it: in the directory that --chdir names, in this one, in those of PATH.
std::string find_script(const std::string& name, const OptionWords& read) {
  std::vector<std::filesystem::path> places;
  for (const GivenOption& option : read.options)
    if (option.name == "chdir") places.assign(1, option.value);
  places.emplace_back("");
  const char* const path = std::getenv("PATH");
  if (path != nullptr && name.find('/') == std::string::npos)
    for (const std::string_view place : split(path, ':')) places.emplace_back(place);
  for (const auto& place : places)
    if (::access((place / name).c_str(), R_OK) == 0) return place / name;
  return name;
}

bool ignores_pbs(const SbatchCall& call, const OptionWords& read) {
  if (call.find("ignore-pbs") != nullptr || std::getenv("SBATCH_IGNORE_PBS") != nullptr)
    return true;
  return std::ranges::any_of(read.options,
                             [](const GivenOption& each) { return each.name == "ignore-pbs"; });
}

void read_lines(SbatchCall& call, const std::string& text, const std::string& name,
                const OptionWords& read) {
  ScriptOptions found = read_script_options(text);
  for (const ScriptOption& each : found.options)
    set(call, each.option, fmt::format("{} line {}", name, each.line), true);
  if (!ignores_pbs(call, read))
    for (const ScriptOption& each : found.foreign)
      set(call, each.option, fmt::format("{} line {}", name, each.line), true);
  if (!found.unknown.empty())
    call.unknown = fmt::format("{} {} is not known here", name, printable(found.unknown));
  call.heterogeneous = call.heterogeneous || found.heterogeneous;
}

void read_script(SbatchCall& call, const std::string& path, const OptionWords& read) {
  const auto text = load_file(path, kMostScript);
  if (!text) {
    call.unknown = text.error().message;
    return;
  }
  call.script = path;
  read_lines(call, *text, printable(path), read);
}

Result<std::string> read_to_end(int fd) {
  std::string text;
  std::array<char, 1U << 16> chunk;
  for (;;) {
    const ssize_t n = ::read(fd, chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno_error("standard input", "read", errno);
    if (n == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(n));
    if (text.size() > kMostScript)
      return Error{ErrorCode::kInvalid,
                   "standard input: is longer than the longest script that Slurm takes, 4 MiB"};
  }
}

Result<void> read_input(SbatchCall& call, int fd, const OptionWords& read) {
  if (fd < 0) {
    call.unknown = "the script comes from standard input";
    return {};
  }
  JOULERY_TRY(call.input, read_to_end(fd));
  read_lines(call, *call.input, "standard input", read);
  return {};
}

bool wraps(const OptionWords& read) {
  for (const GivenOption& option : read.options)
    if (option.name == "wrap") return true;
  return false;
}

/// From the weakest source to the strongest.
Result<void> read_options(SbatchCall& call, const OptionWords& read, int script_fd) {
  call.words_read = read.unknown.empty();
  if (!call.words_read)
    call.unknown = "sbatch " + printable(read.unknown) +
                   " is not known here: write its value behind \"=\", if it takes one";
  else if (wraps(read) || call.heterogeneous)
    call.unknown.clear();
  else if (read.rest >= call.words.size())
    JOULERY_CHECK(read_input(call, script_fd, read));
  else
    read_script(call, find_script(call.words[read.rest], read), read);
  for (const Variable& variable : kVariables)
    if (const char* const value = std::getenv(variable.name); value != nullptr)
      set(call, {std::string(variable.option), value}, variable.name);
  for (const GivenOption& option : read.options) set(call, option, "sbatch --" + option.name);
  return {};
}

}  // namespace

const SbatchOption* SbatchCall::find(std::string_view name) const {
  const auto found = options.find(name);
  return found == options.end() ? nullptr : &found->second;
}

Result<SbatchCall> read_sbatch_call(std::vector<std::string> words, int script_fd) {
  const std::string program = words.empty() ? "" : words[0];
  if (std::filesystem::path(program).filename() != "sbatch")
    return Error{ErrorCode::kUsage,
                 fmt::format("\"{}\" is not sbatch: only a batch job can wait for its time, for "
                             "example joulery submit --slack 24h -- sbatch job.sh",
                             printable(program))};
  SbatchCall call;
  call.words = std::move(words);
  const OptionWords read = read_option_words(call.words, 1);
  call.heterogeneous = read.rest < call.words.size() && call.words[read.rest] == ":";
  JOULERY_CHECK(read_options(call, read, script_fd));
  return call;
}

bool is_limit_certain(const SbatchCall& call) {
  if (call.unknown.empty()) return true;
  const SbatchOption* const time = call.find("time");
  return call.words_read && time != nullptr && !time->in_script;
}

Result<std::optional<Seconds>> time_limit_of(const SbatchCall& call) {
  const SbatchOption* const time = call.find("time");
  if (time == nullptr) return std::optional<Seconds>();
  return parse_time_limit(time->value, time->from);
}

}  // namespace joulery
