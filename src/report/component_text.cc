// report: components as text, see component_text.h.
#include "report/component_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>

#include "base/utf8.h"
#include "joulery/sample.h"
#include "report/flag_text.h"
#include "report/text_table.h"

namespace joulery {
namespace {

// "gpu/GPU-1b2c3d4e../board" still names one board of a node.
constexpr std::size_t kComponentColumns = 24;

std::string short_id(const std::string& id) {
  return shortened_path(printable(id), kComponentColumns);
}

std::vector<std::string> cells_of(const ComponentAccount& component, Scale energy) {
  std::string joules = plus_minus(as_number(component.energy, energy.factor));
  if (component.part_of) joules = "(" + joules + ")";
  return {"  " + short_id(component.id),
          joules,
          three_digits(as_number(component.mean_power)),
          three_digits(as_number(component.peak_power)),
          component.energy ? percent(component.energy.coverage) : "-",
          name_of(component.energy ? component.energy.evidence : Evidence::kMissing),
          printable(component.source)};
}

void note_idle(const ComponentAccount& component, Scale energy, std::ostream& out) {
  if (!component.idle_energy || !component.energy) return;
  write_paragraph(
      out, "  - ",
      fmt::format("{}: idle, it would have used {} of the {} in this time.", short_id(component.id),
                  plus_minus(as_number(component.idle_energy, energy.factor), energy.name),
                  plus_minus(as_number(component.energy, energy.factor), energy.name)));
}

void note_share(const ComponentAccount& component, Scale energy, std::ostream& out) {
  if (!component.job_share) return;
  const std::string share = plus_minus(as_number(*component.job_share, energy.factor), energy.name);
  const std::string id = short_id(component.id);
  if (*component.job_share)
    write_paragraph(
        out, "  - ",
        fmt::format("{}: this job's part by CPU time is {} of the {}.", id, share,
                    plus_minus(as_number(component.energy, energy.factor), energy.name)));
  else
    write_paragraph(out, "  - ",
                    fmt::format("{}: this job's part of it is not known: {}.", id,
                                printable(component.job_share->why)));
}

void note_cross_check(const ComponentAccount& component, Scale energy, std::ostream& out) {
  const bool disagree = std::find(component.flags.begin(), component.flags.end(),
                                  "sensor_disagree") != component.flags.end();
  if (!disagree || !component.cross_check || !component.energy) return;
  const Estimate<Joules> other =
      Estimate<Joules>::of(*component.cross_check, component.energy.u, component.energy.evidence);
  write_paragraph(
      out, "  - ",
      fmt::format("{}: the other way to this energy gives {} {}, {:+.1f} %.",
                  short_id(component.id), rounded(as_number(other, energy.factor)), energy.name,
                  100 * (*component.cross_check / *component.energy.value - 1)));
}

void note_parts(const ComponentAccount& component, std::ostream& out) {
  if (!component.part_of) return;
  write_paragraph(out, "  - ",
                  fmt::format("{} is counted in {}, so the sum leaves it out.",
                              short_id(component.id), short_id(*component.part_of)));
}

// Devices of one node mostly share their flags: each sentence once, with those that it is about.
void note_flags(const Account& account, std::ostream& out) {
  std::vector<std::pair<std::string, std::vector<std::string>>> by_flag;
  for (const ComponentAccount& component : account.components) {
    for (const std::string& flag : component.flags) {
      auto found = std::find_if(by_flag.begin(), by_flag.end(),
                                [&](const auto& entry) { return entry.first == flag; });
      if (found == by_flag.end()) found = by_flag.insert(by_flag.end(), {flag, {}});
      found->second.push_back(short_id(component.id));
    }
  }
  for (const auto& [flag, ids] : by_flag)
    write_paragraph(out, "  - ",
                    fmt::format("{}: {}.", fmt::join(ids, ", "), explained_flag(flag)));
}

}  // namespace

void write_components(const Account& account, Scale energy, std::ostream& out) {
  TextTable table({"component", fmt::format("energy ({})", energy.name), "mean (W)", "peak (W)",
                   "seen", "class", "source"},
                  {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight,
                   Align::kLeft, Align::kLeft});
  std::string model;
  for (const ComponentAccount& component : account.components) {
    if (component.model != model && !component.model.empty())
      table.add_title(shortened(printable(component.model), 80));
    model = component.model;
    table.add(cells_of(component, energy));
  }
  table.write(out, 2);
}

void write_component_notes(const Account& account, Scale energy, std::ostream& out) {
  note_flags(account, out);
  for (const ComponentAccount& component : account.components) {
    note_cross_check(component, energy, out);
    note_idle(component, energy, out);
    note_share(component, energy, out);
    note_parts(component, out);
  }
}

}  // namespace joulery
