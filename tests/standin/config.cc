// standin: the parser of JOULERY_STANDIN. It shares no code with the programs that it tests.
#include "standin/config.h"

#include <charconv>
#include <cmath>
#include <functional>
#include <type_traits>

#include "standin/gpu_model.h"

namespace joulery::standin {
namespace {

constexpr int kMostGpus = 64;
// Of any number with a point, in its unit: 30 years in ms and in s since 1970, a thousand power
// stations in W. What is computed from it stays within the integers of NVML's calls and of the
// clock.
constexpr double kMostNumber = 1e12;

struct Setting {
  std::string key;
  int gpu = -1;  // of "load.2"; -1: all
  std::string value;
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (end != 0) parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

template <class Number>
bool to_number(std::string_view text, Number& out) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (code != std::errc() || end != text.data() + text.size()) return false;
  if constexpr (std::is_floating_point_v<Number>) return std::abs(out) <= kMostNumber;  // no nan
  return true;
}

bool to_level(std::string_view text, Level& out) {
  out.percent = !text.empty() && text.back() == '%';
  if (out.percent) text.remove_suffix(1);
  return to_number(text, out.value) && out.value >= 0;
}

bool to_bool(std::string_view text, bool& out) {
  out = text == "1";
  return text == "0" || text == "1";
}

/// "name:a=1,b=2" -> the name, and each pair given to `take`.
bool parse_call(std::string_view text, std::string& name,
                const std::function<bool(const std::string&, const std::string&)>& take) {
  const std::size_t colon = text.find(':');
  name = text.substr(0, colon);
  if (colon == std::string_view::npos) return true;
  for (const std::string& pair : split(text.substr(colon + 1), ',')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) return false;
    if (!take(pair.substr(0, equals), pair.substr(equals + 1))) return false;
  }
  return true;
}

bool parse_load(std::string_view text, LoadSpec& load) {
  const bool fine =
      parse_call(text, load.kind, [&](const std::string& key, const std::string& value) {
        if (key == "period") return to_number(value, load.period) && load.period >= 1e-3;
        if (key == "duty") return to_number(value, load.duty) && load.duty > 0 && load.duty < 1;
        if (key == "phase") return to_number(value, load.phase);
        if (key == "low") return to_level(value, load.low);
        if (key == "high" || key == "level") return to_level(value, load.high);
        if (key == "noise")
          return to_number(value, load.noise) && load.noise >= 0 && load.noise < 0.5;
        if (key == "compute")
          return to_number(value, load.compute) && load.compute >= 0 && load.compute <= 1;
        return false;
      });
  const std::string& kind = load.kind;
  return fine && (kind == "idle" || kind == "constant" || kind == "square" || kind == "ramp" ||
                  kind == "train");
}

bool parse_fault(std::string_view text, Fault& fault) {
  static constexpr std::string_view kKinds[] = {
      "missing", "unsupported", "denied", "frozen", "reset", "lost",     "slow",
      "spike",   "mig",         "module", "oob",    "init",  "transient"};
  const bool fine =
      parse_call(text, fault.kind, [&](const std::string& key, const std::string& value) {
        if (key == "gpu") return to_number(value, fault.gpu);
        if (key == "at") return to_number(value, fault.at);
        if (key == "for") return to_number(value, fault.lasts);
        if (key == "field") return to_number(value, fault.field);
        if (key == "call") return fault.call = value, true;
        if (key == "ms" || key == "joules" || key == "watts" || key == "code")
          return to_number(value, fault.value);
        return false;
      });
  for (const std::string_view kind : kKinds)
    if (fault.kind == kind) return fine;
  return false;
}

bool parse_processes(std::string_view text, std::vector<unsigned>& out) {
  out.clear();
  for (const std::string& pid : split(text, '+'))
    if (!to_number(pid, out.emplace_back())) return false;
  return true;
}

bool apply_to_gpu(const Setting& set, GpuConfig& gpu) {
  const std::string& value = set.value;
  if (set.key == "model") return gpu.model = value, find_gpu_model(value) != nullptr;
  if (set.key == "load") return gpu.load = {}, parse_load(value, gpu.load);
  if (set.key == "gain") return to_number(value, gpu.gain.emplace());
  if (set.key == "offset") return to_number(value, gpu.offset.emplace());
  if (set.key == "noise") return to_number(value, gpu.noise_w) && gpu.noise_w >= 0;
  if (set.key == "lag") return to_number(value, gpu.lag) && gpu.lag >= 0;
  if (set.key == "processes") return parse_processes(value, gpu.processes);
  return false;
}

bool parse_clock(std::string_view text, Config& config) {
  if (text.starts_with("file:")) config.clock_path = text.substr(5);
  config.virtual_clock = text.starts_with("virtual");
  if (text.starts_with("virtual:")) return to_number(text.substr(8), config.virtual_start);
  return text == "virtual" || text == "monotonic" || !config.clock_path.empty();
}

bool apply_to_machine(const Setting& set, Config& config) {
  const std::string& value = set.value;
  if (set.key == "driver") return config.driver = value, !value.empty();
  if (set.key == "seed") return to_number(value, config.seed);
  if (set.key == "counter")
    return config.sampled_counter = value == "sampled", value == "full" || value == "sampled";
  if (set.key == "root") return to_bool(value, config.root.emplace());
  if (set.key == "pcie_ms") return to_number(value, config.pcie_ms) && config.pcie_ms >= 0;
  if (set.key == "state") return config.state_path = value, true;
  if (set.key == "clock") return parse_clock(value, config);
  if (set.key == "fault") return parse_fault(value, config.faults.emplace_back());
  return false;
}

bool apply(const Setting& set, Config& config) {
  static constexpr std::string_view kGpuKeys[] = {"model", "load", "gain",     "offset",
                                                  "noise", "lag",  "processes"};
  bool of_gpu = false;
  for (const std::string_view key : kGpuKeys) of_gpu = of_gpu || set.key == key;
  if (!of_gpu) return set.gpu < 0 && apply_to_machine(set, config);
  if (set.gpu >= static_cast<int>(config.gpus.size())) return false;
  if (set.gpu >= 0) return apply_to_gpu(set, config.gpus[static_cast<std::size_t>(set.gpu)]);
  GpuConfig probe;  // so that a bad value is an error with 0 GPUs too
  if (!apply_to_gpu(set, probe)) return false;
  for (GpuConfig& gpu : config.gpus) apply_to_gpu(set, gpu);
  return true;
}

std::optional<Setting> parse_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return std::nullopt;
  Setting set{.key = text.substr(0, equals), .gpu = -1, .value = text.substr(equals + 1)};
  const std::size_t dot = set.key.find('.');
  if (dot == std::string::npos) return set;
  if (!to_number(std::string_view(set.key).substr(dot + 1), set.gpu) || set.gpu < 0)
    return std::nullopt;
  set.key.resize(dot);
  return set;
}

}  // namespace

std::optional<Config> parse_config(std::string_view text, std::string& error) {
  std::vector<Setting> settings;
  int gpus = 1;
  for (const std::string& part : split(text, ';')) {
    const auto set = parse_setting(part);
    const bool count = set && set->key == "gpus";
    if (!set || (count && (!to_number(set->value, gpus) || gpus < 0 || gpus > kMostGpus))) {
      error = "JOULERY_STANDIN: cannot read '" + part + "'";
      return std::nullopt;
    }
    if (!count) settings.push_back(*set);
  }
  Config config;
  config.gpus.resize(static_cast<std::size_t>(gpus));
  for (const Setting& set : settings) {
    if (apply(set, config)) continue;
    error = "JOULERY_STANDIN: cannot read '" + set.key + "=" + set.value + "'";
    return std::nullopt;
  }
  return config;
}

}  // namespace joulery::standin
