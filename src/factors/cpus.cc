// factors: finds a CPU's rated power, see cpus.h; the table is src/factors/cpu_table.cc.
#include "factors/cpus.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace joulery {
namespace {

void erase_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
    text.erase(at, part.size());
}

/// Whether a word says nothing about which model it is: "cpu", "8-core", "12th", "gen".
bool is_noise(std::string_view word) {
  if (word == "cpu" || word == "processor" || word == "gen" || word.ends_with("-core")) return true;
  return word.ends_with("th") && word.size() == 4 &&
         std::isdigit(static_cast<unsigned char>(word[0]));
}

/// "intel xeon e5-2620 v3" of "Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz".
std::string plain_name(std::string_view model_name) {
  std::string text(model_name.substr(0, 200));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  erase_all(text, "(r)");
  erase_all(text, "(tm)");
  text.erase(std::min(text.find('@'), text.size()));
  text.erase(std::min(text.find(" with radeon"), text.size()));
  std::string plain;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = std::string_view(text).substr(begin, end - begin);
    if (!word.empty() && !is_noise(word)) plain += (plain.empty() ? "" : " ") + std::string(word);
    begin = end + 1;
  }
  return plain;
}

}  // namespace

std::string_view name_of(CpuFigureSource source) {
  switch (source) {
    case CpuFigureSource::kIntelArk:
      return "Intel ARK";
    case CpuFigureSource::kAmdSpecification:
      return "AMD specifications";
    case CpuFigureSource::kListing:
      break;
  }
  return "public listing";
}

std::optional<CpuFactor> find_cpu_factor(std::string_view model_name) {
  const std::string wanted = plain_name(model_name);
  const auto rows = cpu_factors();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const CpuFactor& row) {
    return plain_name(row.name) == wanted;
  });
  if (found == rows.end()) return std::nullopt;
  return *found;
}

}  // namespace joulery
