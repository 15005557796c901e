// session: the live line, see make_live_line in joulery/session.h.
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <string_view>

#include "base/clock.h"
#include "base/text.h"
#include "base/utf8.h"
#include "joulery/session.h"

namespace joulery {
namespace {

constexpr std::string_view kWipe =
    "\r\033[K";  // to the first column, then erase to the end: ECMA-48 EL

// The energy of one channel so far, by the plainest rule that its kind allows; the account does it
// with care.
class Meter {
 public:
  explicit Meter(const Channel& channel)
      : kind_(channel.kind),
        counts_(channel.rule == Rule::kCounter),
        whole_step_(channel.rule == Rule::kWindowAverage) {}

  void accept(const Sample& sample) {
    if (last_ && sample.time > last_->time) step_to(sample);
    last_ = sample;
  }

  [[nodiscard]] ComponentKind kind() const { return kind_; }
  [[nodiscard]] Joules energy() const { return energy_; }
  [[nodiscard]] Watts power() const { return power_; }

 private:
  void step_to(const Sample& sample) {
    const Seconds step = sample.time - last_->time;
    if (counts_ && (sample.restart || sample.value < last_->value)) return;
    const Joules used = counts_       ? Joules(sample.value - last_->value)
                        : whole_step_ ? Watts(sample.value) * step
                                      : Watts((sample.value + last_->value) / 2) * step;
    energy_ += used;
    power_ = used / step;
  }

  ComponentKind kind_;
  bool counts_;
  bool whole_step_;
  std::optional<Sample> last_;
  Joules energy_;
  Watts power_;
};

bool counts_towards_the_job(const Channel& channel) {
  return channel.rule != Rule::kNone && channel.preferred && !channel.part_of &&
         (channel.measure == Measure::kEnergy || channel.measure == Measure::kPower);
}

class LiveLine : public SampleSink {
 public:
  LiveLine(std::span<const Channel> channels, int fd) : fd_(fd), begin_(monotonic_now()) {
    for (std::size_t i = 0; i < channels.size(); ++i)
      if (counts_towards_the_job(channels[i]))
        meters_.emplace(static_cast<std::uint16_t>(i), Meter(channels[i]));
  }
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;
  ~LiveLine() override { show(std::string(kWipe)); }

  void accept(std::span<const Sample> samples) override {
    for (const Sample& sample : samples)
      if (const auto meter = meters_.find(sample.channel); meter != meters_.end())
        meter->second.accept(sample);
    show(std::string(kWipe) + shortened(line(), columns()));
  }

  void note(const Event& event) override {
    if (event.kind == Event::Kind::kMark) phase_ = event.text;
  }

 private:
  [[nodiscard]] std::string line() const {
    std::map<ComponentKind, Watts> power;
    Joules energy;
    for (const auto& [channel, meter] : meters_) {
      power[meter.kind()] += meter.power();
      energy += meter.energy();
    }
    std::string text = format_duration(monotonic_now() - begin_);
    std::array<char, 48> number;
    for (const auto& [kind, watts] : power) {
      std::snprintf(number.data(), number.size(), "  %s %.1f W", name_of(kind), watts.count());
      text += number.data();
    }
    std::snprintf(number.data(), number.size(), "  %.4f kWh",
                  energy.count() / kJoulesPerKilowattHour);
    text += number.data();
    if (!phase_.empty()) text += "  [" + phase_ + "]";
    return text;
  }

  // One row less a column: a line that wraps could not be wiped.
  [[nodiscard]] std::size_t columns() const {
    constexpr std::size_t kUsual = 80;
    winsize size{};
    const bool known = ::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return (known ? size.ws_col : kUsual) - 1;
  }

  // The descriptor is shared with the command, so its flags stay as they are: ask first, write only
  // what fits.
  void show(const std::string& text) const {
    pollfd terminal{fd_, POLLOUT, 0};
    if (::poll(&terminal, 1, 0) != 1 || (terminal.revents & POLLOUT) == 0) return;
    if (::write(fd_, text.data(), text.size()) < 0) return;
  }

  int fd_;
  Instant begin_;
  std::map<std::uint16_t, Meter> meters_;
  std::string phase_;
};

}  // namespace

std::unique_ptr<SampleSink> make_live_line(std::span<const Channel> channels, int fd) {
  return std::make_unique<LiveLine>(channels, fd);
}

}  // namespace joulery
