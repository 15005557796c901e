// report: means of runs, see simulation_rows.h.
#include "report/simulation_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace joulery {
namespace {

std::optional<Saved> saved_by(const PolicyRun& run, const SimulationCase& held,
                              ShiftObjective objective) {
  return saved_by(run.sums, run.saved_u, held, objective);
}

std::optional<double> share_of_oracle(const PolicyRun& run, const SimulationCase& held,
                                      ShiftObjective objective) {
  const Oracle* const oracle = oracle_of(held, run.policy);
  // Late jobs take a freedom that the oracle does not have.
  if (oracle == nullptr || held.now.late > 0) return {};
  const double now = value_of(held.now.sums, objective);
  const double most = now - value_of(oracle->sums, objective);
  // What rounding alone would save is no saving.
  constexpr double kNothing = 1e-9;
  if (most <= kNothing * std::abs(now)) return {};
  return (now - value_of(run.sums, objective)) / most;
}

void add(const SimulationSums& from, double weight, SimulationSums& out) {
  out.it_energy += from.it_energy * weight;
  out.site_energy += from.site_energy * weight;
  out.carbon += from.carbon * weight;
  if (from.cost) out.cost = out.cost.value_or(Money(0)) + *from.cost * weight;
}

/// Counts are added up here and divided by mean_of().
void add(const PolicyRun& from, double weight, PolicyRun& out) {
  add(from.sums, weight, out.sums);
  if (from.idle) {
    if (!out.idle) out.idle = SimulationSums{};
    add(*from.idle, weight, *out.idle);
  }
  out.mean_wait += from.mean_wait * weight;
  out.p95_wait += from.p95_wait * weight;
  out.mean_queue += from.mean_queue * weight;
  out.mean_stretch += from.mean_stretch * weight;
  out.p95_stretch += from.p95_stretch * weight;
  out.late += from.late;
  out.may_cap = std::max(out.may_cap, from.may_cap);
  out.resumes += from.resumes;
  out.resume_energy += from.resume_energy * weight;
  out.peak_devices = std::max(out.peak_devices, from.peak_devices);
  out.mean_devices += from.mean_devices * weight;
  out.peak_queue = std::max(out.peak_queue, from.peak_queue);
  out.end = std::max(out.end, from.end);
}

PolicyRun mean_of(const std::vector<const PolicyRun*>& runs) {
  PolicyRun out;
  out.policy = runs.front()->policy;
  out.place = runs.front()->place;
  out.slack = runs.front()->slack;
  out.mean_stretch = out.p95_stretch = 0;
  for (const PolicyRun* run : runs) add(*run, 1 / static_cast<double>(runs.size()), out);
  out.late = (out.late + runs.size() / 2) / runs.size();
  out.resumes = (out.resumes + runs.size() / 2) / runs.size();
  return out;
}

}  // namespace

Estimate<double> sum_of(double value, const Estimate<double>& one) {
  if (!one) return one;
  Estimate<double> sum = one;
  sum.value = value;
  sum.u = std::abs(value) * one.u;
  return sum;
}

std::optional<Saved> saved_by(const SimulationSums& sums, const SavedU& u,
                              const SimulationCase& held, ShiftObjective objective) {
  const auto share = saved_share(value_of(sums, objective), value_of(held.now.sums, objective));
  if (!share) return {};
  return Saved{*share, u_of(u, objective)};
}

void Spread::add(const Saved& saved) {
  least = count == 0 ? saved.share : std::min(least, saved.share);
  most = count == 0 ? saved.share : std::max(most, saved.share);
  ++count;
  mean += (saved.share - mean) / static_cast<double>(count);
  u += (saved.u.value_or(0) - u) / static_cast<double>(count);
}

std::vector<PolicyRow> policy_rows(const SimulationCase& held, ShiftObjective objective) {
  std::vector<PolicyRow> rows;
  for (std::size_t i = 0; i < held.runs.size();) {
    PolicyRow row;
    std::vector<const PolicyRun*> runs;
    std::vector<double> of_oracle;
    for (const Shift policy = held.runs[i].policy;
         i < held.runs.size() && held.runs[i].policy == policy; ++i) {
      runs.push_back(&held.runs[i]);
      if (const auto saved = saved_by(held.runs[i], held, objective)) row.saved.add(*saved);
      if (const auto share = share_of_oracle(held.runs[i], held, objective))
        of_oracle.push_back(*share);
    }
    row.mean = mean_of(runs);
    if (!of_oracle.empty())
      row.of_oracle = std::accumulate(of_oracle.begin(), of_oracle.end(), 0.0) /
                      static_cast<double>(of_oracle.size());
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<SavedRow> saved_rows(const Simulation& simulation) {
  std::vector<SavedRow> rows;
  for (const Shift policy : simulation.request.policies)
    for (const Seconds slack : simulation.request.slacks) {
      SavedRow row{policy, slack, {}};
      for (const SimulationCase& held : simulation.cases)
        for (const PolicyRun& run : held.runs) {
          if (held.slack != slack || run.policy != policy) continue;
          if (const auto saved = saved_by(run, held, simulation.request.objective))
            row.saved.add(*saved);
        }
      rows.push_back(row);
    }
  return rows;
}

}  // namespace joulery
