// series: the stamps of a column, in any of the forms that tools write.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "joulery/series.h"

namespace joulery::series {

/// A stamp before it is known which of two equal hours of the civil clock it means.
struct Stamp {
  Micros count{0};     ///< since 1970, of UTC or of the civil clock
  bool local = false;  ///< of the civil clock
};

/// Reads one column. The form is found out from its heading and its first cell.
class StampColumn {
 public:
  /// Empty where the cell is no stamp.
  static std::optional<StampColumn> recognise(std::string_view heading, std::string_view cell);
  [[nodiscard]] std::optional<Stamp> read(std::string_view cell) const;

 private:
  enum class Form : std::uint8_t { kText, kSeconds, kMilliseconds, kHourOfYear };
  Form form_ = Form::kText;
  bool utc_ = false;  ///< the heading says so, of stamps without a zone
  std::chrono::sys_days year_begin_{};
};

}  // namespace joulery::series
