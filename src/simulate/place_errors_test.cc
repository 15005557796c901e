// simulate: uncertainties of sums and savings, against draws of all that is uncertain.
#include "simulate/place_errors.h"

#include <gmock/gmock.h>

#include <array>
#include <numbers>

#include "simulate/made_workload.h"
#include "simulate/windows.h"

namespace joulery::simulate {
namespace {

constexpr std::size_t kHours = 200;
constexpr double kPueU = 0.1 / std::numbers::sqrt3;
constexpr double kCoalU = 100, kUnknownU = 230, kPriceU = 0.03;
constexpr std::array kPowerU{0.05, 0.2};

/// A PUE that may be off by an amount; a mix of two sources that nobody knows exactly; a price;
/// jobs of two kinds of devices.
struct Made {
  std::vector<double> pue, coal, unknown, grams, price;
  PlaceSignals place;
  Workload workload;
};

Made made(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Made out;
  out.pue = random_values(kHours, 1.05, 1.6, random);
  out.coal = random_values(kHours, 0.1, 0.8, random);
  out.unknown = random_values(kHours, 0, 0.2, random);
  out.price = random_values(kHours, 0.02, 0.3, random);
  SeriesError coal{"coal", true, {}}, unknown{"unicorn", false, {}};
  for (std::size_t i = 0; i < kHours; ++i) {
    out.grams.push_back(820 * out.coal[i] + 400 * out.unknown[i] + 20);
    coal.u.push_back(kCoalU * out.coal[i]);
    unknown.u.push_back(kUnknownU * out.unknown[i]);
  }
  out.place = place_of(hourly(out.grams));
  out.place.intensity.errors = {coal, unknown};
  out.place.pue = hourly(out.pue, Values::kPue);
  out.place.price = hourly(out.price, Values::kPrice);
  out.place.price->relative_u = kPriceU;
  out.workload = random_jobs(60, hours(96), random);
  out.workload.power_sources = {{"power of A", kPowerU[0]}, {"power of B", kPowerU[1]}};
  out.workload.power_mixes = {{{0, 1.0}}, {{0, 0.25}, {1, 0.75}}};
  for (std::size_t i = 0; i < out.workload.jobs.size(); ++i)
    out.workload.jobs[i].power_mix = i % 3 == 0;
  return out;
}

/// Joules in each hour, by what told the power; hour by hour and job by job.
using ByHour = std::array<std::vector<double>, 2>;
ByHour joules_by_hour(const Workload& workload, const Parts& parts) {
  ByHour out{std::vector<double>(kHours), std::vector<double>(kHours)};
  for (std::size_t job = 0; job < workload.jobs.size(); ++job)
    for (const auto& [source, share] : workload.power_mixes[workload.jobs[job].power_mix])
      for (std::size_t hour = 0; hour < kHours; ++hour) {
        const Part& part = parts.all[job];
        const WallTime begin = std::max(part.begin, kYear + hours(hour));
        const WallTime end = std::min(part.end(), kYear + hours(hour + 1));
        if (begin < end)
          out[source][hour] +=
              share * workload.jobs[job].power.count() * Seconds(end - begin).count();
      }
  return out;
}

/// In standard uncertainties. The unknown source: where both runs draw power at once, and beside.
struct Drawn {
  std::array<double, 2> power;
  double pue, coal, price, both, beside;
};
struct Totals {
  double site = 0, carbon = 0, cost = 0;
};
Totals totals(const Made& made, const ByHour& run, const ByHour& other, const Drawn& off) {
  Totals out;
  for (std::size_t i = 0; i < kHours; ++i) {
    const double told = run[0][i] + run[1][i];
    if (told <= 0) continue;
    const double shared = std::min(told, other[0][i] + other[1][i]) / told;
    const double unknown = shared * off.both + (1 - shared) * off.beside;
    const double site =
        (made.pue[i] + off.pue * kPueU) *
        (run[0][i] * (1 + off.power[0] * kPowerU[0]) + run[1][i] * (1 + off.power[1] * kPowerU[1]));
    out.site += site;
    out.carbon += site * (made.grams[i] + off.coal * kCoalU * made.coal[i] +
                          unknown * kUnknownU * made.unknown[i]);
    out.cost += site * made.price[i] * (1 + off.price * kPriceU);
  }
  return out;
}

struct DrawnU {
  Totals saved, sums;  // root mean squares, of sums relative
};
DrawnU drawn_u(const Made& made, const ByHour& now, const ByHour& run) {
  constexpr int kDraws = 5000;
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> rectangle(-std::numbers::sqrt3, std::numbers::sqrt3);
  const auto draw = [&] { return rectangle(random); };
  const Totals told_now = totals(made, now, run, {}), told = totals(made, run, now, {});
  DrawnU out;
  for (int i = 0; i < kDraws; ++i) {
    Drawn off{{draw(), draw()}, draw(), draw(), draw(), draw(), draw()};
    const Totals drawn_now = totals(made, now, run, off);
    off.beside = draw();
    const Totals drawn = totals(made, run, now, off);
    off.both = off.beside;  // of one run alone it is off the same way throughout
    const Totals alone = totals(made, run, now, off);
    for (double Totals::*sum : {&Totals::site, &Totals::carbon, &Totals::cost}) {
      out.saved.*sum += std::pow(drawn.*sum / (drawn_now.*sum) - told.*sum / (told_now.*sum), 2);
      out.sums.*sum += std::pow(alone.*sum / (told.*sum) - 1, 2);
    }
  }
  for (Totals* totals : {&out.saved, &out.sums})
    for (double Totals::*sum : {&Totals::site, &Totals::carbon, &Totals::cost})
      totals->*sum = std::sqrt(totals->*sum / kDraws);
  return out;
}

TEST(PlaceErrors, AreThoseOfDrawsOfAllThatIsUncertain) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Made made = simulate::made(seed);
    const Signals signals = signals_of(made.place);
    auto outlook = Outlook::make(signals, signals.rates(ShiftObjective::kCarbon), nullptr);
    JobShape shape;
    shape.slack = hours(30);
    const Parts now = parts_now(made.workload.jobs);
    const auto best = parts_in_windows(made.workload.jobs, *outlook, shape, nullptr);
    ASSERT_TRUE(best);

