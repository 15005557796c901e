// base: numbers that know their unit, and numbers that know how sure they are. All are in SI base
// units inside.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace joulery {

template <class Kind>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double count) : count_(count) {}
  [[nodiscard]] constexpr double count() const { return count_; }

  constexpr Quantity& operator+=(Quantity other) {
    count_ += other.count_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    count_ -= other.count_;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity(a.count_ + b.count_);
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity(a.count_ - b.count_);
  }
  friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.count_); }
  friend constexpr Quantity operator*(Quantity a, double k) { return Quantity(a.count_ * k); }
  friend constexpr Quantity operator*(double k, Quantity a) { return a * k; }
  friend constexpr Quantity operator/(Quantity a, double k) { return Quantity(a.count_ / k); }
  friend constexpr double operator/(Quantity a, Quantity b) { return a.count_ / b.count_; }
  friend constexpr auto operator<=>(Quantity, Quantity) = default;

 private:
  double count_ = 0;
};

using Seconds = std::chrono::duration<double>;
using Watts = Quantity<struct PowerKind>;
using Joules = Quantity<struct EnergyKind>;
using Hertz = Quantity<struct FrequencyKind>;
using GramsCo2 = Quantity<struct CarbonKind>;
using GramsPerJoule = Quantity<struct CarbonIntensityKind>;
using Money =
    Quantity<struct MoneyKind>;  ///< the currency stands beside it: one currency per account
using MoneyPerJoule = Quantity<struct EnergyPriceKind>;
using MoneyPerSecond = Quantity<struct RentKind>;

// Every product the project uses. A missing line is a missing concept, not a missing cast.
constexpr Joules operator*(Watts p, Seconds t) { return Joules(p.count() * t.count()); }
constexpr Joules operator*(Seconds t, Watts p) { return p * t; }
constexpr Watts operator/(Joules e, Seconds t) { return Watts(e.count() / t.count()); }
constexpr Seconds operator/(Joules e, Watts p) { return Seconds(e.count() / p.count()); }
constexpr GramsCo2 operator*(Joules e, GramsPerJoule g) { return GramsCo2(e.count() * g.count()); }
constexpr Money operator*(Joules e, MoneyPerJoule price) {
  return Money(e.count() * price.count());
}
constexpr Money operator*(Seconds t, MoneyPerSecond price) {
  return Money(t.count() * price.count());
}

inline constexpr double kJoulesPerKilowattHour = 3.6e6;  // 1000 W x 3600 s, exact
inline constexpr double kGramsPerPound =
    453.59237;  // international avoirdupois pound, exact since 1959

inline constexpr double kHertzPerMegahertz = 1e6;
inline constexpr double kSecondsPerHour = 3600;

namespace literals {
constexpr Watts operator""_W(long double v) { return Watts(static_cast<double>(v)); }
constexpr Watts operator""_W(unsigned long long v) { return Watts(static_cast<double>(v)); }
constexpr Joules operator""_J(long double v) { return Joules(static_cast<double>(v)); }
constexpr Joules operator""_J(unsigned long long v) { return Joules(static_cast<double>(v)); }
}  // namespace literals

/// CLOCK_MONOTONIC, in microseconds: the only clock that stamps samples, marks and the ends of a
/// window.
struct MonotonicClock {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  // The name is the standard's: a Clock has is_steady ([time.clock.req]).
  static constexpr bool is_steady = true;  // NOLINT(readability-identifier-naming)
};
using Micros = std::chrono::microseconds;
using Instant = MonotonicClock::time_point;
/// UTC, for people and for other tools' logs. Never subtracted to get a duration.
using WallTime = std::chrono::sys_time<Micros>;

/// How a number came to be, from best to worst; a sum takes the worst of its parts.
enum class Evidence : std::uint8_t {
  kMeasured,    ///< hardware counter
  kIntegrated,  ///< power samples over time
  kModelled,    ///< computed from something else (utilisation, a table)
  kConstant,    ///< given by the user or a table
  kMissing,     ///< could not be seen: there is no value, and `why` says the reason
};

/// A value with its standard uncertainty (k = 1), where it came from and what share of the window
/// was seen. Missing is an empty `value`, never 0.
template <class T>
struct Estimate {
  std::optional<T> value;
  T u{};  ///< standard uncertainty, k = 1
  Evidence evidence = Evidence::kMissing;
  double coverage = 0;  ///< 0..1; of a sum: the parts' coverage weighted by their energy
  std::string top;      ///< largest contributor to u, e.g. "gpu sensor gain"
  std::string why;      ///< why it is missing, with the flag or right that would give it

  static Estimate missing(std::string why) {
    Estimate e;
    e.why = std::move(why);
    return e;
  }
  static Estimate of(T value, T u, Evidence evidence, std::string top = {}, double coverage = 1) {
    Estimate e;
    e.value = value;
    e.u = u;
    e.evidence = evidence;
    e.coverage = coverage;
    e.top = std::move(top);
    return e;
  }
  explicit operator bool() const { return value.has_value(); }
};

}  // namespace joulery
