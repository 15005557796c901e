// report: tables and paragraphs, see text_table.h.
#include "report/text_table.h"

#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "base/utf8.h"

namespace joulery {

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> widths(aligns_.size(), 0);
  for (const auto& row : rows_) {
    if (row.size() != aligns_.size()) continue;
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  return widths;
}

std::size_t TextTable::width() const {
  std::size_t sum = 0;
  for (const std::size_t width : widths()) sum += width + 2;
  return sum - 2;
}

void TextTable::write(std::ostream& out, std::size_t indent) const {
  const std::vector<std::size_t> wide = widths();
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      const std::size_t used = width_of(line);
      const std::string cell =
          last && used < kTextColumns ? shortened(row[i], kTextColumns - used) : row[i];
      const std::size_t missing = wide[i] - std::min(wide[i], width_of(cell));
      const std::string pad(row.size() == 1 ? 0 : missing, ' ');
      line += aligns_[i] == Align::kLeft ? cell + pad : pad + cell;
      if (!last) line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

void write_paragraph(std::ostream& out, std::string_view first, std::string_view text) {
  const std::size_t indent = width_of(first);
  const std::size_t room = kTextColumns - indent;
  std::string line;
  std::size_t used = 0;
  std::string begin(first);
  const auto flush = [&] {
    out << begin << line << '\n';
    begin.assign(indent, ' ');
    line.clear();
    used = 0;
  };
  for (const std::string_view word : split(text, ' ')) {
    const std::size_t wide = width_of(word);
    if (wide == 0) continue;
    if (used > 0 && used + 1 + wide > room) flush();
    if (used > 0) line += ' ', ++used;
    for (std::string_view rest = word; !rest.empty(); ++used) {
      if (used == room) flush();
      const std::string_view next = next_utf8(rest).bytes;
      line += next;
      rest.remove_prefix(next.size());
    }
  }
  if (used > 0) flush();
}

std::string shortened_path(std::string_view text, std::size_t columns) {
  const std::size_t slash = std::min(text.rfind('/'), text.size());
  const std::string_view tail = text.substr(slash);
  const std::size_t room = width_of(tail) * 2 > columns ? 0 : width_of(tail);
  if (width_of(text) <= columns || room == 0) return shortened(text, columns);
  return shortened(text.substr(0, slash), columns - room) + std::string(tail);
}

}  // namespace joulery
