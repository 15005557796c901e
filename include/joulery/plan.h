// plan: when, and where, to run a job: the windows and slots of least carbon, site energy or money.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/series.h"
#include "joulery/site.h"
#include "joulery/trace.h"
#include "joulery/units.h"

namespace joulery {

// ---- the cost of time

/// What one joule of IT energy costs at each moment: intensity, PUE, price, or a weighted sum or
/// product of them; constant between breakpoints. Immutable; may be read from any thread.
class JOULERY_EXPORT RateCurve {
 public:
  /// Pieces in order, without overlap, at least one. Negative rates are allowed (a price may be).
  /// Errors: kInvalid.
  static Result<RateCurve> make(std::vector<SeriesPiece> pieces);

  [[nodiscard]] const std::vector<SeriesPiece>& pieces() const { return pieces_; }
  [[nodiscard]] WallTime begin() const { return pieces_.front().begin; }
  [[nodiscard]] WallTime end() const { return pieces_.back().end; }
  /// The integral of the rate over [begin, end) in rate x seconds, or empty where a part of it is
  /// not known. O(log n).
  [[nodiscard]] std::optional<double> integral(WallTime begin, WallTime end) const;
  /// The first moment at or after `time` at which a gap begins (the end of the series at the
  /// latest): up to there everything is known, if `time` itself is.
  [[nodiscard]] WallTime known_until(WallTime time) const;

  // ---- for kernels that walk along the pieces

  /// The first piece that ends after `time`; pieces().size() where none does. O(log n).
  [[nodiscard]] std::size_t piece_after(WallTime time) const;
  /// The last piece that `piece` leads to without a gap.
  [[nodiscard]] std::size_t last_without_gap(std::size_t piece) const { return last_[piece]; }
  /// The integral from begin() up to `time`, which lies in or at an end of that piece, over what is
  /// known.
  [[nodiscard]] double integral_up_to(std::size_t piece, WallTime time) const;
  /// Integrals that differ by no more are equal: what rounding does to a difference of two sums.
  [[nodiscard]] double resolution() const { return resolution_; }

