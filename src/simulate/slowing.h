// simulate: jobs that run slower, and with less power, while the objective is high.
#pragma once

#include <vector>

#include "simulate/signals.h"
#include "simulate/trailing.h"

namespace joulery::simulate {

class Slowing {
 public:
  /// Capped while the level is high.
  Slowing(const Signals& signals, const std::vector<Level>& levels, const CapEffect& cap,
          Micros slack);

  /// A job is capped only where its slack holds being capped all the time, so that none ends late
  /// for it; one without devices never.
  [[nodiscard]] bool caps(const MovableJob& job) const;
  /// How long it takes from `begin`. What would lie after the end of what is known runs uncapped.
  [[nodiscard]] Micros length_from(WallTime begin, Micros work) const;
  /// What a capped job uses, whose uncapped power is one watt.
  [[nodiscard]] const Signals& signals() const { return capped_; }
  /// The same, of the hours in which the cap holds alone.
  [[nodiscard]] const Signals& signals_of_cap() const { return while_capped_; }
  /// Relative, of what a capped job uses in these; 0: not known.
  [[nodiscard]] double energy_u() const { return energy_u_; }
  /// What it draws in a piece of them, by what it draws without the cap.
  [[nodiscard]] double power_in(std::size_t piece) const { return capped_.rate(piece).seconds; }

 private:
  Signals capped_, while_capped_;
  double time_, energy_u_;
  Micros slack_;
  std::vector<double> speeds_;  // of each piece
  std::vector<double> work_;    // in seconds, up to the begin of each piece, and to the end
};

}  // namespace joulery::simulate
