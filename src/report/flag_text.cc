// report: flags in plain words, see flag_text.h.
#include "report/flag_text.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace joulery {
namespace {

struct Explained {
  std::string_view flag;
  std::string_view text;
};

// Every flag that sensors, readers of logs and the account set. One that is not here is printed as
// it is.
constexpr std::array kFlags = {
    Explained{"sensor_disagree",
              "the energy counter and the integral of the power differ by more than both allow"},
    Explained{"counter_reset",
              "the energy counter started again during the run; the step over it is left out"},
    Explained{
        "counter_frozen",
        "the energy counter stood still for ten seconds or more; where power was read beside it, "
        "that was integrated instead"},
    Explained{"counter-coverage-unknown",
              "whether the energy counter of this board adds up all of the time, or only the 25 ms "
              "of every 100 ms that its power sensor sees, is not published and was not tried"},
    Explained{"spike", "a step of the counter was more than the device can draw; it is left out"},
    Explained{"gap", "the sensor gave nothing for a part of the run"},
    Explained{"aliased",
              "the load keeps step with a sensor that looks at a part of the time only; what it "
              "may have missed is in the uncertainty"},
    Explained{"sensor_lost", "the sensor stopped answering during the run"},
    Explained{"simulated", "a simulated device: no real energy was measured"},
    Explained{"foreign_processes",
              "processes of others ran on this device during the run, and its energy is whole"},
    Explained{"module-scope",
              "the reading is of the whole module, NVIDIA's processor and its memory included"},
    Explained{"mig-parent", "MIG is on: the reading is of the whole GPU, all instances together"},
    Explained{"gpu-order-unknown",
              "CUDA_VISIBLE_DEVICES counts the fastest GPU first, nvidia-smi by PCI address: on a "
              "node of several models this may not be the job's (CUDA_DEVICE_ORDER=PCI_BUS_ID)"},
    Explained{"platform-scope", "the reading is of the whole platform, not of the processor alone"},
    Explained{"windows-only",
              "the log tells of windows only; what was used between them is not in it"},
    Explained{"process-scope", "the log tells the energy of one process, not of the machine"},
    Explained{"single-core", "the counter of this processor counts one core"},
    Explained{"vm-share",
              "a virtual machine: its share of the processor is taken by its number of CPUs"},
    Explained{"default-tdp",
              "this processor is in no table here, so a typical rating stands in for its own"},
    Explained{"unknown-model",
              "the log does not name the device's model, so a usual sensor is assumed"},
    Explained{"clock_step", "the wall clock was set during the run; durations are not affected"},
    Explained{"lower_bound", "a part could not be seen, so that the sum is a lower bound"},
    Explained{"incomplete", "the meter was ended before the run; this is what it saw until then"},
};

}  // namespace

std::string explained_flag(std::string_view flag) {
  const auto* const found = std::find_if(kFlags.begin(), kFlags.end(),
                                         [&](const Explained& e) { return e.flag == flag; });
  if (found == kFlags.end()) return printable(flag);
  return std::string(found->text) + " (" + std::string(found->flag) + ")";
}

}  // namespace joulery
