// report: quantities in JSON, see json_quantity.h.
#include "report/json_quantity.h"

#include "joulery/sample.h"

namespace joulery {

void put_quantity_members(JsonWriter& json, const Estimate<double>& number, std::string_view unit) {
  json.member("value", number.value);
  json.member("unit", unit);
  if (!number) {
    json.member("class", name_of(Evidence::kMissing));
    json.member("why", number.why);
    return;
  }
  json.member("u", number.u);
  json.member("class", name_of(number.evidence));
  json.member("coverage", number.coverage);
  json.member("top", number.top);
}

void put_quantity(JsonWriter& json, std::string_view name, const Estimate<double>& number,
                  std::string_view unit) {
  json.key(name);
  json.begin_object(JsonWriter::Layout::kOneLine);
  put_quantity_members(json, number, unit);
  json.end_object();
}

}  // namespace joulery
