// fuzz: hostile files of models of PUE, and what they predict; headings of readings.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "joulery/pue.h"
#include "pue/columns.h"

namespace joulery {
namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check_estimate(const Estimate<double>& estimate) {
  if (!estimate) return require(!estimate.why.empty());
  require(std::isfinite(*estimate.value) && *estimate.value >= 1);
  require(std::isfinite(estimate.u) && estimate.u >= 0);
}

void check_model(std::string_view text) {
  const auto model = parse_pue_model(text, "m.toml");
  if (!model) return require(!model.error().message.empty());
  for (const double celsius : {-300.0, -20.0, 0.0, 35.0, 1e9}) {
    check_estimate(model->predict(celsius));
    check_estimate(model->predict(celsius, Watts(1e5)));
    check_estimate(model->predict(celsius, Watts(0)));
    check_estimate(model->marginal(celsius));
  }
  // What is written of it reads as the same.
  const std::string written = pue_model_toml(*model);
  const auto again = parse_pue_model(written, "m.toml");
  require(again && pue_model_toml(*again) == written);
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  joulery::check_model(text);
  const auto columns = joulery::sort_columns({std::string(text), "it_kw"});
  joulery::require(!columns.it.empty() && columns.it.size() <= 2);
  return 0;
}
