// project: sums over jobs, and what they mean in energy, carbon and money.
#pragma once

#include <cstdint>
#include <vector>

#include "joulery/project.h"

namespace joulery::project {

/// Hours of one kind of device, and those of them whose energy the log does not hold.
struct DeviceHours {
  std::uint32_t device = 0;
  double hours = 0;
  double unmeasured = 0;
};

struct Tally {
  double jobs = 0;
  std::vector<DeviceHours> devices;  ///< at most DeviceSets::kMostDevices
  double measured_j = 0;
  double measured_u_j = 0;  ///< linear: sensors err in the same direction
  double deviceless_h = 0;  ///< of jobs that held nothing and have no energy

  void add(std::uint32_t device, double hours, bool measured);
  void add(const Tally& other, double share);
  [[nodiscard]] double hours() const;
};

/// The names of rates, the place and the includes of the log: what a tally is priced with.
class Pricing {
 public:
  Pricing(const std::vector<DeviceRate>& rates, const Place& place,
          const std::vector<std::string>& log_excludes)
      : rates_(rates), place_(place), log_excludes_(log_excludes) {}
  [[nodiscard]] JobTotals totals(const Tally& tally) const;

 private:
  void put_energy(const Tally& tally, JobTotals& totals) const;
  void put_cost(const Tally& tally, JobTotals& totals) const;

  const std::vector<DeviceRate>& rates_;
  const Place& place_;
  const std::vector<std::string>& log_excludes_;
};

}  // namespace joulery::project
