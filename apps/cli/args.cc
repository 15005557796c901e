// joulery: parsing and help from the tables of flags, see args.h.
#include "args.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "base/text.h"

namespace joulery::cli {
namespace {

bool is_separator(std::string_view word) { return word == "--"; }
bool is_flag(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && !is_separator(word);
}

Error usage_of(const Command& command, const std::string& what) {
  return Error{ErrorCode::kUsage, fmt::format("{}; see joulery {} --help", what, command.name)};
}

std::string wrapped(const std::string& text, std::size_t indent) {
  constexpr std::size_t kColumns = 100;
  std::string out;
  std::size_t column = indent;
  for (const std::string_view word : split(text, ' ')) {
    if (column > indent && column + 1 + word.size() > kColumns) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) out += ' ';
    column += word.size() + (column > indent ? 1 : 0);
    out += word;
  }
  return out;
}

}  // namespace

std::string Args::get(std::string_view flag, std::string_view fallback) const {
  if (const auto given = values_.find(flag); given != values_.end()) return given->second.back();
  if (const auto set = defaults_.find(flag); set != defaults_.end()) return set->second.value;
  return std::string(fallback);
}

std::vector<std::string> Args::list(std::string_view flag) const {
  const std::string value = get(flag);
  std::vector<std::string> words;
  if (value.empty() && !has(flag)) return words;
  for (const std::string_view word : split(value, ',')) words.emplace_back(trim(word));
  return words;
}

std::vector<std::string> Args::all(std::string_view flag) const {
  const auto given = values_.find(flag);
  return given == values_.end() ? std::vector<std::string>{} : given->second;
}

Error Args::explain(Error error) const {
  for (const auto& [flag, set] : defaults_) {
    const bool blamed =
        error.message.starts_with(flag) && error.message.find_first_of(": ") == flag.size();
    if (blamed && !has(flag))
      error.message.insert(flag.size(), fmt::format(" (from {})", set.variable));
  }
  return error;
}

namespace {

std::vector<const Flag*> flags_of(const Command& command) {
  std::vector<const Flag*> flags;
  for (const auto& group : command.flags)
    for (const Flag& flag : group) flags.push_back(&flag);
  return flags;
}

Error unknown_flag(const Command& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const Flag* flag : flags_of(command)) names.emplace_back(flag->name);
  const auto nearest = nearest_names(name, names, 1);
  return usage_of(command,
                  fmt::format("{} is no flag of {}{}", name, command.name,
                              nearest.empty() ? "" : "; did you mean " + nearest[0] + "?"));
}

// CLI11 names the flag and what is wrong with it; a right value is ours to show.
Error wrong_flag(const Command& command, const std::string& what) {
  for (const Flag* flag : flags_of(command))
    if (*flag->value == '\0' && what.rfind(std::string(flag->name + 2) + " ", 0) == 0)
      return usage_of(command, fmt::format("{} takes no value", flag->name));
  for (const Flag* flag : flags_of(command))
    if (what.rfind(std::string(flag->name) + ":", 0) == 0)
      return usage_of(command, fmt::format("{} takes {} {}, for example {} {}", flag->name,
                                           flag->repeats ? "each time one" : "one", flag->value,
                                           flag->name, flag->example));
  return usage_of(command, what);
}

Result<void> check_count(const Command& command, const std::vector<std::string>& words) {
  if (words.size() < command.least_words)
    return usage_of(command, fmt::format("{} needs {}, for example: {}", command.name, command.word,
                                         command.example));
  if (words.size() > command.most_words)
    return usage_of(command, fmt::format("{} takes no further word: \"{}\"", command.name,
                                         words[command.most_words]));
  return {};
}

/// What is no flag and stood before "--".
Result<std::vector<std::string>> own_words(const Command& command,
                                           std::vector<std::string> remaining) {
  for (const std::string& word : remaining) {
    if (is_flag(word)) return unknown_flag(command, word);
    if (command.runs_a_child)
      return usage_of(command, fmt::format("put -- before the command: joulery {} -- {} ...",
                                           command.name, word));
  }
  return remaining;
}

void add_flag(CLI::App& app, const Flag& flag, std::vector<std::string>& values) {
  CLI::Option* option = app.add_option(flag.name, values);
  const int most = flag.repeats ? CLI::detail::expected_max_vector_size : 1;
  option->expected(1, most)->allow_extra_args(false);
}

}  // namespace

Result<Args> parse_args(const Command& command, std::span<char* const> words) {
  const auto end =
      std::find_if(words.begin(), words.end(), [](const char* word) { return is_separator(word); });
  std::vector<std::string> reversed(std::make_reverse_iterator(end),
                                    std::make_reverse_iterator(words.begin()));

  Args args;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (const Flag* flag : flags_of(command)) {
    if (*flag->value == '\0')
      app.add_flag(flag->name)->disable_flag_override();
    else
      add_flag(app, *flag, args.values_[flag->name]);
    const char* const set = flag->variable != nullptr ? ::secure_getenv(flag->variable) : nullptr;
    if (set != nullptr && *set != '\0') args.defaults_[flag->name] = {flag->variable, set};
  }
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return wrong_flag(command, error.what());
  }
  for (const Flag* flag : flags_of(command)) {
    if (app.count(flag->name) == 0)
      args.values_.erase(flag->name);
    else
      args.values_.try_emplace(flag->name, 1);
  }

  JOULERY_TRY(args.words_, own_words(command, app.remaining()));
  args.words_before_ = args.words_.size();
  if (end != words.end()) args.words_.insert(args.words_.end(), end + 1, words.end());
  JOULERY_CHECK(check_count(command, args.words_));
  return args;
}

bool asks_for_help(std::span<char* const> words) {
  const auto end =
      std::find_if(words.begin(), words.end(), [](const char* word) { return is_separator(word); });
  const auto asks = [](const char* word) {
    return std::string_view(word) == "--help" || std::string_view(word) == "-h";
  };
  return std::any_of(words.begin(), end, asks);
}

std::string help_of(const Command& command) {
  constexpr std::size_t kIndent = 30;  // two blanks, the longest flag with its value, and a gap
  std::string out = wrapped(command.summary, 0) + "\n\nusage: joulery " + command.name + " " +
                    command.usage + "\n\n";
  for (const auto& group : command.flags)
    for (const Flag& flag : group) {
      const std::string head = fmt::format("  {} {}", flag.name, flag.value);
      out += head.size() + 1 < kIndent ? fmt::format("{:{}}", head, kIndent)
                                       : head + "\n" + std::string(kIndent, ' ');
      const std::string variable =
          flag.variable != nullptr ? fmt::format(" [{}]", flag.variable) : "";
      out += wrapped(flag.help + variable, kIndent) + "\n";
    }
  return out + fmt::format("  {:{}}this text\n\nexample:\n  {}\n", "--help", kIndent - 2,
                           command.example);
}

}  // namespace joulery::cli
