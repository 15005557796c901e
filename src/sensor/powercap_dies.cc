// sensor: compares the counters of dies, see powercap_dies.h.
#include "sensor/powercap_dies.h"

#include <charconv>
#include <string>

#include "base/text.h"

namespace joulery {
namespace {

std::optional<std::uint64_t> read_counter(KernelFile& file) {
  const auto content = file.read();
  return content ? parse_counter(*content) : std::nullopt;
}

struct Pair {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  [[nodiscard]] std::uint64_t distance() const { return second - first; }
};

/// Both counters at one moment: the first did not move while the second was read.
std::optional<Pair> read_both(KernelFile& first, KernelFile& second) {
  const auto before = read_counter(first);
  const auto other = read_counter(second);
  const auto after = read_counter(first);
  if (!before || !other || before != after) return std::nullopt;
  return Pair{*before, *other};
}

}  // namespace

std::optional<std::uint64_t> parse_counter(std::string_view text) {
  text = trim(text);
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_other_die(const RaplZone& first, const RaplZone& second) {
  if (first.domain != RaplDomain::kPackage || second.domain != RaplDomain::kPackage) return false;
  const auto package = [](const RaplZone& zone) {
    return zone.place.substr(0, zone.place.find('-'));
  };
  return package(first) == package(second) && first.place < second.place;
}

Likeness compare_counters(KernelFile& first, KernelFile& second,
                          const std::function<Instant()>& now) {
  constexpr Micros kLongest{5'000};
  constexpr int kMostTries = 1'000;
  constexpr int kStepsToBeSure =
      3;  // of about 1 ms; independent dies do not draw alike to 15 uJ even once
  const Instant end = now() + kLongest;
  std::optional<Pair> start;
  std::uint64_t last = 0;
  int steps = 0;
  for (int i = 0; i < kMostTries && steps < kStepsToBeSure && now() < end; ++i) {
    const auto both = read_both(first, second);
    if (!both) continue;
    if (!start) {
      start = both;
      last = both->first;
    }
    if (both->distance() != start->distance()) return Likeness::kOwn;
    if (both->first != last) ++steps;
    last = both->first;
  }
  const bool one_value = start && start->distance() == 0 && start->first != 0;
  return steps > 0 || one_value ? Likeness::kSame : Likeness::kUnknown;
}

bool DieDoubt::is_lifted(std::uint64_t own) {
  constexpr int kLooksToBeSure = 3;
  const auto earlier = read_counter(*earlier_);
  if (!earlier) return false;
  const std::uint64_t distance = own - *earlier;
  if (!distance_) distance_ = distance;
  looks_that_differ_ = distance == *distance_ ? 0 : looks_that_differ_ + 1;
  return looks_that_differ_ >= kLooksToBeSure;
}

}  // namespace joulery
