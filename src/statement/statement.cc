// statement: accounts to a statement, see joulery/statement.h.
#include "joulery/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "account/money.h"
#include "statement/parts.h"

namespace joulery {
namespace statement {
namespace {

Runs pointers_to(const std::vector<Account>& accounts) {
  Runs runs;
  for (const Account& account : accounts) runs.push_back(&account);
  return runs;
}

void put_time(const Runs& runs, Statement& out) {
  std::vector<Estimate<Seconds>> lengths;
  for (const Account* run : runs) {
    const WallTime begin = run->begin;
    WallTime end = begin;
    if (run->duration) {
      lengths.push_back(run->duration);
      end += std::chrono::duration_cast<Micros>(*run->duration.value);
    }
    if (run == runs.front()) out.begin = begin;
    out.end = std::max(out.end, end);
  }
  out.duration =
      lengths.empty() ? Estimate<Seconds>::missing("no run has a length") : add_linearly(lengths);
}

void put_counts(const Runs& runs, Statement& out) {
  out.runs = runs.size();
  Runs lost;
  for (const Account* run : runs) {
    out.ids.push_back(run->job.id);
    if (is_failed(*run))
      ++out.failed;
    else if (is_unfinished(*run))
      ++out.unfinished;
    if (is_failed(*run) || is_unfinished(*run)) lost.push_back(run);
    if (run->it_energy) continue;
    if (out.without_energy++ == 0) out.why_without = run->it_energy.why;
  }
  out.lost_energy = lost.empty() ? Estimate<Joules>::missing("no run failed") : add_energy(lost);
}

void put_kinds(const Runs& runs, Statement& out) {
  std::set<std::string> includes;
  std::map<std::string, std::size_t> excludes;
  for (const Account* run : runs) {
    includes.insert(run->includes.begin(), run->includes.end());
    for (const std::string& kind : run->excludes) ++excludes[kind];
    const auto& flags = run->flags;
    out.lower_bound |= std::find(flags.begin(), flags.end(), "lower_bound") != flags.end();
  }
  out.includes.assign(includes.begin(), includes.end());
  for (const auto& [kind, count] : excludes) {
    out.excludes.push_back(kind);
    out.excluded_in.push_back(count);
  }
  out.lower_bound |= !excludes.empty() || out.without_energy > 0;
}

/// Over the places, of which one that has energy but lacks the factor makes the sum missing.
template <class T, class Get>
Estimate<T> sum_of_places(const std::vector<StatedPlace>& places, const Get& get) {
  std::vector<Estimate<T>> parts;
  for (const StatedPlace& place : places) {
    if (!place.it_energy) continue;
    const Estimate<T>& part = get(place);
    if (!part)
      return Estimate<T>::missing(places.size() > 1 ? place.name + ": " + part.why : part.why);
    parts.push_back(part);
  }
  if (parts.empty()) return Estimate<T>::missing("no run has an energy");
  return add_linearly(parts);
}

std::vector<StatedCarbon> carbon_by_kind(const std::vector<StatedPlace>& places) {
  std::vector<StatedCarbon> kinds;
  for (const StatedPlace& place : places) {
    if (!place.carbon) continue;
    const auto& intensity = place.intensity;
    auto same = std::find_if(kinds.begin(), kinds.end(), [&](const StatedCarbon& other) {
      return other.kind == intensity.kind && other.basis == intensity.basis;
    });
    if (same == kinds.end())
      kinds.push_back({intensity.kind, intensity.basis, place.carbon});
    else
      same->carbon = add_linearly<GramsCo2>({same->carbon, place.carbon});
  }
  return kinds;
}

/// Only where every place has an intensity of that basis, and all are of one kind.
Estimate<GramsCo2> carbon_of_basis(const Statement& out, const std::string& basis) {
  for (const StatedPlace& place : out.places) {
    if (!place.it_energy || place.intensity.basis == basis) continue;
    const std::string where = out.places.size() > 1 ? " at " + place.name : "";
    if (!place.intensity.estimate && basis == "location")
      return Estimate<GramsCo2>::missing("no carbon intensity" + where +
                                         ": --region or --intensity");
    const bool unstated = place.intensity.estimate && place.intensity.basis.empty();
    return Estimate<GramsCo2>::missing(
        unstated ? fmt::format("the basis of the intensity that was given{} is not stated", where)
                 : fmt::format("no {}-based intensity was given{}: {}", basis, where,
                               basis == "market" ? "--market-intensity" : "--region"));
  }
  return out.carbon;
}

void put_carbon(Statement& out) {
  out.carbon_by_kind = carbon_by_kind(out.places);
  out.carbon = sum_of_places<GramsCo2>(out.places, [](const StatedPlace& p) { return p.carbon; });
  if (out.carbon_by_kind.size() > 1)
    out.carbon =
        Estimate<GramsCo2>::missing("the places' intensities are of different kind or basis");
  out.carbon_location = carbon_of_basis(out, "location");
  out.carbon_market = carbon_of_basis(out, "market");
}

std::vector<StatedCost> add_costs(const Runs& runs) {
  std::map<std::string, std::vector<Estimate<Money>>> prices;
  for (const Account* run : runs)
    if (run->electricity_cost) prices[run->place.currency].push_back(run->electricity_cost);
  std::vector<StatedCost> costs;
  for (const auto& [currency, parts] : prices)
    costs.push_back({currency, add_linearly(parts), parts.size()});
  return costs;
}

std::vector<StatedRent> add_rents(const Runs& runs) {
  std::map<std::string, std::vector<CostRange>> prices;
  for (const Account* run : runs)
    if (run->cloud_cost.low && run->cloud_cost.high)
      prices[run->place.currency].push_back(run->cloud_cost);
  std::vector<StatedRent> rents;
  for (const auto& [currency, parts] : prices) {
    std::vector<Estimate<Money>> low, high;
    for (const CostRange& part : parts) low.push_back(part.low), high.push_back(part.high);
    rents.push_back({currency, add_linearly(low), add_linearly(high), parts.size()});
  }
  return rents;
}

/// Time of the accelerators; of runs without any, of the processors.
Seconds device_time(const Statement& out) {
  Seconds accelerators{0}, processors{0};
  for (const StatedHardware& hardware : out.hardware) {
    if (hardware.kind == ComponentKind::kGpu) accelerators += hardware.device_time;
    if (hardware.kind == ComponentKind::kCpu) processors += hardware.device_time;
  }
  return accelerators > Seconds(0) ? accelerators : processors;
}

// An intensity of a contract is an average where it tells no kind (GHG Protocol, Scope 2 Guidance,
// 2015).
std::string bought_kind(const std::string& kind) {
  return kind.empty() || kind == "unstated" ? "average" : kind;
}

bool keeps_own(const StatedPlace& place) {
  return place.intensity.estimate && place.intensity.basis == "market";
}

/// Why what was bought is no one sum: what is an average and what is marginal. "" where it is one.
std::string kinds_bought(const Statement& out) {
  std::map<std::string, std::string> whose;  // the first of each kind
  for (const StatedPlace& place : out.places) {
    if (!place.it_energy) continue;
    const bool own = keeps_own(place);
    whose.try_emplace(bought_kind(own ? place.intensity.kind : out.market.kind),
                      own ? "that of " + place.name : "that given");
  }
  std::vector<std::string> words;
  for (const auto& [kind, owner] : whose) words.push_back(fmt::format("{} is {}", owner, kind));
  if (words.size() < 2) return "";
  return fmt::format("market-based intensities of different kinds: {}", fmt::join(words, ", "));
}

/// By the intensity of what was bought; a place whose own is market-based keeps it.
Estimate<GramsCo2> carbon_bought(const Statement& out) {
  if (const std::string why = kinds_bought(out); !why.empty())
    return Estimate<GramsCo2>::missing(why);
  std::vector<StatedPlace> places = out.places;
  for (StatedPlace& place : places) {
    if (keeps_own(place)) continue;
    Place bought;
    bought.intensity = out.market;
    place.carbon = account::carbon_of(place.site_energy, bought);
  }
  return sum_of_places<GramsCo2>(places, [](const StatedPlace& p) { return p.carbon; });
}

void put_sci(const std::optional<Embodied>& embodied, Statement& out) {
  out.embodied = out.sci =
      Estimate<GramsCo2>::missing("no embodied carbon: --embodied and --lifetime");
  out.sci_asked = embodied.has_value();
  if (!embodied) return;
  const Seconds time = device_time(out);
  if (time <= Seconds(0)) {
    out.embodied = out.sci = Estimate<GramsCo2>::missing("no device was seen");
    return;
  }
  out.embodied =
      embodied_of(embodied->each, Estimate<Seconds>::of(time, Seconds(0), Evidence::kMeasured),
                  embodied->lifetime);
  out.embodied.coverage = 1;  // a constant, as of factors
  out.sci = out.carbon_location;
  if (!out.sci) return;
  // The makers' figure and the meter know nothing of one another.
  const double u = std::hypot(out.sci.u.count(), out.embodied.u.count());
  if (out.embodied.u > out.sci.u) out.sci.top = out.embodied.top;
  const auto runs = static_cast<double>(out.runs);
  out.sci.value = (*out.sci.value + *out.embodied.value) / runs;
  out.sci.u = GramsCo2(u / runs);
  out.sci.evidence = std::max(out.sci.evidence, out.embodied.evidence);
}

/// What all runs agree on; empty where they do not.
template <class Get>
std::string common_text(const Runs& runs, const Get& get) {
  if (runs.empty()) return "";
  const std::string first = get(*runs.front());
  const bool all =
      std::all_of(runs.begin(), runs.end(), [&](const Account* run) { return get(*run) == first; });
  return all ? first : "";
}

}  // namespace
}  // namespace statement

Statement make_statement(std::vector<Account> accounts, std::string project,
                         const std::vector<SiteEntry>& sites, StatementExtras extras) {
  std::sort(accounts.begin(), accounts.end(), [](const Account& a, const Account& b) {
    return std::tie(a.begin, a.job.id) < std::tie(b.begin, b.job.id);
  });
  const statement::Runs runs = statement::pointers_to(accounts);
  Statement out;
  out.project = std::move(project);
  statement::put_time(runs, out);
  statement::put_counts(runs, out);
  statement::put_kinds(runs, out);
  out.hardware = statement::count_hardware(runs);
  out.places = statement::group_places(runs, sites);
  out.methods = statement::group_methods(runs);
  out.it_energy = statement::add_energy(runs);
  out.site_energy = statement::sum_of_places<Joules>(
      out.places, [](const StatedPlace& p) { return p.site_energy; });
  statement::put_carbon(out);
  out.market = std::move(extras.market);
  if (out.market.estimate) out.carbon_market = statement::carbon_bought(out);
  out.costs = statement::add_costs(runs);
  out.rents = statement::add_rents(runs);
  statement::put_sci(extras.embodied, out);
  out.left_out = std::move(extras.left_out);
  out.lower_bound |= !out.left_out.empty();
  out.savings = statement::find_savings(runs);
  out.plans = std::move(extras.plans);
  statement::put_kept(runs, out.plans);
  out.notes = statement::warn_of(runs);
  const std::string type = statement::common_text(
      runs, [](const Account& run) { return statement::tag_of(run, "training_type"); });
  if (!type.empty()) out.training_type = type;
  out.version = runs.empty() ? "" : runs.back()->job.version;
  return out;
}

}  // namespace joulery
