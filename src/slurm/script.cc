// slurm: #SBATCH lines, see script.h.
#include "slurm/script.h"

#include "base/text.h"

namespace joulery {
namespace {

constexpr std::string_view kMark = "#SBATCH";

/// Words with the quotes and backslashes of a shell taken off; a "#" that opens a word ends them.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  char quote = 0;
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank = c == ' ' || c == '\t' || c == '\r';
    if (quote == 0 && blank) {
      inside = false;
      continue;
    }
    if (!inside && c == '#') break;
    if (!inside) words.emplace_back();
    inside = true;
    if (quote != 0 ? c == quote : c == '"' || c == '\'')
      quote = quote != 0 ? '\0' : c;
    else if (c == '\\' && quote == 0 && i + 1 < line.size())
      words.back() += line[++i];
    else
      words.back() += c;
  }
  return words;
}

void take_line(std::string_view line, std::size_t number, ScriptOptions& found) {
  const auto words = words_of(line);
  if (!words.empty() && (words[0] == "hetjob" || words[0] == "packjob")) {
    found.heterogeneous = true;
    return;
  }
  OptionWords read = read_option_words(words, 0);
  for (GivenOption& option : read.options) found.options.push_back({std::move(option), number});
  if (!read.unknown.empty() && found.unknown.empty())
    found.unknown = "line " + std::to_string(number) + ": " + read.unknown;
}

}  // namespace

ScriptOptions read_script_options(std::string_view script) {
  ScriptOptions found;
  std::size_t number = 0;
  while (!script.empty()) {
    const std::size_t end = script.find('\n');
    const std::string_view line = script.substr(0, end);
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
    ++number;
    const bool marked = line.starts_with(kMark) && line.size() > kMark.size() &&
                        (line[kMark.size()] == ' ' || line[kMark.size()] == '\t');
    if (marked)
      take_line(line.substr(kMark.size()), number, found);
    else if (!line.starts_with('#') && !trim(line).empty())
      break;
  }
  return found;
}

}  // namespace joulery
