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

struct Line {
  std::string label, value, basis;
};

bool has_unseen_parts(const Account& account) {
  const auto& flags = account.flags;
  return !account.excludes.empty() ||
         std::find(flags.begin(), flags.end(), "lower_bound") != flags.end() ||
         std::any_of(account.components.begin(), account.components.end(),
                     [](const ComponentAccount& c) { return !c.energy && !c.part_of; });
}

// What is computed from a sum with unseen parts is a lower bound too.
std::string bounded(const Account& account, const std::string& value) {
  return value == "-" || !has_unseen_parts(account) ? value : "at least " + value;
}

Line it_line(const Account& account, Scale energy) {
  const Estimate<double> number = as_number(account.it_energy, energy.factor);
  std::string basis = fmt::format("{}", fmt::join(account.includes, " + "));
  if (number && !account.excludes.empty())
    basis += fmt::format("; without {}", fmt::join(account.excludes, ", "));
  if (number && !number.top.empty()) basis += "; \u00b1 mostly from " + number.top;
  return {"IT energy", bounded(account, plus_minus(number, energy.name)), basis};
}

Line site_line(const Account& account, Scale energy) {
  const Factor<double>& pue = account.place.pue;
  std::string basis;
  if (pue.estimate) basis = "PUE " + plus_minus(as_number(pue.estimate)) + ", " + pue.source;
  return {"site energy",
          bounded(account, plus_minus(as_number(account.site_energy, energy.factor), energy.name)),
          basis};
}

Line carbon_line(const Account& account) {
  const Factor<GramsPerJoule>& intensity = account.place.intensity;
  std::string value = "-";
  std::string basis;
  if (account.carbon) {
    const Scale scale = carbon_scale(account.carbon.value->count());
    value = plus_minus(as_number(account.carbon, scale.factor), std::string(scale.name) + " CO2e");
  }
  if (intensity.estimate) {
    basis = plus_minus(as_number(intensity.estimate, kJoulesPerKilowattHour), "g/kWh");
    for (const std::string& part : {intensity.kind, intensity.region, intensity.source})
      if (!part.empty()) basis += ", " + part;
    if (intensity.year) basis += fmt::format(" ({})", *intensity.year);
  }
  return {"carbon", bounded(account, value), basis};
}

Line electricity_line(const Account& account) {
  const Factor<MoneyPerJoule>& price = account.place.electricity_price;
  const std::string& currency = account.place.currency;
  std::string basis;
  if (price.estimate)
    basis = plus_minus(as_number(price.estimate, kJoulesPerKilowattHour), currency + "/kWh") +
            ", " + price.source;
  return {"electricity",
          bounded(account, plus_minus(as_number(account.electricity_cost), currency)), basis};
}

Line cloud_line(const Account& account) {
  const std::string& currency = account.place.currency;
  const CostRange& cost = account.cloud_cost;
  std::string value = "-";
  if (cost.low && cost.high)
    value = fmt::format("{} to {} {}", three_digits(as_number(cost.low)),
                        three_digits(as_number(cost.high)), currency);
  return {"cloud rent", value, account.place.cloud_price_source};
}

void write_totals(const Account& account, Scale energy, std::ostream& out) {
  const Line lines[] = {it_line(account, energy), site_line(account, energy), carbon_line(account),
                        electricity_line(account), cloud_line(account)};
  std::size_t wide = 0;
  for (const Line& line : lines) wide = std::max(wide, width_of(line.value));
  for (const Line& line : lines) {
    const std::string gap(wide - width_of(line.value) + 2, ' ');
    write_paragraph(
        out, fmt::format("  {:<13}{}{}", line.label, line.value, gap),
        line.basis.empty() && line.value == "-" ? "not known, see below" : printable(line.basis));
  }
}

void write_phases(const Account& account, Scale energy, std::ostream& out) {
  if (account.phases.empty()) return;
  using Align = TextTable::Align;
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

// What is missing and what would give it, each reason once: a PUE that is not known takes three
// lines with it.
void write_missing(const Account& account, std::ostream& out) {
  std::vector<std::pair<std::string, std::string>> missing;  // why, what
  const auto note = [&](const std::string& what, bool known, const std::string& why) {
    if (known) return;
    const auto same = [&](const auto& entry) { return entry.first == why; };
    const auto found = std::find_if(missing.begin(), missing.end(), same);
    if (found == missing.end())
      missing.emplace_back(why, what);
    else
      found->second += ", " + what;
  };
  for (const ComponentAccount& c : account.components)
    note(printable(c.id), c.energy.value.has_value(), c.energy.why);
  note("IT energy", bool(account.it_energy), account.it_energy.why);
  note("site energy", bool(account.site_energy), account.site_energy.why);
  note("carbon", bool(account.carbon), account.carbon.why);
  note("electricity", bool(account.electricity_cost), account.electricity_cost.why);
  note("cloud rent", bool(account.cloud_cost.low), account.cloud_cost.low.why);
  if (missing.empty()) return;
  out << "\nNot known\n";
  for (const auto& [why, what] : missing)
    write_paragraph(out, "  - ", what + (why.empty() ? "" : ": " + printable(why)));
}

}  // namespace

void write_account_text(const Account& given, std::ostream& out) {
  const Account account = finite(given);
  const Scale energy = common_energy_scale(account);
  write_head(account, out);
  out << '\n';
  write_components(account, energy, out);
  out << '\n';
  write_totals(account, energy, out);
  write_phases(account, energy, out);
  write_missing(account, out);
  out << '\n';
  write_notes(account, energy, out);
}

}  // namespace joulery
