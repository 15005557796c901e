// joulery sensors: every channel that this machine has or could have, and what to do about those
// that cannot be read.
#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/report.h"
#include "joulery/sensor.h"

namespace joulery::cli {
namespace {

Result<int> cmd_sensors(const Args& args) {
  JOULERY_TRY(
      const SensorSet set,
      open_sensors(SensorOptions{
          .sysroot = sysroot_of(args), .gpus = {}, .calibration_dir = calibration_directory()}));
  if (args.has("--json"))
    write_sensors_json(set.reports, std::cout);
  else
    write_sensors_text(set.reports, std::cout);
  return 0;
}

}  // namespace

Command sensors_command() {
  return {
      .name = "sensors",
      .summary =
          "Lists what this machine can be measured with, and what to do about what cannot be read.",
      .usage = "[--json] [--sysroot DIR]",
      .least_words = 0,
      .most_words = 0,
      .word = "",
      .flags = {kJsonFlag, kSysrootFlag},
      .example = "joulery sensors",
      .run = cmd_sensors};
}

}  // namespace joulery::cli
