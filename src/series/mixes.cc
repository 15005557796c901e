// series: intensities of mixes, see mixes.h.
#include "series/mixes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "series/columns.h"
#include "series/mix_columns.h"
#include "series/source_names.h"
#include "series/units.h"

namespace joulery::series {
namespace {

constexpr double kMostPower = 1e15;    // in any unit: the world uses 3e12 W of electricity
constexpr double kOwnRelativeU = 0.1;  // of an intensity that a file gives, as for `intensity`

/// One row, while its sources are added.
struct RowSum {
  double energy = 0;      // watts or joules
  double grams = 0;       // times g/kWh
  double unknown = 0;     // of energy, without a factor
  std::vector<double> u;  // of `grams`, by each source
};

class MixReader {
 public:
  MixReader(Rows& rows, MixColumns columns, Table& table)
      : rows_(rows), columns_(std::move(columns)), table_(table) {
    for (const MixColumn& source : columns_.sources)
      table_.errors.push_back({source.name, !source.is_import, {}});
  }

  Result<void> read_all() {
    for (;;) {
      JOULERY_TRY(const bool more, rows_.next());
      if (!more) break;
      JOULERY_CHECK(read_row());
    }
    drop_incomplete();
    finish();
    return {};
  }

 private:
  Result<void> read_row() {
    Reading reading;
    reading.line = rows_.line();
    JOULERY_TRY(reading.stamp, rows_.stamp());
    RowSum sum;
    sum.u.resize(columns_.sources.size());
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < columns_.sources.size(); ++i) {
      JOULERY_TRY(const auto power, rows_.number(columns_.sources[i].column));
      if (!power) {
        missing |= std::uint64_t{1} << i;
        continue;
      }
      seen_ |= std::uint64_t{1} << i;
      JOULERY_CHECK(add(i, *power, sum));
    }
    // Grams per kWh to grams per joule only now, so that factors stay as they are printed.
    if (sum.energy > 0) reading.value = sum.grams / sum.energy / kJoulesPerKilowattHour;
    table_.readings.push_back(reading);
    for (std::size_t i = 0; i < sum.u.size(); ++i)
      table_.errors[i].u.push_back(sum.energy > 0 ? sum.u[i] / sum.energy / kJoulesPerKilowattHour
                                                  : 0);
    missing_.push_back(missing);
    all_.energy += sum.energy;
    all_.unknown += sum.unknown;
    return {};
  }

  Result<void> add(std::size_t at, double power, RowSum& sum) {
    const MixColumn& source = columns_.sources[at];
    if (std::abs(power) > kMostPower)
      return rows_.bad(source.column, fmt::format("{} is absurd", power));
    if (power < 0) {
      ++negative_;
      return {};
    }
    const double energy = power * source.factor;
    JOULERY_TRY(const auto grams, grams_of(source));
    const Grams& taken = grams ? *grams : columns_.unknown;
    sum.energy += energy;
    sum.grams += energy * taken.value;
    sum.u[at] = energy * taken.u;
    if (!grams && energy > 0) {
      sum.unknown += energy;
      table_.errors[at].same_at_all_times = false;
      const auto found = std::find(unknown_.begin(), unknown_.end(), source.name);
      if (found == unknown_.end()) unknown_.push_back(source.name);
    }
    return {};
  }

  [[nodiscard]] Result<std::optional<Grams>> grams_of(const MixColumn& source) const {
    if (!source.own_column) return source.grams;
    JOULERY_TRY(const auto own, rows_.number(*source.own_column));
    if (!own) return source.grams;
    const double grams = *own * source.own_factor;
    if (grams < 0 || grams > kMostGrams)
      return rows_.bad(*source.own_column, fmt::format("{} is no intensity of a source", *own));
    return std::optional(Grams{grams, kOwnRelativeU * grams});
  }

  /// A source that never has a value is not there; where one lacks, the mix is not known.
  void drop_incomplete() {
    for (std::size_t i = 0; i < missing_.size(); ++i)
      if ((missing_[i] & seen_) != 0) table_.readings[i].value.reset();
  }

  void finish() {
    auto& notes = table_.notes;
    notes.push_back(fmt::format("the intensity of a mix of {} sources", columns_.sources.size()));
    if (!unknown_.empty())
      notes.push_back(
          fmt::format("no factor for {}: {:.2g} % of the energy, taken as from {} to {} g/kWh, the "
                      "least and the greatest of the table of sources",
                      fmt::join(unknown_, ", "), 100 * all_.unknown / all_.energy, columns_.least,
                      columns_.most));
    if (negative_ > 0)
      notes.push_back(fmt::format("{} negative values (exports, pumping) left out", negative_));
    if (!columns_.left_out.empty())
      notes.push_back(fmt::format("columns that are no source left out: {}",
                                  fmt::join(columns_.left_out, ", ")));
  }

  Rows& rows_;
  MixColumns columns_;
  Table& table_;
  std::uint64_t seen_ = 0;              // a bit a source: it has a value somewhere
  std::vector<std::uint64_t> missing_;  // of each row
  RowSum all_;
  std::uint64_t negative_ = 0;
  std::vector<std::string> unknown_;
};

}  // namespace

bool is_mix(const std::vector<std::string>& columns, std::size_t stamp, const std::string& wanted) {
  if (wanted == "mix") return std::find(columns.begin(), columns.end(), wanted) == columns.end();
  if (!wanted.empty()) return false;
  std::size_t sources = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i == stamp) continue;
    if (tells_of(columns[i], SeriesMeasure::kIntensity)) return false;
    sources += static_cast<std::size_t>(source_named(plain_source(columns[i])).has_value());
  }
  return sources >= 2;
}

Result<void> read_mix(Rows& rows, Table& table) {
  auto columns = mix_columns(rows.columns(), rows.stamp_column());
  if (!columns)
    return Error{columns.error().code,
                 fmt::format("{}: {}", rows.place(), columns.error().message)};
  table.column = "mix";
  table.kind = "average";
  return MixReader(rows, std::move(*columns), table).read_all();
}

}  // namespace joulery::series
