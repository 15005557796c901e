// fuzz: hostile series of every measure and zone, and answers of the live source. The first byte
// chooses the measure or the answers, the second the zone.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "series/live_json.h"
#include "series/order.h"
#include "series/read.h"

namespace joulery {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// What joulery/series.h promises of every series that leaves a reader, and that a plan can add the
// lengths of its pieces.
void check(const Series& series) {
  require(!series.pieces.empty());
  require(std::isfinite(series.relative_u) && series.relative_u >= 0);
  WallTime last = series.pieces.front().begin;
  for (const SeriesPiece& piece : series.pieces) {
    require(piece.begin >= last && piece.begin < piece.end && std::isfinite(piece.value));
    last = piece.end;
  }
  const Seconds length = last - series.pieces.front().begin;
  require(length.count() > 0 && length.count() < 1e12);
}

void check_live(const std::string& json) {
  const auto table = series::parse_live(json, "forecast", "DE", "fuzz");
  if (!table) return;
  Series series;
  const auto readings = series::in_order(*table, TimeZone(), "fuzz", series.notes);
  if (!readings) return;
  auto pieces = series::pieces_of(*readings, "fuzz", series.notes);
  if (!pieces) return;
  series.pieces = std::move(*pieces);
  check(series);
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace joulery;
  constexpr SeriesMeasure kMeasures[] = {SeriesMeasure::kIntensity, SeriesMeasure::kPue,
                                         SeriesMeasure::kPrice,     SeriesMeasure::kPower,
                                         SeriesMeasure::kEnergy,    SeriesMeasure::kTemperature};
  constexpr const char* kZones[] = {
      "", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "+05:45", "Australia/Lord_Howe"};
  if (size < 2) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (data[0] & 64) return check_live(text), 0;
  SeriesRequest request;
  request.file = "fuzz";
  request.flag = "--series";
  request.measure = kMeasures[data[0] % 6];
  request.time_zone = kZones[data[1] % 6];
  const std::string column = data[1] & 64 ? "mix" : "";
  std::istringstream in(text);
  if (const auto series = series::read_stream(in, "fuzz", column, request)) check(*series);
  return 0;
}
