// project: what a reader has to say about lines: those that it skips, and those that a rule
// settled. Bounded, whatever the log.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/project.h"

namespace joulery::project {

class Remarks {
 public:
  /// Lines that are listed one by one; a choice: more than anybody reads.
  static constexpr std::size_t kMostListed = 10'000;
  static constexpr std::size_t kMostShown = 200;  ///< bytes of a line's own words

  /// `reason` is one of few and counted; `detail` stands behind it in the list.
  void skip(std::uint64_t line, const std::string& reason, std::string_view detail = {});
  void note(std::uint64_t line, const std::string& what, std::uint64_t times = 1);

  [[nodiscard]] const std::vector<SkippedLine>& skipped() const { return skipped_; }
  [[nodiscard]] std::uint64_t skipped_lines() const { return skipped_lines_; }
  [[nodiscard]] std::vector<CountedNote> reasons() const { return listed(reasons_); }
  [[nodiscard]] std::vector<CountedNote> notes() const { return listed(notes_); }

 private:
  using Counts = std::map<std::string, CountedNote>;
  static std::vector<CountedNote> listed(const Counts& counts);
  static void count(Counts& counts, std::uint64_t line, const std::string& what,
                    std::uint64_t times);

  std::vector<SkippedLine> skipped_;
  std::uint64_t skipped_lines_ = 0;
  Counts reasons_, notes_;
};

}  // namespace joulery::project