 private:
  explicit RateCurve(std::vector<SeriesPiece> pieces);
  std::vector<SeriesPiece> pieces_;
  std::vector<double> integral_;  ///< up to the begin of each piece, over what is known
  std::vector<std::size_t> last_;
  double resolution_ = 0;
};

/// A stretch of time in which the job runs.
struct Slot {
  WallTime begin{}, end{};
};

/// A part of a job in which its load is constant.
struct LoadStep {
  Seconds length{0};
  double share = 1;  ///< of full load, or the probability that the job still runs; 0 or more
};

/// What a job may do.
struct JobShape {
  Seconds length{0};   ///< of work, without what pauses add
  WallTime release{};  ///< the earliest start
  Seconds slack{0};    ///< how long the start may be put off; not interruptible: a start in
                       ///< [release, release + slack]; else everything in [release, release + slack
                       ///< + length)
  bool interruptible = false;
  Seconds shortest_slot{0};  ///< of an interruptible job: it runs at least so long at a time
  Seconds resume_time{0};  ///< added to the work by each resume, at full load: checkpoint, restore
  Seconds resume_load{0};  ///< energy of each resume beside that of its time, as seconds of full
                           ///< load; it counts at the rate that holds where the slot begins
  Seconds start_load{0};   ///< the same of the first slot: what a move to the place takes; of slots
                           ///< it counts, but does not choose them
  /// Of slots with resumes: pairs of a cell of time and a cell of work that the grid may have; 64
  /// MB and some 30 ms. A choice; who plans many jobs takes fewer.
  std::size_t most_pairs = std::size_t{1} << 22;
  /// Of a load that is not constant: steps in order, together as long as the job. Not of a job that
  /// is interruptible.
  std::vector<LoadStep> profile;
};
struct JobWindow {
  std::vector<Slot> slots;  ///< in order; one where the job is not interruptible
  double cost = 0;  ///< the integral of the rate over the slots, rate x seconds, and of the resumes
  /// Plans whose slots begin and end on multiples of it after the release (or the begin of the
  /// curve, where that is later) were compared. Zero: all plans were.
  Seconds grid{0};
};

/// The least cost; of equal ones that with the fewest slots, then the earliest. Windows end with
/// what is known, and no slot reaches over a gap. One window, and slots without resumes and without
/// a least length, are the optimum over all moments; other slots that on JobWindow::grid, or one
/// window where that costs less. docs/plans.md has the methods. O(pieces) for one window,
/// O(n log n) for free slots, else at most some 4 million steps.
/// Errors: kInvalid where no window fits, telling the best that can be done.
JOULERY_EXPORT Result<JobWindow> best_window(const RateCurve& curve, const JobShape& job);
/// The job run at its release without a pause. Errors: kInvalid where that is not known.
JOULERY_EXPORT Result<JobWindow> run_now(const RateCurve& curve, const JobShape& job);

// ---- one job, from every slot of a series

struct StartCost {
  WallTime start{};
  double now = 0, planned = 0;  ///< rate x seconds
};
struct AllStarts {
  std::vector<StartCost> starts;  ///< those at which the job's own length is known
  double mean_now = 0, mean_planned = 0;
};

/// What the best windows or free slots cost from each step of the curve on, which has to have one
/// step throughout (gaps apart) that divides length and slack. Windows and slots end with the
/// curve. O(n log n) in its steps, whatever the length and the slack. Errors: kInvalid.
JOULERY_EXPORT Result<AllStarts> plan_all_starts(const RateCurve& curve, const JobShape& job);

// ---- one job, here or elsewhere

/// What is made small. With several, each counts relative to what running now takes of it.
struct PlanObjective {
  double carbon = 1, energy = 0, cost = 0;  ///< weights, 0 or more, not all 0
  std::string text = "carbon";              ///< as a user writes it: "carbon=0.5,cost=0.5"
};
/// "carbon", "energy" (of the site), "cost", or weights, of which the greatest becomes 1. Errors:
/// kUsage, naming the flag.
JOULERY_EXPORT Result<PlanObjective> parse_plan_objective(std::string_view text,
                                                          std::string_view flag);

/// A place and its values over time, which stand before the place's constants.
struct PlanPlace {
  std::string name;  ///< of --where, else empty
  Place place;
  std::optional<Series> intensity, pue, price;
  /// What the plan goes by, where `intensity` is what really was, and judges it.
  std::optional<Series> forecast;
};

/// A power cap of a sweep and what it does to the whole job, against the baseline of the sweep.
struct PlanCap {
  Watts cap{};
  double time_ratio = 1, energy_ratio = 1;
  std::optional<double> time_u{}, energy_u{};  ///< relative, k = 1; absent: the ratio is as given
};

struct PlanRequest {
  std::vector<PlanPlace> places;  ///< at least one; at the first the job would run now
  JobShape job;                   ///< resume_load apart
  Estimate<Watts> load;           ///< of the job while it runs, without PUE; may be missing
  Joules resume_energy{};         ///< of each resume; needs a load
  Joules transfer_energy{};       ///< of running elsewhere than at the first place; needs a load
  /// The same, in money, e.g. for data that leave a cloud; needs a load.
  Money transfer_cost{};
  std::string transfer_currency;  ///< of transfer_cost
  PlanObjective objective;
  std::optional<WallTime> deadline;  ///< for the document, where it was told; `job` has the slack
  std::vector<std::string> notes;    ///< of who made the request, for the warnings of the plan
  /// Caps to choose from, the baseline first: length and load are those at it, and the deadline
  /// stays. Empty: no cap is chosen. They need a load and an objective of one kind.
  std::vector<PlanCap> caps;
  /// Relative standard deviation of a forecast, each value by itself: the plan is made again on so
  /// many disturbed series.
  double forecast_error = 0;
  std::uint64_t seed = 1;
};

/// What the job takes where and when it would run; each missing with the flag that would give it.
struct PlannedRun {
  std::string place;
  std::vector<Slot> slots;
  Estimate<Joules> it_energy, site_energy;
  Estimate<GramsCo2> carbon;
  Estimate<Money> cost;
  std::string currency;
  /// Against running now, in percent of the objective; absent where that is not above 0.
  std::optional<double> saving_pct;
  std::optional<double> saving_u_pct;  ///< k = 1; absent where all that is uncertain cancels
};
/// What one lever alone saves against running now at the baseline, and all of them together.
struct PlanLever {
  std::string name;  ///< "cap", "time", "place", "all together"
  Watts cap{};
  PlannedRun run;
};
/// Over the disturbed series, in percent against running now.
struct ForecastSpread {
  int draws = 0;
  double mean_pct = 0, low_pct = 0, high_pct = 0;  ///< 5 % of the draws lie below, 5 % above
};
struct Plan {
  std::string objective;
  std::optional<WallTime> deadline;  ///< where one was told
  PlannedRun now, planned;
  std::vector<PlannedRun> places;    ///< the best at each, where there are several
  std::vector<PlanLever> levers;     ///< where PlanRequest::caps are; the last one is `planned`
  std::optional<PlannedRun> oracle;  ///< the best by `intensity`, where a forecast planned
  std::optional<ForecastSpread> spread;
  std::string intensity_kind;  ///< "average", "marginal"; empty: not told
  std::vector<std::string> warnings;
};
/// The power of a run over time, as at most 48 steps of a job of `length`, their mean share 1.
/// Errors: kUnavailable where no channel of the run tells a power or an energy.
JOULERY_EXPORT Result<std::vector<LoadStep>> load_profile_of(const Trace& trace, Seconds length);

/// A length that is not known: quantiles and the longest, "6h..12h" (any between as likely as
/// another) or "p50=6h,p90=10h" (those beyond the last count as the last).
struct UnknownLength {
  Seconds longest{0};
  std::vector<LoadStep> survival;  ///< the probability that the job still runs
  std::string text;                ///< what is promised of it, in words
};
/// Errors: kUsage, naming the flag.
JOULERY_EXPORT Result<UnknownLength> parse_unknown_length(std::string_view text,
                                                          std::string_view flag);

/// Errors: kUsage for a factor that the objective needs (naming its flag), kInvalid for kinds of
/// intensity or currencies that do not go together, and as best_window().
JOULERY_EXPORT Result<Plan> make_plan(const PlanRequest& request);

/// One job from every slot of the series, per kW of constant load at the meter of the IT.
struct AllStartsPlan {
  std::string unit;  ///< "gCO2e", "J" (of the site) or a currency
  AllStarts costs;   ///< in that unit
  std::optional<double> saving_pct;
  std::string intensity_kind;
  std::vector<std::string> warnings;
};
/// Of one place, one objective, and neither resumes nor a least run. Errors: as make_plan() and
/// plan_all_starts().
JOULERY_EXPORT Result<AllStartsPlan> make_all_starts_plan(const PlanRequest& request);

}  // namespace joulery
