// series: made tables of one column, for tests.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <sstream>
#include <string>

#include "base/text.h"
#include "series/read.h"

namespace joulery::series {

inline WallTime at(std::string_view text) { return *parse_time(text); }

/// A row for each step from 2024 on; what `cell` gives stands in it.
inline std::string made_table(const std::string& heading, std::chrono::minutes step,
                              std::size_t rows,
                              const std::function<std::string(std::size_t)>& cell) {
  std::string text = "time," + heading + "\n";
  for (std::size_t i = 0; i < rows; ++i)
    text += fmt::format(
        "{},{}\n", format_time(at("2024-01-01T00:00:00Z") + static_cast<int>(i) * step), cell(i));
  return text;
}

inline const SeriesRequest kEnergies{.measure = SeriesMeasure::kEnergy};

/// `text` as what --series names.
inline Result<Series> read_text(const std::string& text, const std::string& column = "",
                                SeriesRequest request = {}) {
  std::istringstream in(text);
  request.flag = "--series";
  request.file = "s.csv";
  return read_stream(in, "s.csv", column, request);
}

inline Result<Series> read_made(const std::string& text, const SeriesRequest& request) {
  std::istringstream in(text);
  SeriesRequest full = request;
  full.flag = "FILE";
  full.file = "hall.csv";
  return read_stream(in, "hall.csv", "", full);
}

inline Series good_made(const std::string& text, const SeriesRequest& request) {
  const auto series = read_made(text, request);
  if (!series) ADD_FAILURE() << series.error().message;
  return series ? *series : Series();
}

}  // namespace joulery::series
