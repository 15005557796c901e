// standin: which devices there are, and what they are.
#include <array>
#include <cstdio>

#include "standin/nvml.h"

using namespace joulery::standin;

namespace {

// A board in MIG mode has one instance here. Its handle lies inside its parent's object, its UUID
// is the parent's with another prefix.
nvmlDevice_t mig_handle_of(Gpu& gpu) {
  return reinterpret_cast<nvmlDevice_t>(reinterpret_cast<char*>(&gpu) + 1);
}
nvmlDevice_t parent_of(nvmlDevice_t mig) {
  return reinterpret_cast<nvmlDevice_t>(reinterpret_cast<char*>(mig) - 1);
}
std::string mig_uuid(const Gpu& gpu) { return "MIG-" + gpu.uuid().substr(4); }

std::string bus_id(std::size_t index) {
  char text[32];
  std::snprintf(text, sizeof text, "00000000:%02X:00.0",
                static_cast<unsigned>(index * 4 + 4) & 0xff);
  return text;
}

}  // namespace

STANDIN_API nvmlReturn_t nvmlDeviceGetCount_v2(unsigned* count) {
  if (machine() == nullptr) return kUninitialized;
  if (count == nullptr) return kInvalidArgument;
  *count = static_cast<unsigned>(machine()->size());
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetCount(unsigned* count) {
  return nvmlDeviceGetCount_v2(count);
}

STANDIN_API nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t* device) {
  if (machine() == nullptr) return kUninitialized;
  if (device == nullptr || index >= machine()->size()) return kInvalidArgument;
  Gpu& gpu = machine()->gpu(index);
  if (gpu.fault("lost", machine()->now()) != nullptr) return kGpuIsLost;
  *device = handle_of(gpu);
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetHandleByIndex(unsigned index, nvmlDevice_t* device) {
  return nvmlDeviceGetHandleByIndex_v2(index, device);
}
STANDIN_API nvmlReturn_t nvmlDeviceGetHandleByUUID(const char* uuid, nvmlDevice_t* device) {
  if (machine() == nullptr) return kUninitialized;
  if (uuid == nullptr || device == nullptr) return kInvalidArgument;
  for (unsigned i = 0; i < machine()->size(); ++i)
    if (machine()->gpu(i).uuid() == uuid) return nvmlDeviceGetHandleByIndex_v2(i, device);
  for (unsigned i = 0; i < machine()->size(); ++i) {
    Gpu& gpu = machine()->gpu(i);
    if (gpu.fault("mig", machine()->now()) == nullptr || mig_uuid(gpu) != uuid) continue;
    return *device = mig_handle_of(gpu), kSuccess;
  }
  return kNotFound;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetHandleByPciBusId_v2(const char* id, nvmlDevice_t* device) {
  if (machine() == nullptr) return kUninitialized;
  if (id == nullptr || device == nullptr) return kInvalidArgument;
  for (unsigned i = 0; i < machine()->size(); ++i)
    if (bus_id(i) == id || bus_id(i).substr(4) == id)
      return nvmlDeviceGetHandleByIndex_v2(i, device);
  return kNotFound;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetIndex(nvmlDevice_t device, unsigned* index) {
  const Call call = begin_call(device, __func__);
  if (call) *index = static_cast<unsigned>(call.gpu->index());
  return call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetMinorNumber(nvmlDevice_t device, unsigned* minor) {
  return nvmlDeviceGetIndex(device, minor);
}
STANDIN_API nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char* out, unsigned size) {
  const Call call = begin_call(device, __func__);
  return call ? copy_text(call.gpu->uuid(), out, size) : call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char* out, unsigned size) {
  const Call call = begin_call(device, __func__);
  return call ? copy_text(call.gpu->model().name, out, size) : call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetArchitecture(nvmlDevice_t device, unsigned* architecture) {
  const Call call = begin_call(device, __func__);
  if (call) *architecture = call.gpu->model().architecture;
  return call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t device, int* major,
                                                            int* minor) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  const GpuModel& model = call.gpu->model();
  static constexpr int kMajor[] = {0, 0, 3, 5, 6, 7, 7, 8, 8, 9, 10};
  *major = kMajor[model.architecture];
  *minor = model.architecture == 6                   ? 5
           : model.architecture == 8                 ? 9
           : model.architecture == 7 && !model.ga100 ? 6
                                                     : 0;
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t* info) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  *info = {};
  info->bus = static_cast<unsigned>(call.gpu->index() * 4 + 4);
  info->pciDeviceId = 0x20b010deU;  // vendor 0x10de is NVIDIA
  copy_text(bus_id(call.gpu->index()), info->busId, sizeof info->busId);
  copy_text(bus_id(call.gpu->index()).substr(4), info->busIdLegacy, sizeof info->busIdLegacy);
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetPciInfo_v2(nvmlDevice_t device, nvmlPciInfo_t* info) {
  return nvmlDeviceGetPciInfo_v3(device, info);
}
STANDIN_API nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned* current,
                                              unsigned* pending) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  const GpuModel& model = call.gpu->model();
  if (!model.ga100 && model.architecture < 9) return kNotSupported;
  *current = *pending = call.gpu->fault("mig", call.t) != nullptr ? 1 : 0;
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned* count) {
  const Call call = begin_call(device, __func__);
  if (call) *count = call.gpu->fault("mig", call.t) != nullptr ? 7 : 0;
  return call.code;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned index,
                                                             nvmlDevice_t* mig) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  if (call.gpu->fault("mig", call.t) == nullptr || index != 0) return kNotFound;
  *mig = mig_handle_of(*call.gpu);
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t mig,
                                                                      nvmlDevice_t* device) {
  if (machine() == nullptr) return kUninitialized;
  *device = parent_of(mig);
  const Call call = begin_call(*device, __func__);
  return call && call.gpu->fault("mig", call.t) == nullptr ? kInvalidArgument : call.code;
}
