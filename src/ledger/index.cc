// ledger: reads and writes index.sqlite, see index.h. The only file here that includes SQLite.
#include "ledger/index.h"

#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <utility>

#include "base/file.h"
#include "ledger/draft.h"
#include "ledger/index_row.h"

namespace joulery {
namespace {

constexpr int kSchemaVersion = 1;  // PRAGMA user_version; any other is made anew from the records
constexpr std::uint64_t kMostBytes = std::uint64_t{1}
                                     << 30;  // a thousand times the index of 10,000 runs

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

Error sqlite_error(sqlite3* db) {
  return Error{ErrorCode::kInternal, std::string("index: SQLite: ") + sqlite3_errmsg(db)};
}

/// A database in memory. Its schema is not trusted: the file may have come from anywhere.
Database open_memory() {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(":memory:", &raw, flags, nullptr);
  Database db(raw);
  if (code != SQLITE_OK) return nullptr;
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return db;
}

Statement prepare(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  sqlite3_prepare_v2(db, sql.c_str(), static_cast<int>(sql.size()) + 1, &raw, nullptr);
  return Statement(raw);
}

std::string column_names() {
  std::string names;
  for (const Column& column : index_columns()) names += std::string(column.name) + ", ";
  return names + "row_checksum";
}

// ---- reading

Cell read_cell(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return Cell(std::int64_t{sqlite3_column_int64(statement, column)});
    case SQLITE_FLOAT:
      return Cell(sqlite3_column_double(statement, column));
    case SQLITE_TEXT: {
      const auto* const text =
          reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return text == nullptr ? Cell() : Cell(std::string(text, size));
    }
    default:
      return {};
  }
}

std::optional<IndexRow> read_row(sqlite3_stmt* statement) {
  const int count = static_cast<int>(index_columns().size());
  std::vector<Cell> cells;
  cells.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) cells.push_back(read_cell(statement, i));
  if (sqlite3_column_int64(statement, count) != checksum(cells)) return std::nullopt;
  return from_cells(cells);
}

bool has_our_version(sqlite3* db) {
  const Statement version = prepare(db, "PRAGMA user_version");
  return version && sqlite3_step(version.get()) == SQLITE_ROW &&
         sqlite3_column_int(version.get(), 0) == kSchemaVersion;
}

// ---- writing

Result<void> execute(sqlite3* db, const std::string& sql) {
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return sqlite_error(db);
  return {};
}

Result<void> make_schema(sqlite3* db) {
  std::string sql =
      "PRAGMA user_version = " + std::to_string(kSchemaVersion) + "; CREATE TABLE run (";
  for (const Column& column : index_columns())
    sql += std::string(column.name) + " " + column.type + ", ";
  return execute(db, sql + "row_checksum INTEGER) WITHOUT ROWID");
}

void bind_cell(sqlite3_stmt* statement, int index, const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kNull:
      sqlite3_bind_null(statement, index);
      return;
    case Cell::Kind::kInteger:
      sqlite3_bind_int64(statement, index, cell.integer);
      return;
    case Cell::Kind::kReal:
      sqlite3_bind_double(statement, index, cell.real);
      return;
    case Cell::Kind::kText:
      sqlite3_bind_text64(statement, index, cell.text.data(), cell.text.size(), SQLITE_STATIC,
                          SQLITE_UTF8);
      return;
  }
}

Result<void> insert_rows(sqlite3* db, const std::vector<IndexRow>& rows) {
  std::string marks;
  for (std::size_t i = 0; i < index_columns().size(); ++i) marks += "?, ";
  const Statement insert =
      prepare(db, "INSERT INTO run (" + column_names() + ") VALUES (" + marks + "?)");
  if (!insert) return sqlite_error(db);
  for (const IndexRow& row : rows) {
    const std::vector<Cell> cells = to_cells(row);
    int index = 0;
    for (const Cell& cell : cells) bind_cell(insert.get(), ++index, cell);
    sqlite3_bind_int64(insert.get(), ++index, checksum(cells));
    if (sqlite3_step(insert.get()) != SQLITE_DONE) return sqlite_error(db);
    sqlite3_reset(insert.get());
  }
  return {};
}

struct FreeSqlite {
  void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
};

Result<std::string> database_bytes(const std::vector<IndexRow>& rows) {
  const Database db = open_memory();
  if (!db) return Error{ErrorCode::kInternal, "index: SQLite cannot open a database in memory"};
  JOULERY_CHECK(make_schema(db.get()));
  JOULERY_CHECK(execute(db.get(), "BEGIN"));
  JOULERY_CHECK(insert_rows(db.get(), rows));
  JOULERY_CHECK(execute(db.get(), "COMMIT"));
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, FreeSqlite> bytes(
      sqlite3_serialize(db.get(), "main", &size, 0));
  if (!bytes) return sqlite_error(db.get());
  return std::string(reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size));
}

}  // namespace

std::vector<IndexRow> load_index(const std::string& path) {
  auto bytes = load_file(path, kMostBytes);
  return bytes ? read_index(std::move(*bytes)) : std::vector<IndexRow>{};
}

std::vector<IndexRow> read_index(std::string bytes) {
  std::vector<IndexRow> rows;
  const Database db = open_memory();
  if (bytes.empty() || !db) return rows;
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  auto* const data = reinterpret_cast<unsigned char*>(bytes.data());
  if (sqlite3_deserialize(db.get(), "main", data, size, size, SQLITE_DESERIALIZE_READONLY) !=
      SQLITE_OK)
    return rows;
  if (!has_our_version(db.get())) return rows;
  const Statement select = prepare(db.get(), "SELECT " + column_names() + " FROM run");
  if (!select) return rows;
  while (sqlite3_step(select.get()) == SQLITE_ROW)
    if (auto row = read_row(select.get())) rows.push_back(std::move(*row));
  return rows;
}

Result<void> save_index(const std::string& path, const std::vector<IndexRow>& rows) {
  JOULERY_TRY(const std::string bytes, database_bytes(rows));
  JOULERY_TRY(Draft draft, make_draft(path));
  remove_stale_drafts(path, draft.file);
  // Not synced: what a power cut leaves of it is seen by its checksums and made again.
  auto done = write_all(draft.file.get(), bytes, draft.path);
  if (done && ::close(draft.file.release()) != 0) done = errno_error(draft.path, "close", errno);
  if (done && std::rename(draft.path.c_str(), path.c_str()) != 0)
    done = errno_error(path, "rename", errno);
  if (!done) ::unlink(draft.path.c_str());
  return done;
}

}  // namespace joulery
