// base: the mean of what some of many have.
#pragma once

#include <optional>

namespace joulery {

class OptionalMean {
 public:
  void add(const std::optional<double>& value) {
    if (!value) return;
    sum_ += *value;
    ++count_;
  }
  /// Absent where nobody had one.
  [[nodiscard]] std::optional<double> get() const {
    return count_ == 0 ? std::nullopt : std::optional(sum_ / count_);
  }

 private:
  double sum_ = 0;
  int count_ = 0;
};

}  // namespace joulery
