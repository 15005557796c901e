// standin: the library's start and end, its versions, and what all calls do first.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "standin/nvml.h"

namespace joulery::standin {
namespace {

std::mutex g_mutex;
std::unique_ptr<Machine> g_own;  // made from JOULERY_STANDIN; kept so that handles stay valid
Machine* g_given = nullptr;      // of use_machine
std::atomic<Machine*> g_machine{nullptr};  // what the calls see
int g_inits = 0;

Machine* own_machine() {
  if (g_own != nullptr) return g_own.get();
  const char* text = std::getenv("JOULERY_STANDIN");
  std::string error;
  const auto config = parse_config(text == nullptr ? "" : text, error);
  if (config) g_own = Machine::open(*config, error);
  if (g_own == nullptr) std::fprintf(stderr, "stand-in libnvidia-ml.so.1: %s\n", error.c_str());
  return g_own.get();
}

nvmlReturn_t init() {
  const std::lock_guard lock(g_mutex);
  Machine* machine = g_given != nullptr ? g_given : own_machine();
  if (machine == nullptr) return kInvalidArgument;
  for (const Fault& fault : machine->config().faults)
    if (fault.kind == "init")
      return fault.value > 0 ? static_cast<nvmlReturn_t>(fault.value) : kDriverNotLoaded;
  ++g_inits;
  g_machine = machine;
  return kSuccess;
}

Gpu* gpu_of(Machine& machine, nvmlDevice_t device) {
  for (std::size_t i = 0; i < machine.size(); ++i)
    if (handle_of(machine.gpu(i)) == device) return &machine.gpu(i);
  return nullptr;
}

}  // namespace

void use_machine(Machine* given) {
  const std::lock_guard lock(g_mutex);
  g_given = given;
  g_machine = nullptr;
  g_inits = 0;
}

Machine* given_machine() { return g_given; }

Machine* machine() { return g_machine.load(std::memory_order_acquire); }

void take_ms(Machine& of, double ms) {
  if (of.stands_still()) return of.set_time(of.now() + ms * 1e-3);
  if (ms <= 0 || of.shares_clock()) return;
  const auto ns = static_cast<long long>(ms * 1e6);
  const timespec time{.tv_sec = static_cast<time_t>(ns / 1'000'000'000),
                      .tv_nsec = static_cast<long>(ns % 1'000'000'000)};
  nanosleep(&time, nullptr);
}

Call begin_call(nvmlDevice_t device, std::string_view name) {
  Call call;
  Machine* of = machine();
  if (of == nullptr) return call.code = kUninitialized, call;
  call.gpu = gpu_of(*of, device);
  if (call.gpu == nullptr) return call.code = kInvalidArgument, call;
  call.t = of->now();
  const Gpu& gpu = *call.gpu;
  if (const Fault* slow = gpu.fault("slow", call.t, name)) take_ms(*of, slow->value);
  if (gpu.fault("lost", call.t, name) != nullptr)
    call.code = kGpuIsLost;
  else if (gpu.fault("transient", call.t, name) != nullptr)
    call.code = kTimeout;
  else if (gpu.fault("missing", call.t, name) != nullptr)
    call.code = kFunctionNotFound;
  else if (gpu.fault("unsupported", call.t, name) != nullptr)
    call.code = kNotSupported;
  else if (gpu.fault("denied", call.t, name) != nullptr)
    call.code = kNoPermission;
  return call;
}

unsigned driver_major(const Machine& of) {
  return static_cast<unsigned>(std::strtoul(of.config().driver.c_str(), nullptr, 10));
}

bool driver_at_least(const Machine& of, unsigned major, unsigned minor) {
  char* end = nullptr;
  const unsigned long seen = std::strtoul(of.config().driver.c_str(), &end, 10);
  const unsigned long seen_minor = *end == '.' ? std::strtoul(end + 1, nullptr, 10) : 0;
  return seen > major || (seen == major && seen_minor >= minor);
}

unsigned milliwatts(double watts) { return static_cast<unsigned>(std::lround(watts * 1000)); }

nvmlReturn_t copy_text(std::string_view text, char* out, unsigned size) {
  if (out == nullptr) return kInvalidArgument;
  if (size <= text.size()) return kInsufficientSize;
  std::memcpy(out, text.data(), text.size());
  out[text.size()] = '\0';
  return kSuccess;
}

}  // namespace joulery::standin

using namespace joulery::standin;

STANDIN_API const char* joulery_standin_version() { return "1"; }
STANDIN_API void joulery_standin_set_time(double seconds) {
  if (Machine* of = machine()) of->set_time(seconds);
}
STANDIN_API double joulery_standin_now() { return machine() == nullptr ? 0 : machine()->now(); }
/// When the machine began, on its own clock: another value is another machine.
STANDIN_API double joulery_standin_origin() {
  return machine() == nullptr ? 0 : machine()->origin();
}
/// Since the machine's time 0: J of true energy, and seconds of work at full clock.
STANDIN_API nvmlReturn_t joulery_standin_truth(nvmlDevice_t device, double seconds,
                                               double* energy_j, double* work_s) {
  const Call call = begin_call(device, "joulery_standin_truth");
  if (!call) return call.code;
  const Totals totals = call.gpu->totals(seconds);
  *energy_j = totals.energy_j;
  *work_s = totals.work_s;
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlInit_v2() { return init(); }
STANDIN_API nvmlReturn_t nvmlInit() { return init(); }
STANDIN_API nvmlReturn_t nvmlInitWithFlags(unsigned) { return init(); }

STANDIN_API nvmlReturn_t nvmlShutdown() {
  const std::lock_guard lock(g_mutex);
  if (g_inits == 0) return kUninitialized;
  if (--g_inits == 0) g_machine = nullptr;
  return kSuccess;
}

STANDIN_API const char* nvmlErrorString(nvmlReturn_t code) {
  switch (code) {
    case kSuccess:
      return "Success";
    case kUninitialized:
      return "Uninitialized";
    case kInvalidArgument:
      return "Invalid Argument";
    case kNotSupported:
      return "Not Supported";
    case kNoPermission:
      return "Insufficient Permissions";
    case kNotFound:
      return "Not Found";
    case kInsufficientSize:
      return "Insufficient Size";
    case kDriverNotLoaded:
      return "Driver Not Loaded";
    case kTimeout:
      return "Timeout";
    case kFunctionNotFound:
      return "Function Not Found";
    case kGpuIsLost:
      return "GPU is lost";
    case kVersionMismatch:
      return "Driver/library version mismatch";
    default:
      return "Unknown Error";
  }
}

STANDIN_API nvmlReturn_t nvmlSystemGetDriverVersion(char* out, unsigned size) {
  if (machine() == nullptr) return kUninitialized;
  return copy_text(machine()->config().driver, out, size);
}
STANDIN_API nvmlReturn_t nvmlSystemGetNVMLVersion(char* out, unsigned size) {
  if (machine() == nullptr) return kUninitialized;
  return copy_text("12." + machine()->config().driver, out, size);
}
STANDIN_API nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int* version) {
  if (version == nullptr) return kInvalidArgument;
  *version = 12040;
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlSystemGetCudaDriverVersion(int* version) {
  return nvmlSystemGetCudaDriverVersion_v2(version);
}
