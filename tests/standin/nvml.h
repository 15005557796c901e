// standin: how the simulated NVML finds its machine, in a test's own process and in the shared
// library.
#pragma once

#include <string_view>

#include "standin/machine.h"
#include "standin/nvml_abi.h"

namespace joulery::standin {

/// The machine that the nvml* functions of this process show from now on; nullptr: the one of
/// JOULERY_STANDIN. It must outlive their use.
void use_machine(Machine* machine);

/// What dlsym would give, or nullptr where there is none or a fault `missing` names it. For tests
/// in one process.
void* find_symbol(const char* name);

// ---- for the files that implement the functions
struct Call {
  Gpu* gpu = nullptr;
  double t = 0;  ///< the machine's time
  nvmlReturn_t code = kSuccess;
  explicit operator bool() const { return code == kSuccess; }
};
/// The device of a call, or the code that the call must return. Sleeps where a fault `slow` says
/// so.
Call begin_call(nvmlDevice_t device, std::string_view name);
Machine* machine();        ///< nullptr before nvmlInit
Machine* given_machine();  ///< of use_machine
/// Lets a call last: really, or on a virtual clock by moving it.
void take_ms(Machine& of, double ms);
inline nvmlDevice_t handle_of(Gpu& gpu) { return reinterpret_cast<nvmlDevice_t>(&gpu); }
unsigned driver_major(const Machine& of);
bool driver_at_least(const Machine& of, unsigned major, unsigned minor);
/// Milliwatts for the caller, as a driver rounds them.
unsigned milliwatts(double watts);
nvmlReturn_t copy_text(std::string_view text, char* out, unsigned size);
/// What nvmlDeviceGetPowerUsage and power.draw mean on this GPU with this driver.
const PowerSensor& legacy_sensor(const Gpu& gpu, const Machine& of);
bool module_only(const Gpu& gpu, double t);

}  // namespace joulery::standin

#define STANDIN_API extern "C" __attribute__((visibility("default")))
