// estimate: sums over rows, see joulery/estimate.h.
#include <algorithm>
#include <set>

#include "joulery/estimate.h"

namespace joulery {
namespace {

/// Sum of what `get` gives of each row; missing as soon as one is.
template <class T, class Get>
Estimate<T> sum_of(const std::vector<EstimatedRow>& rows, const Get& get) {
  Estimate<T> sum = Estimate<T>::of(T{}, T{}, Evidence::kMeasured);
  double seen = 0;
  T largest{};
  for (const EstimatedRow& row : rows) {
    const Estimate<T>& part = get(row);
    if (!part)
      return Estimate<T>::missing("row \"" + row.request.name + "\" has none: " + part.why);
    sum.value = *sum.value + *part.value;
    sum.u += part.u;
    sum.evidence = std::max(sum.evidence, part.evidence);
    seen += part.value->count() * part.coverage;
    if (part.u > largest) {
      largest = part.u;
      sum.top = part.top;
    }
  }
  sum.coverage = sum.value->count() > 0 ? seen / sum.value->count() : 0;
  return sum;
}

std::string list_of(const std::set<std::string>& words, const char* between) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : between) + word;
  return list;
}

/// "average, location-based"; empty of what somebody gave without saying, which is theirs to know.
std::string kind_of(const Factor<GramsPerJoule>& intensity) {
  std::string kind = intensity.kind;
  if (!intensity.basis.empty()) kind += (kind.empty() ? "" : ", ") + intensity.basis + "-based";
  return kind;
}

/// Average and marginal intensities, and those of the grid and of what was bought, answer different
/// questions: their sum answers none. What nobody stated may be either.
std::string mixed_kinds(const std::vector<EstimatedRow>& rows) {
  std::set<std::string> kinds;
  for (const EstimatedRow& row : rows)
    if (row.site.carbon) kinds.insert(kind_of(row.request.place.intensity));
  return kinds.size() > 1
             ? "the rows' carbon intensities are of different kind: " + list_of(kinds, " and ")
             : "";
}

std::string mixed_currencies(const std::vector<EstimatedRow>& rows) {
  std::set<std::string> currencies;
  for (const EstimatedRow& row : rows)
    if (row.cloud_cost.low || row.site.electricity_cost)
      currencies.insert(row.request.place.currency);
  return currencies.size() > 1 ? "the rows' prices are in " + list_of(currencies, " and ") : "";
}

}  // namespace

WorthPoint point_of(const EstimatedRow& row) {
  WorthPoint point;
  point.name = row.request.name;
  point.metric = row.request.metric.value_or(0);
  if (row.it_energy) point.energy_j = row.it_energy.value->count();
  if (row.site.carbon) point.carbon_g = row.site.carbon.value->count();
  if (row.cloud_cost.high) point.cost = row.cloud_cost.high.value->count();
  return point;
}

std::vector<FrontPoint> fronts_of_rows(const std::vector<EstimatedRow>& rows) {
  std::vector<WorthPoint> points;
  std::optional<Better> better;
  for (const EstimatedRow& row : rows) {
    if (!row.request.metric) continue;
    if (!better) better = row.request.better;
    if (row.request.better == *better) points.push_back(point_of(row));
  }
  return fronts_of(points, better.value_or(Better::kHigher));
}

EstimateTotal total_of(const std::vector<EstimatedRow>& rows) {
  using Row = EstimatedRow;
  EstimateTotal total;
  total.it_energy = sum_of<Joules>(rows, [](const Row& r) { return r.it_energy; });
  total.site.site_energy = sum_of<Joules>(rows, [](const Row& r) { return r.site.site_energy; });
  total.site.carbon = sum_of<GramsCo2>(rows, [](const Row& r) { return r.site.carbon; });
  total.site.electricity_cost =
      sum_of<Money>(rows, [](const Row& r) { return r.site.electricity_cost; });
  total.cloud_cost = {sum_of<Money>(rows, [](const Row& r) { return r.cloud_cost.low; }),
                      sum_of<Money>(rows, [](const Row& r) { return r.cloud_cost.high; })};
  if (const std::string why = mixed_kinds(rows); !why.empty())
    total.site.carbon = Estimate<GramsCo2>::missing(why);
  if (const std::string why = mixed_currencies(rows); !why.empty()) {
    const auto none = Estimate<Money>::missing(why);
    total.site.electricity_cost = none;
    total.cloud_cost = {none, none};
  }
  total.currency = rows.empty() ? "USD" : rows.front().request.place.currency;
  return total;
}

}  // namespace joulery
