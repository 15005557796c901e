// fuzz: hostile files of the kernel, as a tree that --sysroot names may hold them. Form feeds part
// the input into files: a line with the path, then the content. Of a path that comes again, each
// read gives the next content.
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "hw/process.h"
#include "sensor/fake_machine.h"

namespace joulery {
namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void put_files(std::string_view text, FakeFileTree& tree) {
  std::map<std::string, std::vector<std::string>> contents;
  for (const std::string_view file : split(text, '\f')) {
    const std::size_t end = file.find('\n');
    if (end == std::string_view::npos || !file.starts_with('/')) continue;
    contents[std::string(file.substr(0, end))].emplace_back(file.substr(end + 1));
  }
  for (auto& [path, content] : contents) tree.script(path, std::move(content));
}

// The five RAPL events of the kernel on the first CPUs, those with an odd number counting backwards
// from 0.
void put_counts(FakePerfEvents& perf, std::uint64_t round) {
  for (std::uint64_t config = 1; config <= 5; ++config)
    for (int cpu = 0; cpu < 4; ++cpu)
      perf.set(config, cpu, cpu % 2 == 0 ? round << 20 : 0 - (round << 20));
}

// `ids` holds those of the sensors before it: nothing is counted twice.
void check_channels(const Sensor& sensor, std::set<std::string>& ids) {
  for (const Channel& channel : sensor.channels()) {
    require(!channel.component.empty() && channel.resolution > 0);
    require(ids.insert(channel.id).second);
    require(!channel.max_power || channel.max_power->count() > 0);
  }
  require(std::isfinite(sensor.pace().longest.count()));
}

// What the trace and the account rely on.
void check_samples(const Sensor& sensor, const std::vector<Sample>& samples,
                   std::vector<double>& last) {
  for (const Sample& sample : samples) {
    require(sample.channel < sensor.channels().size() && std::isfinite(sample.value));
    double& before = last[sample.channel];
    if (sensor.channels()[sample.channel].rule == Rule::kCounter)
      require(sample.restart || sample.value >= before);
    before = sample.value;
  }
}

void read_machine(std::string_view text) {
  FakeMachine machine;
  put_files(text, machine.files());
  put_counts(machine.perf(), 1);
  const auto set = open_sensors_on(machine.machine(), {});
  if (!set) return;
  std::set<std::string> ids;
  for (const auto& sensor : set->sensors) {
    check_channels(*sensor, ids);
    std::vector<double> last(sensor->channels().size(), 0);
    std::vector<Sample> samples;
    for (std::uint64_t round = 2; round < 6; ++round) {
      machine.advance(Seconds(0.1));
      put_counts(machine.perf(), round);
      samples.clear();
      (void)sensor->read(samples);
      check_samples(*sensor, samples, last);
    }
  }
  (void)read_busy_time(machine.files());
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  joulery::read_machine({reinterpret_cast<const char*>(data), size});
  return 0;
}
