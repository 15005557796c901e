// pue: the fit of the model, and how well it tells hours that it has not seen; joulery/pue.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "joulery/pue.h"
#include "pue/hinge_fit.h"

namespace joulery {
namespace {

// Choices. Hours of one day err alike, so that fewer days tell nothing of the error; a longer block
// leaves more of what hours have in common out together; more blocks take time and tell no more.
constexpr std::size_t kLeastBlocks = 4, kMostBlocks = 120, kWeeklyFrom = 8;
constexpr std::size_t kLeastFittedHours = 48;
// A choice: of loads that differ by less, what goes with the load and what does not look the same.
constexpr double kLeastLoadRange = 0.05;
// A choice: 1 / u of an almost empty hall would outweigh all other hours.
constexpr double kLeastLoadShare = 0.01;

using Terms = std::array<double, 4>;

Terms terms_of(const HingeFit& fit) { return {fit.terms[0], fit.terms[1], fit.terms[2], fit.knee}; }

/// The hours that can be fitted, in order of temperature.
struct Sample {
  std::vector<HingeRow> rows;
  std::size_t blocks = 0;
  int block_days = 1;
  std::optional<Watts> fitted_load;  ///< hours of less are left out; empty: no term for the load
  Watts least_load, greatest_load, mean_load;

