// slurm: words of a command line to options, as getopt_long(3) reads them for sbatch.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace joulery {

struct GivenOption {
  std::string name;  ///< long
  std::string value;
  std::size_t at = 0;  ///< the word in which it stands
};

struct OptionWords {
  std::vector<GivenOption> options;  ///< in order
  std::size_t rest = 0;  ///< the first word that is no option: the script; the number of words if
                         ///< there is none
  std::string unknown;   ///< the option at which reading ended, since what it takes is not known
};

/// Reads from `words[first]` on.
OptionWords read_option_words(const std::vector<std::string>& words, std::size_t first);

}  // namespace joulery
