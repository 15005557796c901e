// factors: how the tables are searched.
#pragma once

#include <string>
#include <vector>

namespace joulery {

/// Whether each of `words` is a part of one of `texts`, whatever the case of ASCII letters.
bool holds_words(const std::vector<std::string>& texts, const std::vector<std::string>& words);

}  // namespace joulery
