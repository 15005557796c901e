// statement: runs by place: the same site or host, PUE and intensity.
#include <algorithm>
#include <map>
#include <string>

#include "account/money.h"
#include "statement/parts.h"

namespace joulery::statement {
namespace {

template <class T>
bool same(const Factor<T>& a, const Factor<T>& b) {
  return a.estimate.value == b.estimate.value && a.estimate.u == b.estimate.u &&
         a.source == b.source && a.kind == b.kind && a.basis == b.basis && a.region == b.region &&
         a.year == b.year;
}

bool same_place(const Account& a, const Account& b) {
  return place_name(a) == place_name(b) && same(a.place.pue, b.place.pue) &&
         same(a.place.intensity, b.place.intensity);
}

std::vector<Runs> split_by_place(const Runs& runs) {
  std::vector<Runs> groups;
  for (const Account* run : runs) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const Runs& other) {
      return same_place(*other.front(), *run);
    });
    if (group == groups.end())
      groups.push_back({run});
    else
      group->push_back(run);
  }
  return groups;
}

std::vector<EnergyShare> mix_of(const Place& place, const std::vector<SiteEntry>& sites) {
  for (const std::string& name : {place.intensity.region, place.name}) {
    if (name.empty()) continue;
    const auto site = std::find_if(sites.begin(), sites.end(), [&](const SiteEntry& entry) {
      return entry.id == name && !entry.mix.empty();
    });
    if (site != sites.end()) return site->mix;
  }
  return {};
}

/// "site hpc in /home/ann/.config/joulery/config.toml" is site hpc: where a machine keeps its
/// configuration is no reader's concern.
std::string without_file(const std::string& source) {
  const std::size_t at = source.rfind(" in ");
  const bool configured = source.starts_with("site ") || source.starts_with("defaults in ");
  return configured && at != std::string::npos ? source.substr(0, at) : source;
}

StatedPlace state_place(const Runs& runs, const std::vector<SiteEntry>& sites) {
  const Account& first = *runs.front();
  StatedPlace place;
  place.name = place_name(first);
  for (const Account* run : runs)
    if (std::find(place.hosts.begin(), place.hosts.end(), run->job.host) == place.hosts.end())
      place.hosts.push_back(run->job.host);
  place.runs = runs.size();
  place.it_energy = add_energy(runs);
  place.site_energy = account::site_energy_of(place.it_energy, first.place);
  place.carbon = account::carbon_of(place.site_energy, first.place);
  place.pue = first.place.pue;
  place.intensity = first.place.intensity;
  place.pue.source = without_file(place.pue.source);
  place.intensity.source = without_file(place.intensity.source);
  place.mix = mix_of(first.place, sites);
  return place;
}

/// One host may have been given different factors: its second group is "node7 (2)".
void tell_apart(std::vector<StatedPlace>& places) {
  std::map<std::string, std::size_t> seen;
  for (StatedPlace& place : places)
    if (const std::size_t n = ++seen[place.name]; n > 1) {
      place.same_as = place.name;
      place.name += " (" + std::to_string(n) + ")";
    }
}

}  // namespace

std::string place_name(const Account& run) {
  if (!run.place.name.empty()) return run.place.name;
  return run.job.host.empty() ? "an unnamed host" : run.job.host;
}

std::vector<StatedPlace> group_places(const Runs& runs, const std::vector<SiteEntry>& sites) {
  std::vector<StatedPlace> places;
  for (const Runs& group : split_by_place(runs)) places.push_back(state_place(group, sites));
  std::stable_sort(places.begin(), places.end(), [](const StatedPlace& a, const StatedPlace& b) {
    return a.it_energy.value.value_or(Joules{}) > b.it_energy.value.value_or(Joules{});
  });
  tell_apart(places);
  return places;
}

}  // namespace joulery::statement
