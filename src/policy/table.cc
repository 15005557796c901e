// policy: the reader of tables of caps, see table.h and docs/formats/recommend.md.
#include "policy/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "base/file.h"
#include "base/lines.h"
#include "base/text.h"
#include "base/utf8.h"
#include "policy/table_columns.h"
#include "policy/table_document.h"
#include "policy/table_ranges.h"
#include "policy/table_rows.h"

namespace joulery {
namespace {

// A choice: 100,000 rows are 6 MB. It bounds what a wrong file costs.
constexpr std::uint64_t kMostBytes = 32 << 20;
// Of all groups together; a choice that keeps them below some 300 MB.
constexpr std::size_t kMostKeys = 1'000'000;
// Of a name or a value in a message, columns.
constexpr std::size_t kShown = 40;

/// The stem and the cap of "__GlobalPowerLimitOptimizer_300".
std::optional<std::pair<std::string, double>> split_window(const std::string& name) {
  const std::size_t last = name.find_last_not_of("0123456789.");
  const std::size_t at = last == std::string::npos ? 0 : last + 1;
  const auto cap = parse_number(std::string_view(name).substr(at));
  if (!cap) return std::nullopt;
  return std::pair{name.substr(0, at), *cap};
}

class TableReader {
 public:
  TableReader(LogLines& lines, const std::vector<std::string>& by) : lines_(lines), by_(by) {}

  Result<std::vector<CapGroup>> read() {
    JOULERY_CHECK(take_heading());
    while (lines_.next()) {
      const std::string_view line = trim(lines_.text());
      if (line.empty() || line.starts_with('#')) continue;
      JOULERY_TRY(const std::vector<std::string> fields, fields_of(line));
      JOULERY_CHECK(take_row(fields));
    }
    return finish();
  }

 private:
  Result<std::vector<std::string>> fields_of(std::string_view line) const {
    auto fields = split_csv(line);
    if (lines_.damaged()) return bad("holds NUL bytes, or is longer than 64 KiB");
    if (!fields) return bad("an open quote");
    if (!columns_.names.empty() && fields->size() != columns_.names.size())
      return bad(fmt::format("{} columns, not {}", fields->size(), columns_.names.size()));
    return *std::move(fields);
  }

  Result<void> take_heading() {
    while (lines_.next()) {
      const std::string_view line = trim(lines_.text());
      if (line.empty() || line.starts_with('#')) continue;
      JOULERY_TRY(std::vector<std::string> names, fields_of(line));
      JOULERY_TRY(columns_, find_table_columns(std::move(names), by_, lines_.place()));
      return {};
    }
    return Error{ErrorCode::kInvalid, fmt::format("{}:1: has no heading", lines_.file())};
  }

  Result<void> take_row(const std::vector<std::string>& fields) {
    std::string window;
    JOULERY_TRY(const std::optional<double> cap, cap_of(fields, window));
    JOULERY_TRY(const std::optional<double> time, number(fields, columns_.time, kTimeRange));
    JOULERY_TRY(const std::optional<double> energy, energy_of(fields, time));
    JOULERY_TRY(TableRows * rows, rows_of(fields, window));
    if (!cap || !time || !energy) {
      rows->leave_out(lines_.place());
      return {};
    }
    JOULERY_CHECK(check_ratio("time", *time, rows->first_time.count()));
    JOULERY_CHECK(check_ratio("energy", *energy, rows->first_energy.count()));
    if (lines_.cut())
      rows->group.notes.push_back(lines_.place() + ": no line end: its last number may be cut");
    rows->add(Watts(*cap), Seconds(*time), Joules(*energy));
    rows->contradicted += is_contradicted(fields, *energy / *time) ? 1 : 0;
    return {};
  }

  /// Whether the power that stands beside an energy, of a device too, is another one.
  [[nodiscard]] bool is_contradicted(const std::vector<std::string>& fields,
                                     double mean_power) const {
    if (!columns_.power || columns_.energies.empty()) return false;
    const auto power = parse_number(fields[columns_.power->index]);
    return power && std::abs(*power * columns_.devices / mean_power - 1) > kSamePower;
  }

  /// Sets `window` to what stands before the cap in a window's name.
  Result<std::optional<double>> cap_of(const std::vector<std::string>& fields,
                                       std::string& window) const {
    if (columns_.cap) return number(fields, *columns_.cap, kCapRange);
    const auto parts = split_window(fields[*columns_.window]);
    if (!parts) return std::optional<double>();
    window = parts->first;
    return within(fields, {*columns_.window, 1}, parts->second, kCapRange);
  }

  /// Empty where the field is.
  Result<std::optional<double>> number(const std::vector<std::string>& fields, TableColumn column,
                                       const TableRange& range) const {
    const std::string& text = fields[column.index];
    if (trim(text).empty()) return std::optional<double>();
    return within(fields, column, parse_number(text), range);
  }

