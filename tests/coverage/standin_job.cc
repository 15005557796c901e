// coverage: jobs on the stand-in's physics, see standin_job.h.
#include "coverage/standin_job.h"

#include <array>

namespace joulery::coverage {
namespace {

constexpr double kWork = 100;  // seconds at the full clock

double uniform(std::mt19937_64& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

const standin::GpuModel& board() { return *standin::find_gpu_model("A100"); }

standin::LoadSpec draw_load(StandinJob::Model model, std::mt19937_64& random) {
  using Model = StandinJob::Model;
  standin::LoadSpec load;
  load.kind = model == Model::kNoisy ? "train" : "constant";
  load.high = {uniform(random, 300, 400), false};
  load.compute = uniform(random, 0.7, 0.95);
  if (model == Model::kMemory) load.compute = uniform(random, 0.05, 0.2);
  if (model == Model::kSmall) load.high.value = uniform(random, 65, 95);
  if (model != Model::kNoisy) return load;
  load.low = {90, false};
  load.compute = uniform(random, 0.05, 0.95);
  load.period = 10;  // ten steps a run, so that which ones they are tells
  load.noise = 0.2;
  return load;
}

}  // namespace

std::string StandinJob::name_of(Model model) {
  constexpr std::array kNames = {"compute-bound", "memory-bound", "below the lowest cap",
                                 "noisy steps"};
  return kNames.at(static_cast<std::size_t>(model));
}

StandinJob::StandinJob(Model model, std::mt19937_64& random)
    : load_(draw_load(model, random)), pieces_(standin::make_pieces(load_, board(), random())) {}

const standin::Timeline& StandinJob::timeline(double cap_w) const {
  const auto found = timelines_.find(cap_w);
  if (found != timelines_.end()) return found->second;
  return timelines_.emplace(cap_w, standin::Timeline(pieces_, load_, board(), cap_w, 1))
      .first->second;
}

StandinJob::Run StandinJob::run(double cap_w, double begin_s) const {
  const standin::Timeline& line = timeline(cap_w);
  const standin::Totals before = line.at(begin_s);
  double least = 0;
  double most = kWork;
  while (line.at(begin_s + most).work_s - before.work_s < kWork) most *= 2;
  for (int i = 0; i < 40; ++i) {  // to a part in 10^10
    const double middle = (least + most) / 2;
    (line.at(begin_s + middle).work_s - before.work_s < kWork ? least : most) = middle;
  }
  const standin::Totals after = line.at(begin_s + most);
  return {.time_s = most,
          .energy_j = after.energy_j - before.energy_j,
          .throttle_share = (after.throttled_s - before.throttled_s) / most};
}

// Over so many periods that where it begins does not tell.
standin::Totals StandinJob::rates(double cap_w) const {
  constexpr double kLong = 1e9;
  standin::Totals rates;
  return rates.add(timeline(cap_w).at(kLong), 1 / kLong);
}

Truth StandinJob::truth(double found_w) const {
  return {.time_s = [this](double cap) { return kWork / rates(cap).work_s; },
          .energy_j =
              [this](double cap) {
                const standin::Totals mean = rates(cap);
                return kWork / mean.work_s * mean.energy_j;
              },
          .found_w = found_w};
}

}  // namespace joulery::coverage
