// report: the table of a statement's formats.
#include "report/statement_formats.h"

#include <array>

#include "joulery/report.h"

namespace joulery {
namespace {

// In the order that --help lists them. A new one is one file and one line.
constexpr std::array kFormats = {
    StatementFormat{"text", "for people", write_statement_text},
    StatementFormat{"markdown", "a section", write_statement_markdown},
    StatementFormat{"latex", "paragraphs for a document of any class", write_statement_latex},
    StatementFormat{"modelcard", "co2_eq_emissions of a Hugging Face model card",
                    write_statement_modelcard},
};

}  // namespace

std::span<const StatementFormat> statement_formats() { return kFormats; }

}  // namespace joulery
