// coverage: how often intervals held the truth, and how seldom they may by chance alone.
#pragma once

#include <map>
#include <string>

#include "coverage/trial.h"

namespace joulery::coverage {

struct Tally {
  int trials = 0;
  int covered = 0;
  double half_widths = 0;  ///< sum of 2 u / value
  double widest = 0;
  double errors = 0;  ///< sum of (value - truth) / truth

  void add(const Outcome& outcome);
  [[nodiscard]] double share() const { return static_cast<double>(covered) / trials; }
};

/// Tallies by name.
class Table {
 public:
  explicit Table(std::string title) : title_(std::move(title)) {}
  Tally& operator[](const std::string& name) { return rows_[name]; }
  [[nodiscard]] const std::map<std::string, Tally>& rows() const { return rows_; }
  void print() const;

 private:
  std::string title_;
  std::map<std::string, Tally> rows_;
};

/// The least number k of hits in n trials of chance p with P(fewer than k) >= `rare`, and the
/// greatest with P(more than k) >= `rare`: what lies outside happens by chance once in 1 / rare.
int least_hits(int n, double p, double rare);
int most_hits(int n, double p, double rare);

}  // namespace joulery::coverage
