// project: job logs with a heading: sacct --parsable and CSV, see readers.h.
#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "base/text.h"
#include "project/columns.h"
#include "project/readers.h"

namespace joulery::project {
namespace {

// No machine has as many devices or cores; a slip of a column.
constexpr double kMostDevicesOfAJob = 1e7;

/// Fields of a line, as views into it; of one with quotes, into `quoted`.
class Splitter {
 public:
  explicit Splitter(char separator) : separator_(separator) {}
  /// False on an open quote.
  bool split(std::string_view line) {
    fields_.clear();
    if (separator_ == ',' && std::memchr(line.data(), '"', line.size()) != nullptr)
      return split_quoted(line);
    for (;;) {
      const auto* end = static_cast<const char*>(std::memchr(line.data(), separator_, line.size()));
      if (end == nullptr) break;
      const auto length = static_cast<std::size_t>(end - line.data());
      fields_.push_back(line.substr(0, length));
      line.remove_prefix(length + 1);
    }
    fields_.push_back(line);
    return true;
  }
  [[nodiscard]] std::vector<std::string_view>& fields() { return fields_; }

 private:
  bool split_quoted(std::string_view line) {
    auto fields = split_csv(line);
    if (!fields) return false;
    quoted_ = *std::move(fields);
    fields_.assign(quoted_.begin(), quoted_.end());
    return true;
  }

  char separator_;
  std::vector<std::string_view> fields_;
  std::vector<std::string> quoted_;
};

/// "12.batch" is a step of job 12; "12_3" a task of an array, "12+1" a part of a heterogeneous job.
bool is_step(std::string_view id) { return id.find('.') != std::string_view::npos; }

class TableReader {
 public:
  TableReader(LogLines& lines, char separator, const JobLogOptions& options, LogBuilder& builder)
      : lines_(lines), split_(separator), options_(options), builder_(builder) {
    steps_ = separator == '|';
  }

  Result<void> read() {
    JOULERY_CHECK(take_heading());
    JobRow row;
    while (lines_.next()) {
      const std::string_view line = trim(lines_.text());
      if (line.empty() || line.starts_with('#')) continue;
      if (const char* why = take_fields(line)) {
        builder_.data().remarks.skip(lines_.number(), why, line);
        continue;
      }
      take_row(row);
    }
    return {};
  }

 private:
  Result<void> take_heading() {
    while (lines_.next()) {
      const std::string_view line = trim(lines_.text());
      if (line.empty() || line.starts_with('#')) continue;
      if (lines_.damaged() || !split_.split(line))
        return Error{ErrorCode::kInvalid, lines_.place() +
                                              ": no heading: NUL bytes, an open "
                                              "quote, or more than 64 KiB"};
      std::vector<std::string> names;
      for (const std::string_view name : split_.fields()) names.emplace_back(trim(name));
      heading_ = line;
      trailing_ = names.size() > 1 && names.back().empty();  // --parsable: "a|b|"
      if (trailing_) names.pop_back();
      JOULERY_TRY(columns_,
                  find_log_columns(std::move(names), options_, lines_.place(), builder_.data()));
      return {};
    }
    return Error{ErrorCode::kInvalid, lines_.file() + ":1: no heading: the file is empty"};
  }

  /// Why the line is no row; null: it is one.
  const char* take_fields(std::string_view line) {
    if (lines_.damaged()) return "NUL bytes, or longer than 64 KiB";
    if (!split_.split(line)) return "an open quote";
    auto& fields = split_.fields();
    const std::size_t wanted = columns_.names.size();
    if (trailing_ && fields.size() == wanted + 1 && fields.back().empty()) fields.pop_back();
    if (line == heading_) return "a heading again";
    if (fields.size() < wanted) return "fewer fields than the heading";
    if (fields.size() > wanted) return "more fields than the heading";
    if (lines_.cut())
      builder_.data().remarks.note(lines_.number(), "no line end: its last field may be cut");
    return nullptr;
  }

  [[nodiscard]] std::string_view text(Field field) {
    const auto& at = columns_.at(field);
    return at ? trim(split_.fields()[at->at]) : std::string_view();
  }

  void garbled(JobRow& row, const char* why, std::string_view text) {
    if (row.garbled.empty()) row.garbled = why, row.garbled_text = text;
  }

  /// A count that may be absent. Sets `garbled` where it is no number or negative.
  std::optional<double> number(JobRow& row, Field field, const char* why) {
    const std::string_view word = text(field);
    if (says_nothing(word)) return {};
    const auto value = parse_number(word);
    if (!value || *value < 0 || *value > kMostDevicesOfAJob / columns_.at(field)->unit) {
      garbled(row, why, word);
      return {};
    }
    return *value * columns_.at(field)->unit;
  }

