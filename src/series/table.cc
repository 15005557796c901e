// series: rows of a file, see table.h.
#include "series/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/lines.h"
#include "base/text.h"
#include "series/columns.h"

namespace joulery::series {
namespace {

// A choice: a year in steps of 8 s. A file that grew beyond is no series of a grid or a facility.
constexpr std::size_t kMostReadings = 4'000'000;
constexpr std::size_t kMostColumns = 1000;
constexpr std::array<std::string_view, 6> kMissingWords = {"", "-", "na", "n/a", "nan", "null"};

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

class Cells {
 public:
  explicit Cells(char separator) : separator_(separator) {}
  [[nodiscard]] char separator() const { return separator_; }

  /// Valid up to the next call. Empty on an unclosed quote.
  std::optional<std::vector<std::string_view>> of(std::string_view line) {
    if (separator_ == ',' && line.find('"') != std::string_view::npos) {
      auto quoted = split_csv(line);
      if (!quoted) return {};
      kept_ = std::move(*quoted);
      return std::vector<std::string_view>(kept_.begin(), kept_.end());
    }
    auto cells = split(line, separator_);
    for (std::string_view& cell : cells) {
      cell = trim(cell);
      if (cell.size() > 1 && cell.front() == '"' && cell.back() == '"')
        cell = cell.substr(1, cell.size() - 2);
    }
    return cells;
  }

 private:
  char separator_;
  std::vector<std::string> kept_;
};

bool is_blank(std::string_view line) {
  line = trim(line);
  return line.empty() || line.front() == '#';
}

Result<std::vector<std::string>> next_heading(LogLines& lines) {
  while (lines.next()) {
    if (is_blank(lines.text())) continue;
    if (lines.damaged()) break;
    const auto cells = Cells(separator_of(lines.text())).of(lines.text());
    if (!cells || cells->size() < 2 || cells->size() > kMostColumns) break;
    return std::vector<std::string>(cells->begin(), cells->end());
  }
  return Error{ErrorCode::kInvalid,
               fmt::format("{}: no heading: the first line names the columns, as in "
                           "'timestamp,carbon_intensity (g/kWh)'",
                           lines.number() == 0 ? lines.file() : lines.place())};
}

/// The unit of the heading, of the request, or the one that everybody means.
Result<UnitScale> scale_for(const std::string& heading, const SeriesRequest& request,
                            std::vector<std::string>& notes) {
  if (request.measure == SeriesMeasure::kPue) return UnitScale{};
  const auto told = unit_in_heading(heading, request.measure);
  const auto asked = scale_of(request.unit, request.measure);
  if (!told && names_a_rate(heading))
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: the unit in column '{}' of {} is none of these values; for "
                             "example {}",
                             request.flag, heading, request.file, example_unit(request.measure))};
  if (!request.unit.empty() && !asked)
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: '{}' is no unit of these values; for example {}", request.flag,
                             request.unit, example_unit(request.measure))};
  if (told && asked && (told->factor != asked->factor || told->currency != asked->currency))
    return Error{ErrorCode::kUsage, fmt::format("{}: the unit {} contradicts the column '{}'",
                                                request.flag, request.unit, heading)};
  if (told) return *told;
  if (asked) return *asked;
  if (request.measure == SeriesMeasure::kIntensity ||
      request.measure == SeriesMeasure::kTemperature) {
    const std::string_view unit = example_unit(request.measure);
    notes.push_back(fmt::format("column '{}' names no unit: taken as {}", heading, unit));
    return *scale_of(unit, request.measure);
  }
  return Error{
      ErrorCode::kInvalid,
      fmt::format("{}: column '{}' of {} names no unit: name it in the heading, as in "
                  "'{} ({})'",
                  request.flag, heading, request.file, heading, example_unit(request.measure))};
}

/// Puts rows into a Table.
class RowReader {
 public:
  RowReader(LogLines& lines, const SeriesRequest& request, Table& table)
      : lines_(lines), request_(request), table_(table), cells_(separator_of(lines.text())) {}

  Result<void> read_all() {
    while (lines_.next()) {
      if (is_blank(lines_.text())) continue;
      if (lines_.cut()) {
        table_.notes.push_back(lines_.place() + ": the end of the file cut this row: left out");
        continue;
      }
      JOULERY_CHECK(add_row());
    }
    return {};
  }

