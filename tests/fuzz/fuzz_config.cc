// fuzz: hostile configuration files, and the places that are made of them. A form feed starts a
// second file, whose keys count less.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "site/config.h"
#include "site/place.h"

namespace joulery {
namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

template <class T>
double count_of(const T& quantity) {
  return quantity.count();
}
double count_of(double number) { return number; }

template <class T>
void check(const Factor<T>& factor, double least) {
  if (!factor.estimate) return;
  const double value = count_of(*factor.estimate.value);
  const double u = count_of(factor.estimate.u);
  require(std::isfinite(value) && value >= least && std::isfinite(u) && u >= 0);
}

void check_place(const SiteConfig& config, const std::string& site) {
  PlaceRequest request;
  request.site = site;
  const auto place = place_from(request, config, {"a.toml", "b.toml"});
  if (!place) return require(!place.error().message.empty());
  check(place->pue, 1);
  check(place->intensity, 0);
  check(place->electricity_price, 0);
  require(place->currency.size() == 3);
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = text.find('\f');
  joulery::SiteConfig config;
  if (!joulery::add_site_config(text.substr(0, cut), "a.toml", config)) return 0;
  if (cut != std::string_view::npos &&
      !joulery::add_site_config(text.substr(cut + 1), "b.toml", config))
    return 0;
  joulery::check_place(config, "");
  for (const auto& [name, layer] : config.sites) joulery::check_place(config, name);
  return 0;
}
