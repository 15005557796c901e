// joulery: the command line as tables: a command lists its flags once, and parsing, errors and
// --help follow from that.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"

namespace joulery::cli {

inline constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

struct Flag {
  const char* name;     ///< "--period"
  const char* value;    ///< what it takes, "DURATION"; empty: a switch
  const char* example;  ///< a right value, shown by errors
  const char* help;     ///< with units and default
  bool repeats = false;
  const char* variable = nullptr;  ///< of the environment, taken where the flag is not given
};

struct Command;

/// What a command line said. Flags are asked for by the names of the command's table.
class Args {
 public:
  [[nodiscard]] bool has(std::string_view flag) const {
    return values_.find(flag) != values_.end();
  }
  /// The value given, else that of the flag's variable, else `fallback`.
  [[nodiscard]] std::string get(std::string_view flag, std::string_view fallback = {}) const;
  [[nodiscard]] std::vector<std::string> all(std::string_view flag) const;
  /// The words between the commas of get(), trimmed, empty ones included; none where there is no
  /// value.
  [[nodiscard]] std::vector<std::string> list(std::string_view flag) const;
  /// Gives get() a value for a flag that was not given; `source` is named where it is wrong.
  void assume(const std::string& flag, std::string value, std::string source) {
    defaults_[flag] = {std::move(source), std::move(value)};
  }
  /// An error of the command: one that opens with a flag nobody typed also names the variable that
  /// its value came from.
  [[nodiscard]] Error explain(Error error) const;
  /// What is no flag; of a command that takes one after "--": that command.
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  /// How many of words() stood before "--".
  [[nodiscard]] std::size_t words_before() const { return words_before_; }

 private:
  friend Result<Args> parse_args(const Command& command, std::span<char* const> words);
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  struct Default {
    std::string variable, value;
  };
  std::map<std::string, Default, std::less<>> defaults_;
  std::vector<std::string> words_;
  std::size_t words_before_ = 0;
};

struct Command {
  const char* name;
  const char* summary;  ///< one sentence
  const char* usage;    ///< what follows the name: "RUN [--json]"
  std::size_t least_words;
  std::size_t most_words;  ///< kAnyNumber: no bound
  const char* word;        ///< what a word is, for errors: "RUN"
  std::vector<std::span<const Flag>> flags;
  const char* example;  ///< works as it stands
  Result<int> (*run)(const Args& args);
  bool runs_a_child = false;  ///< its words come after "--", and its own failures exit with 125
  bool keeps_codes = false;   ///< ... or else with the codes of all other commands
};

/// Errors: kUsage, naming the flag and a right value. `--help` is the caller's, see
/// asks_for_help().
Result<Args> parse_args(const Command& command, std::span<char* const> words);
bool asks_for_help(std::span<char* const> words);
std::string help_of(const Command& command);

}  // namespace joulery::cli
