// report: tables and paragraphs of at most 100 columns.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace joulery {

inline constexpr std::size_t kTextColumns = 100;

/// Columns as wide as their widest cell, two blanks between; the last is cut where the line would
/// be too long. Cells are printed as they are: pass user text through printable() first.
class TextTable {
 public:
  enum class Align : std::uint8_t { kLeft, kRight };

  TextTable(std::vector<std::string> heads, std::vector<Align> aligns)
      : aligns_(std::move(aligns)), rows_{std::move(heads)} {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// A line across the columns, e.g. the model of the rows below.
  void add_title(std::string title) { rows_.push_back({std::move(title)}); }
  void write(std::ostream& out, std::size_t indent) const;
  /// Of its longest line, before any is cut; titles apart.
  [[nodiscard]] std::size_t width() const;

 private:
  std::vector<std::size_t> widths() const;

  std::vector<Align> aligns_;
  std::vector<std::vector<std::string>> rows_;
};
using Align = TextTable::Align;

/// Wraps `text` at blanks to kTextColumns: the first line begins with `first`, the others with as
/// many blanks. A word longer than a line is broken.
void write_paragraph(std::ostream& out, std::string_view first, std::string_view text);

/// Cuts a path before its last part, which tells kinds apart: "gpu/GPU-1b2c3d4e../board".
std::string shortened_path(std::string_view text, std::size_t columns);

}  // namespace joulery
