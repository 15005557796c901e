// fuzz: hostile files of estimates, through to the documents that are made of them.
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "estimate/rows_toml.h"
#include "joulery/report.h"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

const joulery::EstimateSources& shipped() {
  static const joulery::EstimateSources sources = [] {
    joulery::EstimateSources made;
    made.accelerators = *joulery::load_accelerators({});
    return made;
  }();
  return sources;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto written = joulery::parse_estimate_rows(text, "rows.toml");
  if (!written) {
    require(written.error().message.starts_with("rows.toml:"));
    return 0;
  }
  std::vector<joulery::EstimatedRow> rows;
  for (const joulery::WrittenRow& row : *written) {
    const auto request = joulery::make_estimate_request(row, shipped());
    if (!request) {
      require(request.error().message.starts_with("rows.toml:"));
      continue;
    }
    rows.push_back(joulery::estimate_row(*request));
    const auto& energy = rows.back().it_energy;
    require(!energy || energy.value->count() >= 0);
    require(energy.u.count() >= 0);
  }
  std::ostringstream out;
  joulery::write_estimates_json(rows, out);
  if (!rows.empty()) joulery::write_estimates_text(rows, out);
  return 0;
}
