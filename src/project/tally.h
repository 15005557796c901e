// project: sums over jobs, and what they mean in energy, carbon and money.
#pragma once

#include <cstdint>
#include <vector>

#include "joulery/project.h"
#include "project/device_sets.h"

namespace joulery::project {

/// Hours of one kind of device, and those of them whose energy the log does not hold.
struct DeviceHours {
  std::uint32_t place = 0;
  std::uint32_t device = 0;
  double hours = 0;
  double unmeasured = 0;
};

/// Energy that the log holds, of one place.
struct MeasuredEnergy {
  std::uint32_t place = 0;
  double joules = 0;
  double u_j = 0;  ///< linear: sensors err in the same direction
};

/// Places are numbers of JobRecord::place.
struct Tally {
  double jobs = 0;
  std::vector<DeviceHours> devices;      ///< by device and place
  std::vector<MeasuredEnergy> energies;  ///< by place
  double deviceless_h = 0;               ///< of jobs that held nothing and have no energy

  void add(std::uint32_t place, std::uint32_t device, double hours, bool measured);
  void add_energy(const MeasuredEnergy& more);
  void add(const Tally& other, double share);
  [[nodiscard]] double measured_j() const;
  /// What is of one place.
  [[nodiscard]] Tally at(std::uint32_t place) const;
  [[nodiscard]] double hours() const;  ///< of all kinds, cores too
};

/// A share of it, or a multiple.
Tally scaled(const Tally& tally, double share);

/// The names of rates, the place and the includes of the log: what a tally is priced with.
class Pricing {
 public:
  /// `places`: by number, the first of jobs that have none of their own. All live longer.
  Pricing(const std::vector<DeviceRate>& rates, const std::vector<Place>& places,
          const std::vector<std::string>& log_excludes)
      : rates_(rates), places_(places), log_excludes_(log_excludes) {
    for (const DeviceRate& rate : rates) has_accelerators_ |= rate.device != kCpu;
  }
  /// `of_one_kind`: of one kind of device, whose hours are cores' where it is cores.
  [[nodiscard]] JobTotals totals(const Tally& tally, bool of_one_kind = false) const;

 private:
  void put_energy(const Tally& tally, JobTotals& totals) const;
  void put_cost(const Tally& tally, JobTotals& totals) const;
  [[nodiscard]] Consequences consequences(const Tally& tally, const JobTotals& totals) const;

  const std::vector<DeviceRate>& rates_;
  const std::vector<Place>& places_;
  const std::vector<std::string>& log_excludes_;
  bool has_accelerators_ = false;
};

}  // namespace joulery::project
