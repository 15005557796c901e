// estimate: a row as it was written to what it asks for, see joulery/estimate.h.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "estimate/keys.h"
#include "estimate/power_source.h"
#include "estimate/work.h"
#include "estimate/written.h"

namespace joulery {
namespace {

using estimate::error_of;
using estimate::find;

// A choice: the embodied carbon that makers and life-cycle studies state of one device differs by
// about a third.
constexpr double kUnstatedEmbodiedU = 0.3;
// Choices: a device of 100 t CO2e would outweigh the servers around it many times; one that serves
// less than a month is a slip of the unit.
constexpr GramsCo2 kMostEmbodied(1e8);
constexpr Seconds kLeastLifetime(30 * 86400.0);

std::string text_of(const WrittenRow& row, std::string_view key) {
  const WrittenValue* value = find(row, key);
  return value == nullptr ? std::string() : value->text;
}

Error missing(const WrittenRow& row, const std::string& what) {
  return {row.code, row.where + ": " + what};
}

Result<void> put_device(const WrittenRow& row, const EstimateSources& sources,
                        EstimateRequest& request) {
  const WrittenValue* value = find(row, "device");
  if (value == nullptr) return {};
  auto device = find_accelerator(sources.accelerators, value->text);
  if (!device) return Error{value->code, value->where + ": " + device.error().message};
  request.device = *device;
  return {};
}

Result<void> put_count(const WrittenRow& row, EstimateRequest& request) {
  const WrittenValue* value = find(row, "count");
  if (value == nullptr) return {};
  JOULERY_TRY(request.count, estimate::read_devices(*value));
  return {};
}

/// The one of the ways to say how long that the row has.
Result<void> put_time(const WrittenRow& row, EstimateRequest& request) {
  const WrittenValue* duration = find(row, "duration");
  const WrittenValue* device_hours = find(row, "device_hours");
  const WrittenValue* steps = find(row, "steps");
  const WrittenValue* rate = find(row, "rate");
  const int ways = (duration != nullptr) + (device_hours != nullptr) + (steps != nullptr);
  if (ways > 1)
    return error_of(device_hours != nullptr ? *device_hours : *steps, "says how long a second time",
                    "one of duration, device_hours, steps");
  if ((steps != nullptr) != (rate != nullptr))
    return error_of(steps != nullptr ? *steps : *rate, "needs steps and rate, both",
                    "steps 979M with rate 300k/84h");
  if (ways == 0 && find(row, "energy") == nullptr && find(row, "mfu") == nullptr)
    return missing(row, "needs duration, device_hours, or steps and rate, for example 79.2h");
  const std::string none = "no duration: --duration";
  request.duration = Estimate<Seconds>::missing(none);
  request.device_time = Estimate<Seconds>::missing(none);
  if (duration != nullptr) {
    JOULERY_TRY(request.duration, estimate::read_duration(*duration));
  }
  if (steps != nullptr) {
    JOULERY_TRY(request.duration, estimate::read_steps(*steps, *rate));
  }
  if (device_hours != nullptr) {
    JOULERY_TRY(request.device_time, estimate::read_device_time(*device_hours));
    request.duration = Estimate<Seconds>::missing("device hours do not tell it: --count");
  }
  return {};
}

Result<void> put_work(const WrittenRow& row, EstimateRequest& request) {
  JOULERY_TRY(request.work, estimate::read_work(row));
  return estimate::put_time_of_work(row, request);
}

/// One from the other, once the count is known.
void complete_time(EstimateRequest& request) {
  const auto times = [](Estimate<Seconds> time, double factor) {
    time.value = *time.value * factor;
    time.u *= factor;
    return time;
  };
  if (request.duration)
    request.device_time = times(request.duration, request.count.value_or(1));
  else if (request.device_time && request.count)
    request.duration = times(request.device_time, 1 / *request.count);
}

/// Power of a machine, of which device hours without a count do not say how long it ran.
Result<void> check_time(const WrittenRow& row, const EstimateRequest& request) {
  if (request.duration || !request.device_time) return {};
  for (const char* key : {"node_power", "cpu_power", "dram_power", "rest_power"})
    if (const WrittenValue* value = find(row, key); value != nullptr)
      return error_of(*value, "is of a whole machine: device hours need a count beside them",
                      "count 8");
  return {};
}

Error at_its_key(Error error, const WrittenRow& row) {
  for (const char* key :
       {"site", "pue", "intensity", "region", "electricity_price", "cloud_price"}) {
    std::string flag = std::string("--") + key;
    std::replace(flag.begin(), flag.end(), '_', '-');
    const WrittenValue* value = find(row, key);
    if (value == nullptr || value->where == flag || !error.message.starts_with(flag + ":"))
      continue;
    error.message = value->where + error.message.substr(flag.size());
    error.code = value->code;
  }
  return error;
}

/// --cloud-price table: from the least to the greatest that is known of the device.
Result<void> put_table_price(const WrittenValue& value, EstimateRequest& request) {
  const auto* prices = request.device ? &request.device->prices : nullptr;
  if (prices == nullptr || prices->empty())
    return error_of(value, "needs a device whose price the table knows", "0.74..2.48USD/h");
  Place& place = request.place;
  std::string from;
  std::optional<std::pair<MoneyPerSecond, MoneyPerSecond>> range;
  for (const RentalPrice& price : *prices) {
    if (price.currency != prices->front().currency) continue;
    range = range
                ? std::pair(std::min(range->first, price.low), std::max(range->second, price.high))
                : std::pair(price.low, price.high);
    from += fmt::format("{}{} {} {}", from.empty() ? "" : "; ", price.provider,
                        price.spot ? "spot" : "on demand", price.as_of);
  }
  const std::string& currency = prices->front().currency;
  if (place.electricity_price.estimate && place.currency != currency)
    return error_of(value, "is in " + currency + ", the electricity price in " + place.currency,
                    "0.74..2.48" + place.currency + "/h");
  place.cloud_price = range;
  place.currency = currency;
  place.cloud_price_source = "table: " + from;
  return {};
}

Result<void> put_place(const WrittenRow& row, const EstimateSources& sources,
                       EstimateRequest& request) {
  const bool by_table = trim(text_of(row, "cloud_price")) == "table";
  const PlaceRequest wanted{.site = text_of(row, "site"),
                            .pue = text_of(row, "pue"),
                            .intensity = text_of(row, "intensity"),
                            .region = text_of(row, "region"),
                            .electricity_price = text_of(row, "electricity_price"),
                            .cloud_price = by_table ? "" : text_of(row, "cloud_price")};
  auto place = make_place(wanted, sources.config_files);
  if (!place) return at_its_key(place.error(), row);
  request.place = *place;
  return by_table ? put_table_price(*find(row, "cloud_price"), request) : Result<void>{};
}

Result<void> put_embodied(const WrittenRow& row, EstimateRequest& request) {
  const WrittenValue* each = find(row, "embodied");
  const WrittenValue* life = find(row, "lifetime");
  if ((each != nullptr) != (life != nullptr))
    return error_of(each != nullptr ? *each : *life, "needs embodied and lifetime, both",
                    "embodied 150kg with lifetime 1461d");
  if (each != nullptr) {
    Embodied embodied;
    JOULERY_TRY(embodied.each, estimate::read_carbon(*each, kUnstatedEmbodiedU));
    embodied.each.top = "embodied carbon";
    if (*embodied.each.value > kMostEmbodied)
      return error_of(*each, "is more than the making of any one device emits", "150kg");
    JOULERY_TRY(const Estimate<Seconds> lifetime, estimate::read_duration(*life));
    embodied.lifetime = *lifetime.value;
    if (embodied.lifetime < kLeastLifetime)
      return error_of(*life, "is less than a month, and devices serve for years", "1461d");
    request.embodied = embodied;
  }
  if (const WrittenValue* unit = find(row, "per")) {
    JOULERY_TRY(request.unit, estimate::read_unit(*unit));
  }
  return {};
}

Result<void> put_published(const WrittenRow& row, EstimateRequest& request) {
  if (const WrittenValue* value = find(row, "published_energy")) {
    JOULERY_TRY(const auto energy, estimate::read_energy(*value, 0));
    request.published.energy = energy.value;
  }
  if (const WrittenValue* value = find(row, "published_carbon")) {
    JOULERY_TRY(const auto carbon, estimate::read_carbon(*value, 0));
    request.published.carbon = carbon.value;
  }
  return {};
}

Result<void> put_metric(const WrittenRow& row, EstimateRequest& request) {
  const WrittenValue* metric = find(row, "metric");
  const WrittenValue* better = find(row, "metric_better");
  if (metric != nullptr) {
    request.metric = parse_number(trim(metric->text));
    if (!request.metric) return error_of(*metric, "is no number", "28.4");
  }
  if (better == nullptr) return {};
  JOULERY_TRY(request.better, parse_better(better->text, better->where, better->code));
  return {};
}

}  // namespace

const std::vector<std::string>& estimate::row_keys() {
  static const std::vector<std::string> keys{"name",
                                             "device",
                                             "count",
                                             "duration",
                                             "device_hours",
                                             "steps",
                                             "rate",
                                             "parameters",
                                             "active_parameters",
                                             "layers",
                                             "hidden",
                                             "sequence",
                                             "vocabulary",
                                             "tokens",
                                             "operations",
                                             "mfu",
                                             "power",
                                             "node_power",
                                             "utilisation",
                                             "from",
                                             "gpus_per_node",
                                             "energy",
                                             "energy_includes_pue",
                                             "cpu_power",
                                             "dram_power",
                                             "rest_power",
                                             "site",
                                             "pue",
                                             "intensity",
                                             "region",
                                             "electricity_price",
                                             "cloud_price",
                                             "embodied",
                                             "lifetime",
                                             "per",
                                             "published_energy",
                                             "published_carbon",
                                             "metric",
                                             "metric_better"};
  return keys;
}

Result<EstimateRequest> make_estimate_request(const WrittenRow& row,
                                              const EstimateSources& sources) {
  EstimateRequest request;
  request.name = text_of(row, "name");
  JOULERY_CHECK(put_device(row, sources, request));
  JOULERY_CHECK(put_count(row, request));
  JOULERY_CHECK(put_time(row, request));
  JOULERY_CHECK(put_work(row, request));
  complete_time(request);
  JOULERY_CHECK(estimate::put_power(row, sources, request));
  complete_time(request);  // a measured run may have brought the count
  JOULERY_CHECK(check_time(row, request));
  JOULERY_CHECK(put_place(row, sources, request));
  JOULERY_CHECK(put_embodied(row, request));
  JOULERY_CHECK(put_published(row, request));
  JOULERY_CHECK(put_metric(row, request));
  if (request.name.empty() && request.device) request.name = request.device->id;
  return request;
}

}  // namespace joulery
