// fuzz: hostile series of every measure and zone. The first byte chooses the measure, the second
// the zone.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

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

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace joulery;
  constexpr Measure kMeasures[] = {Measure::kIntensity, Measure::kPue,    Measure::kPrice,
                                   Measure::kPower,     Measure::kEnergy, Measure::kTemperature};
  constexpr const char* kZones[] = {
      "", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "+05:45", "Australia/Lord_Howe"};
  if (size < 2) return 0;
  SeriesRequest request;
  request.file = "fuzz";
  request.flag = "--series";
  request.measure = kMeasures[data[0] % 6];
  request.time_zone = kZones[data[1] % 6];
  const std::string column = data[1] & 64 ? "mix" : "";
  std::istringstream in(std::string(reinterpret_cast<const char*>(data) + 2, size - 2));
  if (const auto series = series::read_stream(in, "fuzz", column, request)) check(*series);
  return 0;
}
