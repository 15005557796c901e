// control: tells commands that hand their work to other nodes: a cap here would be one on the wrong
// devices.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "joulery/control.h"

namespace joulery {
namespace {

using Words = std::span<const std::string>;

/// A program that starts another one in its own place; what it is told before that one's name.
struct Wrapper {
  std::string_view name;
  std::size_t words;        // that are no options: the duration of timeout(1)
  std::string_view valued;  // options that take the next word, with blanks around each
};
constexpr std::array kWrappers = {
    Wrapper{"env", 0, " -u -C --unset --chdir "},
    Wrapper{"nohup", 0, ""},
    Wrapper{"time", 0, " -f -o --format --output "},
    Wrapper{"nice", 0, " -n --adjustment "},
    Wrapper{"ionice", 0, " -c -n --class --classdata "},
    Wrapper{"stdbuf", 0, " -i -o -e --input --output --error "},
    Wrapper{"timeout", 1, " -k -s --kill-after --signal "},
    Wrapper{"taskset", 1, ""},
    Wrapper{"chrt", 1, " -T -P -D "},
    Wrapper{"xargs", 0, " -a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs "},
    Wrapper{"numactl", 0, " -N -m -C -i -p "},
    Wrapper{"setsid", 0, ""},
    Wrapper{"exec", 0, " -a "},
    Wrapper{"command", 0, ""},
    Wrapper{"sudo", 0, " -u -g -C -D "},
};

/// A program that runs its command on other nodes: always, or where one of `options` is given.
struct Launcher {
  std::string_view name;
  std::string_view options;  // with blanks around each; empty: always
};
constexpr std::string_view kMpiHosts =
    " -H -host --host -hosts -hostfile --hostfile -machinefile --machinefile -default-hostfile "
    "--default-hostfile -f ";
constexpr std::array kLaunchers = {
    Launcher{"srun", ""},
    Launcher{"sbatch", ""},
    Launcher{"salloc", ""},
    Launcher{"qsub", ""},
    Launcher{"bsub", ""},
    Launcher{"ssh", ""},
    Launcher{"pdsh", ""},
    Launcher{"clush", ""},
    Launcher{"mpirun", kMpiHosts},
    Launcher{"mpiexec", kMpiHosts},
    Launcher{"orterun", kMpiHosts},
    Launcher{"prterun", kMpiHosts},
    Launcher{"mpiexec.hydra", kMpiHosts},
    Launcher{"horovodrun", " -H --hosts -hostfile --hostfile "},
    Launcher{"deepspeed", " -H --hostfile "},
};
constexpr std::array<std::string_view, 5> kShells = {"sh", "bash", "dash", "zsh", "ksh"};
// What may stand before a command of a script.
constexpr std::string_view kShellWords = " if then elif else while until do ! { time ";

constexpr int kDeepest = 8;  // wrappers within wrappers: more than anybody types

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool lists(std::string_view options, std::string_view word) {
  const std::string_view option = word.substr(0, word.find('='));
  return options.find(fmt::format(" {} ", option)) != std::string_view::npos;
}

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  return equals != std::string_view::npos && equals > 0 && word[0] != '-' &&
         word.find('/') > equals;
}

std::string find_reason(Words words, int depth);

// Of a Slurm job of several nodes mpirun takes them all, without being told.
bool is_on_many_nodes() {
  const char* const nodes = std::getenv("SLURM_JOB_NUM_NODES");
  const auto count = nodes == nullptr ? std::nullopt : parse_integer(nodes);
  return count && *count > 1;
}

// A launcher's own words: up to the first that is neither an option nor behind one, which may be
// its value. What comes then are the program's.
Words before_program(Words words) {
  bool after_option = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_option = words[i].starts_with('-');
    if (!is_option && !after_option) return words.first(i);
    after_option = is_option;
  }
  return words;
}

std::string reason_of(const Launcher& launcher, Words rest) {
  const std::string name(launcher.name);
  if (launcher.options.empty()) return name + " hands its work to other processes and nodes";
  for (const std::string& word : before_program(rest))
    if (lists(launcher.options, word))
      return fmt::format("{} {} hands its work to other nodes", name, word);
  if (launcher.options == kMpiHosts && is_on_many_nodes())
    return name + " hands its work to all nodes of this Slurm job";
  return {};
}

Words behind(const Wrapper& wrapper, Words words) {
  std::size_t at = 1;
  std::size_t left = wrapper.words;
  for (; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (lists(wrapper.valued, word) && word.find('=') == std::string::npos) {
      ++at;
    } else if (!word.starts_with('-') && !is_assignment(word)) {
      if (left == 0) break;
      --left;
    }
  }
  return words.subspan(std::min(at, words.size()));
}

// The simple commands of a script, as far as blanks and separators tell them apart.
std::string reason_in_script(std::string_view script, int depth) {
  std::vector<std::string> words;
  std::string word;
  const auto reason_so_far = [&] {
    Words command = words;
    while (!command.empty() && lists(kShellWords, command[0])) command = command.subspan(1);
    return find_reason(command, depth);
  };
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (const char c : script) {
    if (c == '\'' || c == '"') continue;
    if (std::string_view(" \t").find(c) != std::string_view::npos) {
      end_word();
    } else if (std::string_view(";&|()\n`").find(c) != std::string_view::npos) {
      end_word();
      if (std::string reason = reason_so_far(); !reason.empty()) return reason;
      words.clear();
    } else {
      word += c;
    }
  }
  end_word();
  return reason_so_far();
}

std::string reason_in_shell(Words words, int depth) {
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    if (lists(" -o +o -O +O --rcfile --init-file ", word)) {
      ++i;
      continue;
    }
    if (!word.starts_with('-')) return {};
    if (!word.starts_with("--") && word.ends_with('c'))
      return reason_in_script(words[i + 1], depth);
  }
  return {};
}

std::string find_reason(Words words, int depth) {
  while (!words.empty() && is_assignment(words[0])) words = words.subspan(1);
  if (words.empty() || depth == 0) return {};
  const std::string_view name = name_of(words[0]);
  for (const Launcher& launcher : kLaunchers)
    if (launcher.name == name) return reason_of(launcher, words.subspan(1));
  for (const Wrapper& wrapper : kWrappers)
    if (wrapper.name == name) return find_reason(behind(wrapper, words), depth - 1);
  if (std::find(kShells.begin(), kShells.end(), name) != kShells.end())
    return reason_in_shell(words, depth - 1);
  return {};
}

}  // namespace

Result<void> check_stays_here(const std::vector<std::string>& command) {
  const std::string reason = find_reason(command, kDeepest);
  if (reason.empty()) return {};
  return Error{ErrorCode::kUsage,
               reason +
                   ", and the caps are set on the devices of this one: nothing was started; run "
                   "joulery sweep inside the job, on the node whose devices do the work"};
}

}  // namespace joulery
