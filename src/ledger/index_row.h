// ledger: the columns of the index, named once for making, writing and reading it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/index.h"

namespace joulery {

/// What SQLite stores in one column of one row. Plain rather than a variant, about which g++ 12
/// warns in vain.
struct Cell {
  enum class Kind : std::uint8_t { kNull, kInteger, kReal, kText };
  Kind kind = Kind::kNull;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;

  Cell() = default;
  explicit Cell(std::int64_t number) : kind(Kind::kInteger), integer(number) {}
  explicit Cell(double number) : kind(Kind::kReal), real(number) {}
  explicit Cell(std::string words) : kind(Kind::kText), text(std::move(words)) {}
};

struct Column {
  const char* name;
  const char* type;  ///< as in CREATE TABLE
};
/// The columns of `run` in the index, in order.
const std::vector<Column>& index_columns();
/// One cell a column.
std::vector<Cell> to_cells(const IndexRow& row);
/// Empty where a cell is not of its column's type.
std::optional<IndexRow> from_cells(const std::vector<Cell>& cells);
/// Over all cells. A flipped bit that SQLite does not notice is noticed here.
std::int64_t checksum(const std::vector<Cell>& cells);

}  // namespace joulery
