// project: what each kind of device draws and costs: by flag, or by the tables of accelerators.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/project.h"
#include "project/device_sets.h"

namespace joulery {
namespace project {
namespace {

/// "V100=300W,A100=400W" by device in lower case, with the spelling of the user.
struct Given {
  std::string device, text;
};
using GivenMap = std::map<std::string, Given>;

Result<GivenMap> split_given(const std::vector<std::string>& lists, const std::string& flag,
                             const std::string& example) {
  GivenMap out;
  for (const std::string& list : lists)
    for (const std::string_view part : split(list, ',')) {
      const std::size_t equals = part.find('=');
      const std::string device(trim(part.substr(0, equals)));
      if (equals == std::string_view::npos || device.empty())
        return Error{ErrorCode::kUsage, fmt::format("{}: '{}' is not DEVICE=VALUE; for example {} "
                                                    "{}",
                                                    flag, part, flag, example)};
      const std::string text(trim(part.substr(equals + 1)));
      if (!out.emplace(lower(device), Given{device, text}).second)
        return Error{ErrorCode::kUsage, fmt::format("{}: {} is given twice", flag, device)};
    }
  return out;
}

/// Every device that a flag names must be in the log.
Result<void> check_devices(const GivenMap& given, const std::vector<std::string>& devices,
                           const std::string& flag) {
  for (const auto& [name, entry] : given) {
    const auto same = [&, wanted = name](const std::string& d) { return lower(d) == wanted; };
    if (std::any_of(devices.begin(), devices.end(), same)) continue;
    std::string list;
    for (const std::string& device : devices) list += (list.empty() ? "" : ", ") + device;
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: no job of the log holds '{}'; they hold {}", flag, entry.device,
                             shortened(printable(list), 200))};
  }
  return {};
}

class Rates {
 public:
  Rates(const Place& place, const std::vector<Accelerator>& accelerators)
      : place_(place), accelerators_(accelerators) {
    sources_.accelerators = accelerators;
  }

  Result<void> take(const RateRequest& request, const std::vector<std::string>& devices) {
    JOULERY_TRY(power_, split_given(request.device_power, "--device-power", "V100=300W"));
    JOULERY_TRY(price_,
                split_given(request.device_price, "--device-price", "P100=0.43..1.46USD/h"));
    JOULERY_TRY(as_, split_given(request.price_as, "--price-as", "Titan-X=P100"));
    JOULERY_CHECK(check_devices(power_, devices, "--device-power"));
    JOULERY_CHECK(check_devices(as_, devices, "--price-as"));
    std::vector<std::string> priced = devices;
    for (const auto& [name, entry] : as_) priced.push_back(entry.text);
    return check_devices(price_, priced, "--device-price");
  }

  Result<DeviceRate> of(const std::string& device) const {
    DeviceRate rate;
    rate.device = device;
    JOULERY_CHECK(put_power(rate));
    JOULERY_CHECK(put_price(rate));
    return rate;
  }

 private:
  /// The power of one, through the same rules as `joulery estimate`.
  Result<void> put_power(DeviceRate& rate) const {
    WrittenRow row{"--device-power", ErrorCode::kUsage, {}};
    const auto put = [&](const char* key, const std::string& text) {
      row.values[key] = {text, "--device-power", ErrorCode::kUsage};
    };
    put("count", "1");
    put("duration", "1h");
    const auto given = power_.find(lower(rate.device));
    const bool known = find_accelerator(accelerators_, rate.device).has_value();
    if (given != power_.end())
      put("power", given->second.text);
    else if (known)
      put("device", rate.device);
    JOULERY_TRY(const EstimateRequest request, make_estimate_request(row, sources_));
    if (request.parts.empty()) {
      const std::string why =
          known ? request.no_power : "the table of accelerators has no row of it";
      rate.power = Estimate<Watts>::missing(
          fmt::format("no power of {}: {}; --device-power {}=250W", rate.device, why, rate.device));
      return {};
    }
    rate.power = request.parts.front().power;
    rate.power_source = given != power_.end() ? "--device-power" : request.parts.front().source;
    rate.part = rate.device == kCpu ? std::string(kCpu) : request.parts.front().kind;
    rate.excludes = request.excludes;
    // Cores are the processor: of what is named as missing, only the rest is.
    if (rate.device == kCpu) std::erase(rate.excludes, kCpu);
    return {};
  }

