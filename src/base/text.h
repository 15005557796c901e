// base: numbers with units, times and fields of text, in and out. Parsers never throw and never
// accept a rest.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

// ---- in: the values of the command line. `flag` is named in the error, with an example of a right
// value (kUsage).
Result<Seconds> parse_duration(std::string_view text,
                               std::string_view flag);  ///< ms s min h d; a bare m is refused
Result<Watts> parse_power(std::string_view text, std::string_view flag);  ///< W kW MW
Result<Hertz> parse_clock(std::string_view text, std::string_view flag);  ///< MHz GHz
Result<Joules> parse_energy(std::string_view text,
                            std::string_view flag);  ///< J kJ MJ GJ Wh kWh MWh GWh
Result<GramsPerJoule> parse_intensity(std::string_view text,
                                      std::string_view flag);  ///< g/kWh kg/kWh lb/kWh
Result<double> parse_memory(std::string_view text,
                            std::string_view flag);  ///< MB GB TB MiB GiB TiB, in bytes
Result<double> parse_throughput(std::string_view text,
                                std::string_view flag);  ///< GFLOP/s TFLOP/s PFLOP/s, in FLOP/s
struct Price {
  double low, high;      ///< equal where one value was given
  std::string currency;  ///< three capital letters
};
Result<Price> parse_energy_price(std::string_view text,
                                 std::string_view flag);  ///< 0.12USD/kWh, in currency per kWh
Result<Price> parse_hourly_price(std::string_view text,
                                 std::string_view flag);  ///< 0.74..2.48USD/h, in currency per hour
Result<Price> parse_money(std::string_view text,
                          std::string_view flag);  ///< 180USD, no range
struct Value {
  double value;
  std::optional<double> u;  ///< of "1.3+-0.05" or "1.3±0.05": the standard uncertainty
};
Result<Value> parse_pue(std::string_view text, std::string_view flag);

// ---- in: plain numbers and fields. Empty where the whole text is not one number (NaN and infinity
// are not numbers).
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);  ///< of ASCII letters
std::vector<std::string_view> split(std::string_view text, char separator);
/// Fields of one CSV line (RFC 4180 quotes, blanks around fields dropped). Empty on an unclosed
/// quote.
std::optional<std::vector<std::string>> split_csv(std::string_view line);

/// RFC 3339, "2026-11-25T15:34:00.123Z" or with an offset; where there is no zone, `offset` (UTC if
/// empty).
std::optional<WallTime> parse_time(std::string_view text,
                                   std::optional<std::chrono::minutes> offset = {});
Result<std::chrono::minutes> parse_utc_offset(std::string_view text,
                                              std::string_view flag);  ///< +01:00, Z

/// The nearest of `names` to `wanted` by edit distance, at most `most`, for "did you mean".
std::vector<std::string> nearest_names(std::string_view wanted,
                                       const std::vector<std::string>& names, std::size_t most = 3);

// ---- out
std::string format_time(WallTime time);  ///< "2026-11-25T15:34:00.123Z"
std::string format_duration(Seconds t);  ///< "2 h 5 min", "13.2 s", "45 ms"
/// With so many digits behind the point; what rounds to zero has no sign.
std::string format_fixed(double value, int decimals);
/// Value and expanded uncertainty (k = 2) rounded to two digits of the latter: {"0.123", "0.012"}.
std::pair<std::string, std::string> format_rounded(double value, double expanded_u);

}  // namespace joulery
