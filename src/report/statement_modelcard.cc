// report: a statement as co2_eq_emissions of a Hugging Face model card, in YAML. What is not known
// is left out, and a comment says why.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "report/number.h"
#include "report/statement_formats.h"
#include "report/statement_words.h"

namespace joulery {
namespace {

/// A double-quoted scalar, which takes the same escapes in YAML 1.1, 1.2 and JSON. All beyond ASCII
/// is written by its number: some of it would break a line in YAML 1.1.
std::string yaml_scalar(std::string_view given) {
  const std::string text = printable(given);
  std::string out = "\"";
  for (std::string_view rest = text; !rest.empty();) {
    const Utf8 next = next_utf8(rest);
    const auto first = static_cast<unsigned char>(next.bytes[0]);
    if (next.bytes == "\"" || next.bytes == "\\") out += '\\';
    if (next.bytes.size() == 1) {
      out += next.bytes;
    } else {
      unsigned code = first & (0x7fU >> next.bytes.size());
      for (const char c : next.bytes.substr(1))
        code = code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
      out += code <= 0xffff ? fmt::format("\\u{:04X}", code) : fmt::format("\\U{:08X}", code);
    }
    rest.remove_prefix(next.bytes.size());
  }
  return out + '"';
}

std::string source_of(const Statement& statement) {
  std::string source =
      fmt::format("Joulery {}: energy {}", statement.version, energy_words(statement.it_energy));
  std::vector<std::string> ways;
  for (const StatedPlace& place : statement.places)
    if (place.intensity.estimate) ways.push_back(intensity_words(place.intensity));
  std::sort(ways.begin(), ways.end());
  ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
  if (!ways.empty()) source += fmt::format("; intensity {}", fmt::join(ways, "; "));
  return source;
}

std::string location_of(const Statement& statement) {
  std::vector<std::string> places;
  for (const StatedPlace& place : statement.places) {
    const std::string& region = place.intensity.region;
    if (!region.empty() && std::find(places.begin(), places.end(), region) == places.end())
      places.push_back(region);
  }
  return fmt::format("{}", fmt::join(places, ", "));
}

void put(std::ostream& out, std::string_view key, const std::string& text,
         std::string_view otherwise) {
  if (text.empty())
    out << "  # " << key << ": " << printable(otherwise) << '\n';
  else
    out << "  " << key << ": " << yaml_scalar(text) << '\n';
}

}  // namespace

void write_statement_modelcard(const Statement& statement, std::ostream& out) {
  out << "co2_eq_emissions:\n";
  if (statement.carbon) {
    const Estimate<double> grams = as_number(statement.carbon);
    out << "  # " << (statement.lower_bound ? "a lower bound; " : "")
        << "in grams: " << plus_minus(grams) << " (k = 2)\n  emissions: " << rounded(grams) << '\n';
  } else {
    put(out, "emissions", "", "not known: " + statement.carbon.why);
  }
  put(out, "source", source_of(statement), "");
  put(out, "training_type", statement.training_type.value_or(""),
      "not known: give the runs --tag training_type=pre-training, or fine-tuning");
  put(out, "geographical_location", location_of(statement),
      "not known: give the runs a --region, or a --site that has one");
  put(out, "hardware_used", hardware_words(statement), "no device was seen");
}

}  // namespace joulery
