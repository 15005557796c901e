// factors: search in the tables, see search.h.
#include "factors/search.h"

#include <algorithm>

#include "base/text.h"

namespace joulery {

bool holds_words(const std::vector<std::string>& texts, const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& text : texts) all += lower(text) + '\n';
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return all.find(lower(word)) != std::string::npos;
  });
}

}  // namespace joulery
