// bench/gpu: a load of known shape: all multiprocessors multiply matrices for ON_US, then rest until the period is over.
// Starts stand at whole multiples of PERIOD_US of CLOCK_MONOTONIC, plus PHASE_US, so that two runs differ by their phase
// alone. Prints on which deadlines it was late. Sets nothing on the device.
// Build: nvcc -O2 -arch=native -o square_wave square_wave.cu
// Usage: square_wave PERIOD_US ON_US PHASE_US SECONDS
#include <cuda_fp16.h>
#include <mma.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

constexpr int kTile = 16;        // of a fragment of the tensor cores
constexpr int kRounds = 64;      // products between two looks at the clock: some microseconds
constexpr int kAccumulators = 4;  // independent, so that the units never wait

__device__ std::uint64_t now_ns() {
  std::uint64_t ns;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(ns));
  return ns;
}

// Pseudo-random in [-1, 1): the power of a multiplier depends on what it multiplies.
__device__ __half noise(unsigned seed) {
  seed = seed * 1664525U + 1013904223U;
  seed ^= seed >> 13;
  return __float2half(static_cast<float>(seed % 2048U) / 1024.0F - 1.0F);
}

__global__ void work(std::uint64_t on_ns, float* sink) {
  using namespace nvcuda::wmma;
  const std::uint64_t end = now_ns() + on_ns;
  fragment<matrix_a, kTile, kTile, kTile, __half, row_major> a;
  fragment<matrix_b, kTile, kTile, kTile, __half, col_major> b;
  fragment<accumulator, kTile, kTile, kTile, float> sums[kAccumulators];
  const unsigned seed = blockIdx.x * blockDim.x + threadIdx.x;
  for (int i = 0; i < a.num_elements; ++i) a.x[i] = noise(seed * 31U + i);
  for (int i = 0; i < b.num_elements; ++i) b.x[i] = noise(seed * 37U + i);
  for (auto& sum : sums) fill_fragment(sum, 0.0F);
  while (now_ns() < end) {
    for (int round = 0; round < kRounds; ++round) {
      for (auto& sum : sums) mma_sync(sum, a, b, sum);
    }
  }
  for (auto& sum : sums) {
    if (sum.x[0] == 12345.678F) *sink = sum.x[0];  // never so: keeps the products
  }
}

void check(cudaError_t error) {
  if (error == cudaSuccess) return;
  std::fprintf(stderr, "square_wave: %s\n", cudaGetErrorString(error));
  std::exit(1);
}

std::int64_t monotonic_us() {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1000000} + now.tv_nsec / 1000;
}

void sleep_until(std::int64_t us) {
  const timespec at{static_cast<time_t>(us / 1000000), (us % 1000000) * 1000};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) != 0) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: square_wave PERIOD_US ON_US PHASE_US SECONDS\n");
    return 64;
  }
  const std::int64_t period = std::atoll(argv[1]);
  const std::int64_t on = std::atoll(argv[2]);
  const std::int64_t phase = std::atoll(argv[3]);
  const double seconds = std::atof(argv[4]);
  float* sink = nullptr;
  cudaDeviceProp device{};
  check(cudaGetDeviceProperties(&device, 0));
  check(cudaMalloc(&sink, sizeof *sink));
  work<<<device.multiProcessorCount * 2, 512>>>(1000, sink);  // loads the code
  check(cudaDeviceSynchronize());

  std::int64_t next = (monotonic_us() / period + 1) * period + phase;
  const std::int64_t end = next + static_cast<std::int64_t>(seconds * 1e6);
  long periods = 0, late = 0;
  for (; next < end; next += period, ++periods) {
    sleep_until(next);
    if (monotonic_us() > next + 500) ++late;
    work<<<device.multiProcessorCount * 2, 512>>>(static_cast<std::uint64_t>(on) * 1000, sink);
    check(cudaGetLastError());
    check(cudaDeviceSynchronize());
  }
  std::printf("square_wave: period %lld us, on %lld us, phase %lld us: %ld periods, %ld begun more than 0.5 ms late\n",
              static_cast<long long>(period), static_cast<long long>(on), static_cast<long long>(phase), periods, late);
  return 0;
}
