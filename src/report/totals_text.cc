// report: the totals of an account or an estimate as text, see totals_text.h.
#include "report/totals_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/utf8.h"
#include "report/text_table.h"

namespace joulery {
namespace {

struct Line {
  std::string label, value, basis;
};

// What is computed from a sum with unseen parts is a lower bound too.
std::string bounded(const Totals& totals, const std::string& value) {
  return value == "-" || !totals.lower_bound ? value : "at least " + value;
}

Line it_line(const Totals& totals, Scale energy) {
  const Estimate<double> number = as_number(totals.it_energy, energy.factor);
  std::string basis = fmt::format("{}", fmt::join(totals.includes, " + "));
  if (number && !totals.excludes.empty())
    basis += fmt::format("; without {}", fmt::join(totals.excludes, ", "));
  if (number && !number.top.empty()) basis += "; \u00b1 mostly from " + number.top;
  return {"IT energy", bounded(totals, plus_minus(number, energy.name)), basis};
}

Line site_line(const Totals& totals, Scale energy) {
  const Factor<double>& pue = totals.place.pue;
  std::string basis;
  if (pue.estimate) basis = "PUE " + plus_minus(as_number(pue.estimate)) + ", " + pue.source;
  return {"site energy",
          bounded(totals, plus_minus(as_number(totals.site_energy, energy.factor), energy.name)),
          basis};
}

Line carbon_line(const Totals& totals) {
  const Factor<GramsPerJoule>& intensity = totals.place.intensity;
  std::string value = "-";
  std::string basis;
  if (totals.carbon) {
    const Scale scale = carbon_scale(totals.carbon.value->count());
    value = plus_minus(as_number(totals.carbon, scale.factor), std::string(scale.name) + " CO2e");
  }
  if (intensity.estimate) {
    basis = plus_minus(as_number(intensity.estimate, kJoulesPerKilowattHour), "g/kWh");
    for (const std::string& part : {intensity.kind, intensity.region, intensity.source})
      if (!part.empty()) basis += ", " + part;
    if (intensity.year) basis += fmt::format(" ({})", *intensity.year);
  }
  return {"carbon", bounded(totals, value), basis};
}

Line electricity_line(const Totals& totals) {
  const Factor<MoneyPerJoule>& price = totals.place.electricity_price;
  const std::string& currency = totals.place.currency;
  std::string basis;
  if (price.estimate)
    basis = plus_minus(as_number(price.estimate, kJoulesPerKilowattHour), currency + "/kWh") +
            ", " + price.source;
  return {"electricity", bounded(totals, plus_minus(as_number(totals.electricity_cost), currency)),
          basis};
}

Line cloud_line(const Totals& totals) {
  const std::string& currency = totals.place.currency;
  const CostRange& cost = totals.cloud_cost;
  std::string value = "-";
  if (cost.low && cost.high)
    value = fmt::format("{} to {} {}", three_digits(as_number(cost.low)),
                        three_digits(as_number(cost.high)), currency);
  return {"cloud rent", value, totals.place.cloud_price_source};
}

}  // namespace

void write_totals(const Totals& totals, Scale energy, std::ostream& out) {
  const Line lines[] = {it_line(totals, energy), site_line(totals, energy), carbon_line(totals),
                        electricity_line(totals), cloud_line(totals)};
  std::size_t wide = 0;
  for (const Line& line : lines) wide = std::max(wide, width_of(line.value));
  for (const Line& line : lines) {
    const std::string gap(wide - width_of(line.value) + 2, ' ');
    write_paragraph(out, fmt::format("  {:<13}{}{}", line.label, line.value, gap),
                    line.value == "-" && (line.basis.empty() || line.label == "cloud rent")
                        ? "not known, see below"
                        : printable(line.basis));
  }
}

void MissingList::note(const std::string& what, bool known, const std::string& why) {
  if (known) return;
  const auto same = [&](const auto& entry) { return entry.first == why; };
  const auto found = std::find_if(missing_.begin(), missing_.end(), same);
  if (found == missing_.end())
    missing_.emplace_back(why, what);
  else
    found->second += ", " + what;
}

void MissingList::note(const Totals& totals) {
  note("IT energy", bool(totals.it_energy), totals.it_energy.why);
  note("site energy", bool(totals.site_energy), totals.site_energy.why);
  note("carbon", bool(totals.carbon), totals.carbon.why);
  note("electricity", bool(totals.electricity_cost), totals.electricity_cost.why);
  note("cloud rent", bool(totals.cloud_cost.low), totals.cloud_cost.low.why);
}

void MissingList::write(std::ostream& out) const {
  if (missing_.empty()) return;
  out << "\nNot known\n";
  for (const auto& [why, what] : missing_)
    write_paragraph(out, "  - ", what + (why.empty() ? "" : ": " + printable(why)));
}

}  // namespace joulery