 private:
  Error bad(const std::string& column, std::string_view what) const {
    return {ErrorCode::kInvalid, fmt::format("{}: column '{}': {}", lines_.place(), column, what)};
  }

  Result<void> add_row() {
    const Heading& heading = table_.heading;
    if (table_.readings.size() == kMostReadings)
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: more than {} rows", lines_.place(), kMostReadings)};
    if (lines_.damaged())
      return Error{ErrorCode::kInvalid, lines_.place() + ": not a line of text"};
    const auto cells = cells_.of(lines_.text());
    if (!cells || cells->size() != heading.columns.size())
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: {} columns, where the heading has {}", lines_.place(),
                               cells ? cells->size() : 0, heading.columns.size())};
    Reading reading;
    reading.line = lines_.number();
    JOULERY_TRY(reading.stamp, stamp_of((*cells)[heading.stamp]));
    JOULERY_TRY(reading.value, value_of((*cells)[heading.value]));
    table_.readings.push_back(reading);
    return {};
  }

  Result<Stamp> stamp_of(std::string_view cell) {
    const std::string& name = table_.heading.columns[table_.heading.stamp];
    if (!stamps_) stamps_ = StampColumn::recognise(name, cell);
    const auto stamp = stamps_ ? stamps_->read(cell) : std::nullopt;
    if (stamp) return *stamp;
    return bad(name, fmt::format("'{}' is not a time; for example 2026-11-25T15:00:00Z",
                                 cell.substr(0, 60)));
  }

  Result<std::optional<double>> value_of(std::string_view cell) {
    const std::string& name = table_.heading.columns[table_.heading.value];
    const std::string word = lower(cell.substr(0, 8));
    if (std::find(kMissingWords.begin(), kMissingWords.end(), word) != kMissingWords.end())
      return std::optional<double>();
    std::string text(cell);
    // Where commas do not part columns, one may be the decimal point of half of Europe.
    if (cells_.separator() != ',' && text.find('.') == std::string::npos)
      std::replace(text.begin(), text.end(), ',', '.');
    const auto number = parse_number(text);
    if (!number) return bad(name, fmt::format("'{}' is not a number", cell.substr(0, 60)));
    JOULERY_CHECK(check_range(*number, name));
    return std::optional<double>(*number * table_.scale.factor + table_.scale.offset);
  }

  /// What no such value can be. Whether a PUE below 1 is the meters' error is asked later.
  Result<void> check_range(double number, const std::string& name) const {
    const bool may_be_negative = request_.measure == SeriesMeasure::kPrice ||
                                 request_.measure == SeriesMeasure::kTemperature;
    if (number < 0 && !may_be_negative) return bad(name, fmt::format("{} is negative", number));
    if (request_.measure == SeriesMeasure::kPue && number < request_.least_pue)
      return bad(name, fmt::format("{} is no PUE: 1 or more", number));
    if (number > 1e15 || number < -1e15) return bad(name, fmt::format("{} is absurd", number));
    return {};
  }

  LogLines& lines_;
  const SeriesRequest& request_;
  Table& table_;
  Cells cells_;
  std::optional<StampColumn> stamps_;
};

}  // namespace

Result<Table> read_table(std::istream& in, const std::string& file, const std::string& column,
                         const SeriesRequest& request) {
  LogLines lines(in, file);
  Table table;
  Heading& heading = table.heading;
  JOULERY_TRY(heading.columns, next_heading(lines));
  heading.stamp = stamp_column(heading.columns);
  JOULERY_TRY(heading.value, value_column(heading.columns, heading.stamp, column, request));
  JOULERY_TRY(table.scale, scale_for(heading.columns[heading.value], request, table.notes));
  RowReader rows(lines, request, table);
  JOULERY_CHECK(rows.read_all());
  if (table.readings.empty())
    return Error{ErrorCode::kInvalid, fmt::format("{}: no rows below its heading", file)};
  return table;
}

Result<std::vector<std::string>> read_headings(std::istream& in, const std::string& file) {
  LogLines lines(in, file);
  return next_heading(lines);
}

}  // namespace joulery::series
