// report: a statement as Markdown (CommonMark, and what GitHub adds to it).
#include <ostream>
#include <string_view>

#include "report/statement_formats.h"
#include "report/statement_words.h"

namespace joulery {
namespace {

// CommonMark 0.30, 2.4: a backslash takes the meaning from any ASCII punctuation. Of these only
// what could mean something inside a paragraph; ~, | and $ are GitHub's.
constexpr std::string_view kSpecial = "\\`*_[]<>&#|~$^{}!@";

std::string markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

void write_statement_markdown(const Statement& statement, std::ostream& out) {
  out << "## Energy statement\n";
  for (const StatementSection& section : statement_sections(statement))
    out << "\n**" << section.title << ".** " << markdown(section.text) << '\n';
}

}  // namespace joulery
