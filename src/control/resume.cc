// control: sweeps in the ledger, see resume.h.
#include "control/resume.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "base/clock.h"
#include "base/text.h"
#include "control/same_file.h"

namespace joulery {
namespace {

constexpr const char* kSweep = "sweep";
constexpr const char* kPlan = "sweep.plan";
constexpr const char* kSeed = "sweep.seed";
constexpr const char* kStep = "sweep.step";
constexpr const char* kOrder = "sweep.order";
constexpr const char* kCap = "sweep.cap";

std::string tag(const KeptTags& run, const std::string& key) {
  for (const auto& [name, value] : run.tags)
    if (name == key) return value;
  return {};
}

std::optional<std::uint64_t> number(const std::string& text) {
  const auto value = parse_integer(text);
  if (!value || *value < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

// The sign is left free, so that a seed is read back as any whole number is.
std::uint64_t draw_seed() {
  std::random_device random;
  return (static_cast<std::uint64_t>(random()) << 31U | random()) >> 1U;
}

}  // namespace

std::string plan_digest(const SweepOptions& options, const CapPlan& plan,
                        const std::vector<CapDevice>& devices) {
  constexpr char kEnd = '\0';
  std::error_code none;
  std::string text = options.job.host + kEnd + std::filesystem::current_path(none).string() + kEnd;
  for (const std::string& word : options.job.command) text += word + kEnd;
  for (std::size_t i = 0; i < devices.size(); ++i)
    text += fmt::format("{} {:.1f}{}", devices[i].id, plan.found[i].count(), kEnd);
  for (const SweepLevel& level : plan.levels)
    for (const Watts cap : level.per_device) text += fmt::format("{:.1f}{}", cap.count(), kEnd);
  return digest_of(text + fmt::format("{}{}{}", options.warm_up, kEnd, options.same));
}

SweepIdentity new_sweep(std::optional<std::uint64_t> seed) {
  std::string stamp = format_time(wall_now()).substr(0, 19);  // 2026-11-25T15:34:12
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  std::random_device random;
  return {.id = fmt::format("{}-{:08x}", stamp, random()),
          .seed = seed ? *seed : draw_seed(),
          .finished = {},
          .next_order = 0};
}

Result<SweepIdentity> find_sweep(SweepStore& store, const std::string& plan) {
  JOULERY_TRY(const std::vector<KeptTags> runs, store.list());
  const auto newest = std::find_if(runs.begin(), runs.end(), [&](const KeptTags& run) {
    return tag(run, kPlan) == plan && number(tag(run, kSeed)) && !tag(run, kSweep).empty();
  });
  if (newest == runs.end())
    return Error{ErrorCode::kInvalid,
                 "--resume: no sweep like this one is in the ledger: the command, the directory, "
                 "--caps, --warm-up, --same, the devices and the limits that they were found at "
                 "must be the same"};
  SweepIdentity found{.id = tag(*newest, kSweep),
                      .seed = *number(tag(*newest, kSeed)),
                      .finished = {},
                      .next_order = 0};
  for (const KeptTags& run : runs) {
    const auto step = number(tag(run, kStep));
    const auto order = number(tag(run, kOrder));
    if (!step || !order || tag(run, kSweep) != found.id || tag(run, kPlan) != plan) continue;
    found.next_order = std::max(found.next_order, *order + 1);
    if (run.finished) found.finished.push_back({run.id, *step, *order});
  }
  return found;
}

Result<void> add_tags(const SweepIdentity& sweep, const std::string& plan, const SweepRun& run,
                      const std::string& cap, Job& job) {
  for (const auto& [name, value] : job.tags)
    if (name == kSweep || name.starts_with("sweep."))
      return Error{ErrorCode::kUsage, "--tag: " + name + " is a tag that the sweep itself gives"};
  job.tags.emplace_back(kSweep, sweep.id);
  job.tags.emplace_back(kCap, cap);
  job.tags.emplace_back(kStep, std::to_string(run.step));
  job.tags.emplace_back(kOrder, std::to_string(run.order));
  job.tags.emplace_back(kSeed, std::to_string(sweep.seed));
  job.tags.emplace_back(kPlan, plan);
  return {};
}

}  // namespace joulery
