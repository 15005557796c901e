// trace: the text of `dcgmi dmon`, a row for each entity and round, see import.h.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "trace/import.h"
#include "trace/import_gpu.h"

namespace joulery {
namespace {

// The short names that DCGM's field table prints as headings (dcgm_fields.cpp), and their units.
struct DmonColumn {
  std::string_view heading;
  const char* name;
  Measure measure;
  double factor;
};
constexpr std::array kDmonColumns = {
    DmonColumn{"TOTEC", "energy", Measure::kEnergy, 1e-3},
    DmonColumn{"POWER", "power", Measure::kPower, 1},
    DmonColumn{"TMPTR", "temperature", Measure::kTemperature, 1},
    DmonColumn{"GPUTL", "utilization", Measure::kUtilization, 1},
    DmonColumn{"MCUTL", "memory_utilization", Measure::kUtilization, 1},
    DmonColumn{"FBUSD", "memory_used", Measure::kMemoryUsed, kMebibyte},
    DmonColumn{"SMCLK", "sm_clock", Measure::kClock, 1e6},
    DmonColumn{"MMCLK", "memory_clock", Measure::kClock, 1e6},
};
// From here on DCGM's integers mean "no value" (DCGM_INT64_BLANK); other tools print them as such.
constexpr double kBlank = 9223372036854775792.0;
// `dcgmi dmon` waits this long between rounds where -d does not say otherwise.
constexpr Micros kDefaultRound = std::chrono::seconds(1);

// "#Entity" as newer versions print it, "# Entity" as older ones do; a stamp may stand before it.
bool is_heading(const std::vector<std::string_view>& words) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == "#Entity" || (words[i] == "Entity" && i > 0 && words[i - 1] == "#"))
      return true;
  return false;
}

class DmonFile {
 public:
  DmonFile(LogLines& lines, ImportContext& context)
      : lines_(lines), context_(context), count_(context.repairs, lines) {}

  Result<void> read() {
    while (!context_.trace.full() && lines_.next()) JOULERY_CHECK(read_line());
    JOULERY_CHECK(count_.verdict());
    if (!stamped_) {
      context_.repairs.note(
          fmt::format("no_stamps: {}: rounds are taken as 1 s apart, dcgmi dmon's own period; "
                      "dates are unknown",
                      lines_.file()));
      context_.laid_end = round_;
    }
    return {};
  }

 private:
  Result<void> read_line() {
    const auto words = words_of(lines_.text());
    if (words.empty()) return {};
    if (is_heading(words)) {
      take_heading(words);
      return {};
    }
    const auto entity = std::find(words.begin(), words.end(), "GPU");
    if (entity == words.end()) {
      tell_other(words);
      return {};
    }
    return read_row(words, static_cast<std::size_t>(entity - words.begin()));
  }

  // A heading starts its own columns behind the word "Entity".
  void take_heading(const std::vector<std::string_view>& words) {
    columns_.clear();
    bool entity = false;
    for (const std::string_view word : words) {
      if (entity) columns_.push_back(find_column(word));
      entity = entity || word.ends_with("Entity");
    }
  }

  static std::optional<std::size_t> find_column(std::string_view heading) {
    for (std::size_t i = 0; i < kDmonColumns.size(); ++i)
      if (kDmonColumns[i].heading == heading) return i;
    return {};
  }

  // Units and rows of parts that have no power of their own (MIG instances, switches).
  void tell_other(const std::vector<std::string_view>& words) {
    if (words[0] == "ID" || words[0] == "Id") return;
    for (const std::string_view kind : {"GPU-I", "GPU-CI", "Switch", "vGPU", "CPU"})
      if (std::find(words.begin(), words.end(), kind) != words.end())
        return context_.repairs.add(fmt::format("row_without_board {}", kind), lines_.file(),
                                    lines_.number());
    if (!columns_.empty()) count_.bad("column 1: not 'GPU'");
  }

  Result<void> read_row(const std::vector<std::string_view>& words, std::size_t entity) {
    const std::size_t first = entity + 2;  // "GPU", its number, the values
    if (columns_.empty() || words.size() != first + columns_.size() || lines_.damaged() ||
        lines_.cut() || !parse_integer(words[first - 1])) {
      count_.bad(fmt::format("{} words, not 'GPU', a number and {} values", words.size(),
                             columns_.size()));
      return {};
    }
    const std::string gpu(words[first - 1]);
    if (!take_stamp(words, entity, gpu)) return {};
    JOULERY_TRY(const bool good, add_values(words, first, gpu));
    if (good) count_.good();
    return {};
  }

