// slurm: the options of sbatch, as far as its words cannot be told apart without them.
#pragma once

#include <cstdint>
#include <string_view>

namespace joulery {

enum class Takes : std::uint8_t {
  kNothing,
  kValue,    ///< after "=" or in the next word
  kPerhaps,  ///< after "=" only
};

struct SlurmOption {
  char letter;  ///< 0: it has none
  std::string_view name;
  Takes takes;
};

/// Null where there is none.
const SlurmOption* slurm_option(char letter);
/// The name may be cut, as getopt_long(3) allows, where one option alone begins so. Null where none
/// does, or several.
const SlurmOption* slurm_option(std::string_view name);

}  // namespace joulery
