// report: the difference of two runs, "joulery/compare/1".
#include <ostream>

#include "base/text.h"
#include "report/comparison.h"
#include "report/json_quantity.h"

namespace joulery {
namespace {

void put_run(JsonWriter& json, std::string_view key, const Account& account) {
  json.key(key);
  json.begin_object(JsonWriter::Layout::kOneLine);
  json.member("id", account.job.id);
  json.member("name", account.job.name);
  json.member("begin", format_time(account.begin));
  json.end_object();
}

void put_row(JsonWriter& json, const Comparison::Row& row) {
  json.begin_object();
  json.member("what", row.what);
  put_quantity(json, "a", as_number(row.a), row.unit);
  put_quantity(json, "b", as_number(row.b), row.unit);
  put_quantity(json, "change", as_number(row.change), row.unit);
  // A ratio has no unit: 1 is the unit of the SI for such.
  put_quantity(json, "ratio", as_number(row.ratio), "1");
  json.member("common_cancelled", row.common_cancelled);
  json.end_object();
}

}  // namespace

void write_comparison_json(const Account& a, const Account& b, const Comparison& difference,
                           std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/compare/1");
  put_run(json, "a", a);
  put_run(json, "b", b);
  json.key("rows");
  json.begin_array(JsonWriter::Layout::kLines);
  for (const Comparison::Row& row : difference.rows) put_row(json, row);
  json.end_array();
  json.member("notes", difference.notes);
  json.end_object();
}

}  // namespace joulery
