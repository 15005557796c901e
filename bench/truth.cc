// bench: a command that sleeps and prints what the stand-in's GPUs truly used meanwhile, in J.
// Usage: joulery_truth LIBRARY SECONDS
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "hw/nvml_api.h"

namespace {

template <class Function>
Function bind(void* library, const char* name) {
  auto* const function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) std::exit(1);
  return function;
}

}  // namespace

int main(int argc, char** argv) {
  using joulery::NvmlDevice;
  if (argc != 3) return 64;
  void* const library = ::dlopen(argv[1], RTLD_NOW);
  if (library == nullptr) return 1;
  bind<int (*)()>(library, "nvmlInit_v2")();
  const auto by_index =
      bind<int (*)(unsigned, NvmlDevice*)>(library, "nvmlDeviceGetHandleByIndex_v2");
  const auto now = bind<double (*)()>(library, "joulery_standin_now");
  const auto truth =
      bind<int (*)(NvmlDevice, double, double*, double*)>(library, "joulery_standin_truth");
  const auto total = [&](double at) {
    double sum = 0;
    NvmlDevice device = nullptr;
    for (unsigned i = 0; by_index(i, &device) == 0; ++i) {
      double energy = 0, work = 0;
      truth(device, at, &energy, &work);
      sum += energy;
    }
    return sum;
  };
  const double begin = now();
  const double seconds = std::atof(argv[2]);
  const timespec nap{.tv_sec = static_cast<time_t>(seconds),
                     .tv_nsec = static_cast<long>((seconds - static_cast<int>(seconds)) * 1e9)};
  ::nanosleep(&nap, nullptr);
  const double end = now();
  std::printf("%.6f %.6f\n", total(end) - total(begin), end - begin);
  return 0;
}
