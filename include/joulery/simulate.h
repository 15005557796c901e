// simulate: what a policy would have done to a whole log of jobs: when they would have run on so
// many devices, and what that would have used, emitted and cost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "joulery/estimate.h"
#include "joulery/export.h"
#include "joulery/policy.h"
#include "joulery/project.h"
#include "joulery/result.h"
#include "joulery/series.h"
#include "joulery/site.h"
#include "joulery/units.h"

namespace joulery {

// ---- the jobs

/// A job whose start may be moved. It draws the same power as long as it runs.
struct MovableJob {
  WallTime release{};           ///< when it was handed in
  Micros length{};              ///< above zero
  double devices = 0;           ///< of the kind that a capacity counts; 0: it needs none of them
  Watts power{};                ///< of the whole job
  std::uint32_t power_mix = 0;  ///< of Workload::power_mixes
};
/// What told powers. It errs by the same share wherever it did, whatever the others do.
struct PowerSource {
  std::string name;  ///< "power of V100", "sensors of the log"
  double relative_u = 0;
};
/// Sources that told the power of one job by number, and their shares of it, together 1.
using PowerMix = std::vector<std::pair<std::uint32_t, double>>;
inline constexpr std::string_view kGpus = "GPUs", kCores = "cores";
struct Workload {
  std::string source;
  std::string unit;              ///< what a capacity counts: kGpus or, of a log without any, kCores
  bool calendar = true;          ///< its times count from 1970; else from the log's own zero
  std::vector<MovableJob> jobs;  ///< by release
  std::vector<PowerSource> power_sources;
  std::vector<PowerMix> power_mixes;  ///< of a job that none of them is of, the power is exact
  std::vector<std::string> excludes;  ///< parts of nodes whose power is not in that of jobs
  std::vector<std::string> notes;
};

/// `rates`: one for each of JobLog::devices(); a job's own energy goes first. The log was read with
/// `keep_submit`. Errors: kUsage for a device whose power is not known; kInvalid without any job.
JOULERY_EXPORT Result<Workload> make_workload(const JobLog& log,
                                              const std::vector<DeviceRate>& rates);
/// Moves all jobs by the same time, so that the first is handed in at `begin`.
JOULERY_EXPORT void move_to(Workload& workload, WallTime begin);

// ---- the place

/// What electricity was over time at one place, and constants of it where a series is not given.
/// Without any PUE site energy, carbon and cost are missing; a constant one would change no
/// comparison, so that shares of carbon and cost are still told.
struct PlaceSignals {
  Series intensity;
  std::optional<Series> pue, price;
  Place constants;  ///< its PUE and electricity price
};

// ---- what is done

enum class Shift : std::uint8_t {
  kRunNow,           ///< each job at once, first come first served
  kBestWindow,       ///< at the start of least objective within the slack, in one piece
  kInterruptible,    ///< in the slots of least objective, paused between them
  kThreshold,        ///< in one piece, once the objective is low beside its past week; no forecast
  kPueOnly,          ///< kBestWindow that sees the PUE alone
  kCarbonOnly,       ///< kBestWindow that sees the intensity of the grid alone
  kCapsByHour,       ///< each job at once, with a lower cap while the objective is high
  kCapacityLimited,  ///< kBestWindow among those with room: each job reserves its devices ahead
};
/// "run-now", "best-window", ...
JOULERY_EXPORT std::string_view name_of(Shift shift);
/// Errors: kUsage, naming those there are.
JOULERY_EXPORT Result<Shift> parse_shift(std::string_view name, std::string_view flag);
/// Whether it looks ahead, so that an error of the forecast matters.
JOULERY_EXPORT bool uses_forecast(Shift shift);

enum class ShiftObjective : std::uint8_t {
  kCarbon,  ///< intensity x PUE
  kEnergy,  ///< PUE
  kCost,    ///< price x PUE
};
JOULERY_EXPORT std::string_view name_of(ShiftObjective objective);
JOULERY_EXPORT Result<ShiftObjective> parse_shift_objective(std::string_view name,
                                                            std::string_view flag);

/// Who starts when devices are short.
enum class QueueRule : std::uint8_t {
  kFifo,      ///< first come, first served: what does not fit holds all behind it
  kBackfill,  ///< jobs behind it start where that does not delay the first, lengths known (EASY)
};
/// "fifo", "backfill"
JOULERY_EXPORT std::string_view name_of(QueueRule rule);
JOULERY_EXPORT Result<QueueRule> parse_queue_rule(std::string_view name, std::string_view flag);

/// What a cap does to a job, relative to none.
struct CapEffect {
  std::string cap;                   ///< "150W"
  double time = 1;                   ///< 1.08: 8 % longer
  double energy = 1;                 ///< 0.8: 20 % less
  std::optional<double> energy_u{};  ///< relative, k = 1; absent: `energy` is as given
};
/// "250W=1/1,150W=1.08/0.8": the uncapped device, then the cap of high hours, each with its time
/// and energy. Errors: kUsage.
JOULERY_EXPORT Result<CapEffect> parse_cap_curve(std::string_view text, std::string_view flag);
/// One cap of a table against its baseline: `cap`, or the one of least energy. Errors: kUsage for a
/// cap that the table lacks; kInvalid where none uses less than the baseline.
JOULERY_EXPORT Result<CapEffect> cap_effect_of(const CapGroup& group, std::optional<Watts> cap);

struct SimulationRequest {
  std::vector<PlaceSignals> places;  ///< each on its own
  std::vector<Shift> policies;
  std::vector<Seconds> slacks;     ///< each on its own: how long a start may be put off
  std::optional<double> capacity;  ///< devices there are; empty: as many as needed
  QueueRule queue = QueueRule::kBackfill;
  ShiftObjective objective = ShiftObjective::kCarbon;
  Seconds shortest_slot{0};             ///< of interruptible jobs: run at least so long at a time
  Seconds resume_time{0};               ///< of interruptible jobs: work that each resume adds
  double quantile = 0.25;               ///< share of the past week's hours that are low (or high)
  std::optional<CapEffect> cap;         ///< of kCapsByHour
  double forecast_error = 0;            ///< relative standard deviation, far ahead
  Seconds forecast_memory{0};           ///< over which an error lasts; 0: each moment's by itself
  std::vector<std::uint64_t> seeds{1};  ///< of the error, each on its own
  bool keep_hours = false;              ///< PolicyRun::hourly_devices and what goes with it
  std::optional<Watts> idle_power;      ///< of a powered device without a job; needs a capacity
};

// ---- what came of it

/// Bare sums; SimulationCase::basis says which are known, and how surely. Without a PUE those of
/// the site are as at a PUE of 1, for shares alone.
struct SimulationSums {
  Joules it_energy{}, site_energy{};
  GramsCo2 carbon{};
  std::optional<Money> cost;  ///< where there is a price
};
/// Of one unit of each sum: its uncertainty, class and largest contributor; or why it is missing.
struct SumsBasis {
  Estimate<double> it_energy, site_energy, carbon, cost;
};
/// Standard uncertainties of the shares saved against running now; each empty where all that is
/// uncertain moves both alike.
struct SavedU {
  std::optional<double> site_energy, carbon, cost;
};
/// The best that could have been done.
struct Oracle {
  SimulationSums sums;
  SavedU saved_u;
};

/// One policy at one place with one slack and one seed.
struct PolicyRun {
  Shift policy = Shift::kRunNow;
  std::string place;
  Seconds slack{0};
  std::optional<std::uint64_t> seed;   ///< where a forecast with an error was used
  SimulationSums sums;                 ///< of the jobs
  SavedU saved_u;                      ///< of what they saved
  std::optional<SimulationSums> idle;  ///< of powered devices without a job
  Seconds mean_wait{0}, p95_wait{0};   ///< from release to start
  Seconds mean_queue{0};               ///< part of the wait that the capacity made
  double mean_stretch = 1;             ///< (end - release) / length
  double p95_stretch = 1;
  std::uint64_t late = 0;     ///< jobs that end after release + slack + length
  std::uint64_t may_cap = 0;  ///< of kCapsByHour: jobs whose slack holds the cap
  std::uint64_t resumes = 0;
  Joules resume_energy{};  ///< part of the energy: of what resumes added
  double peak_devices = 0;
  double mean_devices = 0;             ///< from the first release to the last end
  std::uint64_t peak_queue = 0;        ///< parts of jobs that waited for devices at the same time
  WallTime end{};                      ///< of the last job
  std::vector<double> hourly_devices;  ///< where kept: mean in use, hour by hour from the first
                                       ///< release
};

/// What every run at one place with one slack is held against.
struct SimulationCase {
  std::string place, kind, currency;
  std::vector<std::string> sources;  ///< of the place's series
  SumsBasis basis;                   ///< of the jobs' sums, as of those of `now`
  SumsBasis idle_basis;              ///< of those of idle devices: their power is as given
  Seconds slack{0};
  std::vector<double> hourly_objective;  ///< where kept: what a joule of IT energy is weighed with
  PolicyRun now;                         ///< run now on the same devices
  /// Every job in its best window, or in its best slots: known future, devices enough; empty where
  /// no policy is held against it.
  std::optional<Oracle> oracle_window, oracle_slots;
  std::vector<PolicyRun> runs;  ///< by policy as asked for, then by seed
  /// Mean absolute error of the forecasts of each seed, relative; empty without an error.
  std::vector<std::pair<std::uint64_t, double>> forecast_mape;
};

struct Simulation {
  std::string source, unit;
  std::uint64_t jobs = 0;
  WallTime begin{}, end{};            ///< first release; last end of all runs
  SimulationRequest request;          ///< without its places
  std::vector<SimulationCase> cases;  ///< by place, then by slack
  std::vector<std::string> excludes;  ///< as Workload::excludes: energies are lower bounds
  std::vector<std::string> notes;
};

/// Grows as n log n with the jobs. Errors: kInvalid where a series does not cover the log, a job
/// needs more devices than there are, or the queue outlasts the series; kUsage for what the request
/// lacks.
JOULERY_EXPORT Result<Simulation> simulate_jobs(const Workload& workload,
                                                SimulationRequest request);

/// What a policy of that freedom could have come to at best with no job late; null where it moves
/// nothing.
JOULERY_EXPORT const Oracle* oracle_of(const SimulationCase& held, Shift shift);
/// The change of `part` against `whole`, positive where less was used. Empty where `whole` is not
/// above 0, as money may be where prices are negative.
JOULERY_EXPORT std::optional<double> saved_share(double part, double whole);
/// What the objective adds up to.
JOULERY_EXPORT double value_of(const SimulationSums& sums, ShiftObjective objective);
JOULERY_EXPORT std::optional<double> u_of(const SavedU& saved, ShiftObjective objective);

/// What a paper says of shifting, from its own printed numbers. Errors: kUsage, naming those there
/// are.
JOULERY_EXPORT Result<Preset> make_shift_preset(const std::string& name);

}  // namespace joulery
