// slurm: the table of sbatch's options, see option_table.h.
#include "slurm/option_table.h"

#include <algorithm>
#include <iterator>

namespace joulery {
namespace {

using enum Takes;

// sbatch(1) of Slurm 22.05, and of later ones up to 24.11 what they have added.
constexpr SlurmOption kOptions[] = {
    {'A', "account", kValue},
    {0, "acctg-freq", kValue},
    {'a', "array", kValue},
    {0, "batch", kValue},
    {0, "bb", kValue},
    {0, "bbf", kValue},
    {'b', "begin", kValue},
    {'D', "chdir", kValue},
    {0, "cluster-constraint", kValue},
    {'M', "clusters", kValue},
    {0, "comment", kValue},
    {'C', "constraint", kValue},
    {0, "container", kValue},
    {0, "container-id", kValue},
    {0, "contiguous", kNothing},
    {'S', "core-spec", kValue},
    {0, "cores-per-socket", kValue},
    {0, "cpu-freq", kValue},
    {0, "cpus-per-gpu", kValue},
    {'c', "cpus-per-task", kValue},
    {0, "deadline", kValue},
    {0, "delay-boot", kValue},
    {'d', "dependency", kValue},
    {'m', "distribution", kValue},
    {'e', "error", kValue},
    {'x', "exclude", kValue},
    {0, "exclusive", kPerhaps},
    {0, "export", kValue},
    {0, "export-file", kValue},
    {0, "extra", kValue},
    {'B', "extra-node-info", kValue},
    {0, "get-user-env", kPerhaps},
    {0, "gid", kValue},
    {0, "gpu-bind", kValue},
    {0, "gpu-freq", kValue},
    {'G', "gpus", kValue},
    {0, "gpus-per-node", kValue},
    {0, "gpus-per-socket", kValue},
    {0, "gpus-per-task", kValue},
    {0, "gres", kValue},
    {0, "gres-flags", kValue},
    {'h', "help", kNothing},
    {0, "hint", kValue},
    {'H', "hold", kNothing},
    {0, "ignore-pbs", kNothing},
    {'i', "input", kValue},
    {'J', "job-name", kValue},
    {0, "kill-on-invalid-dep", kValue},
    {'L', "licenses", kValue},
    {0, "mail-type", kValue},
    {0, "mail-user", kValue},
    {0, "mcs-label", kValue},
    {0, "mem", kValue},
    {0, "mem-bind", kValue},
    {0, "mem-per-cpu", kValue},
    {0, "mem-per-gpu", kValue},
    {0, "mincpus", kValue},
    {0, "network", kValue},
    {0, "nice", kPerhaps},
    {'k', "no-kill", kPerhaps},
    {0, "no-requeue", kNothing},
    {'F', "nodefile", kValue},
    {'w', "nodelist", kValue},
    {'N', "nodes", kValue},
    {'n', "ntasks", kValue},
    {0, "ntasks-per-core", kValue},
    {0, "ntasks-per-gpu", kValue},
    {0, "ntasks-per-node", kValue},
    {0, "ntasks-per-socket", kValue},
    {0, "oom-kill-step", kPerhaps},
    {0, "open-mode", kValue},
    {'o', "output", kValue},
    {'O', "overcommit", kNothing},
    {'s', "oversubscribe", kNothing},
    {0, "parsable", kNothing},
    {'p', "partition", kValue},
    {0, "power", kValue},
    {0, "prefer", kValue},
    {0, "priority", kValue},
    {0, "profile", kValue},
    {0, "propagate", kPerhaps},
    {'q', "qos", kValue},
    {'Q', "quiet", kNothing},
    {0, "reboot", kNothing},
    {0, "requeue", kNothing},
    {0, "reservation", kValue},
    {0, "segment", kValue},
    {0, "signal", kValue},
    {0, "sockets-per-node", kValue},
    {0, "spread-job", kNothing},
    {0, "stepmgr", kNothing},
    {0, "switches", kValue},
    {0, "test-only", kNothing},
    {0, "thread-spec", kValue},
    {0, "threads-per-core", kValue},
    {'t', "time", kValue},
    {0, "time-min", kValue},
    {0, "tmp", kValue},
    {0, "tres-bind", kValue},
    {0, "tres-per-job", kValue},
    {0, "tres-per-task", kValue},
    {0, "uid", kValue},
    {0, "usage", kNothing},
    {0, "use-min-nodes", kNothing},
    {'v', "verbose", kNothing},
    {'V', "version", kNothing},
    {'W', "wait", kNothing},
    {0, "wait-all-nodes", kValue},
    {0, "wckey", kValue},
    {0, "wrap", kValue},
};

}  // namespace

const SlurmOption* slurm_option(char letter) {
  if (letter == 0) return nullptr;
  const auto* const found = std::ranges::find(kOptions, letter, &SlurmOption::letter);
  return found == std::end(kOptions) ? nullptr : found;
}

const SlurmOption* slurm_option(std::string_view name) {
  const SlurmOption* only = nullptr;
  for (const SlurmOption& option : kOptions) {
    if (option.name == name) return &option;
    if (!option.name.starts_with(name)) continue;
    if (only != nullptr) return nullptr;
    only = &option;
  }
  return only;
}

}  // namespace joulery
