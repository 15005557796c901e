// sensor: a tick allocates nothing, so that it never waits for the allocator's lock beside the
// measured job.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "sensor/fake_gpus.h"
#include "sensor/fake_machine.h"

namespace {
std::atomic<int> g_allocations{0};
}  // namespace

// Not inlined: where g++ 12 sees malloc() or free() in one of them it takes the other for a
// mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++g_allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++g_allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace joulery {
namespace {

TEST(Allocation, ReadingTheRealMachineTakesNone) {
  auto set = open_sensors({});
  ASSERT_TRUE(set);
  std::vector<Sample> samples;
  samples.reserve(1000);

  const int before = g_allocations;
  for (int tick = 0; tick < 10; ++tick)
    for (const auto& sensor : set->sensors) static_cast<void>(sensor->read(samples));

  EXPECT_EQ(g_allocations, before);
  EXPECT_FALSE(samples.empty());
}

TEST(Allocation, ReadingPerfEventsTakesNone) {
  FakeMachine fake;
  fake.add_pmu("0", {{2, "energy-pkg"}});
  fake.perf().set(2, 0, 1);
  auto set = open_sensors_on(fake.machine(), {});
  ASSERT_TRUE(set);
  ASSERT_EQ(set->sensors.size(), 1u);
  std::vector<Sample> samples;
  samples.reserve(1000);

  const int before = g_allocations;
  for (int tick = 0; tick < 10; ++tick) static_cast<void>(set->sensors[0]->read(samples));

  EXPECT_EQ(g_allocations, before);
  EXPECT_EQ(samples.size(), 10u);
}

TEST(Allocation, ReadingNvidiaBoardsTakesNone) {
  FakeGpus fake("gpus=4;model=H100;load=constant:level=300");
  auto set = fake.open();
  ASSERT_TRUE(set);
  std::vector<Sample> samples;
  samples.reserve(2000);
  const auto read_all = [&] {
    for (const auto& sensor : set->sensors) static_cast<void>(sensor->read(samples));
  };
  read_all();  // the stand-in makes its tables at its first reading

  const int before = g_allocations;
  for (int tick = 0; tick < 10; ++tick) read_all();

  EXPECT_EQ(g_allocations, before);
  EXPECT_GT(samples.size(), 400u);
}

}  // namespace
}  // namespace joulery
