// account: the run cut at its marks, see slots.h.
#include "account/slots.h"

namespace joulery::account {

Slots cut_run(const TraceInfo& info) {
  Slots slots;
  if (info.idle_begin && *info.idle_begin < info.begin) {
    slots.cuts.push_back(*info.idle_begin);
    slots.idle = 1;
    slots.first = 2;
  }
  slots.cuts.push_back(info.begin);
  for (const Event& event : info.events) {
    const bool inside = event.time >= slots.cuts.back() && event.time < info.end;
    if (event.kind != Event::Kind::kMark || !inside) continue;
    if (slots.names.empty() && event.time > info.begin) slots.names.emplace_back("(start)");
    if (!slots.names.empty()) slots.cuts.push_back(event.time);
    slots.names.push_back(event.text);
  }
  slots.cuts.push_back(info.end);
  slots.last = slots.cuts.size() - 1;
  return slots;
}

}  // namespace joulery::account
