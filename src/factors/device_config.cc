// factors: TOML to accelerators, see device_config.h.
#include "factors/device_config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "base/toml.h"
#include "factors/name_key.h"

namespace joulery {
namespace {

constexpr std::uint64_t kMaxBytes = 1 << 20;  // a configuration that a person wrote is far below

const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys{"aliases",
                                             "vendor",
                                             "kind",
                                             "year",
                                             "tdp",
                                             "memory",
                                             "fp32",
                                             "tensor",
                                             "tensor_format",
                                             "average_power",
                                             "average_power_u",
                                             "spot_price",
                                             "on_demand_price",
                                             "price_as_of",
                                             "provider",
                                             "source"};
  return keys;
}

/// A value as it was written, and where.
struct Said {
  std::vector<std::string> texts;  ///< several of an array
  std::string where;               ///< "FILE:LINE: key"
};
struct Device {
  std::string file;
  std::map<std::string, Said, std::less<>> keys;
};
using Devices = std::map<std::string, Device>;

std::string place_of(const std::string& file, const toml::node& node) {
  return fmt::format("{}:{}", file, node.source().begin.line);
}

Error device_error(const std::string& where, std::string_view what) {
  return {ErrorCode::kInvalid, fmt::format("{}: {}", where, what)};
}

Result<std::string> text_of(const toml::node& node, const std::string& where) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value<double>(); number && node.is_number())
    return fmt::format("{}", *number);
  return device_error(where, "is neither text nor a number");
}

Result<Said> said_of(const std::string& key, const toml::node& node, const std::string& where) {
  Said said{{}, where};
  const toml::array* array = node.as_array();
  if (array == nullptr) {
    JOULERY_TRY(said.texts.emplace_back(), text_of(node, where));
    return said;
  }
  if (key != "aliases") return device_error(where, "is one value, not an array");
  for (const toml::node& item : *array) {
    JOULERY_TRY(said.texts.emplace_back(), text_of(item, where));
  }
  return said;
}

Result<void> read_device(const toml::table& table, const std::string& file, Device& device) {
  if (device.file.empty()) device.file = file;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const std::string where = place_of(file, node) + ": " + name;
    if (std::find(known_keys().begin(), known_keys().end(), name) == known_keys().end())
      return device_error(where,
                          fmt::format("unknown key; known: {}", fmt::join(known_keys(), ", ")));
    JOULERY_TRY(Said said, said_of(name, node, where));
    device.keys.emplace(name, std::move(said));
  }
  return {};
}

Result<void> read_devices(std::string_view text, const std::string& file, Devices& devices) {
  try {
    const toml::table root = toml::parse(text, file);
    const toml::node* set = root.get("device");
    if (set == nullptr) return {};
    if (!set->is_table())
      return device_error(place_of(file, *set), "'device' is a set of tables: [device.NAME]");
    for (const auto& [key, node] : *set->as_table()) {
      const std::string name(key.str());
      if (!node.is_table() || name_key(name).empty())
        return device_error(place_of(file, node),
                            fmt::format("'device.{}' is no table: [device.NAME]", name));
      JOULERY_CHECK(read_device(*node.as_table(), file, devices[name]));
    }
    return {};
  } catch (const toml::parse_error& error) {
    return device_error(fmt::format("{}:{}", file, error.source().begin.line), error.description());
  }
}

const Said* find(const Device& device, std::string_view key) {
  const auto at = device.keys.find(key);
  return at == device.keys.end() ? nullptr : &at->second;
}

std::string word(const Device& device, std::string_view key, std::string_view fallback) {
  const Said* said = find(device, key);
  return said != nullptr ? said->texts.front() : std::string(fallback);
}

// A value with its unit, by one of the parsers of the command line, whose error names the key.
template <class T>
Result<std::optional<T>> value_of(const Device& device, std::string_view key,
                                  Result<T> (*parse)(std::string_view, std::string_view)) {
  const Said* said = find(device, key);
  if (said == nullptr) return std::optional<T>{};
  auto value = parse(said->texts.front(), said->where);
  if (!value) return Error{ErrorCode::kInvalid, value.error().message};
  return std::optional<T>(std::move(*value));
}

