// report: devices in use, development, own hardware, and remarks on a project's log, see project.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "report/number.h"
#include "report/project.h"
#include "report/text_table.h"

namespace joulery {
namespace {

constexpr std::size_t kMostSkipped = 5;

void write_in_use(const DevicesInUse& use, std::ostream& out) {
  out << '\n';
  write_paragraph(out, "devices in use  ",
                  fmt::format("mean {:.4g} over {}, peak {:.6g} at {}", use.mean,
                              format_duration(use.span), use.peak, use.peak_at));
}

void write_lines(const ProjectAccount& account, std::ostream& out) {
  out << "\none model, one tuning, the whole project\n";
  std::vector<TotalsRow> rows;
  for (const DevelopmentLine& line : account.development)
    rows.push_back({{line.what}, fmt::format("{:.4g}", line.jobs), &line.totals});
  write_totals_table({"line"}, rows, account.place.currency, out);
  for (const DevelopmentLine& line : account.development)
    write_paragraph(out, "  ", line.what + ": " + line.basis);
}

void write_roles(const ProjectAccount& account, std::ostream& out) {
  out << "\nroles: all jobs, and those of stage tuning\n";
  std::vector<TotalsRow> rows;
  for (const RoleComparison::Side& side : account.roles->sides) {
    rows.push_back({{side.role, "all"}, fmt::format("{}", side.all.jobs), &side.all});
    if (account.roles->has_stage)
      rows.push_back({{side.role, "tuning"}, fmt::format("{}", side.tuning.jobs), &side.tuning});
  }
  write_totals_table({"role", ""}, rows, account.place.currency, out);
}

std::string against(const std::optional<double>& of_low, const std::optional<double>& of_high) {
  if (!of_low || !of_high) return "; no cloud price to hold it against";
  if (*of_low == *of_high) return fmt::format("; {:.0f} % of the cloud", 100 * *of_low);
  return fmt::format("; {:.0f} % of the cloud at its lower price, {:.0f} % at its upper",
                     100 * *of_low, 100 * *of_high);
}

void write_own(const OwnComparison& own, std::ostream& out) {
  const std::string& currency = own.servers.currency;
  const std::string power =
      own.electricity ? " and electricity" : " (the electricity is not known and left out)";
  const auto money = [&](Money m) { return format_fixed(m.count(), 0) + " " + currency; };
  out << fmt::format("\nown hardware, {} for a server of {:.0f}\n", money(own.servers.price),
                     own.servers.devices);
  write_paragraph(
      out, "  ",
      fmt::format("share of servers for {:.0f} devices: {}{}{}", own.devices, money(own.share),
                  power, against(own.share_of_low, own.share_of_high)));
  write_paragraph(out, "  ",
                  fmt::format("{:.0f} whole server{}: {}{}{}", own.whole_servers,
                              own.whole_servers == 1 ? "" : "s", money(own.whole), power,
                              against(own.whole_of_low, own.whole_of_high)));
}

void write_rates(const std::vector<DeviceRate>& rates, std::ostream& out) {
  out << "\npower and price of a device\n";
  for (const DeviceRate& rate : rates) {
    std::string text = printable(rate.device) + ": ";
    text += rate.power
                ? fmt::format("{} ({})", plus_minus(as_number(rate.power), "W"), rate.power_source)
                : rate.power.why;
    if (rate.rent)
      text += fmt::format("; {:.4g} to {:.4g} an hour ({}{})", rate.rent->first.count() * 3600,
                          rate.rent->second.count() * 3600,
                          rate.priced_as.empty() ? "" : "as " + rate.priced_as + ", ",
                          rate.rent_source);
    write_paragraph(out, "  ", printable(text));
  }
}

void write_counted(const char* head, const std::vector<CountedNote>& notes, std::ostream& out) {
  if (notes.empty()) return;
  out << '\n' << head << '\n';
  for (const CountedNote& note : notes)
    write_paragraph(
        out, "  ",
        fmt::format("{} x {}{}", note.count, note.what,
                    note.first_line > 0 ? fmt::format(" (first: line {})", note.first_line) : ""));
}

}  // namespace

void write_development(const ProjectAccount& account, std::ostream& out) {
  if (account.in_use) write_in_use(*account.in_use, out);
  if (!account.development.empty()) write_lines(account, out);
  if (account.roles) write_roles(account, out);
  if (account.own) write_own(*account.own, out);
}

void write_project_remarks(const ProjectAccount& account, std::ostream& out) {
  write_rates(account.rates, out);
  write_counted("settled by a rule", account.notes, out);
  if (account.steps > 0)
    out << fmt::format("  {} x a step of a job, counted with its job\n", account.steps);
  write_counted("skipped", account.skipped_why, out);
  for (std::size_t i = 0; i < account.skipped.size() && i < kMostSkipped; ++i)
    write_paragraph(
        out, "  ",
        fmt::format("line {}: {}", account.skipped[i].line, printable(account.skipped[i].why)));
  if (account.skipped_lines > kMostSkipped)
    out << fmt::format("  and {} more lines; --json lists {}\n",
                       account.skipped_lines - kMostSkipped,
                       account.skipped.size() == account.skipped_lines
                           ? std::string("them")
                           : fmt::format("the first {}", account.skipped.size()));
}

}  // namespace joulery
