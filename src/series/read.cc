// series: from a word of the command line to a series, see joulery/series.h.
#include "series/read.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "series/empty_cells.h"
#include "series/live.h"
#include "series/live_cache.h"
#include "series/meter.h"
#include "series/order.h"
#include "series/table.h"

namespace joulery {
namespace {

struct NamedFile {
  std::string path, column;
};

/// FILE:COLUMN, unless a file has just that name.
NamedFile split_word(const std::string& word) {
  const std::size_t colon = word.rfind(':');
  if (colon == std::string::npos || ::access(word.c_str(), F_OK) == 0) return {word, ""};
  return {word.substr(0, colon), word.substr(colon + 1)};
}

Result<std::ifstream> open_file(const std::string& path, const std::string& flag) {
  if (path.empty()) return Error{ErrorCode::kUsage, flag + ": names no file before the ':'"};
  // It opens like a file, and reads as an empty one.
  std::error_code none;
  if (std::filesystem::is_directory(path, none))
    return Error{ErrorCode::kUsage, fmt::format("{}: {} is a directory", flag, path)};
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    Error error = errno_error(path, "open", errno);
    error.message = flag + ": " + error.message;
    return error;
  }
  return in;
}

/// What the file says and what the user says: never against each other.
Result<std::string> settle_kind(const std::string& told, const SeriesRequest& request) {
  if (!request.kind.empty() && request.kind != "average" && request.kind != "marginal")
    return Error{ErrorCode::kUsage,
                 fmt::format("--intensity-kind: '{}' is no kind of intensity: average or marginal",
                             request.kind)};
  if (!told.empty() && !request.kind.empty() && told != request.kind)
    return Error{ErrorCode::kUsage,
                 fmt::format("--intensity-kind: {} of {} holds {} intensities, not {} ones",
                             request.file, request.flag, told, request.kind)};
  return told.empty() ? request.kind : told;
}

/// Of readings in order, the line of each that has a piece.
std::vector<std::uint64_t> lines_of(const std::vector<SeriesPiece>& pieces,
                                    const std::vector<series::TimedReading>& readings) {
  std::vector<std::uint64_t> lines;
  lines.reserve(pieces.size());
  for (const series::TimedReading& reading : readings)
    if (lines.size() < pieces.size() && pieces[lines.size()].begin == reading.time)
      lines.push_back(reading.line);
  return lines;
}

/// Energies of a meter that counts on stand between its values, of whichever row; all others hold.
Result<std::vector<SeriesPiece>> settle_pieces(const series::Table& table,
                                               const SeriesRequest& request,
                                               const std::string& file,
                                               std::vector<series::TimedReading>& readings,
                                               Series& series) {
  const bool counts_on = request.measure == SeriesMeasure::kEnergy &&
                         (request.counts_on || series::is_cumulative_heading(table.column));
  if (!counts_on) {
    series::settle_empty_cells(request.measure, readings, series.notes);
    return series::pieces_of(readings, file, series.notes);
  }
  std::erase_if(readings, [](const series::TimedReading& reading) { return !reading.value; });
  return series::energies_between(readings, table.scale.factor, series.source, series.notes);
}

/// Of the rows that have a piece.
std::vector<SeriesError> errors_of(const series::Table& table,
                                   const std::vector<std::uint64_t>& lines) {
  std::vector<SeriesError> errors;
  for (const SeriesError& of_rows : table.errors) {
    SeriesError error{of_rows.name, of_rows.same_at_all_times, {}};
    error.u.reserve(lines.size());
    for (const std::uint64_t line : lines) {
      const auto row = std::lower_bound(
          table.readings.begin(), table.readings.end(), line,
          [](const series::Reading& reading, std::uint64_t at) { return reading.line < at; });
      error.u.push_back(of_rows.u[static_cast<std::size_t>(row - table.readings.begin())]);
    }
    const bool counts =
        std::any_of(error.u.begin(), error.u.end(), [](double u) { return u != 0; });
    if (counts) errors.push_back(std::move(error));
  }
  return errors;
}

/// A grid without any emission is rare: a zero may stand for what was not known.
void note_zeros(Series& series) {
  const auto zeros = std::count_if(series.pieces.begin(), series.pieces.end(),
                                   [](const SeriesPiece& piece) { return piece.value == 0; });
  if (zeros > 0) series.notes.push_back(fmt::format("{} intensities are 0", zeros));
}

}  // namespace

namespace series {

Result<Series> read_stream(std::istream& in, const std::string& file, const std::string& column,
                           const SeriesRequest& request) {
  JOULERY_TRY(const TimeZone zone, TimeZone::named(request.time_zone, "--time-zone"));
  JOULERY_TRY(Table table, read_table(in, file, column, request));
  const std::string& heading = table.column;
  Series series;
  series.measure = request.measure;
  series.name = heading;
  series.source = fmt::format("{}, column {}", file, heading);
  series.forecast = is_forecast_heading(heading);
  series.currency = table.scale.currency;
  series.notes = std::move(table.notes);
  if (request.measure == SeriesMeasure::kIntensity) {
    JOULERY_TRY(series.kind, settle_kind(table.kind, request));
  }
  JOULERY_TRY(auto readings, in_order(table, zone, file, series.notes));
  JOULERY_TRY(series.pieces, settle_pieces(table, request, file, readings, series));
  series.lines = lines_of(series.pieces, readings);
  series.errors = errors_of(table, series.lines);
  if (request.measure == SeriesMeasure::kIntensity) note_zeros(series);
  return series;
}

}  // namespace series

Result<Series> read_series(const SeriesRequest& request) {
  if (request.file.starts_with(series::kLiveWord)) {
    const auto now = std::chrono::floor<Micros>(std::chrono::system_clock::now());
    return series::read_live(request, {http_get, series::cache_folder(), now});
  }
  const NamedFile named = split_word(request.file);
  JOULERY_TRY(std::ifstream in, open_file(named.path, request.flag));
  return series::read_stream(in, named.path, named.column, request);
}

Result<std::vector<std::string>> series_columns(const std::string& path, const std::string& flag) {
  JOULERY_TRY(std::ifstream in, open_file(path, flag));
  return series::read_headings(in, path);
}

}  // namespace joulery
