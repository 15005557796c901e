// sensor: nvmlDeviceGetFieldValues; see nvml_fields.h.
#include "sensor/nvml_fields.h"

#include <string>

#include "sensor/stamp.h"

namespace joulery {
namespace {

constexpr const char* kFieldCall = "nvmlDeviceGetFieldValues";

double number_of(const NvmlFieldValue& value) {
  switch (value.type) {
    case kNvmlDouble:
      return value.value.d;
    case kNvmlUnsignedInt:
      return value.value.u32;
    case kNvmlUnsignedLong:
      return static_cast<double>(value.value.ul);
    case kNvmlSignedLongLong:
      return static_cast<double>(value.value.s64);
    default:
      return static_cast<double>(value.value.u64);
  }
}

}  // namespace

Result<void> NvmlFieldBatch::probe(unsigned field, unsigned scope) const {
  auto* const call = nvml_->api().field_values;
  NvmlFieldValue value{};
  value.field = field;
  value.scope = scope;
  NvmlReturn code = call == nullptr ? NvmlReturn{kNvmlFunctionNotFound} : call(device_, 1, &value);
  if (code == kNvmlSuccess) code = value.code;
  if (code == kNvmlSuccess) return {};
  Error failed = nvml_->error(code, kFieldCall);
  // A driver that does not know the number calls it an invalid argument.
  if (code == kNvmlInvalidArgument) failed.code = ErrorCode::kUnavailable;
  failed.message += " for field " + std::to_string(field);
  return failed;
}

void NvmlFieldBatch::add(unsigned field, unsigned scope, double scale, std::size_t channel,
                         bool counter) {
  NvmlFieldValue& value = values_.emplace_back();
  value = {};
  value.field = field;
  value.scope = scope;
  uses_.push_back({.scale = scale, .channel = channel, .counter = counter, .last = 0});
}

Result<void> NvmlFieldBatch::read(const std::function<Instant()>& now, Instant& time,
                                  std::vector<Sample>& out) {
  if (values_.empty()) return {};
  const Instant begin = time;
  const NvmlReturn code =
      nvml_->api().field_values(device_, static_cast<int>(values_.size()), values_.data());
  const Instant end = time = now();
  if (code != kNvmlSuccess) return nvml_->error(code, kFieldCall);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (values_[i].code == kNvmlGpuIsLost) return nvml_->error(values_[i].code, kFieldCall);
    if (values_[i].code != kNvmlSuccess) continue;
    Use& use = uses_[i];
    Sample sample = stamped(begin, end, number_of(values_[i]) * use.scale, use.channel);
    if (use.counter) {
      sample.restart = sample.value < use.last;
      use.last = sample.value;
    }
    out.push_back(sample);
  }
  return {};
}

}  // namespace joulery
