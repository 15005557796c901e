// series: cells of rows, see rows.h.
#include "series/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "series/columns.h"

namespace joulery::series {
namespace {

// A choice: a year in steps of 8 s. A file that grew beyond is no series of a grid or a facility.
constexpr std::size_t kMostRows = 4'000'000;
constexpr std::size_t kMostColumns = 1000;
// "n/e": of ENTSO-E, a source that the country does not have.
constexpr std::array<std::string_view, 7> kMissingWords = {"",    "-",   "na",  "n/a",
                                                           "n/e", "nan", "null"};
constexpr std::size_t kShown = 60;  // bytes of a cell in an error

/// Comma, semicolon or tab: the one that the heading has most of.
char separator_of(std::string_view heading) {
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char separator : {',', ';', '\t'}) {
    const auto count = std::count(heading.begin(), heading.end(), separator);
    if (count > most) best = separator, most = count;
  }
  return best;
}

bool is_blank(std::string_view line) {
  line = trim(line);
  return line.empty() || line.front() == '#';
}

bool is_missing(std::string_view cell) {
  constexpr std::size_t kLongest = 4;
  if (cell.size() > kLongest || (!cell.empty() && cell[0] >= '0' && cell[0] <= '9')) return false;
  return std::find(kMissingWords.begin(), kMissingWords.end(), lower(cell)) != kMissingWords.end();
}

std::string_view without_quotes(std::string_view cell) {
  cell = trim(cell);
  if (cell.size() > 1 && cell.front() == '"' && cell.back() == '"')
    return cell.substr(1, cell.size() - 2);
  return cell;
}

}  // namespace

bool Rows::split_cells(std::string_view line) {
  cells_.clear();
  if (separator_ == ',' && line.find('"') != std::string_view::npos) {
    auto quoted = split_csv(line);
    if (!quoted) return false;
    quoted_ = std::move(*quoted);
    cells_.assign(quoted_.begin(), quoted_.end());
    return true;
  }
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find(separator_, begin);
    cells_.push_back(without_quotes(line.substr(begin, end - begin)));
    if (end == std::string_view::npos) return true;
    begin = end + 1;
  }
}

Result<void> Rows::read_heading() {
  while (lines_.next()) {
    if (is_blank(lines_.text())) continue;
    separator_ = separator_of(lines_.text());
    if (lines_.damaged() || !split_cells(lines_.text()) || cells_.size() < 2 ||
        cells_.size() > kMostColumns)
      break;
    columns_.assign(cells_.begin(), cells_.end());
    stamp_ = series::stamp_column(columns_);
    return {};
  }
  if (lines_.beyond()) return too_long();
  return Error{ErrorCode::kInvalid,
               fmt::format("{}: no heading: the first line names the columns, as in "
                           "'timestamp,carbon_intensity (g/kWh)'",
                           lines_.number() == 0 ? lines_.file() : lines_.place())};
}

Error Rows::too_long() const {
  return {ErrorCode::kInvalid, fmt::format("{}: more than {} MiB: no series is as long",
                                           lines_.file(), kMostBytes >> 20)};
}

Result<bool> Rows::end_of_file() {
  if (lines_.beyond()) return too_long();
  return false;
}

/// Where the power went, file systems leave NULs at the end of a log.
Result<bool> Rows::next_behind_damage() {
  const std::string place = lines_.place();
  constexpr std::size_t kLongLine = 64 * 1024;  // of which LogLines drops the rest, and its end
  const std::string_view text = lines_.text();
  const bool nuls = text.ends_with('\0') && (!lines_.ended() || text.size() >= kLongLine);
  if (!nuls || lines_.next()) return Error{ErrorCode::kInvalid, place + ": not a line of text"};
  notes_.push_back(place + ": the file ends in NULs: left out");
  return end_of_file();
}

Result<bool> Rows::next() {
  while (lines_.next()) {
    if (is_blank(lines_.text())) continue;
    if (++rows_ > kMostRows)
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: more than {} rows", lines_.place(), kMostRows)};
    if (lines_.damaged()) return next_behind_damage();
    if (!split_cells(lines_.text())) cells_.clear();
    if (lines_.cut() || (!lines_.ended() && cells_.size() < columns_.size())) {
      notes_.push_back(lines_.place() + ": the end of the file cut this row: left out");
      continue;
    }
    if (cells_.size() != columns_.size())
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: {} columns, where the heading has {}", lines_.place(),
                               cells_.size(), columns_.size())};
    return true;
  }
  return end_of_file();
}

Error Rows::bad(std::size_t column, std::string_view what) const {
  return {ErrorCode::kInvalid, fmt::format("{}: column '{}': {}", lines_.place(),
                                           columns_[column].substr(0, kShown), what)};
}

Result<Stamp> Rows::stamp() {
  const std::string_view cell = cells_[stamp_];
  if (!stamps_) stamps_ = StampColumn::recognise(columns_[stamp_], cell);
  const auto stamp = stamps_ ? stamps_->read(cell) : std::nullopt;
  if (stamp) return *stamp;
  return bad(stamp_, fmt::format("'{}' is not a time; for example 2026-11-25T15:00:00Z",
                                 cell.substr(0, kShown)));
}

Result<std::optional<double>> Rows::number(std::size_t column) const {
  const std::string_view cell = cells_[column];
  if (is_missing(cell)) return std::optional<double>();
  auto number = parse_number(cell);
  // Where commas do not part columns, one may be the decimal point of half of Europe.
  if (!number && separator_ != ',' && cell.find('.') == std::string_view::npos) {
    std::string text(cell);
    std::replace(text.begin(), text.end(), ',', '.');
    number = parse_number(text);
  }
  if (number) return number;
  return bad(column, fmt::format("'{}' is not a number", cell.substr(0, kShown)));
}

}  // namespace joulery::series
