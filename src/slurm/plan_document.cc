// slurm: the times of a plan that was written down, see joulery/slurm.h.
#include "joulery/slurm.h"
#include "plan/document.h"

namespace joulery {

Result<PlannedTimes> read_plan_document(const std::string& file) {
  JOULERY_TRY(const plan::Document document, plan::read_document(file));
  PlannedTimes times;
  for (const Slot& slot : document.slots) times.slots.emplace_back(slot.begin, slot.end);
  times.deadline = document.deadline;
  times.place = document.place;
  return times;
}

}  // namespace joulery
