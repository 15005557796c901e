// simulate: reservations against a list of minutes.
#include "simulate/calendar.h"

#include <gtest/gtest.h>

#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

using std::chrono::minutes;

TEST(Calendar, FindsRoomAsAListOfMinutesDoes) {
  std::mt19937_64 random(1);
  constexpr std::int64_t kMinutes = 500, kMost = 8000;  // none is held so late
  for (int trial = 0; trial < 50; ++trial) {
    Calendar calendar(kYear, kYear + minutes(kMost), 10);
    std::vector<DeviceCount> used(kMost, 0);
    for (int step = 0; step < 60; ++step) {
      const auto from = static_cast<std::int64_t>(random() % kMinutes);
      const std::int64_t length = 1 + static_cast<std::int64_t>(random() % 100);
      const auto devices = static_cast<DeviceCount>(1 + random() % 10);
      const auto has_room = [&](std::int64_t minute) {
        for (std::int64_t m = minute; m < minute + length; ++m)
          if (used[static_cast<std::size_t>(m)] + devices > 10) return false;
        return true;
      };
      std::int64_t first = from;
      while (!has_room(first)) ++first;
      ASSERT_EQ(calendar.has_room(kYear + minutes(from), kYear + minutes(from + length), devices),
                first == from);
      ASSERT_EQ(calendar.first_room(kYear + minutes(from), minutes(length), devices),
                kYear + minutes(first));
      calendar.hold(kYear + minutes(first), kYear + minutes(first + length), devices);
      for (std::int64_t m = first; m < first + length; ++m)
        used[static_cast<std::size_t>(m)] += devices;
    }
  }
}

}  // namespace
}  // namespace joulery::simulate
