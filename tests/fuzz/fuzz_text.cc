// fuzz: numbers, times and fields as people type them. What is accepted lies within the bounds that
// text.h tells, and what is written of a time is read as the same time.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"

namespace joulery {
namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

bool sound(double value) { return std::isfinite(value) && value >= 0; }

void check_quantities(std::string_view text) {
  const auto duration = parse_duration(text, "--t");
  require(!duration || sound(duration->count()));
  if (duration) (void)format_duration(*duration);
  (void)parse_clock(text, "--c").has_value();
  const auto power = parse_power(text, "--p");
  require(!power || sound(power->count()));
  const auto energy = parse_energy(text, "--e");
  require(!energy || sound(energy->count()));
  const auto intensity = parse_intensity(text, "--i");
  require(!intensity || sound(intensity->count()));
  const auto pue = parse_pue(text, "--pue");
  require(!pue || (pue->value >= 1 && pue->value <= 10 && sound(pue->u.value_or(0))));
}

void check_prices(std::string_view text) {
  for (const auto& price : {parse_energy_price(text, "--e"), parse_hourly_price(text, "--h")})
    require(!price || (sound(price->low) && price->low <= price->high && sound(price->high) &&
                       price->currency.size() == 3));
}

void check_numbers(std::string_view text) {
  const auto number = parse_number(text);
  require(!number || std::isfinite(*number));
  if (number) {
    (void)format_duration(Seconds(*number));
    (void)format_rounded(*number, 0);
    (void)format_rounded(1, *number);
  }
  (void)parse_integer(text);
}

void check_times(std::string_view text) {
  const auto offset = parse_utc_offset(text, "--utc");
  require(!offset || std::chrono::abs(*offset) < std::chrono::hours(24));
  const auto time = parse_time(text, std::chrono::minutes(90));
  if (!time) return;
  // Years of other than four digits, which an offset reaches from the first and last day, are not
  // RFC 3339.
  const std::string written = format_time(*time);
  const auto again = parse_time(written);
  if (written.size() == 24 && written[0] != '-')
    require(again && *again == std::chrono::floor<std::chrono::milliseconds>(*time));
}

void check_fields(std::string_view text) {
  const auto fields = split_csv(text);
  require(!fields || (!fields->empty() && fields->size() <= text.size() + 1));
  require(split(text, ',').size() <= text.size() + 1);
  const std::string_view trimmed = trim(text);
  require(trim(trimmed) == trimmed);
  require(nearest_names(text.substr(0, 64), {"pue", "region", "intensity"}, 2).size() <= 2);
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  joulery::check_quantities(text);
  joulery::check_prices(text);
  joulery::check_numbers(text);
  joulery::check_times(text);
  joulery::check_fields(text);
  return 0;
}
