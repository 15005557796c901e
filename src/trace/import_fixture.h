// trace: imports from text, and what a test looks at in the trace that comes out. For tests only.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "trace/import.h"

namespace joulery {

inline Result<Imported> import_texts(const std::vector<std::string>& texts,
                                     const ImportOptions& options = {}) {
  std::vector<LogSource> sources;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    sources.push_back({name + ".log", std::make_unique<std::istringstream>(texts[i])});
  }
  return import_sources(std::move(sources), options);
}

/// Of one channel: (seconds since the window's begin, value).
using Points = std::vector<std::pair<double, double>>;

inline Points points_of(const Trace& trace, const std::string& id) {
  Points points;
  const auto scanned = trace.scan([&id](const Channel& channel) { return channel.id == id; },
                                  [&](std::uint16_t, const Block& block) {
                                    for (std::size_t i = 0; i < block.time.size(); ++i) {
                                      const Seconds at = block.time[i] - trace.info().begin;
                                      points.emplace_back(at.count(), block.value[i]);
                                    }
                                  });
  EXPECT_TRUE(scanned);
  return points;
}

inline std::vector<std::string> ids_of(const Trace& trace) {
  std::vector<std::string> ids;
  for (const Channel& channel : trace.channels()) ids.push_back(channel.id);
  return ids;
}

inline const Channel& channel_of(const Trace& trace, const std::string& id) {
  const auto channels = trace.channels();
  const auto at = std::find_if(channels.begin(), channels.end(),
                               [&id](const Channel& channel) { return channel.id == id; });
  EXPECT_NE(at, channels.end()) << id;
  return *at;
}

/// The flag that starts with `word`, or "".
inline std::string flag_of(const Trace& trace, const std::string& word) {
  for (const std::string& flag : trace.info().flags)
    if (flag.starts_with(word)) return flag;
  return {};
}

}  // namespace joulery
