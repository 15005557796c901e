// joulery: caps and devices as a user types them, see cap_request.h.
#include "cap_request.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "base/log.h"
#include "base/text.h"
#include "common.h"
#include "joulery/report.h"

namespace joulery::cli {
namespace {

std::vector<const CapDevice*> gpus_of(const std::vector<CapDevice>& devices) {
  std::vector<const CapDevice*> gpus;
  for (const CapDevice& device : devices)
    if (device.kind == ComponentKind::kGpu) gpus.push_back(&device);
  return gpus;
}

/// What a word may mean: more than one where it is the beginning of several UUIDs.
std::vector<const CapDevice*> matches(const std::vector<CapDevice>& devices,
                                      const std::string& word) {
  const auto gpus = gpus_of(devices);
  std::vector<const CapDevice*> found;
  if (const auto index = parse_integer(word)) {
    if (*index >= 0 && static_cast<std::size_t>(*index) < gpus.size())
      found.push_back(gpus[static_cast<std::size_t>(*index)]);
    return found;
  }
  for (const CapDevice& device : devices)
    if (device.id == word) return {&device};
  for (const CapDevice* gpu : gpus)
    if (word.size() > 4 && gpu->id.starts_with("gpu/" + word)) found.push_back(gpu);
  return found;
}

std::string what_there_is(const std::vector<CapDevice>& devices) {
  if (devices.empty()) return "no device here has a limit";
  std::string text = "there are ";
  for (const CapDevice& device : devices) text += (&device == &devices[0] ? "" : ", ") + device.id;
  return text;
}

/// Whether there is a lease at all; the directory's listing tells.
bool has_record(const std::string& directory) {
  std::error_code error;
  auto entry = std::filesystem::directory_iterator(directory, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    if (entry->path().extension() == ".lease") return true;
  return false;
}

}  // namespace

CapOptions cap_options_of(const Args& args) {
  CapOptions options;
  options.sysroot = sysroot_of(args);
  const char* const directory = ::secure_getenv("JOULERY_LEASE_DIR");
  if (directory != nullptr && *directory == '/') options.lease_dir = directory;
  return options;
}

Result<WantedSetting> parse_setting(const std::string& text, const std::string& flag) {
  WantedSetting wanted;
  for (const std::string_view part : split(text, ',')) {
    const std::string_view word = trim(part);
    const bool is_clock = word.ends_with("Hz");
    const bool is_second = is_clock ? wanted.clock.has_value() : wanted.power.has_value();
    if (is_clock) {
      JOULERY_TRY(wanted.clock, parse_clock(word, flag));
    } else {
      JOULERY_TRY(const auto caps, parse_caps(word, flag));
      wanted.power = caps[0];
    }
    if (is_second)
      return Error{ErrorCode::kUsage,
                   fmt::format("{}: '{}' is more than one {}; for example {} 150W,1200MHz", flag,
                               text, is_clock ? "clock" : "power", flag)};
  }
  return wanted;
}

void recover_leases(const Args& args) {
  const CapOptions options = cap_options_of(args);
  if (::geteuid() != 0 || !options.sysroot.empty()) return;
  if (!has_record(options.lease_dir)) return;
  const auto control = open_cap_control(options);
  if (!control) return log_warning(options.lease_dir + ": " + control.error().message);
  std::ostringstream text;
  write_given_back_text((*control)->recover(), text);
  const std::string told = text.str();
  for (const std::string_view line : split(told, '\n'))
    if (!line.empty()) log_warning(std::string(line));
}

Result<std::vector<CapDevice>> find_cap_devices(const std::vector<CapDevice>& devices,
                                                const std::vector<std::string>& words,
                                                const std::string& flag) {
  std::vector<CapDevice> chosen;
  if (words.empty())
    for (const CapDevice* gpu : gpus_of(devices)) chosen.push_back(*gpu);
  for (const std::string& word : words) {
    const auto found = matches(devices, word);
    if (found.size() != 1)
      return Error{ErrorCode::kUsage, fmt::format("{}: '{}' names {}; {}", flag, word,
                                                  found.empty() ? "no device" : "several devices",
                                                  what_there_is(devices))};
    const auto same = [&](const CapDevice& device) { return device.id == found[0]->id; };
    if (std::none_of(chosen.begin(), chosen.end(), same)) chosen.push_back(*found[0]);
  }
  return chosen;
}

}  // namespace joulery::cli
