// report: a fixed simulation, see sample_simulation.h.
#include "report/sample_simulation.h"

#include <chrono>

namespace joulery {
namespace {

using std::chrono::hours;

constexpr WallTime kLogBegin{std::chrono::sys_days(std::chrono::year(2022) / 3 / 1)};

SimulationSums sums(double carbon, double it = 3.6e9) {
  return {Joules(it), Joules(1.2 * it), GramsCo2(carbon), Money(carbon / 4000)};
}

PolicyRun run_of(Shift policy, Seconds slack, const SimulationSums& used) {
  PolicyRun run;
  run.policy = policy;
  run.place = "DE";
  run.slack = slack;
  run.sums = used;
  run.idle = sums(12'345, 1e8);
  run.mean_wait = hours(5);
  run.p95_wait = hours(23);
  run.mean_queue = std::chrono::minutes(12);
  run.mean_stretch = 2.5;
  run.p95_stretch = 17.25;
  run.peak_devices = 100;
  run.mean_devices = 61.5;
  run.peak_queue = 7;
  run.end = kLogBegin + hours(400);
  return run;
}

Estimate<double> one(double u, const char* top) {
  return Estimate<double>::of(1, u, Evidence::kModelled, top);
}

SimulationCase case_of(const std::string& place, Seconds slack) {
  SimulationCase held;
  held.place = place;
  held.kind = "average";
  held.currency = "EUR";
  held.sources = {"zones.csv, column " + place, "PUE 1.2 at all times", "prices.csv"};
  held.basis = {one(0.05, "power of V100"), one(0.08, "PUE"), one(0.13, "carbon intensity"),
                one(0.08, "PUE")};
  held.idle_basis = {one(0, ""), one(0.06, "PUE"), one(0.12, "carbon intensity"), one(0.06, "PUE")};
  held.slack = slack;
  held.now = run_of(Shift::kRunNow, slack, sums(400'000));
  held.oracle_window = Oracle{sums(320'000), {{}, 0.014, 0.008}};
  held.oracle_slots = Oracle{sums(280'000), {{}, 0.016, 0.009}};
  held.forecast_mape = {{1, 0.119}, {2, 0.121}};
  held.runs = {held.now};
  for (const std::uint64_t seed : {1u, 2u}) {
    held.runs.push_back(
        run_of(Shift::kBestWindow, slack, sums(330'000 + 5000 * static_cast<double>(seed))));
    held.runs.back().seed = seed;
    held.runs.back().saved_u = {{}, 0.012 + 0.001 * static_cast<double>(seed), 0.007};
  }
  held.runs.push_back(run_of(Shift::kInterruptible, slack, sums(300'000, 3.7e9)));
  held.runs.back().seed = 1;
  held.runs.back().resumes = 321;
  held.runs.back().resume_energy = Joules(1e8);
  held.runs.back().late = 3;
  held.runs.push_back(run_of(Shift::kCapsByHour, slack, sums(380'000, 3.3e9)));
  held.runs.back().may_cap = 640;
  return held;
}

}  // namespace

Simulation sample_simulation() {
  Simulation out;
  out.source = "jobs.csv";
  out.unit = "GPUs";
  out.jobs = 1000;
  out.begin = kLogBegin;
  out.end = kLogBegin + hours(400);
  out.request.policies = {Shift::kRunNow, Shift::kBestWindow, Shift::kInterruptible,
                          Shift::kCapsByHour};
  out.request.slacks = {hours(6), hours(24)};
  out.request.capacity = 100;
  out.request.cap = CapEffect{"150W", 1.08, 0.8};
  out.request.forecast_error = 0.15;
  out.request.seeds = {1, 2};
  out.request.resume_time = std::chrono::minutes(6);
  out.request.idle_power = Watts(60);
  for (const Seconds slack : out.request.slacks)
    for (const char* const place : {"DE", "FR"}) out.cases.push_back(case_of(place, slack));
  out.excludes = {"cpu", "dram"};
  out.notes = {"897 lines of the log are no jobs that ran: joulery account lists why"};
  return out;
}

}  // namespace joulery