    const PlaceErrors errors(made.place, signals, made.workload);
    const Figures of_now = add_up(made.workload.jobs, now, signals, nullptr);
    const Figures of_best = add_up(made.workload.jobs, *best, signals, nullptr);
    const SavedU saved = errors.saved_u(of_now, of_best);
    const SumsBasis basis = errors.basis_of(of_best);

    const DrawnU drawn =
        drawn_u(made, joules_by_hour(made.workload, now), joules_by_hour(made.workload, *best));
    EXPECT_NEAR(saved.site_energy.value_or(0), drawn.saved.site, 0.05 * drawn.saved.site);
    EXPECT_NEAR(saved.carbon.value_or(0), drawn.saved.carbon, 0.05 * drawn.saved.carbon);
    EXPECT_NEAR(saved.cost.value_or(0), drawn.saved.cost, 0.05 * drawn.saved.cost);
    EXPECT_NEAR(basis.site_energy.u, drawn.sums.site, 0.05 * drawn.sums.site);
    EXPECT_NEAR(basis.carbon.u, drawn.sums.carbon, 0.05 * drawn.sums.carbon);
    EXPECT_NEAR(basis.cost.u, drawn.sums.cost, 0.05 * drawn.sums.cost);
  }
}

/// Running now takes the first hour, running later the second, at a power that B told.
struct Moved {
  Workload workload;
  Parts now, later;
};
Moved moved() {
  Moved out;
  out.workload.jobs = {{kYear, hours(1), 1, Watts(100), 0}};
  out.workload.power_sources = {{"power of B", 0.2}};
  out.workload.power_mixes = {{{0, 1.0}}};
  out.now = parts_now(out.workload.jobs);
  out.later.add({kYear + hours(1), hours(1)});
  out.later.finish_job();
  return out;
}
SavedU saved_u(const Moved& moved, const PlaceSignals& place) {
  const Signals signals = signals_of(place);
  const auto figures = [&](const Parts& parts) {
    return add_up(moved.workload.jobs, parts, signals, nullptr);
  };
  return PlaceErrors(place, signals, moved.workload)
      .saved_u(figures(moved.now), figures(moved.later));
}

