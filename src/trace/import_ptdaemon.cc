// trace: MLPerf PTDaemon's spl.txt, a wall meter read once a second, see import.h.
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "trace/import.h"

namespace joulery {
namespace {

constexpr const char* kWall = "node/wall";
constexpr double kNotAvailable = -1;  // as PTDaemon writes it

Channel meter_channel(std::string_view part) {
  Channel channel;
  channel.component = part.empty() ? kWall : fmt::format("{}/{}", kWall, lower(part));
  channel.id = channel.component + "/power";
  channel.kind = ComponentKind::kNode;
  channel.rule = Rule::kPlainMean;
  channel.evidence = Evidence::kIntegrated;
  channel.source = "ptdaemon";
  channel.resolution = 1e-6;  // it prints six decimals
  channel.update_period = Seconds(1);
  // The rules of SPEC's power benchmarks, which MLPerf follows, ask for 1 % or better.
  channel.accuracy.gain_u = 0.01;
  channel.accuracy.source = "SPEC Power and Performance Methodology: analyzers within 1 %";
  if (!part.empty()) channel.part_of = kWall;
  return channel;
}

bool is_part(std::string_view word) {
  return word.size() > 2 && word.starts_with("Ch") && parse_integer(word.substr(2)).has_value();
}

struct PtdReading {
  std::string_view part;  // "" for the total, "Ch1"
  double watts;
};

// "Time,STAMP,Watts,1.0,Volts,...,Mark,TEXT,Ch1,Watts,0.5,...": words and values in pairs, with a
// part's name alone before its own pairs.
class SplFile {
 public:
  SplFile(LogLines& lines, ImportContext& context)
      : lines_(lines), context_(context), count_(context.repairs, lines) {}

  Result<void> read() {
    while (!context_.trace.full() && lines_.next()) {
      if (trim(lines_.text()).empty()) continue;
      JOULERY_CHECK(read_line());
    }
    return count_.verdict();
  }

 private:
  Result<void> read_line() {
    const auto fields = split(trim(lines_.text()), ',');
    const auto stamp = fields.size() < 4 || fields[0] != "Time"
                           ? std::nullopt
                           : parse_stamp(fields[1], context_.options.utc_offset);
    if (lines_.damaged() || !stamp) {
      count_.bad("column 2: not 'Time,MM-DD-YYYY HH:MM:SS.mmm'");
      return {};
    }
    if (!parse_pairs(fields)) return {};
    count_.good();
    for (const PtdReading& reading : readings_) {
      JOULERY_TRY(const std::uint16_t channel, context_.trace.channel(meter_channel(reading.part)));
      context_.trace.add(channel, Instant(stamp->time_since_epoch()), reading.watts,
                         lines_.number());
    }
    tell_mark(*stamp);
    return {};
  }

  // Fills readings_ and mark_; false where the line is garbled.
  bool parse_pairs(const std::vector<std::string_view>& fields) {
    readings_.clear();
    mark_ = {};
    std::string_view part;
    std::size_t watts = 0;
    for (std::size_t i = 2; i < fields.size();) {
      if (is_part(fields[i])) {
        part = fields[i++];
        continue;
      }
      const bool last = i + 1 == fields.size();
      if (last || (lines_.cut() && i + 2 == fields.size())) return bad(i, "has no whole value");
      if (fields[i] == "Mark") mark_ = fields[i + 1];
      if (fields[i] == "Watts") {
        if (!take_watts(part, fields[i + 1])) return bad(i + 1, "is no power in W");
        ++watts;
      }
      i += 2;
    }
    return watts > 0 || bad(2, "is not 'Watts'");
  }

  bool take_watts(std::string_view part, std::string_view text) {
    const auto number = parse_number(text);
    if (!number) return false;
    if (*number == kNotAvailable) {
      context_.repairs.add("missing_value Watts -1", lines_.file(), lines_.number());
      return true;
    }
    const Field field = parse_field(text, Measure::kPower, 1);
    if (field.kind != Field::Kind::kValue) return false;
    readings_.push_back({part, field.value});
    return true;
  }

  bool bad(std::size_t field, const char* why) {
    count_.bad(fmt::format("column {} {}", field + 1, why));
    return false;
  }

  // The benchmark's own label of what runs; a change of it is worth a note.
  void tell_mark(WallTime time) {
    constexpr std::size_t kMaxMarks = 1000;
    if (mark_.empty() || mark_ == last_mark_ || context_.events.size() >= kMaxMarks) return;
    last_mark_ = mark_;
    context_.events.push_back({.time = Instant(time.time_since_epoch()),
                               .kind = Event::Kind::kNote,
                               .text = fmt::format("ptdaemon mark {}", mark_)});
  }

  LogLines& lines_;
  ImportContext& context_;
  RowCount count_;
  std::vector<PtdReading> readings_;
  std::string_view mark_;
  std::string last_mark_;
};

}  // namespace

bool claims_ptdaemon(std::string_view head) {
  const auto fields = split(first_line(head), ',');
  return fields.size() >= 4 && fields[0] == "Time" && fields[2] == "Watts" &&
         parse_stamp(fields[1], {}).has_value();
}

Result<void> read_ptdaemon(LogLines& lines, ImportContext& context) {
  return SplFile(lines, context).read();
}

}  // namespace joulery
