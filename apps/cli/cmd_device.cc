// joulery device list|show: the tables of accelerators and CPUs with their power.
#include <fmt/format.h>

#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/factors.h"
#include "joulery/report.h"

namespace joulery::cli {
namespace {

Result<int> device_list(const DeviceTable& table, const Args& args) {
  const std::vector<std::string> words(args.words().begin() + 1, args.words().end());
  const DeviceTable found = search_devices(table, words);
  if (args.has("--json"))
    write_devices_json(found, std::cout);
  else
    write_devices_text(found, std::cout);
  return 0;
}

Result<int> device_show(const DeviceTable& table, const Args& args) {
  JOULERY_TRY(const std::string name, shown_name(args, "device show V100"));
  JOULERY_TRY(const DeviceTable one, find_device(table, name));
  if (args.has("--json"))
    write_devices_json(one, std::cout);
  else
    write_device_text(one, std::cout);
  return 0;
}

Result<int> cmd_device(const Args& args) {
  const std::string& action = args.words()[0];
  if (action != "list" && action != "show")
    return Error{
        ErrorCode::kUsage,
        fmt::format("device {}: not list or show; for example joulery device list tpu", action)};
  JOULERY_TRY(const DeviceTable table, load_devices(config_files()));
  return action == "list" ? device_list(table, args) : device_show(table, args);
}

}  // namespace

Command device_command() {
  return {.name = "device",
          .summary =
              "Shows accelerators and CPUs with their rated and measured power and their "
              "rent.",
          .usage = "list [WORD...] | show NAME [--json]",
          .least_words = 1,
          .most_words = kAnyNumber,
          .word = "list or show",
          .flags = {kJsonFlag},
          .example = "joulery device show V100",
          .run = cmd_device};
}

}  // namespace joulery::cli
