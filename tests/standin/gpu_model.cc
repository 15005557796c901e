// standin: the table of GPUs. Update periods and windows: Yang, Adamek, Armour, SC24, arXiv
// 2312.02741, table of power.draw options by architecture. Limits: A100 SXM 100/400/400 W and H100
// SXM 200/700/700 W as reported by nvidia-smi -q in NVIDIA/nvidia-docker issue 1648 and
// stackhpc/ansible-slurm-appliance pull request 975; V100 and A40 as swept in ml-energy/zeus
// (100-250 W, 100-300 W). Idle power is a choice; clocks are those of the data sheets.
#include "standin/gpu_model.h"

#include <array>

namespace joulery::standin {
namespace {

constexpr std::uint64_t kGiB = 1ULL << 30;
constexpr PowerSensor kTwentyTen{0.020, 0.010};
constexpr PowerSensor kHundredQuarter{0.100, 0.025};
constexpr PowerSensor kHundredFull{0.100, 0.100};
constexpr PowerSensor kOneSecond{0.100, 1.000};

// The energy counter of Volta was seen to move about every 10 ms to 20 ms (gpuopenanalytics/pynvml
// pull request 18), newer ones about every 100 ms (ml.energy blog, 2026-03-09).
constexpr std::array kModels = {
    GpuModel{.key = "V100",
             .name = "Tesla V100-PCIE-32GB",
             .architecture = 5,
             .physics = {.idle_w = 25},
             .min_limit_w = 100,
             .default_limit_w = 250,
             .max_limit_w = 250,
             .sm_clock_mhz = 1380,
             .memory_clock_mhz = 877,
             .memory_bytes = 32 * kGiB,
             .instant = kTwentyTen,
             .average = {},
             .counter_period = 0.020},
    GpuModel{.key = "RTX6000",
             .name = "Quadro RTX 6000",
             .architecture = 6,
             .physics = {.idle_w = 22},
             .min_limit_w = 100,
             .default_limit_w = 260,
             .max_limit_w = 260,
             .sm_clock_mhz = 1770,
             .memory_clock_mhz = 7001,
             .memory_bytes = 24 * kGiB,
             .instant = kHundredFull,
             .average = {},
             .counter_period = 0.100},
    GpuModel{.key = "A100",
             .name = "NVIDIA A100-SXM4-40GB",
             .architecture = 7,
             .ga100 = true,
             .physics = {.idle_w = 52},
             .min_limit_w = 100,
             .default_limit_w = 400,
             .max_limit_w = 400,
             .sm_clock_mhz = 1410,
             .memory_clock_mhz = 1215,
             .memory_bytes = 40 * kGiB,
             .instant = kHundredQuarter,
             .average = {},
             .counter_period = 0.100},
    GpuModel{.key = "A40",
             .name = "NVIDIA A40",
             .architecture = 7,
             .physics = {.idle_w = 30},
             .min_limit_w = 100,
             .default_limit_w = 300,
             .max_limit_w = 300,
             .sm_clock_mhz = 1740,
             .memory_clock_mhz = 7251,
             .memory_bytes = 48 * kGiB,
             .instant = kHundredFull,
             .average = kOneSecond,
             .counter_period = 0.100},
    GpuModel{.key = "RTX3090",
             .name = "NVIDIA GeForce RTX 3090",
             .architecture = 7,
             .physics = {.idle_w = 25},
             .min_limit_w = 100,
             .default_limit_w = 350,
             .max_limit_w = 350,
             .sm_clock_mhz = 1860,
             .memory_clock_mhz = 9751,
             .memory_bytes = 24 * kGiB,
             .instant = kHundredFull,
             .average = kOneSecond,
             .counter_period = 0.100},
    GpuModel{.key = "RTX4090",
             .name = "NVIDIA GeForce RTX 4090",
             .architecture = 8,
             .physics = {.idle_w = 20},
             .min_limit_w = 150,
             .default_limit_w = 450,
             .max_limit_w = 450,
             .sm_clock_mhz = 2520,
             .memory_clock_mhz = 10501,
             .memory_bytes = 24 * kGiB,
             .instant = kHundredFull,
             .average = kOneSecond,
             .counter_period = 0.100},
    GpuModel{.key = "H100",
             .name = "NVIDIA H100 80GB HBM3",
             .architecture = 9,
             .physics = {.idle_w = 70},
             .min_limit_w = 200,
             .default_limit_w = 700,
             .max_limit_w = 700,
             .sm_clock_mhz = 1980,
             .memory_clock_mhz = 2619,
             .memory_bytes = 80 * kGiB,
             .instant = kHundredQuarter,
             .average = kOneSecond,
             .counter_period = 0.100},
    GpuModel{.key = "GH200",
             .name = "NVIDIA GH200 480GB",
             .architecture = 9,
             .physics = {.idle_w = 120},
             .min_limit_w = 200,
             .default_limit_w = 900,
             .max_limit_w = 900,
             .sm_clock_mhz = 1980,
             .memory_clock_mhz = 2619,
             .memory_bytes = 96 * kGiB,
             .instant = kHundredQuarter,
             .average = kOneSecond,
             .counter_period = 0.100},
};

}  // namespace

double Physics::power(double demand_w, double clock) const {
  const double above_knee = clock <= knee ? 0 : (clock - knee) / (1 - knee);
  const double voltage = lowest_voltage + (1 - lowest_voltage) * above_knee;
  const double core = clock * voltage * voltage;
  return idle_w + (demand_w - idle_w) * ((1 - memory_share) * core + memory_share);
}

double Physics::clock_under(double demand_w, double cap_w) const {
  if (demand_w <= cap_w) return 1;
  if (power(demand_w, lowest_clock) >= cap_w) return lowest_clock;
  double low = lowest_clock;
  double high = 1;
  for (int i = 0; i < 50; ++i) {  // halves the bracket below one part in 10^15
    const double middle = (low + high) / 2;
    (power(demand_w, middle) <= cap_w ? low : high) = middle;
  }
  return low;
}

const GpuModel* find_gpu_model(std::string_view key) {
  for (const GpuModel& model : kModels)
    if (model.key == key) return &model;
  return nullptr;
}

}  // namespace joulery::standin
