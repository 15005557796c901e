// report: an account as text, the first thing that a user sees of a run.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/component_text.h"
#include "report/finite_account.h"
#include "report/notes_text.h"
#include "report/number.h"
#include "report/text_table.h"
#include "report/totals_text.h"

namespace joulery {
namespace {

constexpr std::size_t kCommandColumns = 400;  // four lines; the whole command is in the JSON

Scale common_energy_scale(const Account& account) {
  double largest = account.it_energy ? account.it_energy.value->count() : 0;
  for (const ComponentAccount& component : account.components)
    if (component.energy) largest = std::max(largest, component.energy.value->count());
  return energy_scale(largest);
}

std::string how_it_ended(const Job& job) {
  if (job.signal) {
    const char* name = ::strsignal(*job.signal);  // NOLINT: the report is written by one thread
    return fmt::format("ended by signal {} ({})", *job.signal, name ? name : "unknown");
  }
  if (job.exit_status) return fmt::format("exit status {}", *job.exit_status);
  if (job.origin != "run") return printable(job.origin);
  return "end not seen";
}

std::string command_line(const std::vector<std::string>& command) {
  std::string line;
  for (const std::string& word : command) {
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\") == std::string::npos;
    line += (line.empty() ? "" : " ") + (plain ? word : "'" + word + "'");
  }
  return shortened(printable(line), kCommandColumns);
}

std::string seconds_line(const Account& account) {
  std::string when = format_time(account.begin);
  if (when.size() > 19) when = when.substr(0, 10) + " " + when.substr(11, 8) + " UTC";
  if (account.duration) when += ", " + format_duration(*account.duration.value);
  return account.job.host.empty() ? when : when + ", on " + printable(account.job.host);
}

void write_head(const Account& account, std::ostream& out) {
  const Job& job = account.job;
  std::string title = "Run " + printable(job.id);
  if (!job.name.empty()) title += " \"" + printable(job.name) + "\"";
  if (!job.project.empty()) title += " of project " + printable(job.project);
  write_paragraph(out, "", title + ": " + how_it_ended(job));
  if (!job.command.empty()) write_paragraph(out, "  ", command_line(job.command));
  write_paragraph(out, "  ", seconds_line(account));
  std::string tags;
  for (const auto& [name, text] : job.tags)
    tags += (tags.empty() ? "" : ", ") + printable(name) + " = " + printable(text);
  if (!tags.empty()) write_paragraph(out, "  ", tags);
}

bool has_unseen_parts(const Account& account) {
  const auto& flags = account.flags;
  return !account.excludes.empty() ||
         std::find(flags.begin(), flags.end(), "lower_bound") != flags.end() ||
         std::any_of(account.components.begin(), account.components.end(),
                     [](const ComponentAccount& c) { return !c.energy && !c.part_of; });
}

Totals totals_of(const Account& account) {
  return {.it_energy = account.it_energy,
          .includes = account.includes,
          .excludes = account.excludes,
          .lower_bound = has_unseen_parts(account),
          .place = account.place,
          .site_energy = account.site_energy,
          .carbon = account.carbon,
          .electricity_cost = account.electricity_cost,
          .cloud_cost = account.cloud_cost};
}

void write_phases(const Account& account, Scale energy, std::ostream& out) {
  if (account.phases.empty()) return;
  TextTable table({"phase", "duration", fmt::format("IT energy ({})", energy.name), "share"},
                  {Align::kLeft, Align::kRight, Align::kRight, Align::kRight});
  for (const PhaseAccount& phase : account.phases) {
    const bool both = phase.it_energy && account.it_energy && account.it_energy.value->count() > 0;
    table.add({shortened(printable(phase.name), 40),
               phase.duration ? format_duration(*phase.duration.value) : "-",
               plus_minus(as_number(phase.it_energy, energy.factor)),
               both ? percent(*phase.it_energy.value / *account.it_energy.value) : "-"});
  }
  out << '\n';
  table.write(out, 2);
}

void write_missing(const Account& account, const Totals& totals, std::ostream& out) {
  MissingList missing;
  for (const ComponentAccount& c : account.components)
    missing.note(printable(c.id), c.energy.value.has_value(), c.energy.why);
  missing.note(totals);
  missing.write(out);
}

}  // namespace

void write_account_text(const Account& given, std::ostream& out) {
  const Account account = finite(given);
  const Totals totals = totals_of(account);
  const Scale energy = common_energy_scale(account);
  write_head(account, out);
  out << '\n';
  write_components(account, energy, out);
  out << '\n';
  write_totals(totals, energy, out);
  write_phases(account, energy, out);
  write_missing(account, totals, out);
  out << '\n';
  write_notes(account, energy, out);
}

}  // namespace joulery