// What a slip of the unit would give: no accelerator draws a watt or a megawatt.
Result<std::optional<Watts>> power_of(const Device& device, std::string_view key) {
  JOULERY_TRY(const auto power, value_of(device, key, parse_power));
  if (power && (*power < Watts(1) || *power > Watts(1e5)))
    return device_error(find(device, key)->where, "is no power of one device, for example 300W");
  return power;
}

Result<void> put_average(const Device& device, Accelerator& out) {
  JOULERY_TRY(const auto average, power_of(device, "average_power"));
  JOULERY_TRY(const auto u, value_of(device, "average_power_u", parse_power));
  out.average_power = Estimate<Watts>::missing("no average power of " + out.id);
  if (!average) {
    if (u) return device_error(find(device, "average_power_u")->where, "needs average_power");
    return {};
  }
  if (u && *u > *average)
    return device_error(find(device, "average_power_u")->where, "is more than average_power");
  // Without one: 10 %, of the order of the spreads that papers print (docs/formats/factors.md).
  constexpr double kUnstatedU = 0.1;
  out.average_power = Estimate<Watts>::of(*average, u.value_or(*average * kUnstatedU),
                                          Evidence::kConstant, "average power of the device");
  return {};
}

Result<void> put_price(const Device& device, std::string_view key, bool spot, Accelerator& out) {
  JOULERY_TRY(const auto price, value_of(device, key, parse_hourly_price));
  if (!price) return {};
  out.prices.push_back({.provider = word(device, "provider", "own"),
                        .spot = spot,
                        .low = MoneyPerSecond(price->low / kSecondsPerHour),
                        .high = MoneyPerSecond(price->high / kSecondsPerHour),
                        .currency = price->currency,
                        .as_of = word(device, "price_as_of", ""),
                        .source = out.tdp_source});
  return {};
}

Result<void> put_words(const Device& device, Accelerator& out) {
  if (const Said* said = find(device, "aliases")) out.aliases = said->texts;
  out.vendor = word(device, "vendor", "");
  out.kind = word(device, "kind", "gpu");
  if (out.kind != "gpu" && out.kind != "tpu" && out.kind != "other")
    return device_error(find(device, "kind")->where, "is gpu, tpu or other");
  const Said* said = find(device, "year");
  if (said == nullptr) return {};
  const auto year = parse_integer(said->texts.front());
  if (!year || *year < 1990 || *year > 2100) return device_error(said->where, "is no year");
  out.year = static_cast<int>(*year);
  return {};
}

Result<Accelerator> accelerator_of(const std::string& name, const Device& device) {
  Accelerator out;
  out.id = name;
  const std::string source =
      word(device, "source", fmt::format("device {} in {}", name, device.file));
  out.tdp_source = out.throughput_source = out.average_power_source = out.memory_source = source;
  JOULERY_CHECK(put_words(device, out));
  JOULERY_TRY(out.tdp, power_of(device, "tdp"));
  JOULERY_TRY(out.memory_bytes, value_of(device, "memory", parse_memory));
  JOULERY_TRY(out.fp32_flops, value_of(device, "fp32", parse_throughput));
  JOULERY_TRY(out.tensor_flops, value_of(device, "tensor", parse_throughput));
  out.tensor_format = word(device, "tensor_format", "");
  JOULERY_CHECK(put_average(device, out));
  JOULERY_CHECK(put_price(device, "on_demand_price", false, out));
  JOULERY_CHECK(put_price(device, "spot_price", true, out));
  return out;
}

Result<std::vector<Accelerator>> accelerators_of(const Devices& devices) {
  std::vector<Accelerator> rows;
  for (const auto& [name, device] : devices) {
    JOULERY_TRY(Accelerator row, accelerator_of(name, device));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Result<std::vector<Accelerator>> parse_device_config(std::string_view text,
                                                     const std::string& file) {
  Devices devices;
  JOULERY_CHECK(read_devices(text, file, devices));
  return accelerators_of(devices);
}

Result<std::vector<Accelerator>> load_device_config(const std::vector<std::string>& files) {
  Devices devices;
  for (const std::string& file : files) {
    const auto text = load_file(file, kMaxBytes);
    if (!text && text.error().code == ErrorCode::kUnavailable) continue;
    if (!text) return text.error();
    JOULERY_CHECK(read_devices(*text, file, devices));
  }
  return accelerators_of(devices);
}

}  // namespace joulery
