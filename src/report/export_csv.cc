// report: every sample of a run as CSV; docs/formats/export.md says every column.
#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/sample_text.h"

namespace joulery {
namespace {

constexpr const char* kHead =
    "time_us,channel,component,kind,measure,unit,value,half_width_us,restart,class,part_of,"
    "model,source,flags\n";

// RFC 4180: quotes where a comma or a quote is inside. Line breaks are shown as \x0a, so that a
// line is a row.
std::string field(const std::string& text) {
  std::string safe = printable(text);
  if (safe.find_first_of(",\"") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// What all samples of one channel share: the columns between the time and the value, and the last
// ones.
struct Shared {
  std::string middle, end;
};

std::vector<Shared> shared_texts(std::span<const Channel> channels) {
  std::vector<Shared> texts;
  for (const Channel& channel : channels)
    texts.push_back({"," + field(channel.id) + "," + field(channel.component) + "," +
                         name_of(channel.kind) + "," + name_of(channel.measure) + "," +
                         unit_of(channel.measure) + ",",
                     std::string(",") + name_of(channel.evidence) + "," +
                         field(channel.part_of.value_or("")) + "," + field(channel.model) + "," +
                         field(channel.source) + "," + field(joined_flags(channel.flags)) + "\n"});
  return texts;
}

void append_rows(const Block& block, const Shared& shared, const TraceInfo& info,
                 PieceWriter& out) {
  for (std::size_t i = 0; i < block.time.size(); ++i) {
    std::string& text = out.text();
    append_number(text, utc_us(info, block.time[i]));
    text += shared.middle;
    append_number(text, block.value[i]);
    text += ',';
    append_number(text, block.half_width_us[i]);
    text += !block.restart.empty() && block.restart[i] != 0 ? ",1" : ",0";
    text += shared.end;
    out.breathe();
  }
}

}  // namespace

Result<void> export_csv(const StoredRun& run, std::ostream& out) {
  const TraceInfo& info = run.trace->info();
  const std::vector<Shared> shared = shared_texts(run.trace->channels());
  PieceWriter pieces(out);
  pieces.text() = kHead;
  JOULERY_CHECK(run.trace->scan([](const Channel&) { return true; },
                                [&](std::uint16_t channel, const Block& block) {
                                  append_rows(block, shared[channel], info, pieces);
                                }));
  pieces.flush();
  if (!out.flush())
    return Error{ErrorCode::kUnavailable, "the export cannot be written: disk full?"};
  return {};
}

}  // namespace joulery