TEST(PlaceErrors, CancelInASavingWhereAllIsOffByTheSameShare) {
  PlaceSignals place = place_of(hourly({400, 100}));
  place.constants.pue.estimate = Estimate<double>::of(1.5, 0.15, Evidence::kConstant);
  const SavedU saved = saved_u(moved(), place);
  EXPECT_FALSE(saved.carbon);
  EXPECT_FALSE(saved.site_energy);
}

/// 29.5 %, from McDonald et al. (2022): January against July.
TEST(PlaceErrors, OfAnAmountOfThePueDoNotCancel) {
  PlaceSignals place = place_of(hourly({1, 1}));
  place.pue = hourly({1.49, 1.05}, Values::kPue);
  const SavedU saved = saved_u(moved(), place);
  ASSERT_TRUE(saved.site_energy);
  EXPECT_NEAR(100 * *saved.site_energy, 1.15, 0.02);  // 28.4 to 30.7
  EXPECT_NEAR(*saved.carbon, *saved.site_energy, 1e-12) << "the intensity is the same";
}

TEST(PlaceErrors, MissWhatThePlaceDoesNotTellWithItsFlag) {
  const Moved jobs = moved();
  PlaceSignals place = place_of(hourly({400, 100}));
  place.constants.pue.estimate = Estimate<double>::missing("no PUE: --pue");
  place.price = hourly({1, 1}, Values::kPrice);
  const Signals signals = signals_of(place);
  const SumsBasis basis = PlaceErrors(place, signals, jobs.workload)
                              .basis_of(add_up(jobs.workload.jobs, jobs.now, signals, nullptr));
  EXPECT_DOUBLE_EQ(basis.it_energy.u, 0.2);
  EXPECT_EQ(basis.it_energy.top, "power of B");
  for (const Estimate<double>* sum : {&basis.site_energy, &basis.carbon, &basis.cost}) {
    EXPECT_FALSE(*sum);
    EXPECT_EQ(sum->why, "no PUE: --pue");
  }
}

TEST(PlaceErrors, AddRelativeUncertaintiesInQuadratureAndNameTheLargest) {
  const Moved jobs = moved();
  PlaceSignals place = place_of(hourly({400, 100}));
  place.constants.pue.estimate = Estimate<double>::of(1.5, 0.15, Evidence::kConstant);
  const Signals signals = signals_of(place);
  const PlaceErrors errors(place, signals, jobs.workload);
  const Figures now = add_up(jobs.workload.jobs, jobs.now, signals, nullptr);
  // 10 % of an intensity that tells none.
  EXPECT_DOUBLE_EQ(errors.basis_of(now).carbon.u, std::hypot(0.2, 0.1, 0.1));
  EXPECT_EQ(errors.basis_of(now).carbon.top, "power of B");
  EXPECT_DOUBLE_EQ(errors.basis_without_power(now).site_energy.u, 0.1);
  EXPECT_EQ(errors.basis_without_power(now).site_energy.top, "PUE");
  EXPECT_FALSE(errors.basis_of(now).cost);
}

