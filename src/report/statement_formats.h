// report: a statement's formats, one file each; statement_formats.cc has the table.
#pragma once

#include <iosfwd>

#include "joulery/statement.h"

namespace joulery {

void write_statement_text(const Statement& statement, std::ostream& out);
void write_statement_markdown(const Statement& statement, std::ostream& out);
void write_statement_latex(const Statement& statement, std::ostream& out);
void write_statement_modelcard(const Statement& statement, std::ostream& out);

}  // namespace joulery