  Result<std::optional<double>> within(const std::vector<std::string>& fields, TableColumn column,
                                       std::optional<double> value, const TableRange& range) const {
    if (value) value = *value * column.factor;
    if (value && range.holds(*value)) return value;
    return bad(fmt::format("column {} ({}): '{}' is not {}", column.index + 1,
                           shortened(columns_.names[column.index], kShown),
                           shortened(fields[column.index], kShown), range.what));
  }

  Result<std::optional<double>> energy_of(const std::vector<std::string>& fields,
                                          std::optional<double> time) const {
    if (columns_.energies.empty()) {
      JOULERY_TRY(const std::optional<double> power, number(fields, *columns_.power, kPowerRange));
      return power && time ? std::optional(*power * *time) : std::nullopt;
    }
    double sum = 0;
    for (const TableColumn& column : columns_.energies) {
      JOULERY_TRY(const std::optional<double> one, number(fields, column, kEnergyRange));
      if (!one) return std::optional<double>();
      sum += *one;
    }
    return std::optional(sum);
  }

  [[nodiscard]] Result<void> check_ratio(const char* what, double value, double first) const {
    const double ratio = value / first;
    if (first == 0 || (ratio < kMostRatio && 1 / ratio < kMostRatio)) return {};
    return bad(fmt::format("its {} is {:.3g} times that of the job's first row: no cap does that",
                           what, ratio));
  }

  Result<TableRows*> rows_of(const std::vector<std::string>& fields, const std::string& window) {
    std::string id = window;
    for (const std::size_t i : columns_.keys) id += '\0' + fields[i];
    const auto [at, is_new] = index_.try_emplace(std::move(id), groups_.size());
    if (!is_new) return &groups_[at->second];
    const std::size_t keys = columns_.keys.size() + (columns_.cap ? 0 : 1);
    if ((groups_.size() + 1) * (keys + 1) > kMostKeys)
      return bad("too many groups: name fewer columns with --by");
    CapGroup& group = groups_.emplace_back().group;
    group.devices = columns_.devices;
    if (!columns_.cap) group.key.emplace_back("window_name", window);
    for (const std::size_t i : columns_.keys) group.key.emplace_back(columns_.names[i], fields[i]);
    return &groups_.back();
  }

  Result<std::vector<CapGroup>> finish() {
    std::set<double> grid;
    for (const TableRows& rows : groups_)
      for (const auto& [cap, row] : rows.by_cap) grid.insert(cap);
    if (grid.empty())
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: has no row with a cap, a time and an energy", lines_.file())};
    JOULERY_CHECK(check_rows_share_jobs());
    std::vector<CapGroup> out;
    std::vector<std::string> lost;  // notes of groups of which no row is left
    for (TableRows& rows : groups_) {
      if (rows.by_cap.empty()) {
        lost.insert(lost.end(), rows.group.notes.begin(), rows.group.notes.end());
        continue;
      }
      rows.note_missing(grid);
      out.push_back(rows.finish());
    }
    auto& notes = out.front().notes;
    notes.insert(notes.end(), lost.begin(), lost.end());
    return out;
  }

  /// A column of results, a loss or so, makes every row a job of its own.
  [[nodiscard]] Result<void> check_rows_share_jobs() const {
    const auto is_one_row = [](const TableRows& rows) {
      return rows.left_out == 0 && rows.by_cap.size() == 1 && rows.by_cap.begin()->second.rows == 1;
    };
    if (!by_.empty() || columns_.keys.empty() || groups_.size() < 2 ||
        !std::all_of(groups_.begin(), groups_.end(), is_one_row))
      return {};
    std::vector<std::string> names;
    for (const std::size_t i : columns_.keys)
      if (names.size() < kMostNotes) names.push_back(shortened(columns_.names[i], kShown));
    return Error{
        ErrorCode::kInvalid,
        fmt::format("{}: each row is a job of its own: --by names the columns that tell jobs "
                    "apart; taken for such: {}",
                    lines_.file(), fmt::join(names, ", "))};
  }

  [[nodiscard]] Error bad(std::string_view why) const {
    return {ErrorCode::kInvalid, fmt::format("{}: {}", lines_.place(), why)};
  }

  LogLines& lines_;
  const std::vector<std::string>& by_;
  TableColumns columns_;
  std::vector<TableRows> groups_;  // in the order of their first rows
  std::map<std::string, std::size_t> index_;
};

}  // namespace

Result<std::vector<CapGroup>> read_cap_table(std::string bytes, const std::string& file,
                                             const std::vector<std::string>& by) {
  if (is_cap_document(bytes)) {
    if (by.empty()) return read_cap_document(bytes, file);
    return Error{ErrorCode::kUsage, fmt::format("--by: {} is a document and has no columns", file)};
  }
  std::istringstream in(std::move(bytes));
  LogLines lines(in, file);
  return TableReader(lines, by).read();
}

Result<std::vector<CapGroup>> load_cap_table(const std::string& path,
                                             const std::vector<std::string>& by) {
  JOULERY_TRY(std::string bytes, load_file(path, kMostBytes));
  return read_cap_table(std::move(bytes), path, by);
}

}  // namespace joulery
