// report: a statement for people.
#include <ostream>

#include "report/statement_formats.h"
#include "report/statement_words.h"
#include "report/text_table.h"

namespace joulery {

void write_statement_text(const Statement& statement, std::ostream& out) {
  out << "Energy statement\n";
  for (const StatementSection& section : statement_sections(statement)) {
    out << '\n' << section.title << '\n';
    write_paragraph(out, "  ", section.text);
  }
}

}  // namespace joulery
