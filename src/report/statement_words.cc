// report: the sentences of a statement, see statement_words.h.
#include "report/statement_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "report/number.h"
#include "report/statement_effort.h"
#include "report/statement_sources.h"

namespace joulery {
namespace {

// Of parts that could not be seen, every sum is at least what it says.
std::string bound(const Statement& statement) { return statement.lower_bound ? "at least " : ""; }

std::string place_part(const StatedPlace& place) {
  return fmt::format("{} at {}",
                     place.it_energy ? energy_words(place.it_energy) : "an unknown part",
                     printable(place.name));
}

std::string pue_words(const Factor<double>& pue) {
  return fmt::format("PUE {} ({})", plus_minus(as_number(pue.estimate)),
                     bracketed_source(pue.source));
}

std::string site_words(const Statement& statement) {
  if (!statement.site_energy)
    return fmt::format("What the site drew for it is not known: {}.",
                       told_reason(statement.site_energy.why));
  std::string parts;
  for (const StatedPlace& place : statement.places) {
    if (!place.pue.estimate) continue;
    parts += parts.empty() ? "" : ", ";
    parts += pue_words(place.pue);
    if (statement.places.size() > 1) parts += " at " + printable(place.name);
  }
  return fmt::format("With the site's own overhead, {}, {}{} were drawn.", parts, bound(statement),
                     energy_words(statement.site_energy));
}

std::string subject_words(const Statement& statement) {
  std::string who = statement.runs == 1 ? "The run" : fmt::format("The {} runs", statement.runs);
  if (!statement.project.empty()) who += " of project " + printable(statement.project);
  return who;
}

bool differs(const Factor<double>& a, const Factor<double>& b) {
  return a.estimate.value != b.estimate.value || a.source != b.source;
}
bool differs(const Factor<GramsPerJoule>& a, const Factor<GramsPerJoule>& b) {
  return a.estimate.value != b.estimate.value || a.source != b.source || a.region != b.region;
}

/// What sets "node7 (2)" apart from "node7".
std::string one_place_words(const Statement& statement) {
  std::string text;
  for (const StatedPlace& first : statement.places) {
    std::vector<std::string> names;
    bool pue = false, intensity = false;
    for (const StatedPlace& place : statement.places) {
      if (place.same_as != first.name) continue;
      names.push_back(printable(place.name));
      pue |= differs(first.pue, place.pue);
      intensity |= differs(first.intensity, place.intensity);
    }
    if (names.empty()) continue;
    text += fmt::format("One place is told as {} and {}, since its runs were given different {}. ",
                        printable(first.name), fmt::join(names, ", "),
                        pue && intensity ? "PUE and carbon intensity"
                        : pue            ? "PUE"
                                         : "carbon intensity");
  }
  return text;
}

std::string energy_section(const Statement& statement) {
  const std::string who = subject_words(statement);
  if (!statement.it_energy)
    return fmt::format("{} used an energy that is not known: {}.", who,
                       told_reason(statement.it_energy.why));
  std::string text = fmt::format("{} used {}{} of IT energy (k = 2)", who, bound(statement),
                                 energy_words(statement.it_energy));
  std::vector<std::string> parts;
  for (const StatedPlace& place : statement.places) parts.push_back(place_part(place));
  if (parts.size() > 1) {
    text += fmt::format(": {}", fmt::join(parts, "; "));
  } else if (!parts.empty()) {
    text += " at " + printable(statement.places.front().name);
  }
  return text + ". " + one_place_words(statement) + site_words(statement);
}

std::string mix_words(const StatedPlace& place) {
  std::vector<std::string> parts;
  double told = 0;
  for (const EnergyShare& share : place.mix) {
    parts.push_back(fmt::format("{} {}", printable(share.energy), percent(share.share)));
    told += share.share;
  }
  constexpr double kRest = 0.0005;  // less would print as 0.0 %
  if (told < 1 - kRest) parts.push_back("not told " + percent(1 - told));
  return fmt::format("Electricity at {}: {}.", printable(place.name), fmt::join(parts, ", "));
}

std::string carbon_words(const Estimate<GramsCo2>& carbon) {
  const Scale scale = carbon_scale(carbon.value->count());
  return plus_minus(as_number(carbon, scale.factor), std::string(scale.name) + " CO2e");
}

std::string basis_words(const StatedCarbon& part) {
  std::string words =
      part.basis.empty() ? "basis of the intensity not stated" : part.basis + "-based";
  if (part.kind == "average" || part.kind == "marginal") words += ", " + part.kind;
  return words;
}

std::string sci_words(const Statement& statement) {
  if (!statement.sci_asked) return "";
  std::string text =
      statement.embodied
          ? fmt::format("Making the hardware: {} fall on {}. ", carbon_words(statement.embodied),
                        statement.runs == 1 ? "this run" : "these runs")
          : "";
  if (statement.sci)
    text += fmt::format("Software Carbon Intensity (ISO/IEC 21031): {} a run. ",
                        carbon_words(statement.sci));
  else
    text += fmt::format("The Software Carbon Intensity (ISO/IEC 21031) is not known: {}. ",
                        told_reason(statement.sci.why));
  return text;
}

bool has_basis(const Statement& statement, const std::string& basis) {
  return std::any_of(statement.carbon_by_kind.begin(), statement.carbon_by_kind.end(),
                     [&](const StatedCarbon& part) { return part.basis == basis; });
}

std::string unknown_bases(const Statement& statement) {
  const bool location = !has_basis(statement, "location") && !statement.carbon_location;
  const bool market =
      !statement.carbon_market && (!has_basis(statement, "market") || statement.market.estimate);
  const std::string why_location = told_reason(statement.carbon_location.why);
  const std::string why_market = told_reason(statement.carbon_market.why);
  if (location && market && why_location == why_market)
    return fmt::format("Location- and market-based carbon are not known: {}. ", why_location);
  std::string text;
  if (location) text += fmt::format("Location-based carbon is not known: {}. ", why_location);
  if (market) text += fmt::format("Market-based carbon is not known: {}. ", why_market);
  return text;
}

/// Kinds side by side, and whether they are of the whole.
std::string emitted_words(const Statement& statement) {
  if (statement.carbon_by_kind.empty()) return "";
  const bool whole =
      std::all_of(statement.places.begin(), statement.places.end(),
                  [](const StatedPlace& place) { return place.carbon || !place.it_energy; });
  std::vector<std::string> parts;
  for (const StatedCarbon& part : statement.carbon_by_kind)
    parts.push_back(
        fmt::format("{}{} ({})", bound(statement), carbon_words(part.carbon), basis_words(part)));
  return fmt::format("{} stands for {}{}. ",
                     whole ? "This electricity" : "Where its intensity is known, this electricity",
                     fmt::join(parts, " and "),
                     parts.size() > 1 ? ", which do not add up to one figure" : "");
}

std::string market_words(const Statement& statement) {
  if (!statement.market.estimate || !statement.carbon_market) return "";
  return fmt::format("By what was bought it is {}{} ({}). ", bound(statement),
                     carbon_words(statement.carbon_market), intensity_words(statement.market));
}

std::string carbon_section(const Statement& statement) {
  std::string text = emitted_words(statement);
  if (!statement.carbon)
    text += fmt::format("{} is not known: {}. ", text.empty() ? "Its carbon" : "The total",
                        told_reason(statement.carbon.why));
  text += market_words(statement) + unknown_bases(statement);
  std::vector<std::string> unknown;
  for (const StatedPlace& place : statement.places) {
    if (place.intensity.estimate)
      text += fmt::format("Intensity at {}: {}. ", printable(place.name),
                          intensity_words(place.intensity));
    if (place.mix.empty())
      unknown.push_back(printable(place.name));
    else
      text += mix_words(place) + " ";
  }
  text += sci_words(statement);
  if (!unknown.empty())
    text += fmt::format("The energy source at {} is not known. ", fmt::join(unknown, ", "));
  text.pop_back();
  return text;
}

std::string hardware_section(const Statement& statement) {
  std::string text = fmt::format("{}. ", hardware_words(statement));
  if (statement.hardware.empty()) text = "No device was seen. ";
  const auto day = [](WallTime time) { return format_time(time).substr(0, 10); };
  const std::string from = day(statement.begin);
  const std::string to = day(statement.end);
  text += statement.duration
              ? fmt::format("Run time {}", format_duration(*statement.duration.value))
              : "Run time not known";
  if (statement.runs > 1) text += " in all";
  return text + (from == to ? fmt::format(", on {} (UTC).", from)
                            : fmt::format(", from {} to {} (UTC).", from, to));
}

}  // namespace

std::string energy_words(const Estimate<Joules>& energy) {
  if (!energy) return "-";
  const Scale scale = energy_scale(energy.value->count());
  return plus_minus(as_number(energy, scale.factor), scale.name);
}

std::string hardware_words(const Statement& statement) {
  std::vector<std::string> parts;
  for (const StatedHardware& hardware : statement.hardware)
    parts.push_back(
        fmt::format("{} x {} ({:.3g} device-hours)", hardware.count,
                    hardware.model.empty() ? name_of(hardware.kind) : printable(hardware.model),
                    hardware.device_time.count() / 3600));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string intensity_words(const Factor<GramsPerJoule>& intensity) {
  if (!intensity.estimate) return "";
  std::string words = plus_minus(as_number(intensity.estimate, kJoulesPerKilowattHour), "g/kWh");
  if (intensity.kind != "unstated" && !intensity.kind.empty())
    words += ", " + printable(intensity.kind);
  words +=
      intensity.basis.empty() ? ", basis not stated" : ", " + printable(intensity.basis) + "-based";
  if (!intensity.region.empty()) words += ", " + printable(intensity.region);
  if (!intensity.source.empty()) words += ", " + told_source(intensity.source);
  return words + (intensity.year ? fmt::format(" ({})", *intensity.year) : ", year not stated");
}

std::vector<StatementSection> statement_sections(const Statement& statement) {
  return {{"Energy", energy_section(statement)},
          {"Carbon", carbon_section(statement)},
          {"Hardware and duration", hardware_section(statement)},
          {"Measured, modelled and missing", method_words(statement)},
          {"Runs", runs_words(statement)},
          {"Steps to use less", steps_words(statement)}};
}

}  // namespace joulery