  // Where something put a stamp before each line, that is the time; else rounds are counted, and a
  // GPU that comes again starts a new one.
  bool take_stamp(const std::vector<std::string_view>& words, std::size_t entity,
                  const std::string& gpu) {
    if (entity == 0) {
      const auto [latest, is_new] = round_of_.try_emplace(gpu, round_);
      if (is_new) context_.trace.hold(sizeof(*latest) + gpu.size(), lines_.number());
      if (!is_new && latest->second == round_) round_ += kDefaultRound;
      latest->second = round_;
      return true;
    }
    std::string text(words[0]);
    if (entity > 1) text += fmt::format(" {}", words[1]);
    const auto stamp = parse_stamp(text, context_.options.utc_offset);
    if (!stamp) count_.bad(fmt::format("column 1: '{}' is no time", text.substr(0, 40)));
    stamped_ = stamped_ || stamp.has_value();
    round_ = stamp.value_or(round_);
    return stamp.has_value();
  }

  // Nothing of a garbled row is kept.
  Result<bool> add_values(const std::vector<std::string_view>& words, std::size_t first,
                          const std::string& gpu) {
    std::array<std::optional<double>, kDmonColumns.size()> values;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i]) continue;
      const DmonColumn& column = kDmonColumns[*columns_[i]];
      const Field field = parse_field(words[first + i], column.measure, column.factor);
      if (field.kind == Field::Kind::kGarbled) {
        count_.bad(fmt::format("column {}: '{}' is no {}", first + i + 1,
                               words[first + i].substr(0, 40), column.heading));
        return false;
      }
      const bool blank = field.kind == Field::Kind::kImpossible || field.value >= kBlank * 1e-3;
      if (field.kind == Field::Kind::kValue && !blank) {
        values[*columns_[i]] = field.value;
      } else {
        context_.repairs.add(fmt::format("missing_value {}", column.heading), lines_.file(),
                             lines_.number());
      }
    }
    for (std::size_t c = 0; c < kDmonColumns.size(); ++c) {
      if (!values[c]) continue;
      JOULERY_TRY(const std::uint16_t channel, context_.trace.channel(describe(c, gpu)));
      add_value(channel, c, *values[c]);
    }
    return true;
  }

  void add_value(std::uint16_t channel, std::size_t column, double value) {
    Sample sample{.time = Instant(round_.time_since_epoch()), .value = value, .channel = channel};
    if (kDmonColumns[column].measure == Measure::kEnergy) {
      const auto [last, is_new] = counter_.try_emplace(channel, value);
      sample.restart = !is_new && value < last->second;  // the driver was loaded anew
      last->second = value;
    }
    context_.trace.add(sample, lines_.number());
  }

  static Channel describe(std::size_t column, const std::string& gpu) {
    const DmonColumn& known = kDmonColumns[column];
    Channel channel = gpu_channel(gpu, known.name, known.measure);
    channel.source = fmt::format("dcgm {}", known.heading);
    if (known.measure == Measure::kPower) describe_gpu_power(channel, {}, GpuPower::kDraw);
    if (known.measure == Measure::kEnergy) describe_gpu_energy(channel, {}, Joules(1e-3));
    channel.preferred = known.measure == Measure::kEnergy;
    return channel;
  }

  LogLines& lines_;
  ImportContext& context_;
  RowCount count_;
  std::vector<std::optional<std::size_t>> columns_;
  std::map<std::string, WallTime> round_of_;  // the latest of each GPU
  std::map<std::uint16_t, double> counter_;
  WallTime round_ = context_.laid_end;
  bool stamped_ = false;
};

}  // namespace

bool claims_dcgm(std::string_view head) {
  constexpr std::size_t kLinesToSearch = 20;
  for (std::size_t i = 0; i < kLinesToSearch && !head.empty(); ++i) {
    const std::size_t end = std::min(head.find_first_of("\r\n"), head.size());
    if (is_heading(words_of(head.substr(0, end)))) return true;
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return false;
}

Result<void> read_dcgm(LogLines& lines, ImportContext& context) {
  return DmonFile(lines, context).read();
}

}  // namespace joulery
