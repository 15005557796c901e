// estimate: what the tests share: rows from words, as flags would give them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "joulery/estimate.h"

namespace joulery {

using WordList = std::vector<std::pair<std::string, std::string>>;

inline WrittenRow written(const WordList& words) {
  WrittenRow row{"estimate", ErrorCode::kUsage, {}};
  for (const auto& [key, text] : words)
    row.values.emplace(key, WrittenValue{text, "--" + key, ErrorCode::kUsage});
  return row;
}

inline EstimateSources shipped_tables() {
  EstimateSources sources;
  auto rows = load_accelerators({});
  EXPECT_TRUE(rows) << rows.error().message;
  sources.accelerators = *std::move(rows);
  return sources;
}

inline EstimatedRow estimated(const WordList& words,
                              const EstimateSources& sources = shipped_tables()) {
  const auto request = make_estimate_request(written(words), sources);
  EXPECT_TRUE(request) << request.error().message;
  return request ? estimate_row(*request) : EstimatedRow{};
}

inline std::string refusal(const WordList& words,
                           const EstimateSources& sources = shipped_tables()) {
  const auto request = make_estimate_request(written(words), sources);
  return request ? "" : request.error().message;
}

inline double kwh(const Estimate<Joules>& energy) {
  return energy.value ? energy.value->count() / kJoulesPerKilowattHour : -1;
}

}  // namespace joulery
