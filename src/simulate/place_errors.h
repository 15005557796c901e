// simulate: what is uncertain at a place, and by how much it moves sums and what is saved.
#pragma once

#include <string>
#include <vector>

#include "plan/errors.h"
#include "simulate/figures.h"

namespace joulery::simulate {

/// The uncertain things are those of a plan (plan/errors.h), and what told the powers of jobs.
class PlaceErrors {
 public:
  /// `workload` is kept by reference.
  PlaceErrors(const PlaceSignals& place, const Signals& signals, const Workload& workload);

  /// Of one unit of each sum of a run.
  [[nodiscard]] SumsBasis basis_of(const Figures& run) const;
  /// The same, of powers that are exact.
  [[nodiscard]] SumsBasis basis_without_power(const Figures& run) const;
  [[nodiscard]] SavedU saved_u(const Figures& now, const Figures& run) const;

 private:
  /// By what a rate is off, in each piece of the signals.
  struct StepError {
    std::string name;
    bool same_at_all_times = true;
    std::vector<double> u;
  };
  struct Sum {
    double PerWatt::*value;
    bool known = true;
    std::string why;  ///< it is not known
    std::vector<StepError> errors;
  };
  [[nodiscard]] static Sum sum_of(double PerWatt::*value, const plan::Rate& rate,
                                  const std::vector<plan::RateError>& errors,
                                  const Signals& signals);
  [[nodiscard]] std::vector<plan::Shift> rate_shifts(const Sum& sum, const Figures& run,
                                                     const Figures& other) const;
  void add_power_shifts(const Sum& sum, const Figures& run, std::vector<plan::Shift>& out) const;
  [[nodiscard]] SumsBasis basis_of(const Figures& run, bool power) const;
  [[nodiscard]] Estimate<double> one_of(const Sum& sum, const Figures& run, bool power) const;
  [[nodiscard]] std::optional<double> saved_u(const Sum& sum, const Figures& now,
                                              const Figures& run) const;

  const Workload& workload_;
  Sum it_energy_{&PerWatt::seconds, true, {}, {}}, site_, carbon_, cost_;
};

}  // namespace joulery::simulate
