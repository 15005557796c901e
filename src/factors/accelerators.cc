// factors: the table of accelerators and the look-up in it, see joulery/factors.h.
#include "factors/accelerators.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "factors/csv_table.h"
#include "factors/device_config.h"
#include "factors/name_key.h"

namespace joulery {

extern const std::string_view kAcceleratorsCsv;       // data/accelerators.csv
extern const std::string_view kAcceleratorPricesCsv;  // data/accelerator_prices.csv

namespace {

constexpr std::array<std::string_view, 17> kColumns = {
    "id",           "aliases",       "vendor",         "kind",
    "year",         "tdp_w",         "tdp_source",     "memory_gib",
    "fp32_tflops",  "tensor_tflops", "tensor_format",  "throughput_source",
    "average_w",    "u_average_w",   "average_source", "note",
    "memory_source"};
constexpr std::array<std::string_view, 8> kPriceColumns = {
    "accelerator", "provider", "offer", "low_per_h", "high_per_h", "currency", "as_of", "source"};

// What a board, a chip or a module of any year could have; a number beyond is a slip of the unit.
constexpr Bounds kWatts = {1, 5000};
constexpr Bounds kGibibytes = {0.5, 4096};
constexpr Bounds kTeraflops = {0.1, 100'000};
constexpr Bounds kYears = {2010, 2030};
constexpr Bounds kPricePerHour = {0.001, 1000};
constexpr double kBytesPerGibibyte = 1024.0 * 1024 * 1024;
constexpr double kTera = 1e12;

std::optional<double> scaled(std::optional<double> number, double factor) {
  return number ? std::optional(*number * factor) : std::nullopt;
}

// A figure without its source, or a source without a figure, is a slip.
Result<void> check_source(const CsvRow& row, std::string_view column, bool has_figure) {
  if (has_figure != row.text(column).empty()) return {};
  return row.error(column, has_figure ? "is empty, but there is a figure" : "has no figure");
}

Result<void> read_power(const CsvRow& row, Accelerator& out) {
  JOULERY_TRY(const auto tdp, row.number("tdp_w", kWatts));
  if (tdp) out.tdp = Watts(*tdp);
  out.tdp_source = row.text("tdp_source");
  JOULERY_CHECK(check_source(row, "tdp_source", tdp.has_value()));

  JOULERY_TRY(const auto average, row.number("average_w", kWatts));
  JOULERY_TRY(const auto u, row.number("u_average_w", kWatts));
  if (average.has_value() != u.has_value())
    return row.error("u_average_w", "an average has an uncertainty, and only an average");
  out.average_power = average ? Estimate<Watts>::of(Watts(*average), Watts(*u), Evidence::kConstant,
                                                    "published average power")
                              : Estimate<Watts>::missing("no published average power of " + out.id);
  out.average_power_source = row.text("average_source");
  return check_source(row, "average_source", average.has_value());
}

Result<void> read_throughput(const CsvRow& row, Accelerator& out) {
  JOULERY_TRY(const auto fp32, row.number("fp32_tflops", kTeraflops));
  JOULERY_TRY(const auto tensor, row.number("tensor_tflops", kTeraflops));
  out.fp32_flops = scaled(fp32, kTera);
  out.tensor_flops = scaled(tensor, kTera);
  out.tensor_format = row.text("tensor_format");
  JOULERY_CHECK(check_source(row, "tensor_format", tensor.has_value()));
  out.throughput_source = row.text("throughput_source");
  return check_source(row, "throughput_source", fp32 || tensor);
}

Result<Accelerator> read_row(const CsvRow& row) {
  Accelerator out;
  JOULERY_TRY(out.id, row.needed_text("id"));
  out.aliases = row.list("aliases");
  JOULERY_TRY(out.vendor, row.needed_text("vendor"));
  JOULERY_TRY(out.kind, row.needed_text("kind"));
  if (out.kind != "gpu" && out.kind != "tpu" && out.kind != "other")
    return row.error("kind", "is gpu, tpu or other");
  JOULERY_TRY(out.year, row.needed_integer("year", kYears));
  JOULERY_TRY(const auto memory, row.number("memory_gib", kGibibytes));
  out.memory_bytes = scaled(memory, kBytesPerGibibyte);
  out.memory_source = row.text("memory_source");
  JOULERY_CHECK(check_source(row, "memory_source", memory.has_value()));
  out.note = row.text("note");
  JOULERY_CHECK(read_power(row, out));
  JOULERY_CHECK(read_throughput(row, out));
  return out;
}

// Each name leads to one row; a row may have several that are compared as one.
class Names {
 public:
  Result<void> add(const Accelerator& row, const std::string& place) {
    JOULERY_CHECK(add_name(row.id, row.id, place));
    for (const std::string& alias : row.aliases) JOULERY_CHECK(add_name(alias, row.id, place));
    return {};
  }

 private:
  Result<void> add_name(const std::string& name, const std::string& id, const std::string& place) {
    if (name_key(name).empty())
      return Error{ErrorCode::kInvalid, fmt::format("{}: '{}' is no name", place, name)};
    const auto [at, is_new] = owners_.emplace(name_key(name), id);
    if (is_new || at->second == id) return {};
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: the name '{}' leads to {} already", place, name, at->second)};
  }
  std::map<std::string, std::string> owners_;
};

Result<RentalPrice> read_price(const CsvRow& row) {
  RentalPrice price;
  JOULERY_TRY(price.provider, row.needed_text("provider"));
  JOULERY_TRY(const std::string offer, row.needed_text("offer"));
  if (offer != "spot" && offer != "on-demand") return row.error("offer", "is spot or on-demand");
  price.spot = offer == "spot";
  JOULERY_TRY(const double low, row.needed_number("low_per_h", kPricePerHour));
  JOULERY_TRY(const double high, row.needed_number("high_per_h", kPricePerHour));
  if (low > high) return row.error("high_per_h", "is below low_per_h");
  price.low = MoneyPerSecond(low / kSecondsPerHour);
  price.high = MoneyPerSecond(high / kSecondsPerHour);
  JOULERY_TRY(price.currency, row.needed_text("currency"));
  JOULERY_TRY(price.as_of, row.needed_text("as_of"));
  JOULERY_TRY(price.source, row.needed_text("source"));
  return price;
}

const Accelerator* find_named(const std::vector<Accelerator>& rows, const std::string& key) {
  if (key.empty()) return nullptr;  // a vendor's name alone
  const auto by_id = std::find_if(rows.rbegin(), rows.rend(),
                                  [&](const auto& row) { return name_key(row.id) == key; });
  if (by_id != rows.rend()) return &*by_id;
  // The user's rows are the last, and go before the shipped ones.
  const auto by_alias = std::find_if(rows.rbegin(), rows.rend(), [&](const auto& row) {
    return std::any_of(row.aliases.begin(), row.aliases.end(),
                       [&](const std::string& alias) { return name_key(alias) == key; });
  });
  return by_alias != rows.rend() ? &*by_alias : nullptr;
}

}  // namespace

Result<std::vector<Accelerator>> parse_accelerators(std::string_view csv, const std::string& file) {
  JOULERY_TRY(const std::vector<CsvRow> table, parse_csv_table(csv, file, kColumns));
  std::vector<Accelerator> rows;
  Names names;
  for (const CsvRow& row : table) {
    JOULERY_TRY(Accelerator one, read_row(row));
    JOULERY_CHECK(names.add(one, row.place()));
    rows.push_back(std::move(one));
  }
  return rows;
}

Result<void> add_prices(std::string_view csv, const std::string& file,
                        std::vector<Accelerator>& rows) {
  JOULERY_TRY(const std::vector<CsvRow> table, parse_csv_table(csv, file, kPriceColumns));
  for (const CsvRow& row : table) {
    JOULERY_TRY(const std::string id, row.needed_text("accelerator"));
    const auto owner =
        std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.id == id; });
    if (owner == rows.end())
      return row.error("accelerator", fmt::format("'{}' is no id of an accelerator", id));
    JOULERY_TRY(RentalPrice price, read_price(row));
    owner->prices.push_back(std::move(price));
  }
  return {};
}

