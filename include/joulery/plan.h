// plan: when, and where, to run a job: the windows and slots of least carbon, site energy or money.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/series.h"
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

 private:
  explicit RateCurve(std::vector<SeriesPiece> pieces);
  std::vector<SeriesPiece> pieces_;
  std::vector<double> integral_;  ///< up to the begin of each piece, over what is known
};

/// A stretch of time in which the job runs.
struct Slot {
  WallTime begin{}, end{};
};

/// What a job of constant load may do.
struct JobShape {
  Seconds length{0};   ///< of work, without what pauses add
  WallTime release{};  ///< the earliest start
  Seconds slack{0};    ///< how long the start may be put off; not interruptible: a start in
                       ///< [release, release + slack]; else everything in [release, release + slack
                       ///< + length)
  bool interruptible = false;
  Seconds shortest_slot{0};  ///< of an interruptible job: it runs at least so long at a time
  Seconds resume_time{0};  ///< added to the work by each resume, at full load: checkpoint, restore
};
struct JobWindow {
  std::vector<Slot> slots;  ///< in order; one where the job is not interruptible
  double cost = 0;          ///< the integral of the rate over the slots, rate x seconds
};

/// The least cost; the earliest of equal ones. Starts are at the release, at its latest, and where
/// a piece of the curve begins or lets the job end. Windows end with what is known.
/// Errors: kInvalid where no window fits, telling the best that can be done.
JOULERY_EXPORT Result<JobWindow> best_window(const RateCurve& curve, const JobShape& job);
/// The job run at its release without a pause. Errors: kInvalid where that is not known.
JOULERY_EXPORT Result<JobWindow> run_now(const RateCurve& curve, const JobShape& job);

}  // namespace joulery
