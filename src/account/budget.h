// account: the energy of one channel over one window and the terms of its uncertainty, see
// docs/uncertainty.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/alias.h"
#include "account/scan.h"
#include "joulery/account.h"

namespace joulery::account {

/// One channel over the slots [first, last].
struct Window {
  std::size_t first;
  std::size_t last;
};

struct WindowEnergy {
  Estimate<Joules> energy;
  std::vector<Contribution> budget;  ///< largest first
};

/// What evaluate() needs to know of the whole run.
struct RunView {
  const Slots* slots;
  const ChannelScan* scan;
  const ChannelScan* power =
      nullptr;  ///< whose samples tell about the load; of a power channel, itself
  const ChannelScan* finest = nullptr;  ///< the power channel that averages least: for the edges
  SlotSums run;                         ///< of `scan`, over the whole run
  Load load;
  Joules disagreement{};  ///< between the two ways to the same energy, where that is flagged
};

WindowEnergy evaluate(const RunView& view, Window window);

/// Name of the term by the mean age of readings. It is common to all parts: a job begins and ends
/// on all of them at once.
inline constexpr const char* kRiseTerm = "window edge, rise";

/// Name of the term that channels of one family share: "gpu sensor gain", or "model".
std::string gain_term(const Channel& channel);

/// Sum of energies with correlated gains: u^2 = sum over i, j of rho_ij u_i u_j. `top` names the
/// largest contributor.
struct Part {
  const WindowEnergy* window;
  const Channel* channel;
};
Estimate<Joules> add_up(const std::vector<Part>& parts);

/// Standard uncertainty of the sum of terms that share part of their error.
double correlated(const std::vector<double>& terms, double correlation);

}  // namespace joulery::account
