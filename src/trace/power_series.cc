// trace: power over time in equal steps, see power_series.h.
#include "trace/power_series.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace joulery {
namespace {

constexpr Seconds kLongestStep{
    60};  // Figure 6 of "Great Power, Great Responsibility" (arXiv 2205.09646) has one-minute means
constexpr double kPoints = 200;     // a curve that is smooth at the width of a page
constexpr double kMostSteps = 1e6;  // two years of minutes; a bound for damaged records

bool tells_power(const Channel& channel) {
  const bool energy = channel.measure == Measure::kEnergy && channel.rule == Rule::kCounter;
  const bool power = channel.measure == Measure::kPower && channel.rule != Rule::kNone;
  return (energy || power) && channel.preferred && !channel.part_of;
}

/// The channel of each component that gives its power, a counter where there is one.
std::vector<std::size_t> choose_channels(std::span<const Channel> channels) {
  std::map<std::string, std::size_t> by_component;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (!tells_power(channels[i])) continue;
    const auto [place, fresh] = by_component.emplace(channels[i].component, i);
    if (!fresh && channels[place->second].measure == Measure::kPower) place->second = i;
  }
  std::vector<std::size_t> chosen;
  for (const auto& [component, index] : by_component) chosen.push_back(index);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

// The largest of 1, 2, 3, 5 times a power of ten that is not above `step`; 3 for the 30 s of
// people.
Seconds rounded_down(Seconds step) {
  const double decade = std::pow(10, std::floor(std::log10(step.count())));
  double best = decade;
  for (const double digit : {2, 3, 5})
    if (digit * decade <= step.count()) best = digit * decade;
  return Seconds(best);
}

/// Energy and seen time of each step of one channel.
class Steps {
 public:
  Steps(const Channel& channel, const TraceInfo& info, Seconds step)
      : channel_(channel),
        begin_(info.begin),
        length_(info.end - info.begin),
        step_(step),
        longest_(std::max({2 * step, 10 * info.period, 10 * channel.update_period})),
        energy_(static_cast<std::size_t>(std::ceil(length_ / step)), 0.0),
        seen_(energy_.size(), 0.0) {}

  void add(const Block& block) {
    for (std::size_t i = 0; i < block.time.size(); ++i) {
      const Seconds time = block.time[i] - begin_;
      const bool restart = !block.restart.empty() && block.restart[i] != 0;
      if (time_ && time > *time_ && !restart) add_pair(*time_, time, value_, block.value[i]);
      time_ = time;
      value_ = block.value[i];
    }
  }

  [[nodiscard]] std::vector<double> watts() const {
    std::vector<double> watts(energy_.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < watts.size(); ++i) {
      if (seen_[i] >= step_.count() / 2) watts[i] = energy_[i] / seen_[i];
    }
    return watts;
  }

 private:
  void add_pair(Seconds from, Seconds to, double before, double after);
  void spread(Seconds from, Seconds to, double watts);

  const Channel& channel_;
  Instant begin_;
  Seconds length_, step_, longest_;
  std::vector<double> energy_, seen_;
  std::optional<Seconds> time_;
  double value_ = 0;
};

void Steps::add_pair(Seconds from, Seconds to, double before, double after) {
  const bool counter = channel_.measure == Measure::kEnergy;
  // A counter counts through a gap; a power is not known in it.
  if (counter ? after < before : to - from > longest_) return;
  double watts = (before + after) / 2;
  if (counter) watts = (after - before) / (to - from).count();
  if (channel_.rule == Rule::kWindowAverage) watts = after;
  spread(from, to, channel_.accuracy.gain * watts - channel_.accuracy.offset.count());
}

void Steps::spread(Seconds from, Seconds to, double watts) {
  from = std::max(from, Seconds(0));
  to = std::min(to, length_);
  for (auto i = static_cast<std::size_t>(std::max(0.0, from / step_)); i < energy_.size(); ++i) {
    const Seconds low = std::max(from, static_cast<double>(i) * step_);
    const Seconds high = std::min(to, static_cast<double>(i + 1) * step_);
    if (low >= to) return;
    if (high <= low) continue;
    energy_[i] += watts * (high - low).count();
    seen_[i] += (high - low).count();
  }
}

PowerCurve sum_of(const std::vector<PowerCurve>& parts, std::size_t size) {
  PowerCurve total{"total", std::vector<double>(size, 0.0)};
  for (const PowerCurve& part : parts) {
    const auto seen = [](double watts) { return std::isfinite(watts); };
    if (std::none_of(part.watts.begin(), part.watts.end(), seen)) continue;
    for (std::size_t i = 0; i < size; ++i) total.watts[i] += part.watts[i];
  }
  return total;
}

}  // namespace

Seconds power_step(const Trace& trace) {
  const TraceInfo& info = trace.info();
  const Seconds length = std::max<Seconds>(info.end - info.begin, Micros(1));
  Seconds finest = info.period;
  // Steps of two updates: between two reads of a counter there may be one update or two.
  for (const std::size_t i : choose_channels(trace.channels()))
    finest = std::max(finest, 2 * trace.channels()[i].update_period);
  const Seconds step =
      length / kPoints < kLongestStep ? rounded_down(length / kPoints) : kLongestStep;
  return std::max({step, finest, length / kMostSteps});
}

Result<PowerSeries> make_power_series(const Trace& trace, Seconds step) {
  const TraceInfo& info = trace.info();
  const std::vector<std::size_t> chosen = choose_channels(trace.channels());
  if (chosen.empty() || info.end <= info.begin)
    return Error{ErrorCode::kUnavailable, "the run has no power or energy over time"};
  PowerSeries series;
  series.step = step;
  for (const std::size_t index : chosen) {
    const Channel& channel = trace.channels()[index];
    Steps steps(channel, info, series.step);
    JOULERY_CHECK(trace.scan([&](const Channel& c) { return c.id == channel.id; },
                             [&](std::uint16_t from, const Block& block) {
                               if (from == index) steps.add(block);
                             }));
    series.parts.push_back({channel.component, steps.watts()});
  }
  series.total = sum_of(series.parts, series.parts.front().watts.size());
  return series;
}

}  // namespace joulery
