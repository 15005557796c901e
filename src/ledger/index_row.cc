// ledger: the columns of the index, see index_row.h.
#include "ledger/index_row.h"

#include <xxhash.h>

#include <type_traits>

#include "ledger/job_json.h"

namespace joulery {
namespace {

// ---- one value to and from its cell

Cell cell(const std::string& text) { return Cell(text); }
Cell cell(std::int64_t number) { return Cell(number); }
Cell cell(bool yes) { return Cell(std::int64_t{yes}); }
Cell cell(double number) { return Cell(number); }
Cell cell(const std::optional<int>& maybe) { return maybe ? Cell(std::int64_t{*maybe}) : Cell(); }
Cell cell(const std::optional<double>& maybe) { return maybe ? Cell(*maybe) : Cell(); }
Cell cell(WallTime time) { return Cell(std::int64_t{time.time_since_epoch().count()}); }
Cell cell(Evidence evidence) { return Cell(static_cast<std::int64_t>(evidence)); }
Cell cell(const std::vector<std::string>& items) { return Cell(list_text(items)); }
Cell cell(const std::vector<std::pair<std::string, std::string>>& tags) {
  std::vector<std::string> flat;
  for (const auto& [name, text] : tags) flat.insert(flat.end(), {name, text});
  return cell(flat);
}

// Each says whether the cell is of the kind that the value needs.
bool take(const Cell& cell, std::string& text) {
  text = cell.text;
  return cell.kind == Cell::Kind::kText;
}
bool take(const Cell& cell, std::int64_t& number) {
  number = cell.integer;
  return cell.kind == Cell::Kind::kInteger;
}
bool take(const Cell& cell, double& number) {
  number = cell.real;
  return cell.kind == Cell::Kind::kReal;
}
bool take(const Cell& cell, bool& yes) {
  yes = cell.integer != 0;
  return cell.kind == Cell::Kind::kInteger;
}
bool take(const Cell& cell, std::optional<int>& maybe) {
  if (cell.kind == Cell::Kind::kInteger) maybe = static_cast<int>(cell.integer);
  return cell.kind == Cell::Kind::kInteger || cell.kind == Cell::Kind::kNull;
}
bool take(const Cell& cell, std::optional<double>& maybe) {
  if (cell.kind == Cell::Kind::kReal) maybe = cell.real;
  return cell.kind == Cell::Kind::kReal || cell.kind == Cell::Kind::kNull;
}
bool take(const Cell& cell, WallTime& time) {
  time = WallTime(Micros(cell.integer));
  return cell.kind == Cell::Kind::kInteger;
}
bool take(const Cell& cell, Evidence& evidence) {
  evidence = static_cast<Evidence>(cell.integer);
  return cell.kind == Cell::Kind::kInteger && cell.integer >= 0 &&
         cell.integer <= static_cast<std::int64_t>(Evidence::kMissing);
}
bool take(const Cell& cell, std::vector<std::string>& items) {
  auto read = parse_list(cell.text);
  if (read) items = std::move(*read);
  return read.has_value();
}
bool take(const Cell& cell, std::vector<std::pair<std::string, std::string>>& tags) {
  std::vector<std::string> flat;
  if (!take(cell, flat) || flat.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < flat.size(); i += 2) tags.emplace_back(flat[i], flat[i + 1]);
  return true;
}

// ---- the columns: `field` is called with each name, type and value

/// An estimate as six columns.
template <class T, class Estimated, class Field>
void estimate_fields(const char* const (&names)[6], Estimated& estimate, Field& field) {
  std::optional<double> value;
  double u = estimate.u.count();
  if (estimate.value) value = estimate.value->count();
  field(names[0], "REAL", value);
  field(names[1], "REAL", u);
  if constexpr (!std::is_const_v<Estimated>) {
    if (value) estimate.value = T(*value);
    estimate.u = T(u);
  }
  field(names[2], "INTEGER", estimate.evidence);
  field(names[3], "REAL", estimate.coverage);
  field(names[4], "TEXT", estimate.top);
  field(names[5], "TEXT", estimate.why);
}

#define JOULERY_ESTIMATE_NAMES(stem, unit) \
  { stem "_" unit, stem "_u_" unit, stem "_class", stem "_coverage", stem "_top", stem "_why" }

template <class Row, class Field>
void each_field(Row& row, Field field) {
  auto& run = row.run;
  field("id", "TEXT PRIMARY KEY", run.id);
  field("record_size", "INTEGER", row.stamp.size);
  field("record_mtime_ns", "INTEGER", row.stamp.mtime_ns);
  field("tail_size", "INTEGER", row.stamp.tail_size);
  field("tail_mtime_ns", "INTEGER", row.stamp.tail_mtime_ns);
  field("name", "TEXT", run.name);
  field("project", "TEXT", run.project);
  field("command", "TEXT", run.command);
  field("host", "TEXT", run.host);
  field("origin", "TEXT", run.origin);
  field("begin_us", "INTEGER", run.begin);
  field("complete", "INTEGER", run.complete);
  field("exit_status", "INTEGER", run.exit_status);
  field("signal", "INTEGER", run.signal);
  estimate_fields<Seconds>(JOULERY_ESTIMATE_NAMES("duration", "s"), run.duration, field);
  estimate_fields<Joules>(JOULERY_ESTIMATE_NAMES("it_energy", "j"), run.it_energy, field);
  estimate_fields<GramsCo2>(JOULERY_ESTIMATE_NAMES("carbon", "g"), run.carbon, field);
  field("excludes", "TEXT", run.excludes);
  field("tags", "TEXT", run.tags);
}

}  // namespace

const std::vector<Column>& index_columns() {
  static const std::vector<Column> columns = [] {
    std::vector<Column> all;
    const IndexRow none;
    each_field(none, [&](const char* name, const char* type, const auto&) {
      all.push_back({name, type});
    });
    return all;
  }();
  return columns;
}

std::vector<Cell> to_cells(const IndexRow& row) {
  std::vector<Cell> cells;
  each_field(row,
             [&](const char*, const char*, const auto& value) { cells.push_back(cell(value)); });
  return cells;
}

std::optional<IndexRow> from_cells(const std::vector<Cell>& cells) {
  if (cells.size() != index_columns().size()) return std::nullopt;
  IndexRow row;
  std::size_t next = 0;
  bool sound = true;
  each_field(row, [&](const char*, const char*, auto& value) {
    sound = take(cells[next++], value) && sound;
  });
  return sound ? std::optional(std::move(row)) : std::nullopt;
}

std::int64_t checksum(const std::vector<Cell>& cells) {
  std::string bytes;
  const auto append = [&](const auto& number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  for (const Cell& cell : cells) {
    bytes += static_cast<char>(cell.kind);
    append(cell.integer);
    append(cell.real);
    append(cell.text.size());
    bytes += cell.text;
  }
  return static_cast<std::int64_t>(XXH3_64bits(bytes.data(), bytes.size()));
}

}  // namespace joulery
