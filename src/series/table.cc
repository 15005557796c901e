// series: rows of a file, see table.h.
#include "series/table.h"

#include <fmt/format.h>

#include "base/text.h"
#include "series/columns.h"
#include "series/mixes.h"
#include "series/rows.h"

namespace joulery::series {
namespace {

constexpr double kAbsurd = 1e15;  // no unit of any measure makes a value so large

/// "value" may be of anything: WattTime's files with it hold pounds per megawatt hour.
bool names_nothing(const std::string& heading) {
  const std::string name = lower(heading);
  return name == "value" || name == "values" || name == "data";
}

const char* unit_flag(SeriesMeasure measure) {
  if (measure == SeriesMeasure::kIntensity) return "--intensity-unit";
  return measure == SeriesMeasure::kPrice ? "--price-unit" : "--unit";
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
    return Error{
        ErrorCode::kUsage,
        fmt::format("{}: '{}' is no unit of these values; for example {}",
                    unit_flag(request.measure), request.unit, example_unit(request.measure))};
  if (told && asked && (told->factor != asked->factor || told->currency != asked->currency))
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: {} contradicts the column '{}' of {}", unit_flag(request.measure),
                             request.unit, heading, request.file)};
  if (told) return *told;
  if (asked) return *asked;
  if (!names_nothing(heading) && (request.measure == SeriesMeasure::kIntensity ||
                                  request.measure == SeriesMeasure::kTemperature)) {
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

/// Beyond what any place has, so that the column is of something else or in another unit. Choices:
/// the worst hydropower has 2,200 g/kWh, and air on earth has had -89 to 57 degrees Celsius.
bool is_plausible(double value, SeriesMeasure measure) {
  if (measure == SeriesMeasure::kIntensity) return value * kJoulesPerKilowattHour <= 1e5;
  if (measure == SeriesMeasure::kPue) return value <= 1000;
  if (measure == SeriesMeasure::kTemperature) return value >= -100 && value <= 100;
  return true;
}

/// What no such value can be. Whether a PUE below 1 is the meters' error is asked later.
Result<void> check_range(double number, const SeriesRequest& request, const Rows& rows,
                         std::size_t column) {
  const bool may_be_negative =
      request.measure == SeriesMeasure::kPrice || request.measure == SeriesMeasure::kTemperature;
  if (number < 0 && !may_be_negative)
    return rows.bad(column, fmt::format("{} is negative", number));
  if (request.measure == SeriesMeasure::kPue && number < request.least_pue)
    return rows.bad(column, fmt::format("{} is no PUE: 1 or more", number));
  if (number > kAbsurd || number < -kAbsurd)
    return rows.bad(column, fmt::format("{} is absurd", number));
  return {};
}

Result<void> read_column(Rows& rows, const std::string& wanted, const SeriesRequest& request,
                         Table& table) {
  JOULERY_TRY(const std::size_t column,
              value_column(rows.columns(), rows.stamp_column(), wanted, request));
  table.column = rows.columns()[column];
  table.kind = kind_in_heading(table.column);
  JOULERY_TRY(table.scale, scale_for(table.column, request, table.notes));
  for (;;) {
    JOULERY_TRY(const bool more, rows.next());
    if (!more) return {};
    Reading reading;
    reading.line = rows.line();
    JOULERY_TRY(reading.stamp, rows.stamp());
    JOULERY_TRY(reading.value, rows.number(column));
    if (reading.value) {
      JOULERY_CHECK(check_range(*reading.value, request, rows, column));
      const double told = *reading.value;
      *reading.value = told * table.scale.factor + table.scale.offset;
      if (!is_plausible(*reading.value, request.measure))
        return rows.bad(column, fmt::format("{} is absurd", told));
    }
    table.readings.push_back(reading);
  }
}

}  // namespace

Result<Table> read_table(std::istream& in, const std::string& file, const std::string& column,
                         const SeriesRequest& request) {
  Table table;
  Rows rows(in, file, table.notes);
  JOULERY_CHECK(rows.read_heading());
  if (request.measure == SeriesMeasure::kIntensity &&
      is_mix(rows.columns(), rows.stamp_column(), column)) {
    JOULERY_CHECK(read_mix(rows, table));
  } else {
    JOULERY_CHECK(read_column(rows, column, request, table));
  }
  if (table.readings.empty())
    return Error{ErrorCode::kInvalid, fmt::format("{}: no rows below its heading", file)};
  return table;
}

Result<std::vector<std::string>> read_headings(std::istream& in, const std::string& file) {
  std::vector<std::string> notes;
  Rows rows(in, file, notes);
  JOULERY_CHECK(rows.read_heading());
  return rows.columns();
}

}  // namespace joulery::series
