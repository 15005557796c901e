// project: totals of jobs by one column or several, device and month among them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "project/id_table.h"
#include "project/log_builder.h"
#include "project/tally.h"

namespace joulery::project {

/// "2018-03" of each moment; jobs of one month follow one another, so the last one is kept.
class MonthReader {
 public:
  struct Month {
    std::int64_t begin_us = 0, end_us = 0;
    std::uint16_t number = 0;  ///< months since January 1970
  };
  /// Of a log with a calendar.
  const Month& of(std::int64_t us);
  static std::string name(std::uint16_t number);

 private:
  Month month_;
};

class Grouping {
 public:
  /// Columns by name: kept columns, "device", "month". Known to be there.
  Grouping(const LogData& data, std::vector<std::string> columns);
  void add(const JobRecord& job);
  [[nodiscard]] JobGrouping finish(const Pricing& pricing) const;
  [[nodiscard]] std::size_t size() const { return tallies_.size(); }

 private:
  void add_part(const JobRecord& job, std::uint16_t month, double share, bool counts);
  std::uint32_t values_of(std::uint32_t kind);
  Tally& tally_of(std::uint32_t values, std::uint32_t device, std::uint16_t month);
  [[nodiscard]] std::vector<std::string> key_of(std::size_t group) const;

  struct Key {
    std::uint32_t values = 0, device = 0;
    std::uint16_t month = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  const LogData& data_;
  std::vector<std::string> names_;
  std::vector<std::size_t> kept_;  // the columns among LogData::columns
  bool by_device_ = false, by_month_ = false;
  MonthReader months_;
  std::vector<std::uint32_t> of_kind_;  // 1 + number of the values, 0: not known yet
  std::vector<std::vector<std::uint32_t>> values_;
  IdTable by_hash_;
  std::vector<Key> keys_;
  std::vector<Tally> tallies_;
  IdTable group_of_;
};

/// Adds one job, or a share of it, to a tally; of one device, or of all (`device` empty).
void add_job(const LogData& data, const JobRecord& job, double share,
             const std::optional<std::uint32_t>& device, Tally& tally);

}  // namespace joulery::project
