// report: estimates for people: one row with its parts and basis, many rows as a table.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/project_worth.h"
#include "report/text_table.h"
#include "report/totals_text.h"

namespace joulery {
namespace {

constexpr std::size_t kRowNameColumns = 26;
constexpr std::size_t kSourceColumns = 50;  // what the table of parts shows of it in any case

bool is_lower_bound(const EstimatedRow& row) { return row.it_energy && !row.excludes.empty(); }

Totals totals_of(const EstimatedRow& row) {
  return {.it_energy = row.it_energy,
          .includes = row.includes,
          .excludes = row.excludes,
          .lower_bound = is_lower_bound(row),
          .place = row.request.place,
          .site_energy = row.site.site_energy,
          .carbon = row.site.carbon,
          .electricity_cost = row.site.electricity_cost,
          .cloud_cost = row.cloud_cost};
}

std::string name_of(const EstimatedRow& row) {
  return row.request.name.empty() ? "(no name)" : printable(row.request.name);
}

std::string hours(const Estimate<Seconds>& time) {
  return plus_minus(as_number(time, 1.0 / 3600), "h");
}

void write_head(const EstimatedRow& row, std::ostream& out) {
  const EstimateRequest& request = row.request;
  const bool has_name = !request.device || request.name != request.device->id;
  std::string line =
      has_name && !request.name.empty() ? "Estimate of " + name_of(row) + ":" : "Estimate:";
  if (request.count)
    line += request.device ? fmt::format(" {:.6g} x", *request.count)
                           : fmt::format(" count {:.6g}", *request.count);
  if (request.device) line += " " + printable(request.device->id);
  if (request.duration) line += ", " + hours(request.duration);
  if (request.device_time) line += "; device hours: " + hours(request.device_time);
  write_paragraph(out, "", line);
}

void write_parts(const EstimatedRow& row, std::ostream& out) {
  const auto& parts = row.request.parts;
  if (parts.empty()) return;
  TextTable table({"part", "power (W)", "class", "source"},
                  {Align::kLeft, Align::kRight, Align::kLeft, Align::kLeft});
  for (const PartPower& part : parts)
    table.add({printable(part.kind), plus_minus(as_number(part.power)),
               name_of(part.power.evidence), printable(part.source)});
  out << '\n';
  table.write(out, 2);
}

void write_worth(const EstimatedRow& row, std::ostream& out) {
  const auto grams = [](const Estimate<GramsCo2>& carbon) {
    const Scale scale = carbon_scale(carbon ? carbon.value->count() : 0);
    return plus_minus(as_number(carbon, scale.factor), std::string(scale.name) + " CO2e");
  };
  if (row.embodied) write_paragraph(out, "  embodied     ", grams(*row.embodied));
  if (row.sci)
    write_paragraph(out, "  SCI          ",
                    *row.sci ? plus_minus(as_number(*row.sci), "g CO2e") +
                                   fmt::format(" each of {:.6g} ", row.request.unit->number) +
                                   printable(row.request.unit->name)
                             : "-");
  std::string list;
  for (const Equivalent& thing : row.equivalents)
    list += fmt::format("{}{:.3g} x {}", list.empty() ? "" : "; ", thing.count, thing.what);
  if (!list.empty()) write_paragraph(out, "  that is      ", list);
}

void write_work(const EstimatedRow& row, std::ostream& out) {
  const Estimate<double>& operations = row.request.work->operations;
  std::string text = fmt::format("{:.3g} \u00b1 {:.2g} FLOP ({})", *operations.value,
                                 2 * operations.u, row.request.work->basis);
  const auto say = [&](const Estimate<double>& value, double factor, const char* unit) {
    if (value) text += "; " + plus_minus(as_number(value, factor), unit);
  };
  say(row.work->per_device, 1e-12, "TFLOP/s per device");
  if (row.work->utilisation)
    say(row.work->utilisation, 100,
        fmt::format("% of its {} peak", row.request.device->tensor_format).c_str());
  say(row.work->per_joule, 1e-9, "GFLOP/J");
  write_paragraph(out, "  work         ", text);
}

void write_missing(const std::vector<EstimatedRow>& rows, std::ostream& out) {
  MissingList missing;
  for (const EstimatedRow& row : rows) {
    if (rows.size() == 1)
      missing.note(totals_of(row));
    else if (!row.it_energy)
      missing.note("energy of " + name_of(row), false, row.it_energy.why);
    if (row.embodied) missing.note("embodied carbon", bool(*row.embodied), row.embodied->why);
    if (row.sci) missing.note("SCI", bool(*row.sci), row.sci->why);
  }
  if (rows.size() > 1) {
    const EstimateTotal total = total_of(rows);
    missing.note("IT energy of all", bool(total.it_energy), total.it_energy.why);
    missing.note("site energy of all", bool(total.site.site_energy), total.site.site_energy.why);
    missing.note("carbon of all", bool(total.site.carbon), total.site.carbon.why);
    missing.note("cloud rent of all", bool(total.cloud_cost.low), total.cloud_cost.low.why);
  }
  missing.write(out);
}

/// Each once: rows of one table often say the same.
void write_notes(const std::vector<EstimatedRow>& rows, std::ostream& out) {
  out << "\nNotes\n";
  std::vector<std::string> said;
  const auto say = [&](const std::string& text) {
    if (std::find(said.begin(), said.end(), text) != said.end()) return;
    said.push_back(text);
    write_paragraph(out, "  - ", printable(text) + ".");
  };
  for (const EstimatedRow& row : rows)
    for (const std::string& flag : row.flags)
      say(rows.size() == 1 ? flag : name_of(row) + ": " + flag);
  say("\u00b1 is k = 2, about 95 %; an estimate: nothing but what a source above names was "
      "measured");
  for (const EstimatedRow& row : rows) {
    for (const std::string& note : row.request.notes) say(note);
    // Of one row the table has the sources, but cut where they are long.
    for (const PartPower& part : row.request.parts)
      if (part.power.evidence >= Evidence::kModelled && part.source.size() > kSourceColumns)
        say(part.kind + " power: " + part.source);
  }
  if (std::any_of(rows.begin(), rows.end(), is_lower_bound))
    say("parts that no power is known of are left out: those figures are lower bounds");
}

void write_one(const EstimatedRow& row, std::ostream& out) {
  write_head(row, out);
  write_parts(row, out);
  out << '\n';
  const double joules = row.it_energy          ? row.it_energy.value->count()
                        : row.site.site_energy ? row.site.site_energy.value->count()
                                               : 0;
  write_totals(totals_of(row), energy_scale(joules), out);
  if (row.work) write_work(row, out);
  write_worth(row, out);
}

std::string energy_cell(const Estimate<Joules>& energy) {
  const Scale scale = energy_scale(energy ? energy.value->count() : 0);
  return plus_minus(as_number(energy, scale.factor), scale.name);
}

std::string carbon_cell(const Estimate<GramsCo2>& carbon) {
  const Scale scale = carbon_scale(carbon ? carbon.value->count() : 0);
  return plus_minus(as_number(carbon, scale.factor), scale.name);
}

std::string rent_cell(const CostRange& cost, const std::string& currency) {
  if (!cost.low || !cost.high) return "-";
  return fmt::format("{} to {} {}", three_digits(as_number(cost.low)),
                     three_digits(as_number(cost.high)), currency);
}

void write_many(const std::vector<EstimatedRow>& rows, std::ostream& out) {
  TextTable table({"estimate of", "IT energy", "site energy", "CO2e", "cloud rent"},
                  {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  for (const EstimatedRow& row : rows)
    table.add({shortened(name_of(row), kRowNameColumns), energy_cell(row.it_energy),
               energy_cell(row.site.site_energy), carbon_cell(row.site.carbon),
               rent_cell(row.cloud_cost, row.request.place.currency)});
  const EstimateTotal total = total_of(rows);
  table.add({"all", energy_cell(total.it_energy), energy_cell(total.site.site_energy),
             carbon_cell(total.site.carbon), rent_cell(total.cloud_cost, total.currency)});
  table.write(out, 0);
}

}  // namespace

void write_estimates_text(const std::vector<EstimatedRow>& rows, std::ostream& out) {
  if (rows.size() == 1)
    write_one(rows[0], out);
  else
    write_many(rows, out);
  if (!rows.empty()) write_front_text(fronts_of_rows(rows), rows[0].request.place.currency, out);
  write_missing(rows, out);
  write_notes(rows, out);
}

}  // namespace joulery
