// pue: files of readings, see joulery/pue.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.h"
#include "joulery/pue.h"
#include "pue/columns.h"
#include "pue/flow.h"
#include "pue/meter_states.h"
#include "series/units.h"

namespace joulery {
namespace {

std::string listed(const ReadingColumns& columns) {
  std::vector<std::string> names;
  for (const std::string& name : columns.all) names.push_back(printable(name));
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Reads columns of one file.
class ReadingsFile {
 public:
  ReadingsFile(const PueRequest& request, ReadingColumns columns)
      : request_(request), columns_(std::move(columns)) {}
  Result<PueReadings> read() const;

 private:
  [[nodiscard]] Error error(const std::string& what) const {
    return {ErrorCode::kInvalid, request_.file + ": " + what};
  }
  Result<Series> series(const ReadingColumn& column, SeriesMeasure measure,
                        const std::string& unit) const;
  Result<Series> meter(const ReadingColumn& column) const;
  [[nodiscard]] Result<void> check_unit() const;
  [[nodiscard]] Result<void> check_energy_flag(const PueReadings& readings) const;
  Result<void> read_meters(PueReadings& readings) const;
  Result<std::optional<Series>> temperature() const;

  const PueRequest& request_;
  const ReadingColumns columns_;
};

Result<Series> ReadingsFile::series(const ReadingColumn& column, SeriesMeasure measure,
                                    const std::string& unit) const {
  SeriesRequest request;
  request.file = request_.file + ":" + column.heading;
  request.flag = "FILE";
  request.measure = measure;
  request.time_zone = request_.stamp_zone;
  request.unit = unit;
  request.least_pue = least_ratio(request_.meter_accuracy);
  request.counts_on = request_.energy == EnergyReading::kCumulative;
  return read_series(request);
}

Result<Series> ReadingsFile::meter(const ReadingColumn& column) const {
  const auto measure = column.has_unit || request_.unit.empty()
                           ? column.measure
                           : series::meter_measure(request_.unit);
  if (!measure || (!column.has_unit && request_.unit.empty()))
    return error(
        fmt::format("the heading \"{}\" has no unit that is known: name it in the file, for "
                    "example it_kw or it_kwh, or give --unit kW",
                    printable(column.heading)));
  JOULERY_TRY(Series series, series(column, *measure, column.has_unit ? "" : request_.unit));
  JOULERY_CHECK(check_energies(request_.energy, series));
  return series;
}

/// --unit is of columns without one, and does not stand against those that have one.
Result<void> ReadingsFile::check_unit() const {
  if (request_.unit.empty()) return {};
  const auto measure = series::meter_measure(request_.unit);
  const auto asked = series::scale_of(request_.unit, *measure);
  std::string others;
  for (const auto* columns : {&columns_.it, &columns_.facility, &columns_.total})
    for (const ReadingColumn& column : *columns) {
      if (!column.has_unit) return {};
      const auto told = series::unit_in_heading(column.heading, *measure);
      if (!told || told->factor != asked->factor) others = column.heading;
    }
  if (others.empty()) return {};
  return Error{ErrorCode::kUsage, fmt::format("--unit: {} contradicts the column \"{}\" of {}",
                                              request_.unit, printable(others), request_.file)};
}

Result<void> ReadingsFile::check_energy_flag(const PueReadings& readings) const {
  if (request_.energy == EnergyReading::kGuess) return {};
  for (const auto* series : {&readings.it, &readings.facility})
    if (*series && (*series)->measure == SeriesMeasure::kEnergy) return {};
  return Error{ErrorCode::kUsage, fmt::format("--energy: {} has no energies: its columns are {}",
                                              request_.file, listed(columns_))};
}

Result<void> ReadingsFile::read_meters(PueReadings& readings) const {
  JOULERY_TRY(const auto it, only_one(columns_.it, request_.file, "IT readings"));
  JOULERY_TRY(const auto facility, only_one(columns_.facility, request_.file, "facility readings"));
  JOULERY_TRY(const auto total, only_one(columns_.total, request_.file, "total readings"));
  const bool ratios = readings.pue.has_value();
  if (facility && total)
    return error("has both a facility_* and a total_* column: one says the same as the other");
  if (ratios && (facility || total))
    return error("has both PUE and facility readings, which may differ: give one of them");
  if (it) {
    JOULERY_TRY(readings.it, meter(*it));
  }
  if (ratios) return {};
  if (!it || (!facility && !total))
    return error(fmt::format(
        "needs a column pue, or it_* and one of facility_* (without IT) and total_* (with it); it "
        "has {}",
        listed(columns_)));
  readings.facility_has_it = total.has_value();
  JOULERY_TRY(readings.facility, meter(total ? *total : *facility));
  return {};
}

Result<std::optional<Series>> ReadingsFile::temperature() const {
  if (!request_.temperature.empty()) {
    SeriesRequest request;
    request.file = request_.temperature;
    request.flag = "--temperature";
    request.measure = SeriesMeasure::kTemperature;
    request.time_zone = request_.stamp_zone;
    JOULERY_TRY(Series series, read_series(request));
    return std::optional(std::move(series));
  }
  if (columns_.temperature.empty()) return std::optional<Series>();
  // Of several the first: a station gives the dry bulb beside the wet bulb.
  JOULERY_TRY(Series series, series(columns_.temperature.front(), SeriesMeasure::kTemperature, ""));
  if (columns_.temperature.size() > 1)
    series.notes.push_back(fmt::format(
        "{}: of {} columns of temperature the first is taken; --temperature FILE:COLUMN names "
        "another",
        request_.file, columns_.temperature.size()));
  return std::optional(std::move(series));
}

Result<PueReadings> ReadingsFile::read() const {
  PueReadings readings;
  readings.file = request_.file;
  JOULERY_TRY(const auto pue, only_one(columns_.pue, request_.file, "PUE"));
  if (pue) {
    JOULERY_TRY(readings.pue, series(*pue, SeriesMeasure::kPue, ""));
  }
  JOULERY_CHECK(check_unit());
  JOULERY_CHECK(read_meters(readings));
  JOULERY_CHECK(check_energy_flag(readings));
  JOULERY_TRY(readings.temperature, temperature());
  return readings;
}

}  // namespace

Result<PueReadings> read_pue_readings(const PueRequest& request) {
  if (!request.unit.empty() && !series::meter_measure(request.unit))
    return Error{ErrorCode::kUsage,
                 fmt::format("--unit: \"{}\" is no unit of power or energy, for example --unit kW",
                             request.unit)};
  JOULERY_TRY(const std::vector<std::string> headings, series_columns(request.file, "FILE"));
  return ReadingsFile(request, sort_columns(headings)).read();
}

}  // namespace joulery