Result<std::vector<Accelerator>> load_accelerators(const std::vector<std::string>& config_files) {
  JOULERY_TRY(std::vector<Accelerator> rows,
              parse_accelerators(kAcceleratorsCsv, "data/accelerators.csv"));
  JOULERY_CHECK(add_prices(kAcceleratorPricesCsv, "data/accelerator_prices.csv", rows));
  JOULERY_TRY(std::vector<Accelerator> own, load_device_config(config_files));
  for (Accelerator& row : own) {
    const std::string key = name_key(row.id);
    std::erase_if(rows, [&](const Accelerator& other) { return name_key(other.id) == key; });
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<Accelerator> find_accelerator(const std::vector<Accelerator>& rows, std::string_view name) {
  const Accelerator* row = find_named(rows, name_key(name));
  if (row != nullptr) return *row;
  std::vector<std::string> names;
  for (const Accelerator& one : rows) {
    names.push_back(one.id);
    names.insert(names.end(), one.aliases.begin(), one.aliases.end());
  }
  const auto nearest = nearest_names(name, names);
  const std::string hint = nearest.empty() ? "joulery device list shows all"
                                           : fmt::format("nearest: {}", fmt::join(nearest, ", "));
  return Error{ErrorCode::kInvalid, fmt::format("unknown device '{}'; {}", name, hint)};
}

}  // namespace joulery
