// sensor: many readings of an NVIDIA board by one call.
#pragma once

#include <functional>
#include <vector>

#include "hw/nvml.h"
#include "joulery/sample.h"

namespace joulery {

/// The fields of one board that are read together. One thread.
class NvmlFieldBatch {
 public:
  NvmlFieldBatch(std::shared_ptr<const Nvml> nvml, NvmlDevice device)
      : nvml_(std::move(nvml)), device_(device) {}

  /// Reads it once. An Error where the board does not have it.
  Result<void> probe(unsigned field, unsigned scope) const;
  /// Its values times `scale` become samples of `channel`. A `counter` that falls has begun anew.
  void add(unsigned field, unsigned scope, double scale, std::size_t channel, bool counter);
  bool empty() const { return values_.empty(); }

  /// One call, one stamp. A field that fails alone is left out. `time` is when the call begins, and
  /// then when it ended. Errors: of the call itself, or kGone where a field says that the board is.
  Result<void> read(const std::function<Instant()>& now, Instant& time, std::vector<Sample>& out);

 private:
  struct Use {
    double scale;
    std::size_t channel;
    bool counter;
    double last;
  };

  std::shared_ptr<const Nvml> nvml_;
  NvmlDevice device_;
  std::vector<NvmlFieldValue> values_;
  std::vector<Use> uses_;
};

}  // namespace joulery
