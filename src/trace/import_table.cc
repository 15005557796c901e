// trace: rows of CSV logs by column name, see import_table.h.
#include "trace/import_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace joulery {
namespace {

std::vector<std::string> parse_headings(std::string_view line) {
  auto fields = split_csv(line).value_or(std::vector<std::string>{});
  for (std::string& field : fields) field = lower(field);
  return fields;
}

}  // namespace

std::vector<std::string> headings_of(std::string_view head) {
  return parse_headings(first_line(head));
}

bool contains_all(const std::vector<std::string>& names,
                  std::initializer_list<std::string_view> wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&names](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

std::size_t CsvTable::want(std::string name) {
  wanted_.push_back(std::move(name));
  place_.emplace_back();
  return wanted_.size() - 1;
}

bool CsvTable::take_heading(std::string_view line) {
  heading_ = line;
  headings_ = parse_headings(line);
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const auto at = std::find(headings_.begin(), headings_.end(), wanted_[i]);
    place_[i] = at == headings_.end()
                    ? std::nullopt
                    : std::optional(static_cast<std::size_t>(at - headings_.begin()));
  }
  return !headings_.empty();
}

Result<void> CsvTable::open(std::initializer_list<std::string_view> required) {
  while (lines_.next()) {
    const std::string_view line = trim(lines_.text());
    if (line.empty() || line.starts_with('#') || lines_.damaged()) continue;
    take_heading(line);
    std::vector<std::string_view> missing;
    for (const std::string_view name : required)
      if (!contains_all(headings_, {name})) missing.push_back(name);
    if (missing.empty()) return {};
    return Error{ErrorCode::kInvalid, fmt::format("{}: the heading lacks the columns {}",
                                                  lines_.place(), fmt::join(missing, ", "))};
  }
  return Error{ErrorCode::kInvalid, fmt::format("{}:1: has no heading", lines_.file())};
}

// Another program, or a newer one, went on in the same file: its heading has the first column's
// name and all the wanted ones that were there.
bool CsvTable::is_new_heading(std::string_view line) {
  if (!line.starts_with(heading_.substr(0, heading_.find(',')))) return false;
  const auto names = parse_headings(line);
  for (std::size_t i = 0; i < wanted_.size(); ++i)
    if (place_[i] && !contains_all(names, {wanted_[i]})) return false;
  return true;
}

bool CsvTable::take_row(std::string_view line) {
  auto fields = split_csv(line);
  if (!fields || lines_.damaged() || lines_.cut()) {
    count_.bad(lines_.cut() ? "the end of the file cuts it" : "an open quote or NUL bytes");
    return false;
  }
  if (fields->size() != headings_.size()) {
    count_.bad(fmt::format("{} columns, not {}", fields->size(), headings_.size()));
    return false;
  }
  fields_ = std::move(*fields);
  return true;
}

bool CsvTable::next() {
  while (!context_.trace.full() && lines_.next()) {
    const std::string_view line = trim(lines_.text());
    if (line.empty() || line.starts_with('#')) continue;
    if (is_new_heading(line)) {
      context_.repairs.add(line == heading_ ? "repeated_heading" : "new_heading", lines_.file(),
                           lines_.number());
      take_heading(line);
      continue;
    }
    if (take_row(line)) return true;
  }
  return false;
}

std::string_view CsvTable::text(std::size_t column) const {
  return place_[column] ? std::string_view(fields_[*place_[column]]) : std::string_view();
}

void CsvTable::bad(std::size_t column, std::string_view why) {
  constexpr std::size_t kShown = 40;
  count_.bad(fmt::format("column {} ({}): '{}' is {}", place_[column].value_or(0) + 1,
                         wanted_[column], text(column).substr(0, kShown), why));
}

}  // namespace joulery