  Result<void> put_price(DeviceRate& rate) const {
    const auto as = as_.find(lower(rate.device));
    const std::string model = as == as_.end() ? rate.device : as->second.text;
    if (as != as_.end()) rate.priced_as = model;
    if (const auto given = price_.find(lower(model)); given != price_.end())
      return put_given_price(given->second, rate);
    if (rate.device == kCpu) return {};  // rent is of accelerators
    if (as != as_.end()) return put_table_price(model, rate);
    if (!place_.cloud_price) return {};
    rate.rent = place_.cloud_price;
    rate.rent_source = place_.cloud_price_source;
    return {};
  }

  Result<void> put_given_price(const Given& given, DeviceRate& rate) const {
    JOULERY_TRY(const Price price, parse_hourly_price(given.text, "--device-price"));
    JOULERY_CHECK(check_currency(price.currency, "--device-price"));
    rate.rent = std::pair(MoneyPerSecond(price.low / kSecondsPerHour),
                          MoneyPerSecond(price.high / kSecondsPerHour));
    rate.rent_source = "--device-price";
    return {};
  }

  Result<void> put_table_price(const std::string& model, DeviceRate& rate) const {
    auto found = find_accelerator(accelerators_, model);
    if (!found) return Error{ErrorCode::kUsage, "--price-as: " + found.error().message};
    if (found->prices.empty())
      return Error{ErrorCode::kUsage, fmt::format("--price-as: the table has no price of {}; "
                                                  "--device-price {}=0.43..1.46USD/h gives one",
                                                  found->id, model)};
    for (const RentalPrice& price : found->prices) {
      if (price.currency != place_.currency) continue;
      rate.rent = rate.rent ? std::pair(std::min(rate.rent->first, price.low),
                                        std::max(rate.rent->second, price.high))
                            : std::pair(price.low, price.high);
      rate.rent_source +=
          fmt::format("{}{} {}, {}", rate.rent_source.empty() ? "table: " : "; ", price.provider,
                      price.spot ? "spot" : "on demand", price.as_of);
    }
    return {};
  }

  Result<void> check_currency(const std::string& currency, const std::string& flag) const {
    if (currency == place_.currency) return {};
    return Error{ErrorCode::kUsage, fmt::format("{}: is in {}, the other prices in {}", flag,
                                                currency, place_.currency)};
  }

  const Place& place_;
  const std::vector<Accelerator>& accelerators_;
  EstimateSources sources_;
  GivenMap power_, price_, as_;
};

}  // namespace
}  // namespace project

Result<std::vector<DeviceRate>> make_device_rates(const std::vector<std::string>& devices,
                                                  const RateRequest& request, const Place& place,
                                                  const std::vector<Accelerator>& accelerators) {
  project::Rates rates(place, accelerators);
  JOULERY_CHECK(rates.take(request, devices));
  std::vector<DeviceRate> out;
  for (const std::string& device : devices) {
    JOULERY_TRY(out.emplace_back(), rates.of(device));
  }
  return out;
}

Result<OwnServers> parse_own_servers(std::string_view text, std::string_view flag) {
  const auto wrong = [&](const char* what) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: '{}' {}; for example {} 20000USD/8", flag, text, what, flag)};
  };
  const std::size_t slash = text.find('/');
  const std::string_view money = trim(text.substr(0, slash));
  if (slash == std::string_view::npos || money.size() < 4)
    return wrong("is not a price, a currency and devices of one server");
  const std::string_view currency = money.substr(money.size() - 3);
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!std::all_of(currency.begin(), currency.end(), is_capital))
    return wrong("needs a currency of three capital letters");
  const auto price = parse_number(money.substr(0, money.size() - 3));
  const auto devices = parse_integer(text.substr(slash + 1));
  if (!price || *price <= 0 || *price > 1e9) return wrong("has no price of a server");
  if (!devices || *devices < 1 || *devices > 1024) return wrong("has no number of devices");
  return OwnServers{Money(*price), std::string(currency), static_cast<double>(*devices)};
}

}  // namespace joulery
