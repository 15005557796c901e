// estimate: published tables beside ours, see preset.h.
#include "estimate/preset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>

#include "base/text.h"

namespace joulery {
namespace {

struct Entry {
  const char* name;
  Result<Preset> (*make)();
};
// Every published table. A new one is one file and one line.
constexpr std::array kPresets = {
    Entry{"strubell2019", estimate::strubell2019},
    Entry{"patterson2021", estimate::patterson2021},
    Entry{"llama2", estimate::llama2},
};

/// How a figure is printed: "$1,238", "$103k", "7.5".
struct Look {
  bool dollar = false, thousands = false, kilo = false;
  int decimals = 0;
  std::optional<double> value;
};

Look look_of(std::string_view printed) {
  Look look;
  look.dollar = printed.starts_with('$');
  if (look.dollar) printed.remove_prefix(1);
  look.kilo = printed.ends_with('k');
  if (look.kilo) printed.remove_suffix(1);
  std::string digits;
  for (const char c : printed)
    if (c == ',')
      look.thousands = true;
    else
      digits += c;
  const std::size_t point = digits.find('.');
  if (point != std::string::npos) look.decimals = static_cast<int>(digits.size() - point - 1);
  look.value = parse_number(digits);
  return look;
}

std::string with_thousands(const std::string& digits) {
  std::string out;
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i < whole && (whole - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string written_like(const Look& look, double value) {
  std::string digits = format_fixed(look.kilo ? value / 1000 : value, look.decimals);
  if (look.thousands) digits = with_thousands(digits);
  return (look.dollar ? "$" : "") + digits + (look.kilo ? "k" : "");
}

}  // namespace

namespace estimate {

Result<EstimatedRow> row_of(Words words) {
  EstimateSources sources;
  JOULERY_TRY(sources.accelerators, load_accelerators({}));
  WrittenRow row{"preset", ErrorCode::kInternal, {}};
  for (const auto& [key, text] : words)
    row.values.emplace(key, WrittenValue{text, key, ErrorCode::kInternal});
  JOULERY_TRY(const EstimateRequest request, make_estimate_request(row, sources));
  return estimate_row(request);
}

PresetCell cell(const std::string& printed, std::optional<double> ours, double slack) {
  using Verdict = PresetCell::Verdict;
  if (!ours) return {printed, "", Verdict::kOther};
  const Look look = look_of(printed);
  PresetCell out{printed, written_like(look, *ours), Verdict::kSame};
  if (out.ours == printed || !look.value) return out;
  const double scale = look.kilo ? 1000 : 1;
  const double half_digit = 0.5 * std::pow(10.0, -look.decimals) * scale;
  const double off = std::abs(*look.value * scale - *ours);
  out.verdict = off <= slack * *ours + half_digit ? Verdict::kRounding : Verdict::kOther;
  return out;
}

PresetCell no_cell() { return {"", "", PresetCell::Verdict::kMissing}; }

double kilowatt_hours(const Estimate<Joules>& energy) {
  return energy.value->count() / kJoulesPerKilowattHour;
}
double pounds(const Estimate<GramsCo2>& carbon) { return carbon.value->count() / kGramsPerPound; }
double tonnes(const Estimate<GramsCo2>& carbon) { return carbon.value->count() / 1e6; }

}  // namespace estimate

Result<Preset> make_preset(const std::string& name) {
  std::vector<std::string> names;
  for (const Entry& entry : kPresets) {
    if (name == entry.name) return entry.make();
    names.emplace_back(entry.name);
  }
  return Error{ErrorCode::kUsage, fmt::format("--preset: \"{}\" is no preset; there are {}", name,
                                              fmt::join(names, ", "))};
}

}  // namespace joulery
