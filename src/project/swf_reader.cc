// project: the Standard Workload Format, version 2.2 (Feitelson, Parallel Workloads Archive): 18
// numbers a job, -1 where nothing is known, ";" before comments.
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/text.h"
#include "project/columns.h"
#include "project/readers.h"

namespace joulery::project {
namespace {

constexpr std::size_t kNumbers = 18;
// What a job's columns may be called in --by. Numbers of the format less one.
struct SwfColumn {
  const char* name;
  std::size_t at;
};
constexpr SwfColumn kSwfColumns[] = {{"user", 11},     {"account", 12},    {"group", 12},
                                     {"app", 13},      {"executable", 13}, {"queue", 14},
                                     {"partition", 15}};
constexpr std::size_t kMostProcessors = 100'000'000;

/// Status codes of the format. Parts of a job (2 to 4) have a line beside that of the whole.
std::string_view state_of(double status) {
  if (status == 0) return "FAILED";
  if (status == 1) return "COMPLETED";
  if (status == 5) return "CANCELLED";
  return "";
}
bool is_part(double status) { return status >= 2 && status <= 4; }

class SwfReader {
 public:
  SwfReader(LogLines& lines, const JobLogOptions& options, LogBuilder& builder)
      : lines_(lines), options_(options), builder_(builder) {}

  Result<void> read() {
    JOULERY_CHECK(prepare());
    JobRow row;
    while (lines_.next()) {
      const std::string_view line = trim(lines_.text());
      if (line.starts_with(';')) {
        take_comment(line);
      } else if (!line.empty()) {
        take_line(line, row);
      }
    }
    return {};
  }

 private:
  Result<void> prepare() {
    LogData& data = builder_.data();
    std::vector<std::string> known{"device", "month", "state"};
    for (const SwfColumn& column : kSwfColumns) known.emplace_back(column.name);
    JOULERY_CHECK(check_by(options_, known, false, lines_.file()));
    places_.resize(data.columns.size());
    texts_.resize(data.columns.size());
    for (std::size_t i = 0; i < data.columns.size(); ++i)
      for (const SwfColumn& column : kSwfColumns)
        if (lower(wanted_name(i)) == column.name) places_[i] = column.at;
    data.has_column[kState] = true;
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (places_[i]) data.has_column[i] = true;
    put_default_by(data);
    return {};
  }

  [[nodiscard]] std::string wanted_name(std::size_t column) const {
    if (column == kSearch) return options_.search;
    if (column == kStage) return options_.stage;
    if (column == kRole) return options_.role;
    return builder_.data().columns[column];
  }

  void take_comment(std::string_view line) {
    constexpr std::string_view kStart = "UnixStartTime:";
    const std::size_t at = line.find(kStart);
    if (at == std::string_view::npos || started_) return;
    const auto zero = parse_number(line.substr(at + kStart.size()));
    // 1980 to 2100: older machines kept no such logs.
    if (zero && *zero > 315532800 && *zero < 4102444800) zero_s_ = zero;
  }

  /// The numbers of a line; null, or why it has none.
  const char* take_numbers(std::string_view line) {
    if (lines_.damaged()) return "NUL bytes, or longer than 64 KiB";
    for (double& number : numbers_) {
      line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
      if (line.empty()) return "fewer than 18 numbers";
      const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), number);
      const auto length = static_cast<std::size_t>(rest - line.data());
      if (error != std::errc() ||
          (length < line.size() && line[length] != ' ' && line[length] != '\t'))
        return "a field that is no number";
      line.remove_prefix(length);
    }
    return trim(line).empty() ? nullptr : "more than 18 numbers";
  }

  void take_line(std::string_view line, JobRow& row) {
    started_ = true;
    Remarks& remarks = builder_.data().remarks;
    if (const char* why = take_numbers(line)) return remarks.skip(lines_.number(), why, line);
    if (is_part(numbers_[10]))
      return remarks.skip(lines_.number(), "a part of a job that has a line of its own");
    if (numbers_[3] < 0) return remarks.skip(lines_.number(), "its run time is not known (-1)");
    row.garbled = {};
    row.line = lines_.number();
    take_times(row);
    take_processors(row);
    take_columns(row);
    builder_.add(row);
  }

  void take_times(JobRow& row) {
    id_ = fmt::format("{:.0f}", numbers_[0]);
    row.id = id_;
    const double wait = numbers_[2];
    const double start = zero_s_.value_or(0) + numbers_[1] + std::max(wait, 0.0);
    row.start = {};
    row.end = {};
    row.submit = {};
    constexpr double kMostSeconds = 1e10;  // of a start; beyond 2286
    if (numbers_[1] >= 0 && start < kMostSeconds)
      row.start = row.submit = {Stamp::Kind::kTime, zero_s_.has_value(),
                                static_cast<std::int64_t>(start * 1e6)};
    if (row.submit) row.submit.us -= static_cast<std::int64_t>(std::max(wait, 0.0) * 1e6);
    row.elapsed = parse_elapsed(fmt::format("{}", numbers_[3]));
    if (!row.elapsed) row.garbled = "its run time is none";
    if (wait < 0)
      builder_.data().remarks.note(row.line,
                                   "its wait is not known (-1): counted from its submission");
  }

  void take_processors(JobRow& row) {
    row.devices.clear();
    const double allocated = numbers_[4];
    const double count = allocated >= 0 ? allocated : numbers_[7];
    if (count < 0 || count > static_cast<double>(kMostProcessors)) {
      row.garbled = "its processors are not known";
      return;
    }
    if (allocated < 0)
      builder_.data().remarks.note(row.line, "processors as asked for: those given are not known");
    const std::string_view device =
        options_.device.empty() ? kCpu : std::string_view(options_.device);
    if (count > 0) row.devices.push_back({builder_.data().devices.device(device), count});
  }

  void take_columns(JobRow& row) {
    row.columns.assign(places_.size(), {});
    row.columns[kState] = state_of(numbers_[10]);
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (!places_[i] || numbers_[*places_[i]] < 0) continue;
      texts_[i] = fmt::format("{:.0f}", numbers_[*places_[i]]);
      row.columns[i] = texts_[i];
    }
  }

  LogLines& lines_;
  const JobLogOptions& options_;
  LogBuilder& builder_;
  std::array<double, kNumbers> numbers_{};
  std::vector<std::optional<std::size_t>> places_;
  std::vector<std::string> texts_;
  std::optional<double> zero_s_;
  std::string id_;
  bool started_ = false;
};

}  // namespace

Result<void> read_swf(LogLines& lines, const JobLogOptions& options, LogBuilder& builder) {
  return SwfReader(lines, options, builder).read();
}

}  // namespace joulery::project
