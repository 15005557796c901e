// slurm: the words of a command line, see option_words.h.
#include "slurm/option_words.h"

#include <optional>
#include <string_view>

#include "slurm/option_table.h"

namespace joulery {
namespace {

class Reader {
 public:
  Reader(const std::vector<std::string>& words, std::size_t first) : words_(words), at_(first) {}

  OptionWords read() {
    while (at_ < words_.size() && found_.unknown.empty()) {
      const std::string& word = words_[at_];
      if (word.size() < 2 || word[0] != '-') break;
      option_at_ = at_++;
      if (word == "--") break;
      if (word[1] == '-')
        read_long(std::string_view(word).substr(2));
      else
        read_letters(std::string_view(word).substr(1));
    }
    found_.rest = at_;
    return std::move(found_);
  }

 private:
  void read_long(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    std::optional<std::string_view> value;
    if (equals != std::string_view::npos) value = word.substr(equals + 1);
    const SlurmOption* const option = slurm_option(name);
    // An option that is not in the table and has no "=" may take the next word, or may not.
    if (option == nullptr && value)
      add(name, *value);
    else if (option == nullptr)
      found_.unknown = "--" + std::string(name);
    else
      add(option->name, value ? *value : option->takes == Takes::kValue ? next_word() : "");
  }

  void read_letters(std::string_view letters) {
    while (!letters.empty()) {
      const SlurmOption* const option = slurm_option(letters[0]);
      const std::string_view after = letters.substr(1);
      if (option == nullptr) {
        found_.unknown = "-" + std::string(1, letters[0]);
        return;
      }
      if (option->takes == Takes::kNothing) {
        add(option->name, "");
        letters = after;
        continue;
      }
      const bool in_next = after.empty() && option->takes == Takes::kValue;
      add(option->name, in_next ? next_word() : after);
      return;
    }
  }

  std::string_view next_word() {
    return at_ < words_.size() ? std::string_view(words_[at_++]) : std::string_view();
  }
  void add(std::string_view name, std::string_view value) {
    found_.options.push_back({std::string(name), std::string(value), option_at_});
  }

  const std::vector<std::string>& words_;
  std::size_t at_;
  std::size_t option_at_ = 0;
  OptionWords found_;
};

}  // namespace

OptionWords read_option_words(const std::vector<std::string>& words, std::size_t first) {
  return Reader(words, first).read();
}

}  // namespace joulery
