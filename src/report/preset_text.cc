// report: published tables, each printed row above ours.
#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/text_table.h"

namespace joulery {
namespace {

using Verdict = PresetCell::Verdict;

const char* mark_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSame:
      return " =";
    case Verdict::kRounding:
      return " ~";
    case Verdict::kOther:
      return " !";
    case Verdict::kMissing:
      return "  ";
  }
  return "";
}

void write_table(const PresetTable& preset, std::ostream& out) {
  std::vector<Align> aligns(preset.columns.size(), Align::kRight);
  aligns[0] = Align::kLeft;
  std::vector<std::string> heads = preset.columns;
  for (std::size_t i = 1; i < heads.size(); ++i) heads[i] += "  ";
  TextTable table(heads, aligns);
  for (const PresetTable::Row& row : preset.rows) {
    std::vector<std::string> printed{row.name};
    std::vector<std::string> ours{"  ours"};
    for (const PresetCell& cell : row.cells) {
      printed.push_back((cell.printed.empty() ? "-" : cell.printed) + "  ");
      ours.push_back((cell.ours.empty() ? "-" : cell.ours) + mark_of(cell.verdict));
    }
    table.add(printed);
    table.add(ours);
  }
  out << '\n' << preset.title << '\n';
  table.write(out, 2);
  for (const std::string& note : preset.notes) write_paragraph(out, "  - ", note);
}

}  // namespace

void write_preset_text(const Preset& preset, std::ostream& out) {
  write_paragraph(out, "", preset.source);
  write_paragraph(out, "",
                  "= to the printed digit; ~ follows from inputs that are printed rounded; ! does "
                  "not follow from what is printed; - neither can be told.");
  for (const PresetTable& table : preset.tables) write_table(table, out);
}

}  // namespace joulery
