// slurm: what a script asks for, see script.h.
#include "slurm/script.h"

#include <array>
#include <optional>

#include "base/text.h"

namespace joulery {
namespace {

constexpr std::string_view kMark = "#SBATCH";

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// sbatch's own rules, not a shell's: a backslash frees the next character in quotes, too; a "#"
/// ends the line within a word, too; a word of nothing is none.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  const auto finish = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\') {
      if (++i < line.size()) word += line[i];
    } else if (quote != 0 ? c == quote : c == '"' || c == '\'') {
      quote = quote != 0 ? '\0' : c;
    } else if (quote == 0 && c == '#') {
      break;
    } else if (quote == 0 && is_blank(c)) {
      finish();
    } else {
      word += c;
    }
  }
  finish();
  return words;
}

/// A letter of another batch system, and the option of sbatch that it is.
struct ForeignLetter {
  std::string_view mark, letter, option, key;
};
// What sbatch 22.05 makes of them (tried with scontrol show job).
constexpr std::array kForeign = {
    ForeignLetter{"#PBS", "-a", "begin", ""},     ForeignLetter{"#PBS", "-A", "account", ""},
    ForeignLetter{"#PBS", "-q", "partition", ""}, ForeignLetter{"#PBS", "-l", "time", "walltime="},
    ForeignLetter{"#BSUB", "-W", "time", ""},
};

/// Of "nodes=1,walltime=1:00:00" what follows "walltime="; all of it where no key is asked for.
std::optional<std::string> value_of(std::string_view text, std::string_view key) {
  if (key.empty()) return std::string(text);
  for (const std::string_view part : split(text, ','))
    if (part.starts_with(key)) return std::string(part.substr(key.size()));
  return {};
}

void take_foreign(std::string_view line, std::size_t number, ScriptOptions& found) {
  for (const ForeignLetter& foreign : kForeign) {
    if (!line.starts_with(foreign.mark)) continue;
    const auto words = words_of(line.substr(foreign.mark.size()));
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!words[i].starts_with(foreign.letter)) continue;
      const std::string joined = words[i].substr(foreign.letter.size());
      const std::string text = joined.empty() && i + 1 < words.size() ? words[i + 1] : joined;
      if (auto value = value_of(text, foreign.key))
        found.foreign.push_back({{std::string(foreign.option), *std::move(value)}, number});
    }
  }
}

/// The words behind all marks, and the line of each.
struct MarkedWords {
  std::vector<std::string> words;
  std::vector<std::size_t> lines;
};

void take_line(std::string_view line, std::size_t number, MarkedWords& marked,
               ScriptOptions& found) {
  auto words = words_of(line);
  if (!words.empty() && (words[0] == "hetjob" || words[0] == "packjob")) {
    found.heterogeneous = true;
    return;
  }
  for (std::string& word : words) {
    marked.words.push_back(std::move(word));
    marked.lines.push_back(number);
  }
}

/// An option that is not known may take the next word, but hardly the next line.
void read_marked(const MarkedWords& marked, ScriptOptions& found) {
  for (std::size_t next = 0; next < marked.words.size();) {
    OptionWords read = read_option_words(marked.words, next);
    for (GivenOption& option : read.options) {
      const std::size_t line = marked.lines[option.at];
      found.options.push_back({std::move(option), line});
    }
    if (read.unknown.empty()) return;
    const std::size_t line = marked.lines[read.rest - 1];
    if (found.unknown.empty()) found.unknown = "line " + std::to_string(line) + ": " + read.unknown;
    for (next = read.rest; next < marked.words.size() && marked.lines[next] == line;) ++next;
  }
}

bool is_comment(std::string_view line) {
  const std::string_view text = trim(line);
  return text.empty() || text.starts_with('#');
}

}  // namespace

ScriptOptions read_script_options(std::string_view script) {
  ScriptOptions found;
  MarkedWords marked;
  std::size_t number = 0;
  while (!script.empty()) {
    const std::size_t end = script.find('\n');
    const std::string_view line = script.substr(0, end);
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
    ++number;
    if (line.starts_with(kMark))
      take_line(line.substr(kMark.size()), number, marked, found);
    else if (!is_comment(line))
      break;
    else
      take_foreign(line, number, found);
  }
  read_marked(marked, found);
  return found;
}

}  // namespace joulery
