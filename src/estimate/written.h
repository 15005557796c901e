// estimate: values as people write them, with what the writing tells of their uncertainty.
#pragma once

#include "joulery/estimate.h"

namespace joulery::estimate {

/// "84h" is known to half a unit of its last digit: a rectangle. "84h+-1h" and "84h+-2%" say it
/// themselves. A century is the most.
Result<Estimate<Seconds>> read_duration(const WrittenValue& value);
/// Time summed over devices, in h or d: "3311616h". May be centuries.
Result<Estimate<Seconds>> read_device_time(const WrittenValue& value);
/// "979M" steps at a rate of "300k/84h".
Result<Estimate<Seconds>> read_steps(const WrittenValue& steps, const WrittenValue& rate);
/// Where no uncertainty is written it is `unstated`, relative.
Result<Estimate<Watts>> read_power(const WrittenValue& value, double unstated);
Result<Estimate<Joules>> read_energy(const WrittenValue& value, double unstated);
/// A mass of CO2e, in g, kg, t or lb.
Result<Estimate<GramsCo2>> read_carbon(const WrittenValue& value, double unstated);
/// A number above 0 that may end in k, M, G (or B, for billion) or T. `example`: a right one.
Result<double> read_count(const WrittenValue& value, const std::string& example);
/// The same of devices.
Result<double> read_devices(const WrittenValue& value);
/// Floating-point operations, "3.14e23"; T for 10^12 is the greatest prefix.
Result<double> read_operations(const WrittenValue& value);
/// "60%" or 0.6.
Result<double> read_share(const WrittenValue& value);
Result<bool> read_switch(const WrittenValue& value);
/// "1.5M responses".
Result<FunctionalUnit> read_unit(const WrittenValue& value);

/// "WHERE: 'TEXT' PROBLEM; for example EXAMPLE", with the value's code.
Error error_of(const WrittenValue& value, const std::string& problem, const std::string& example);

}  // namespace joulery::estimate