/// The cap makes the job use 0.8 of its energy in 1.25 of its time: all in capped hours.
TEST(PlaceErrors, KnowTheLoadOfCappedJobs) {
  const PlaceSignals place = place_of(hourly({1, 1, 1}));
  const Signals signals = signals_of(place);
  const std::vector<MovableJob> jobs{{kYear, hours(1), 1, Watts(100)}};
  const Slowing slowing(signals, {Level::kHigh, Level::kHigh, Level::kMiddle}, {"150W", 1.25, 0.8},
                        hours(1));
  Parts parts = parts_now(jobs);
  run_cluster(jobs, {{}, QueueRule::kFifo, &slowing}, parts);
  const Figures run = add_up(jobs, parts, signals, &slowing);
  EXPECT_NEAR(run.jobs.seconds, 0.8 * 360e3, 1e-3);
  ASSERT_EQ(run.joules.size(), 3u);
  EXPECT_NEAR(run.joules[0], 64 * 3600, 1e-3);
  EXPECT_NEAR(run.joules[1], 64 * 900, 1e-3);
  EXPECT_NEAR(run.joules[2], 0, 1e-3);
}

/// What caps by the hour leave of each sum of running now, where the cap's energy is off.
Totals left_with_cap(const Made& made, const Signals& signals, const std::vector<Level>& levels,
                     const CapEffect& cap, SavedU* saved_u) {
  const auto& jobs = made.workload.jobs;
  const Slowing slowing(signals, levels, cap, hours(30));
  Parts parts = parts_now(jobs);
  run_cluster(jobs, {{}, QueueRule::kFifo, &slowing}, parts);
  const Figures now = add_up(jobs, parts_now(jobs), signals, nullptr);
  const Figures run = add_up(jobs, parts, signals, &slowing);
  if (saved_u != nullptr)
    *saved_u = PlaceErrors(made.place, signals, made.workload).saved_u(now, run);
  return {run.jobs.site / now.jobs.site, run.jobs.carbon / now.jobs.carbon,
          run.jobs.money / now.jobs.money};
}

/// All else is exact.
TEST(PlaceErrors, OfWhatACapDoesAreThoseOfDrawsOfIt) {
  Made made = simulate::made(5);
  made.workload.power_mixes.clear();
  made.workload.power_sources.clear();
  for (MovableJob& job : made.workload.jobs) job.power_mix = 0, job.devices = 1;
  made.place.intensity.errors.clear();
  made.place.pue->relative_u = 1e-9;
  const Signals signals = signals_of(made.place);
  std::vector<Level> levels;
  for (std::size_t i = 0; i < signals.pieces(); ++i)
    levels.push_back(i % 3 == 0 ? Level::kHigh : Level::kMiddle);
  const CapEffect cap{"150W", 1.25, 0.8, 0.05};

  SavedU told;
  const Totals mean = left_with_cap(made, signals, levels, cap, &told);
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  constexpr int kDraws = 2000;
  Totals square;
  for (int i = 0; i < kDraws; ++i) {
    const CapEffect off{"150W", cap.time, cap.energy * (1 + 0.05 * normal(random)), {}};
    const Totals drawn = left_with_cap(made, signals, levels, off, nullptr);
    for (double Totals::*sum : {&Totals::site, &Totals::carbon, &Totals::cost})
      square.*sum += std::pow(drawn.*sum - mean.*sum, 2) / kDraws;
  }

  ASSERT_TRUE(told.site_energy && told.carbon && told.cost);
  EXPECT_LT(mean.site, 0.97) << "the cap does something";
  EXPECT_NEAR(*told.site_energy, std::sqrt(square.site), 0.05 * std::sqrt(square.site));
  EXPECT_NEAR(*told.carbon, std::sqrt(square.carbon), 0.05 * std::sqrt(square.carbon));
  EXPECT_NEAR(*told.cost, std::sqrt(square.cost), 0.05 * std::sqrt(square.cost));
}

}  // namespace
}  // namespace joulery::simulate
