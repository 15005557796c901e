// sensor: probing and reading one NVIDIA board; see nvml_reader.h.
#include "sensor/nvml_reader.h"

#include "sensor/stamp.h"

namespace joulery {

NvmlReader::NvmlReader(std::shared_ptr<const Nvml> nvml, const NvmlBoard& board,
                       std::function<Instant()> now, std::size_t first_channel,
                       std::uint32_t first_group)
    : nvml_(nvml),
      device_(board.device),
      now_(std::move(now)),
      first_channel_(first_channel),
      first_group_(first_group),
      fields_(std::move(nvml), board.device) {}

std::size_t NvmlReader::add_channel(Channel channel, std::uint32_t group) {
  channel.group = first_group_ + group;
  channels_.push_back(std::move(channel));
  return first_channel_ + channels_.size() - 1;
}

bool NvmlReader::add_field(const Field& field, Channel channel, Error& error) {
  if (auto probed = fields_.probe(field.id, field.scope); !probed) {
    error = std::move(probed).error();
    return false;
  }
  const bool counter =
      channel.measure == Measure::kEnergy || channel.measure == Measure::kThrottleTime;
  fields_.add(field.id, field.scope, field.scale, add_channel(std::move(channel), 0), counter);
  return true;
}

bool NvmlReader::add_call(NvmlReading reading, std::vector<Channel> channels, bool shares_stamp,
                          Error& error) {
  NvmlValues values{};
  if (const NvmlReturn code = read_nvml(nvml_->api(), device_, reading, values);
      code != kNvmlSuccess) {
    error = nvml_->error(code, call_of(reading));
    return false;
  }
  append_call(reading, std::move(channels), shares_stamp);
  return true;
}

bool NvmlReader::add_untried(NvmlReading reading, Channel channel, Error& error) {
  if (!has_call(nvml_->api(), reading)) {
    error = nvml_->error(kNvmlFunctionNotFound, call_of(reading));
    return false;
  }
  append_call(reading, {std::move(channel)}, false);
  return true;
}

void NvmlReader::append_call(NvmlReading reading, std::vector<Channel> channels,
                             bool shares_stamp) {
  const bool joins = shares_stamp && !runs_.empty();
  const std::uint32_t group = joins ? groups_ - 1 : groups_++;
  calls_.push_back(
      {.reading = reading, .channel = first_channel_ + channels_.size(), .count = channels.size()});
  for (Channel& channel : channels) add_channel(std::move(channel), group);
  if (!joins) runs_.push_back({calls_.size() - 1, calls_.size()});
  runs_.back().end = calls_.size();
}

// A call begins where the one before it ended: half as many looks at the clock.
Result<void> NvmlReader::read(std::vector<Sample>& out) {
  const Instant begin = now_();
  Instant time = begin;
  auto done = read_all(time, out);
  took_ = time - begin;
  return done;
}

Result<void> NvmlReader::read_all(Instant& time, std::vector<Sample>& out) {
  const std::size_t before = out.size();
  ReadFailures failures;
  if (auto done = fields_.read(now_, time, out); !done) {
    if (done.error().code == ErrorCode::kGone) return done;
    failures.add(std::move(done).error());
  }
  for (const Run& run : runs_) {
    auto done = read_run(run, time, out);
    if (done) continue;
    if (done.error().code == ErrorCode::kGone) return done;
    failures.add(std::move(done).error());
  }
  return failures.result(out.size() > before);
}

// The stamp spans the run: a few microseconds more of half-width cost less than a stamp for each
// call.
Result<void> NvmlReader::read_run(const Run& run, Instant& time, std::vector<Sample>& out) {
  const std::size_t first = out.size();
  NvmlReturn failed = kNvmlSuccess;
  NvmlReading failed_reading{};
  const Instant begin = time;
  for (std::size_t i = run.begin; i < run.end; ++i) {
    NvmlValues values{};
    const NvmlReturn code = read_nvml(nvml_->api(), device_, calls_[i].reading, values);
    if (code != kNvmlSuccess) {
      failed = code;
      failed_reading = calls_[i].reading;
      continue;
    }
    for (std::size_t k = 0; k < calls_[i].count; ++k)
      out.push_back(stamped(begin, begin, values[k], calls_[i].channel + k));
    if (calls_[i].reading != NvmlReading::kEnergy) continue;
    out.back().restart = values[0] < last_energy_;
    last_energy_ = values[0];
  }
  time = now_();
  const Sample stamp = stamped(begin, time, 0, 0);
  for (std::size_t i = first; i < out.size(); ++i) {
    out[i].time = stamp.time;
    out[i].half_width_us = stamp.half_width_us;
  }
  if (failed == kNvmlSuccess || (failed != kNvmlGpuIsLost && out.size() > first)) return {};
  return nvml_->error(failed, call_of(failed_reading));
}

}  // namespace joulery
