// trace: a trace in the making from lines of a log, and the list of what had to be mended.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "joulery/trace.h"
#include "trace/import_text.h"

namespace joulery {

/// What was mended or left out, each told once with its count and first places. Goes into
/// TraceInfo::flags as "garbled_line: 3 times, first a.csv:12, a.csv:15, a.csv:20".
class Repairs {
 public:
  /// `what` must come from a bounded set of texts: a word, or a word and a column's name. Several
  /// readings of one line count once.
  void add(std::string_view what, std::string_view file, std::uint64_t line);
  /// A note without a place, as it stands.
  void note(std::string text);
  [[nodiscard]] std::vector<std::string> flags() const;

 private:
  struct Kind {
    std::string what;
    std::uint64_t count = 0;
    std::uint64_t last_line = 0;
    std::string last_file;
    std::vector<std::string> places;
  };
  std::vector<Kind> kinds_;  // few: searched in order
  std::vector<std::string> notes_;
};

/// Counts the good and the bad rows of one file: single ones are skipped and named, but a file that
/// is mostly bad is refused.
class RowCount {
 public:
  RowCount(Repairs& repairs, const LogLines& lines) : repairs_(repairs), lines_(lines) {}
  void good() { ++good_; }
  /// The present line is skipped. `why` names the column and what was seen.
  void bad(std::string_view why);
  /// Errors: kInvalid where no row, or less than half of them, could be read.
  [[nodiscard]] Result<void> verdict() const;

 private:
  Repairs& repairs_;
  const LogLines& lines_;
  std::uint64_t good_ = 0, bad_ = 0;
  std::string first_bad_;
};

/// Readings that one import may keep, 24 bytes each: 1.5 GiB. A choice: eight devices of five
/// columns at 1 s for 19 days; a log without end must not exhaust the node.
inline constexpr std::size_t kMostReadings = std::size_t{64} << 20;

/// Collects channels and samples in wall time; finish() puts them on one clock.
class TraceBuilder {
 public:
  explicit TraceBuilder(Repairs& repairs, std::size_t most_readings = kMostReadings)
      : repairs_(repairs), most_readings_(most_readings) {}

  /// The channel of this id, made from `channel` if it is new. Errors: kInvalid beyond 4096 of
  /// them.
  Result<std::uint16_t> channel(const Channel& channel);
  [[nodiscard]] Channel& described(std::uint16_t index) { return columns_[index].channel; }
  /// Samples of one channel must not go back in time within a file: what does is left out, and so
  /// is a repeated line; both are named.
  void begin_file(std::string_view file);
  /// `sample.time` counts from 1970, UTC.
  void add(const Sample& sample, std::uint64_t line);
  void add(std::uint16_t index, Instant time, double value, std::uint64_t line) {
    add({.time = time, .value = value, .channel = index}, line);
  }

  /// Counts, by its size, what a reader keeps of a line until the file has ended.
  void hold(std::size_t bytes, std::uint64_t line);
  /// Nothing more is taken: a reader ends its file.
  [[nodiscard]] bool full() const { return full_at_ > 0; }
  /// Errors: kInvalid where it is full, naming the line that had no room.
  [[nodiscard]] Result<void> room() const;

  /// Errors: kInvalid where there is no sample, or none between `options.begin` and `options.end`.
  Result<std::unique_ptr<MemoryTrace>> finish(const ImportOptions& options,
                                              std::vector<Event> events);

 private:
  struct Column {
    Channel channel;
    std::vector<Sample> samples;
    std::size_t file_start = 0;  // the first sample of the present file
    bool ordered = true;         // across files
  };
  struct Window {
    Instant first, last, begin, end;
  };
  bool take(std::size_t readings, std::uint64_t line);
  void order_files();
  void drop_empty();
  void choose_preferred();
  Result<Window> find_window(const ImportOptions& options) const;
  [[nodiscard]] bool any_inside(const Window& window) const;
  [[nodiscard]] Seconds usual_period() const;

  Repairs& repairs_;
  const std::size_t most_readings_;
  std::size_t added_ = 0, held_ = 0;  // readings; held_ of the present file
  std::uint64_t full_at_ = 0;         // the line that had no room; 0: there is some
  std::vector<Column> columns_;
  std::unordered_map<std::string, std::uint16_t> index_;
  std::string file_;
};

}  // namespace joulery