  void take_row(JobRow& row) {
    row.garbled = {};
    row.line = lines_.number();
    row.id = text(Field::kId);
    if (steps_ && is_step(row.id)) {
      const std::size_t dot = row.id.find('.');
      if (columns_.at(Field::kTres)) parse_tres(text(Field::kTres), counts_);
      builder_.add_step(row.id.substr(0, dot), row.id.substr(dot) == ".batch", energy());
      return;
    }
    take_times(row);
    take_devices(row);
    row.energy_j = energy();
    row.energy_u_j = kEnergyU * row.energy_j.value_or(0);
    take_columns(row);
    builder_.add(row);
  }

  void take_times(JobRow& row) {
    const bool has_start = columns_.at(Field::kStart).has_value();
    row.start = stamps_.read(text(has_start ? Field::kStart : Field::kSubmit));
    row.start_is_submit = !has_start;
    if (options_.keep_submit) row.submit = submits_.read(text(Field::kSubmit));
    row.end = stamps_.read(text(Field::kEnd));
    if (row.start.kind == Stamp::Kind::kGarbled)
      garbled(row, "its start is no time", text(has_start ? Field::kStart : Field::kSubmit));
    if (row.end.kind == Stamp::Kind::kGarbled)
      garbled(row, "its end is no time", text(Field::kEnd));
    row.elapsed.reset();
    const std::string_view elapsed = text(Field::kElapsed);
    if (says_nothing(elapsed)) return;
    row.elapsed = parse_elapsed(elapsed, columns_.at(Field::kElapsed)->unit);
    if (!row.elapsed) garbled(row, "its elapsed time is none", elapsed);
  }

  void take_devices(JobRow& row) {
    row.devices.clear();
    counts_.gpus.clear();
    counts_.cpus = counts_.energy_j = 0;
    counts_.garbled = false;
    if (columns_.at(Field::kTres)) parse_tres(text(Field::kTres), counts_);
    if (counts_.gpus.empty() && columns_.at(Field::kGres))
      parse_gres(text(Field::kGres),
                 number(row, Field::kNodes, "its nodes are no count").value_or(1), counts_);
    if (counts_.garbled) garbled(row, "its devices are no count", text(Field::kTres));
    take_counted_devices(row);
    if (const auto cpus = number(row, Field::kCpus, "its cores are no count")) counts_.cpus = *cpus;
    put_gpus(counts_, options_.device, builder_.data(), row);
  }

  void take_counted_devices(JobRow& row) {
    if (!counts_.gpus.empty()) return;
    const bool counted = columns_.at(Field::kDeviceCount).has_value();
    const std::string_view kind = text(Field::kDevice);
    const bool named = !says_nothing(kind);
    const bool only_device = !counted && !columns_.at(Field::kTres) && !columns_.at(Field::kGres) &&
                             (named || (!columns_.at(Field::kCpus) && !options_.device.empty()));
    double count = only_device ? 1 : 0;
    if (counted) count = number(row, Field::kDeviceCount, "its devices are no count").value_or(0);
    count *= number(row, Field::kDeviceShare, "its share of a device is none").value_or(1);
    if (count > 0) counts_.gpus.emplace_back(named ? kind : std::string_view(), count);
  }

  std::optional<double> energy() {
    if (const auto joules = parse_consumed_energy(text(Field::kEnergy)))
      return *joules * columns_.at(Field::kEnergy)->unit;
    return counts_.energy_j > 0 ? std::optional(counts_.energy_j) : std::nullopt;
  }

  void take_columns(JobRow& row) {
    row.columns.clear();
    const bool tags = columns_.at(Field::kTags).has_value();
    for (std::size_t i = 0; i < columns_.kept.size(); ++i) {
      std::string_view value = columns_.kept[i] ? trim(split_.fields()[*columns_.kept[i]]) : "";
      if (value.empty() && tags && !columns_.kept[i]) {
        value = tag_of(text(Field::kTags), columns_.tag_names[i]);
        if (!value.empty()) builder_.data().has_column[i] = true;
      }
      row.columns.push_back(value);
    }
  }

  LogLines& lines_;
  Splitter split_;
  const JobLogOptions& options_;
  LogBuilder& builder_;
  LogColumns columns_;
  StampReader stamps_, submits_;
  TresCounts counts_;
  std::string heading_;
  bool steps_ = false;
  bool trailing_ = false;  // each line ends in a separator
};

}  // namespace

Result<void> read_table(LogLines& lines, char separator, const JobLogOptions& options,
                        LogBuilder& builder) {
  return TableReader(lines, separator, options, builder).read();
}

void put_gpus(const TresCounts& counts, const std::string& device, LogData& data, JobRow& row) {
  row.devices.clear();
  for (const auto& [kind, count] : counts.gpus) {
    const std::string_view unnamed = device.empty() ? kUnknownDevice : std::string_view(device);
    add_to(row.devices, {data.devices.device(kind.empty() ? unnamed : kind), count});
  }
  if (row.devices.empty() && counts.cpus > 0)
    row.devices.push_back({data.devices.device(kCpu), counts.cpus});
}

}  // namespace joulery::project
