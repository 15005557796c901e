// trace: a trace made from values, see joulery/trace.h.
#include <utility>

#include "joulery/trace.h"

namespace joulery {

MemoryTrace::MemoryTrace(TraceInfo info, std::vector<Channel> channels)
    : info_(std::move(info)), channels_(std::move(channels)), columns_(channels_.size()) {}

void MemoryTrace::add(const Sample& sample) {
  Column& column = columns_[sample.channel];
  column.time.push_back(sample.time);
  column.half_width_us.push_back(sample.half_width_us);
  column.value.push_back(sample.value);
  column.restart.push_back(sample.restart ? 1 : 0);
}

Result<void> MemoryTrace::scan(const Wanted& wanted, const Visitor& visit) const {
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    const Column& column = columns_[i];
    if (column.time.empty() || !wanted(channels_[i])) continue;
    visit(static_cast<std::uint16_t>(i),
          Block{column.time, column.half_width_us, column.value, column.restart});
  }
  return {};
}

}  // namespace joulery