  [[nodiscard]] bool with_load() const { return fitted_load.has_value(); }
};

/// `least_load`: empty where the load does not matter.
bool fits(const PueHour& hour, std::optional<Watts> least_load) {
  return hour.mean && hour.temperature && (!least_load || (hour.load && *hour.load >= *least_load));
}

std::size_t count_fitting(const std::vector<PueHour>& hours, std::optional<Watts> least_load) {
  return static_cast<std::size_t>(std::count_if(
      hours.begin(), hours.end(), [&](const PueHour& hour) { return fits(hour, least_load); }));
}

void find_loads(const std::vector<PueHour>& hours, Sample& sample) {
  for (const PueHour& hour : hours)
    if (fits(hour, Watts(0))) sample.greatest_load = std::max(sample.greatest_load, *hour.load);
  sample.least_load = sample.greatest_load;
  const Watts bound = kLeastLoadShare * sample.greatest_load;
  double count = 0;
  for (const PueHour& hour : hours) {
    if (!fits(hour, bound)) continue;
    sample.least_load = std::min(sample.least_load, *hour.load);
    sample.mean_load += *hour.load;
    ++count;
  }
  if (count > 0) sample.mean_load = sample.mean_load / count;
  const bool varies =
      sample.greatest_load - sample.least_load >= kLeastLoadRange * sample.greatest_load;
  const bool mostly_known = 2 * count_fitting(hours, bound) >= count_fitting(hours, std::nullopt);
  if (count > 0 && varies && mostly_known) sample.fitted_load = bound;
}

std::size_t day_of(const PueHour& hour, const PueHour& first) {
  const auto day = [](const PueHour& of) {
    return std::chrono::floor<std::chrono::days>(of.begin + of.offset);
  };
  return static_cast<std::size_t>((day(hour) - day(first)).count());
}

int block_days_of(const std::vector<PueHour>& hours) {
  const std::size_t weeks = day_of(hours.back(), hours.front()) / 7 + 1;
  if (weeks < kWeeklyFrom) return 1;
  return 7 * static_cast<int>((weeks + kMostBlocks - 1) / kMostBlocks);
}

/// Numbers the blocks that have rows from 0, without gaps.
void number_blocks(Sample& sample) {
  std::vector<std::size_t> seen;
  for (const HingeRow& row : sample.rows) seen.push_back(row.block);
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  for (HingeRow& row : sample.rows)
    row.block = static_cast<std::size_t>(std::lower_bound(seen.begin(), seen.end(), row.block) -
                                         seen.begin());
  sample.blocks = seen.size();
}

/// A single false reading would bend squares more than all others.
std::vector<PueHour> without_far_out(const PueProfile& profile) {
  std::vector<PueHour> hours = profile.hours;
  for (const std::size_t at : profile.far_out.hours) hours[at].mean.reset();
  return hours;
}

Sample make_sample(const std::vector<PueHour>& hours, std::optional<Watts> it_capacity) {
  Sample sample;
  find_loads(hours, sample);
  const Watts capacity = it_capacity.value_or(sample.greatest_load);
  sample.block_days = block_days_of(hours);
  for (const PueHour& hour : hours) {
    if (!fits(hour, sample.fitted_load)) continue;
    sample.rows.push_back(
        {*hour.temperature, sample.with_load() ? capacity / *hour.load : 0, *hour.mean - 1,
         day_of(hour, hours.front()) / static_cast<std::size_t>(sample.block_days)});
  }
  std::stable_sort(sample.rows.begin(), sample.rows.end(),
                   [](const HingeRow& a, const HingeRow& b) { return a.t < b.t; });
  number_blocks(sample);
  return sample;
}

/// What is left of the hours of a block, by a fit to all others.
struct LeftOut {
  Terms terms{};
  double sum = 0, squares = 0, count = 0;
};

LeftOut leave_out(const Sample& sample, std::size_t block) {
  std::vector<HingeRow> others;
  others.reserve(sample.rows.size());
  for (const HingeRow& row : sample.rows)
    if (row.block != block) others.push_back(row);
  const HingeFit fit = fit_hinge(others, sample.with_load());
  LeftOut out;
  out.terms = terms_of(fit);
  for (const HingeRow& row : sample.rows) {
    if (row.block != block) continue;
    const double rest = row.y - fit.at(row);
    out.sum += rest;
    out.squares += rest * rest;
    ++out.count;
  }
  return out;
}

/// The covariance of the terms by the jackknife (Efron, The Annals of Statistics 7, 1979, 1-26):
/// whole blocks, so that hours that err alike do not count as many.
void put_covariance(const std::vector<LeftOut>& all, PueModel& model) {
  const auto blocks = static_cast<double>(all.size());
  Terms mean{};
  for (const LeftOut& one : all)
    for (std::size_t i = 0; i < 4; ++i) mean[i] += one.terms[i] / blocks;
  for (const LeftOut& one : all)
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t j = 0; j < 4; ++j)
        model.covariance[i][j] +=
            (blocks - 1) / blocks * (one.terms[i] - mean[i]) * (one.terms[j] - mean[j]);
}

void cross_validate(const Sample& sample, PueModel& model) {
  std::vector<LeftOut> all;
  double squares = 0, of_means = 0;
  for (std::size_t block = 0; block < sample.blocks; ++block) {
    const LeftOut& one = all.emplace_back(leave_out(sample, block));
    squares += one.squares;
    of_means += std::pow(one.sum / one.count, 2);
  }
  model.predicted_sd = std::sqrt(squares / static_cast<double>(sample.rows.size()));
  model.block_sd = std::sqrt(of_means / static_cast<double>(sample.blocks));
  put_covariance(all, model);
}

void put_ranges(const Sample& sample, std::optional<Watts> it_capacity, PueModel& model) {
  model.least_c = sample.rows.front().t;
  model.greatest_c = sample.rows.back().t;
  if (!sample.with_load()) return;
  model.capacity = it_capacity.value_or(sample.greatest_load);
  model.capacity_source = it_capacity ? "given" : "largest hourly mean";
  model.least_load = sample.least_load / *model.capacity;
  model.greatest_load = sample.greatest_load / *model.capacity;
  model.mean_load = sample.mean_load / *model.capacity;
}

Result<void> check_sample(const Sample& sample, const PueProfile& profile) {
  if (sample.rows.empty())
    return Error{ErrorCode::kInvalid, profile.source + ": no hour with a PUE has a temperature"};
  if (sample.rows.size() < kLeastFittedHours || sample.blocks < kLeastBlocks)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: {} hours on {} days have PUE and temperature; a model takes at "
                             "least {} hours on {} days",
                             profile.source, sample.rows.size(), sample.blocks, kLeastFittedHours,
                             kLeastBlocks)};
  return {};
}

}  // namespace

Result<PueModel> fit_pue_model(const PueProfile& profile, std::optional<Watts> it_capacity) {
  const Sample sample = make_sample(without_far_out(profile), it_capacity);
  JOULERY_CHECK(check_sample(sample, profile));
  const HingeFit fit = fit_hinge(sample.rows, sample.with_load());
  PueModel model;
  model.a = fit.terms[0];
  model.b = fit.terms[1];
  model.k = fit.terms[2];
  model.knee_c = fit.knee;
  model.hours = sample.rows.size();
  model.blocks = sample.blocks;
  model.block_days = sample.block_days;
  const double free_hours = static_cast<double>(sample.rows.size()) - (sample.with_load() ? 4 : 3);
  model.residual_sd = std::sqrt(fit.squares / free_hours);
  put_ranges(sample, it_capacity, model);
  cross_validate(sample, model);
  for (const HingeRow& row : sample.rows)
    model.mean_pue += row.y / static_cast<double>(sample.rows.size());
  if (profile.all.mean && *profile.all.mean > 0)
    model.meter_u = profile.all.u / *profile.all.mean * model.mean_pue;
  model.temperature = profile.temperature;
  model.source = profile.source;
  return model;
}

}  // namespace joulery
