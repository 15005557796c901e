// estimate: the power of a measured run, scaled, see scaled_run.h.
#include "estimate/scaled_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "estimate/keys.h"
#include "estimate/written.h"

namespace joulery::estimate {
namespace {

/// By how much each kind of part grows.
struct Scaling {
  double gpus = 1;   ///< boards of the row / boards of the run
  double nodes = 1;  ///< machines like the run's
};

Result<Scaling> scaling_of(const WrittenRow& row, const MeasuredPower& run, double count) {
  const WrittenValue* value = find(row, "gpus_per_node");
  if (run.gpus == 0) {
    if (value != nullptr)
      return error_of(*value, "is of GPUs, and the run had none", "no such key");
    return Scaling{1, count};
  }
  const double boards = static_cast<double>(run.gpus);
  double per_node = boards;
  if (value != nullptr) {
    JOULERY_TRY(per_node, read_devices(*value));
    const bool metered = std::any_of(run.parts.begin(), run.parts.end(),
                                     [](const PartPower& p) { return p.kind == "node"; });
    if (metered && per_node != boards)
      return error_of(*value, "does not fit: the run's meter is of a whole node",
                      fmt::format("{}", run.gpus));
  }
  return Scaling{count / boards, std::ceil(count / per_node)};
}

/// Share of the row's device time that the run saw.
double seen_share(const MeasuredPower& run, const EstimateRequest& request) {
  if (!request.duration) return 0;
  const double devices = run.gpus > 0 ? static_cast<double>(run.gpus) : 1;
  return std::min(1.0, run.duration * devices / (*request.duration.value * *request.count));
}

void put_scaled(const MeasuredPower& run, const Scaling& scaling, EstimateRequest& request) {
  const double seen = seen_share(run, request);
  for (PartPower part : run.parts) {
    const double factor = part.kind == "gpu" ? scaling.gpus : scaling.nodes;
    part.power.value = *part.power.value * factor;
    part.power.u = part.power.u * factor;
    part.power.coverage *= seen;
    part.source = fmt::format("run {} ({}) x {:.4g}", run.run, part.source, factor);
    request.parts.push_back(std::move(part));
  }
  // What counts the others stands first.
  std::stable_partition(request.parts.begin(), request.parts.end(),
                        [](const PartPower& part) { return part.kind == "node"; });
}

void note_scaling(const MeasuredPower& run, const Scaling& scaling, EstimateRequest& request) {
  const double count = *request.count;
  if (run.gpus == 0)
    request.notes.push_back(fmt::format(
        "power: run {} had no GPU: the count is of machines like it, {:.6g}", run.run, count));
  else
    request.notes.push_back(fmt::format(
        "power: {:.6g} GPUs that draw what the {} of run {} did; all other parts x {:.6g} "
        "node{} (--gpus-per-node says how many GPUs share a host)",
        count, run.gpus, run.run, scaling.nodes, scaling.nodes == 1 ? "" : "s"));
}

void note_steadiness(const MeasuredPower& run, EstimateRequest& request) {
  const Steadiness& seen = run.steadiness;
  if (!seen.spread) {
    request.notes.push_back(fmt::format(
        "warning: run {} is too short to tell whether its power is steady: u of {:.0f} % for it",
        run.run, 100 * seen.u));
    return;
  }
  const std::string figures = fmt::format(
      "the means of its {} blocks of {:.3g} s vary by {:.2g} %, its second half is {:+.2g} % off "
      "the "
      "first",
      seen.blocks, seen.step.count(), 100 * *seen.spread, 100 * *seen.drift);
  if (seen.steady)
    request.notes.push_back(fmt::format("power of run {} is steady: {}", run.run, figures));
  else
    request.notes.push_back(
        fmt::format("warning: power of run {} is not steady: {}; a longer job may draw otherwise, "
                    "so u has {:.2g} % "
                    "for it (steady: at most {:.0f} %)",
                    run.run, figures, 100 * seen.u, 100 * kSteadyBound));
}

/// The run's own boards, where the row names no device; and a word where it names another.
void match_device(const MeasuredPower& run, const EstimateSources& sources,
                  EstimateRequest& request) {
  const auto own = find_accelerator(sources.accelerators, run.gpu_model);
  if (!request.device && own) request.device = *own;
  if (request.device && own && own->id != request.device->id)
    request.notes.push_back(
        fmt::format("the run's boards are {}, the row's {}: the power is the "
                    "run's, the price the row's",
                    run.gpu_model, request.device->id));
}

}  // namespace

Result<void> put_run(const WrittenRow& row, const WrittenValue& value,
                     const EstimateSources& sources, EstimateRequest& request) {
  if (!sources.find_run) return error_of(value, "cannot be looked up here", "power 188W");
  const auto run = sources.find_run(value.text);
  if (!run) return Error{run.error().code, value.where + ": " + run.error().message};
  if (!request.count) request.count = run->gpus > 0 ? static_cast<double>(run->gpus) : 1;
  JOULERY_TRY(const Scaling scaling, scaling_of(row, *run, *request.count));
  put_scaled(*run, scaling, request);
  request.excludes = run->excludes;
  request.steadiness = run->steadiness;
  note_scaling(*run, scaling, request);
  note_steadiness(*run, request);
  if (run->gpus > 0) match_device(*run, sources, request);
  return {};
}

}  // namespace joulery::estimate
