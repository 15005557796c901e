// bench: CPU time, lost ticks and memory of the sampling loop with its record, beside a bare loop
// that makes the same system calls at the same deadlines and keeps nothing. Both run in a process
// of their own, one after the other. Usage: joulery_loop_bench [SECONDS], 10 unless told otherwise.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/clock.h"
#include "joulery/trace.h"

namespace joulery {
namespace {

constexpr int kGpus = 8;
constexpr int kSockets = 2;
constexpr int kChannelsAGpu = 16;
// NVML's calls are ioctls: the energy and power fields in one, then utilisation, memory,
// temperature, two clocks and the throttle times. A pread of a short file stands in for each; a
// socket is two files of powercap.
constexpr int kCallsAGpu = 7;
constexpr int kCallsASocket = 2;

/// What a device is to both loops: files to read.
class Device {
 public:
  Device(const std::string& path, int calls) {
    for (int i = 0; i < calls; ++i) files_.push_back(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  }
  std::int64_t read() const {
    std::int64_t sum = 0;
    char text[32];
    for (const int file : files_) {
      const ssize_t n = ::pread(file, text, sizeof text - 1, 0);
      text[std::max<ssize_t>(n, 0)] = '\0';
      sum += std::strtoll(text, nullptr, 10);
    }
    return sum;
  }

 private:
  std::vector<int> files_;
};

class DeviceSensor : public Sensor {
 public:
  DeviceSensor(Device device, const std::string& name, int channels) : device_(std::move(device)) {
    for (int i = 0; i < channels; ++i) {
      Channel channel;
      channel.component = name;
      channel.id = name + "/" + std::to_string(i);
      channel.resolution = 1e-3;
      channels_.push_back(channel);
    }
  }
  std::span<const Channel> channels() const override { return channels_; }
  // Every value moves in its last digits, as a sensor's does.
  Result<void> read(std::vector<Sample>& out) override {
    const Instant before = monotonic_now();
    const std::int64_t value = device_.read();
    const Micros half = (monotonic_now() - before) / 2;
    for (std::uint16_t i = 0; i < channels_.size(); ++i) {
      noise_ = noise_ * 6364136223846793005U + 1442695040888963407U;  // Knuth, MMIX
      counter_ += 20'000 + static_cast<std::int64_t>(noise_ >> 54);
      const std::int64_t whole =
          i == 0 ? counter_ + value : 300'000 + static_cast<std::int64_t>(noise_ >> 52);
      out.push_back({before + half, static_cast<double>(whole) * 1e-3,
                     static_cast<std::uint32_t>(half.count()), i, false});
    }
    return {};
  }

