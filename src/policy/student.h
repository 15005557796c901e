// policy: quantiles of Student's t, for intervals from few repeats.
#pragma once

namespace joulery {

/// The t that a variable of `dof` degrees of freedom (any number above 0, infinity too) stays below
/// with probability `p`, 0.5 < p < 1.
double student_quantile(double p, double dof);

/// The probability that a ratio of two variances of equal truth is `ratio` or more.
double f_tail(double ratio, double dof_above, double dof_below);

}  // namespace joulery
