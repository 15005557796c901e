// ledger: the names of runs, see run_id.h.
#include "ledger/run_id.h"

#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "base/clock.h"
#include "base/text.h"

namespace joulery {
namespace {

constexpr std::string_view kDigits =
    "0123456789abcdefghijklmnopqrstuvwxyz";  // in the order of ASCII
constexpr std::uint32_t kBase = 36;

std::string digits(std::uint32_t number, std::size_t count) {
  std::string text(count, '0');
  for (std::size_t i = count; i-- > 0; number /= kBase) text[i] = kDigits[number % kBase];
  return text;
}

}  // namespace

std::string run_id(WallTime now, std::uint32_t random) {
  std::string stamp = format_time(now).substr(0, 19);  // 2026-11-25T15:34:12
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  const auto fraction = static_cast<std::uint64_t>((now - second).count());
  const auto step = static_cast<std::uint32_t>(fraction * kBase * kBase / 1'000'000);
  return stamp + "-" + digits(step, 2) + digits(random, 4);
}

WallTime next_tick(WallTime now, WallTime last) {
  constexpr std::int64_t kTicks = kBase * kBase;  // of a second, what two digits count
  constexpr std::int64_t kMicros = 1'000'000;
  const auto tick = [](WallTime time) {
    return time.time_since_epoch().count() * kTicks / kMicros;
  };
  if (tick(now) > tick(last)) return now;
  return WallTime(Micros(((tick(last) + 1) * kMicros + kTicks - 1) / kTicks));
}

std::string make_run_id() {
  static std::mutex mutex;
  static WallTime last;
  std::uint32_t random = 0;
  // Cannot fail for 4 bytes on any kernel that this runs on; if it does, the process id keeps runs
  // of one node apart.
  if (::getrandom(&random, sizeof random, 0) != sizeof random)
    random = static_cast<std::uint32_t>(::getpid());
  const std::lock_guard lock(mutex);
  last = next_tick(wall_now(), last);
  return run_id(last, random);
}

bool is_run_id(std::string_view text) {
  constexpr std::string_view kForm =
      "dddddddd"
      "Tdddddd"
      "-xxxxxx";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t digit = kDigits.find(text[i]);
    const bool fits = kForm[i] == 'd'   ? digit < 10
                      : kForm[i] == 'x' ? digit != std::string_view::npos
                                        : text[i] == kForm[i];
    if (!fits) return false;
  }
  return true;
}

}  // namespace joulery
