// bench: a command that prints CLOCK_MONOTONIC, in ns, when it starts and when it ends.
#include <cstdio>
#include <ctime>

namespace {

long long now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

}  // namespace

int main() {
  const long long start = now_ns();
  // Long enough that a meter is at rest again when the command ends.
  const timespec nap{.tv_sec = 0, .tv_nsec = 250'000'000};
  ::nanosleep(&nap, nullptr);
  std::printf("%lld %lld\n", start, now_ns());
  return 0;
}
