// account: what a sensor that looks only part of the time may have missed.
#pragma once

#include <optional>
#include <vector>

#include "account/scan.h"

namespace joulery::account {

/// A load whose period is a whole number of sensor refreshes: the sensor sees the same phases in
/// every cycle.
struct Lock {
  double refreshes = 0;  ///< the load's period, in refreshes of the sensor
  double drift = 0;      ///< how far the phase moves in one cycle, in refreshes
};

/// What the power samples of a whole run tell about its load. Powers in W, as read.
struct Load {
  double mean = 0;
  double deviation = 0;    ///< standard deviation over time
  double persistence = 0;  ///< 0: every refresh is news; 1: it changes slowly against the refresh
  std::optional<Lock> lock;
};

Load describe_load(const ChannelScan& power, const Slots& slots);

/// Standard uncertainty of the energy of a window, in J as read, from what lay between two looks of
/// the sensor.
double alias_term(const ChannelScan& power, const SlotSums& window, const Load& load);

/// Standard uncertainty in J from the scatter of the readings of a steady load; 0 of others, whose
/// scatter is the load's own.
double noise_term(const ChannelScan& power, const SlotSums& window, const Load& load);

/// Period of `series` where that is within 3 % (at most a tenth of a refresh) of 2 to 20 refreshes.
std::optional<Lock> find_lock(const std::vector<double>& series);

}  // namespace joulery::account
