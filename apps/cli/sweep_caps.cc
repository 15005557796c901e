// joulery: the caps of --sweep, see sweep_caps.h.
#include "sweep_caps.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace joulery::cli {
namespace {

// A choice: a watt apart on a board of a kilowatt. Each is planned by itself.
constexpr std::size_t kMostCaps = 1000;
constexpr const char* kRightFile =
    "a document of joulery sweep --output sweep.json, or a table of caps as joulery recommend "
    "reads it";

/// Of a name that is no file: it may be meant as that of a sweep or a run in the ledger.
std::string hint_for(const Error& error) {
  if (error.code != ErrorCode::kUnavailable) return fmt::format(" ({})", kRightFile);
  return fmt::format(
      " ({}; of a sweep in the ledger the same joulery sweep with --resume and --output writes it "
      "again)",
      kRightFile);
}

}  // namespace

Result<CapGroup> sweep_caps_of(const Args& args, std::string_view what) {
  const std::string file = args.get("--sweep");
  auto groups = load_cap_table(file, {});
  if (!groups)
    return Error{groups.error().code,
                 fmt::format("--sweep: {}{}", groups.error().message, hint_for(groups.error()))};
  if (groups->size() != 1)
    return Error{ErrorCode::kUsage,
                 fmt::format("--sweep: {} has {} jobs; {} takes one", file, groups->size(), what)};
  CapGroup group = std::move(groups->front());
  if (group.rows.size() > kMostCaps)
    return Error{ErrorCode::kInvalid, fmt::format("--sweep: {} has {} caps; at most {} are taken",
                                                  file, group.rows.size(), kMostCaps)};
  if (group.rows.size() == 1)
    return Error{ErrorCode::kInvalid,
                 fmt::format("--sweep: {} has one cap alone: nothing to choose from{}{}", file,
                             group.notes.empty() ? "" : "; ", fmt::join(group.notes, "; "))};
  // What is told of caps beside the draw holds for whoever chooses among them.
  JOULERY_TRY(const CapChoice choice, choose_cap(group, {}));
  group.notes.clear();
  for (const std::string& note : choice.notes)
    group.notes.push_back(fmt::format("{}: {}", file, note));
  const Watts baseline = baseline_of(group).cap;
  std::sort(group.rows.begin(), group.rows.end(), [&](const CapRow& a, const CapRow& b) {
    if (a.cap == baseline || b.cap == baseline) return a.cap == baseline && b.cap != baseline;
    return a.cap > b.cap;
  });
  return group;
}

}  // namespace joulery::cli