 private:
  Device device_;
  std::vector<Channel> channels_;
  std::uint64_t noise_ = 1;
  std::int64_t counter_ = 0;
};

double cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::vector<std::unique_ptr<Sensor>> make_sensors(const std::string& path) {
  std::vector<std::unique_ptr<Sensor>> sensors;
  for (int i = 0; i < kGpus; ++i)
    sensors.push_back(std::make_unique<DeviceSensor>(Device(path, kCallsAGpu),
                                                     "gpu/" + std::to_string(i), kChannelsAGpu));
  for (int i = 0; i < kSockets; ++i)
    sensors.push_back(std::make_unique<DeviceSensor>(Device(path, kCallsASocket),
                                                     "cpu/" + std::to_string(i), kCallsASocket));
  return sensors;
}

struct Cost {
  double once_s = 0;  // CPU time of setting up and closing
  double cpu_s = 0;   // of all that lies between
  double close_ms = 0;
  std::uint64_t ticks = 0, lost = 0;
  long rss_kib = 0;
};

// The same sensors at the same deadlines, in one thread, kept nowhere.
Cost run_bare(const std::string& folder, Seconds period, double duration) {
  const auto sensors = make_sensors(folder + "/value");
  std::vector<Sample> samples;
  samples.reserve(1024);
  const std::int64_t step = std::llround(period.count() * 1e9);
  timespec deadline{};
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  Cost cost{.once_s = cpu_now()};
  const auto ticks = static_cast<std::uint64_t>(duration / period.count());
  for (std::uint64_t i = 0; i < ticks; ++i) {
    samples.clear();
    for (const auto& sensor : sensors) (void)sensor->read(samples);
    ++cost.ticks;
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    std::int64_t next = deadline.tv_sec * 1'000'000'000 + deadline.tv_nsec + step;
    const std::int64_t passed = now.tv_sec * 1'000'000'000 + now.tv_nsec - next;
    if (passed >= step) {
      cost.lost += static_cast<std::uint64_t>(passed / step);
      i += static_cast<std::uint64_t>(passed / step);
      next += passed / step * step;
    }
    deadline = {.tv_sec = next / 1'000'000'000, .tv_nsec = next % 1'000'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr);
  }
  cost.cpu_s = cpu_now() - cost.once_s;
  return cost;
}

Cost run_loop(const std::string& folder, Seconds period, double duration) {
  auto loop = make_sampling_loop(make_sensors(folder + "/value"), {.period = period}).value();
  const std::string path = folder + "/record-" + std::to_string(::getpid());
  auto writer = RecordWriter::create(path, loop->channels(), TraceInfo{}, "").value();
  if (!loop->start({writer.get()})) return {};
  const double before = cpu_now();
  std::this_thread::sleep_for(Seconds(duration));
  const double after = cpu_now();
  const auto start = std::chrono::steady_clock::now();
  const LoopStats stats = loop->stop();
  if (!writer->close(TraceInfo{}, "")) return {};
  const Seconds closing = std::chrono::steady_clock::now() - start;
  return {.once_s = before + cpu_now() - after,
          .cpu_s = after - before,
          .close_ms = closing.count() * 1e3,
          .ticks = stats.ticks,
          .lost = stats.lost};
}

// In a process of its own, so that CPU time and memory are the loop's alone.
template <class Run>
Cost in_child(const Run& run) {
  int pipe[2];
  if (::pipe(pipe) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    const Cost cost = run();
    ::_exit(::write(pipe[1], &cost, sizeof cost) == sizeof cost ? 0 : 1);
  }
  Cost cost;
  const bool whole = ::read(pipe[0], &cost, sizeof cost) == sizeof cost;
  rusage usage{};
  ::wait4(child, nullptr, 0, &usage);
  ::close(pipe[0]);
  ::close(pipe[1]);
  if (!whole) return {};
  cost.rss_kib = usage.ru_maxrss;
  return cost;
}

void compare(const std::string& folder, Seconds period, double duration) {
  const Cost bare = in_child([&] { return run_bare(folder, period, duration); });
  const Cost loop = in_child([&] { return run_loop(folder, period, duration); });
  fmt::print("{:g} Hz, {} GPUs x {} channels, {} sockets, {} s\n", 1 / period.count(), kGpus,
             kChannelsAGpu, kSockets, duration);
  fmt::print("  CPU     {:8.2f} ms/s   bare {:8.2f} ms/s   ratio {:.2f} (aim: at most 1.5)\n",
             loop.cpu_s / duration * 1e3, bare.cpu_s / duration * 1e3, loop.cpu_s / bare.cpu_s);
  fmt::print("  lost    {:8} of {}   bare {} of {}\n", loop.lost, loop.ticks + loop.lost, bare.lost,
             bare.ticks + bare.lost);
  fmt::print(
      "  memory  {:8.1f} MiB   bare {:.1f} MiB\n  once    {:8.1f} ms of CPU to set up and close, "
      "{:.1f} ms from stop to closed\n",
      static_cast<double>(loop.rss_kib) / 1024, static_cast<double>(bare.rss_kib) / 1024,
      loop.once_s * 1e3, loop.close_ms);
}

int run(double duration) {
  std::string folder = std::filesystem::temp_directory_path() / "joulery-loop-bench-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  std::ofstream(folder + "/value") << "123456789\n";
  for (const Seconds period : {Seconds(0.1), Seconds(0.001)}) compare(folder, period, duration);
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace joulery

int main(int argc, char** argv) { return joulery::run(argc > 1 ? std::atof(argv[1]) : 10); }
