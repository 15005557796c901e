// trace: what the tests of records share: a folder, channels, samples, and everything that a trace
// says.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "joulery/trace.h"

namespace joulery {

/// A new folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(testing::TempDir() + "joulery-record-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make " << path_;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline Instant at_us(std::int64_t us) { return Instant(Micros(us)); }

inline Channel make_channel(const std::string& id, Measure measure, double resolution,
                            std::uint32_t group) {
  Channel channel;
  channel.id = id;
  channel.component = id.substr(0, id.rfind('/'));
  channel.measure = measure;
  channel.resolution = resolution;
  channel.group = group;
  return channel;
}

/// Two channels that are read together, and one that is read apart.
inline std::vector<Channel> three_channels() {
  return {make_channel("gpu/0/board/energy", Measure::kEnergy, 1e-3, 0),
          make_channel("gpu/0/board/power", Measure::kPower, 1e-3, 0),
          make_channel("cpu/0/package/energy", Measure::kEnergy, 1e-6, 7)};
}

/// The samples of tick `i` of a 10 Hz run of three_channels().
inline std::vector<Sample> tick(std::int64_t i) {
  const Instant gpu = at_us(1'000'000 + 100'000 * i + i % 7);
  const double energy = static_cast<double>(5'000'000 + 30'000 * i + i % 113) * 1e-3;
  const double power = static_cast<double>(300'000 + i * i % 1009) * 1e-3;
  const double package = static_cast<double>(77'000'000 + 9'000'000 * i) * 1e-6;
  return {{.time = gpu, .value = energy, .half_width_us = 20, .channel = 0},
          {.time = gpu, .value = power, .half_width_us = 20, .channel = 1},
          {.time = gpu + Micros(50), .value = package, .half_width_us = 3, .channel = 2}};
}

inline std::vector<Sample> ticks(std::int64_t from, std::int64_t to) {
  std::vector<Sample> samples;
  for (std::int64_t i = from; i < to; ++i)
    for (const Sample& sample : tick(i)) samples.push_back(sample);
  return samples;
}

/// Every sample of each channel.
inline std::vector<std::vector<Sample>> read_all(const Trace& trace) {
  std::vector<std::vector<Sample>> samples(trace.channels().size());
  const auto done = trace.scan(
      [](const Channel&) { return true; },
      [&](std::uint16_t channel, const Block& block) {
        for (std::size_t i = 0; i < block.value.size(); ++i)
          samples[channel].push_back({.time = block.time[i],
                                      .value = block.value[i],
                                      .half_width_us = block.half_width_us[i],
                                      .channel = channel,
                                      .restart = !block.restart.empty() && block.restart[i] != 0});
      });
  EXPECT_TRUE(done) << done.error().message;
  return samples;
}

/// How many of `written` the trace holds; -1 where what it holds is not a prefix, channel by
/// channel.
inline std::int64_t count_prefix(const Trace& trace, const std::vector<Sample>& written) {
  const auto seen = read_all(trace);
  std::vector<std::size_t> next(seen.size());
  std::int64_t count = 0;
  for (const Sample& w : written) {
    if (next[w.channel] == seen[w.channel].size()) continue;
    const Sample& s = seen[w.channel][next[w.channel]++];
    if (s.time != w.time || s.value != w.value || s.half_width_us != w.half_width_us ||
        s.restart != w.restart)
      return -1;
    ++count;
  }
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (next[i] != seen[i].size()) return -1;
  return count;
}

inline TraceInfo start_info() {
  TraceInfo info;
  info.begin = at_us(1'000'000);
  info.wall_begin = WallTime(Micros(1'764'000'000'000'000));
  info.idle_begin = at_us(400'000);
  info.period = Seconds(0.1);
  return info;
}

class RecordTest : public testing::Test {
 protected:
  std::unique_ptr<RecordWriter> create(const std::vector<Channel>& channels,
                                       const std::string& name = "run") {
    auto writer = RecordWriter::create(folder_.file(name), channels, start_info(), "about");
    EXPECT_TRUE(writer) << writer.error().message;
    return std::move(*writer);
  }
  std::unique_ptr<RecordTrace> load(const std::string& name = "run") {
    auto record = load_record(folder_.file(name));
    EXPECT_TRUE(record) << record.error().message;
    return record ? std::move(*record) : nullptr;
  }
  std::string bytes_of(const std::string& name) {
    return load_file(folder_.file(name), 1U << 30).value_or(std::string());
  }
  TemporaryFolder folder_;
};

}  // namespace joulery
