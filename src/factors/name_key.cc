// factors: names as they are compared, see name_key.h.
#include "factors/name_key.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace joulery {
namespace {

constexpr std::string_view kSeparators = " \t-_/()";
// Words that the same part is named with and without.
constexpr std::array<std::string_view, 10> kBrands = {
    "nvidia", "amd", "intel", "google", "cloud", "aws", "tesla", "geforce", "instinct", "habana"};

}  // namespace

std::string name_key(std::string_view name) {
  const std::string text = lower(name);
  std::string key;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(kSeparators, begin), text.size());
    const std::string_view word = std::string_view(text).substr(begin, end - begin);
    const bool brand =
        key.empty() && std::find(kBrands.begin(), kBrands.end(), word) != kBrands.end();
    if (!brand) key += word;
    begin = end + 1;
  }
  return key;
}

}  // namespace joulery
