// project: lines that are skipped or noted, see remarks.h.
#include "project/remarks.h"

#include <algorithm>

namespace joulery::project {

void Remarks::count(Counts& counts, std::uint64_t line, const std::string& what,
                    std::uint64_t times) {
  CountedNote& note = counts.try_emplace(what, CountedNote{what, 0, line}).first->second;
  note.count += times;
}

void Remarks::skip(std::uint64_t line, const std::string& reason, std::string_view detail) {
  ++skipped_lines_;
  count(reasons_, line, reason, 1);
  if (skipped_.size() == kMostListed) return;
  std::string why = reason;
  if (!detail.empty()) why.append(": ").append(detail.substr(0, kMostShown));
  skipped_.push_back({line, std::move(why)});
}

void Remarks::note(std::uint64_t line, const std::string& what, std::uint64_t times) {
  if (times > 0) count(notes_, line, what, times);
}

std::vector<CountedNote> Remarks::listed(const Counts& counts) {
  std::vector<CountedNote> all;
  for (const auto& [what, note] : counts) all.push_back(note);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return all;
}

}  // namespace joulery::project
