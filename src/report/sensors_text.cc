// report: every channel that this machine could have, and what to do about those that it cannot
// read.
#include <algorithm>
#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/status_name.h"
#include "report/text_table.h"

namespace joulery {
namespace {

constexpr std::size_t kSensorColumns = 54;

void write_table(const std::vector<ChannelReport>& reports, std::ostream& out) {
  TextTable table({"channel", "kind", "source", "status"},
                  {Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft});
  for (const ChannelReport& report : reports)
    table.add({shortened_path(printable(report.id), kSensorColumns), name_of(report.kind),
               shortened(printable(report.source), 20), status_name(report.status)});
  table.write(out, 0);
}

}  // namespace

void write_sensors_text(const std::vector<ChannelReport>& reports, std::ostream& out) {
  if (reports.empty()) {
    out << "No channels: nothing on this machine tells its energy.\n";
    return;
  }
  write_table(reports, out);
  // Channels often share one reason (a right, a missing library): each pair is explained once.
  std::vector<std::pair<const ChannelReport*, std::string>> reasons;
  for (const ChannelReport& report : reports) {
    if (report.why.empty() && report.advice.empty()) continue;
    const auto same = [&](const auto& reason) {
      return reason.first->why == report.why && reason.first->advice == report.advice;
    };
    const auto found = std::find_if(reasons.begin(), reasons.end(), same);
    if (found == reasons.end())
      reasons.emplace_back(&report, printable(report.id));
    else
      found->second += ", " + printable(report.id);
  }
  for (const auto& [report, ids] : reasons) {
    out << '\n';
    write_paragraph(out, "", ids + ":");
    if (!report->why.empty()) write_paragraph(out, "  ", printable(report->why));
    if (!report->advice.empty()) write_paragraph(out, "  to do: ", printable(report->advice));
  }
}

}  // namespace joulery
