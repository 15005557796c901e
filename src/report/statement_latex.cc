// report: a statement as LaTeX: paragraphs that compile in any class, without packages, whatever
// the names hold.
#include <fmt/format.h>

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "report/statement_formats.h"
#include "report/statement_words.h"

namespace joulery {
namespace {

using Written = std::pair<std::string_view, std::string_view>;

// All that plain LaTeX does not take as it stands. < > | " are other signs in the old fonts (OT1),
// and ` would turn a ! or ? before it upside down.
constexpr std::array<Written, 17> kWritten = {{
    {"\\", "\\textbackslash{}"},
    {"&", "\\&"},
    {"%", "\\%"},
    {"$", "\\$"},
    {"#", "\\#"},
    {"_", "\\_"},
    {"{", "\\{"},
    {"}", "\\}"},
    {"~", "\\textasciitilde{}"},
    {"^", "\\textasciicircum{}"},
    {"<", "\\ensuremath{<}"},
    {">", "\\ensuremath{>}"},
    {"|", "\\ensuremath{|}"},
    {"\"", "\\char34{}"},
    {"`", "{`}"},
    {"\u00b1", "\\ensuremath{\\pm}"},
    {"\u00d7", "\\ensuremath{\\times}"},
}};

/// Letters of Latin-1 that the old fonts can set; eth and thorn they lack.
bool is_common_letter(std::string_view bytes) {
  constexpr std::string_view kLacking = "\u00d0\u00f0\u00de\u00fe\u00f7";
  return bytes.size() == 2 && bytes >= "\u00c0" && bytes <= "\u00ff" &&
         kLacking.find(bytes) == std::string_view::npos;
}

std::string code_point(std::string_view bytes) {
  // printable() has made the text valid UTF-8.
  const auto first = static_cast<unsigned char>(bytes[0]);
  unsigned code = first & (0x7fU >> bytes.size());
  for (const char c : bytes.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  return fmt::format("\\texttt{{U+{:04X}}}", code);
}

std::string character(std::string_view bytes) {
  for (const auto& [from, to] : kWritten)
    if (bytes == from) return std::string(to);
  if (bytes.size() == 1 || is_common_letter(bytes)) return std::string(bytes);
  return code_point(bytes);
}

/// Two hyphens would become a dash, two quotes or commas a quotation mark.
bool joins(std::string_view bytes, std::string_view rest) {
  return (bytes == "-" || bytes == "'" || bytes == ",") && rest.starts_with(bytes);
}

std::string latex(const std::string& given) {
  constexpr std::string_view kCarbon = "CO2e";
  const std::string text = printable(given);
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    if (rest.starts_with(kCarbon)) {
      out += "CO\\textsubscript{2}e";
      rest.remove_prefix(kCarbon.size());
      continue;
    }
    const Utf8 next = next_utf8(rest);
    out += character(next.bytes);
    rest.remove_prefix(next.bytes.size());
    if (joins(next.bytes, rest)) out += "{}";
  }
  return out;
}

}  // namespace

void write_statement_latex(const Statement& statement, std::ostream& out) {
  out << "% \\input this file, or take over its text. It needs no package.\n"
         "\\section*{Energy statement}\n";
  for (const StatementSection& section : statement_sections(statement))
    out << "\\paragraph{" << latex(section.title) << ".} " << latex(section.text) << "\n\n";
}

}  // namespace joulery
