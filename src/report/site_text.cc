// report: the tables of places for people: a line each, or all that is known of one.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/number.h"
#include "report/per_hour.h"
#include "report/text_table.h"

namespace joulery {
namespace {

std::string grams_of(const SiteEntry& site) {
  if (!site.intensity.estimate) return "-";
  return plus_minus(as_number(site.intensity.estimate, kJoulesPerKilowattHour));
}

std::string pue_of(const SiteEntry& site) {
  return site.pue.estimate ? plus_minus(as_number(site.pue.estimate)) : "-";
}

std::string year_of(const SiteEntry& site) {
  const std::optional<int> year = site.intensity.year ? site.intensity.year : site.pue.year;
  return year ? fmt::format("{}", *year) : "-";
}

template <class T>
std::string origin_of(const Factor<T>& factor) {
  return printable(factor.year ? fmt::format("{}, {}", factor.source, *factor.year)
                               : factor.source);
}

void write_intensity(const SiteEntry& site, std::ostream& out) {
  if (!site.intensity.estimate) return;
  const std::string basis =
      site.intensity.basis.empty() ? "" : ", " + site.intensity.basis + "-based";
  write_paragraph(out, "  CO2e         ",
                  fmt::format("{} g/kWh, {}{}  ({})", grams_of(site),
                              printable(site.intensity.kind), basis, origin_of(site.intensity)));
}

void write_mix(const SiteEntry& site, std::ostream& out) {
  if (site.mix.empty()) return;
  double told = 0;
  std::vector<std::string> parts;
  for (const EnergyShare& part : site.mix) {
    told += part.share;
    parts.push_back(fmt::format("{} {:.3g} %", printable(part.energy), 100 * part.share));
  }
  if (told < 1) parts.push_back(fmt::format("not given {:.3g} %", 100 * (1 - told)));
  write_paragraph(out, "  energy       ", fmt::format("{}", fmt::join(parts, ", ")));
}

void write_prices(const SiteEntry& site, std::ostream& out) {
  if (site.electricity_price.estimate)
    write_paragraph(
        out, "  electricity  ",
        fmt::format("{}{}  ({})",
                    plus_minus(as_number(site.electricity_price.estimate, kJoulesPerKilowattHour),
                               site.currency + "/kWh"),
                    site.electricity_price.kind.empty()
                        ? ""
                        : ", " + printable(site.electricity_price.kind),
                    origin_of(site.electricity_price)));
  if (site.cloud_price)
    write_paragraph(out, "  rent         ",
                    fmt::format("{:.4g}..{:.4g} {}/h a device", per_hour(site.cloud_price->first),
                                per_hour(site.cloud_price->second), site.currency));
}

// What a user types to have these figures in an account.
std::string flag_of(const SiteEntry& site) {
  const bool with_pue = site.group == "own" || site.pue.estimate.value.has_value();
  return (with_pue ? "--site " : "--region ") + printable(site.id);
}

}  // namespace

void write_sites_text(const std::vector<SiteEntry>& sites, std::ostream& out) {
  if (sites.empty()) {
    out << "No place has all of these words in its names and sources.\n";
    return;
  }
  TextTable table(
      {"place", "group", "gCO2e/kWh", "PUE", "year", "name"},
      {Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kLeft});
  for (const SiteEntry& site : sites)
    table.add({shortened(printable(site.id), 32), site.group, grams_of(site), pue_of(site),
               year_of(site), printable(site.name)});
  table.write(out, 0);
}

void write_site_text(const SiteEntry& site, std::ostream& out) {
  write_paragraph(out, "", fmt::format("{}  {}", printable(site.id), printable(site.name)));
  if (!site.aliases.empty())
    write_paragraph(out, "  also         ",
                    printable(fmt::format("{}", fmt::join(site.aliases, ", "))));
  write_paragraph(out, "  group        ", site.group);
  write_intensity(site, out);
  if (site.pue.estimate)
    write_paragraph(out, "  PUE          ",
                    fmt::format("{}  ({})", pue_of(site), origin_of(site.pue)));
  write_prices(site, out);
  write_mix(site, out);
  if (!site.note.empty()) write_paragraph(out, "  note         ", printable(site.note));
  write_paragraph(out, "  use it with  ", flag_of(site));
}

}  // namespace joulery
