// estimate: floating-point operations of training, see work.h.
#include "estimate/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "estimate/keys.h"
#include "estimate/written.h"

namespace joulery::estimate {
namespace {

// A multiplication and an addition per parameter and token forward, twice that backward: Kaplan et
// al. 2020, arXiv 2001.08361, section 2.1.
constexpr double kPerParameterAndToken = 6;
// What 6 N D leaves out, attention above all: 2.8 % for the shape of GPT-3 by the equation below,
// more for long sequences. A choice.
constexpr double kParametersU = 0.05;
// Of an equation that counts the matrix products and nothing else. A choice.
constexpr double kLayersU = 0.02;
// Of an mfu that is given: half a unit of a two-digit percentage, and how it was counted. A choice.
constexpr double kMfuU = 0.05;

/// A right value of a key: those of GPT-3, and of a mixture of experts.
const char* example_of(std::string_view key) {
  if (key == "layers") return "96";
  if (key == "hidden") return "12288";
  if (key == "sequence") return "2048";
  if (key == "vocabulary") return "51200";
  if (key == "active_parameters") return "37G";
  return key == "tokens" ? "300G" : "175G";
}

Result<double> read(const WrittenRow& row, const char* key, double otherwise) {
  const WrittenValue* value = find(row, key);
  return value == nullptr ? Result<double>(otherwise) : read_count(*value, example_of(key));
}

TrainingWork work_of(double operations, double relative_u, std::string basis) {
  return {.operations = Estimate<double>::of(operations, relative_u * operations,
                                             Evidence::kModelled, "count of operations", 0),
          .basis = std::move(basis)};
}

/// Of a mixture of experts only the parameters that a token meets count.
Result<TrainingWork> from_parameters(const WrittenRow& row, double tokens) {
  const bool mixture = find(row, "active_parameters") != nullptr;
  const char* const key = mixture ? "active_parameters" : "parameters";
  const WrittenValue& written = *find(row, key);
  JOULERY_TRY(const double parameters, read_count(written, example_of(key)));
  JOULERY_TRY(const double all, read(row, "parameters", parameters));
  if (parameters > all)
    return error_of(written, "is more than all parameters", "37G of parameters 671G");
  return work_of(kPerParameterAndToken * parameters * tokens, kParametersU,
                 mixture ? "6 x active parameters x tokens" : "6 x parameters x tokens");
}

/// 72 B s l h^2 (1 + s / 6h + V / 12 l h) of an iteration over B s tokens: Narayanan et al. 2021,
/// arXiv 2104.04473, section 5.1, without the second forward pass that they count.
Result<TrainingWork> from_layers(const WrittenRow& row, double tokens) {
  if (find(row, "hidden") == nullptr)
    return error_of(*find(row, "layers"), "needs the width of a layer beside it", "hidden 12288");
  JOULERY_TRY(const double layers, read(row, "layers", 0));
  JOULERY_TRY(const double hidden, read(row, "hidden", 0));
  JOULERY_TRY(const double sequence, read(row, "sequence", 0));
  JOULERY_TRY(const double vocabulary, read(row, "vocabulary", 0));
  const double per_token = 72 * layers * hidden * hidden *
                           (1 + sequence / (6 * hidden) + vocabulary / (12 * layers * hidden));
  return work_of(per_token * tokens, kLayersU, "72 x layers x hidden^2 x (...) x tokens");
}

/// What belongs to another way of saying it, or to none.
Result<void> check_keys(const WrittenRow& row) {
  const bool parameters = find(row, "parameters") || find(row, "active_parameters");
  const bool layers = find(row, "layers") != nullptr;
  const WrittenValue* operations = find(row, "operations");
  if (operations != nullptr && (parameters || layers))
    return error_of(*operations, "says the work a second time",
                    "one of operations, parameters, layers");
  if (parameters && layers)
    return error_of(*find(row, "layers"), "says the work a second time",
                    "one of operations, parameters, layers");
  for (const char* key : {"hidden", "sequence", "vocabulary"})
    if (const WrittenValue* value = find(row, key); value != nullptr && !layers)
      return error_of(*value, "belongs to layers", "layers 96");
  const WrittenValue* tokens = find(row, "tokens");
  if ((tokens != nullptr) != (parameters || layers)) {
    const WrittenValue* known = tokens;
    for (const char* key : {"parameters", "active_parameters", "layers"})
      if (known == nullptr) known = find(row, key);
    return error_of(*known, "needs parameters (or layers) and tokens, both",
                    "parameters 175G with tokens 300G");
  }
  return {};
}

std::optional<double> peak_of(const EstimateRequest& request) {
  return request.device ? request.device->tensor_flops : std::nullopt;
}

Estimate<double> ratio(const Estimate<double>& a, double b, double b_u, const char* b_name) {
  const double value = *a.value / b;
  const double own = a.u / *a.value, other = b_u / b;
  return Estimate<double>::of(value, value * std::hypot(own, other), Evidence::kModelled,
                              other > own ? b_name : a.top, a.coverage);
}

/// Where the time follows from the operations, so does the energy, and their uncertainty cancels.
Estimate<double> work_per_joule(const TrainingWork& work, const Estimate<Joules>& it_energy) {
  const double joules = it_energy.value->count();
  Estimate<double> each =
      ratio(work.operations, joules, it_energy.u.count(), it_energy.top.c_str());
  if (!work.mfu) return each;
  const double shared = work.operations.u / *work.operations.value;
  const double own = it_energy.u.count() / joules;
  each.u = *each.value * std::sqrt(std::max(0.0, own * own - shared * shared));
  each.top = it_energy.top;
  return each;
}

}  // namespace

Result<std::optional<TrainingWork>> read_work(const WrittenRow& row) {
  JOULERY_CHECK(check_keys(row));
  if (const WrittenValue* given = find(row, "operations")) {
    JOULERY_TRY(const double operations, read_operations(*given));
    return std::optional(work_of(operations, kLayersU, "given"));
  }
  const WrittenValue* tokens = find(row, "tokens");
  if (tokens == nullptr) return std::optional<TrainingWork>();
  JOULERY_TRY(const double number, read_count(*tokens, example_of("tokens")));
  if (find(row, "layers") != nullptr) {
    JOULERY_TRY(TrainingWork work, from_layers(row, number));
    return std::optional(std::move(work));
  }
  JOULERY_TRY(TrainingWork work, from_parameters(row, number));
  return std::optional(std::move(work));
}

Result<void> put_time_of_work(const WrittenRow& row, EstimateRequest& request) {
  const WrittenValue* mfu = find(row, "mfu");
  if (mfu == nullptr) return {};
  if (request.duration || request.device_time)
    return error_of(*mfu, "says how long a second time", "one of duration and mfu");
  if (!request.work)
    return error_of(*mfu, "needs the work that is done at it",
                    "parameters 175G with tokens 300G, or operations 3.14e23");
  const auto peak = peak_of(request);
  if (!peak)
    return error_of(*mfu, "is a share of a peak, and no device with one is named", "device A100");
  JOULERY_TRY(const double share, read_share(*mfu));
  request.work->mfu = Estimate<double>::of(share, kMfuU * share, Evidence::kConstant, "mfu", 0);
  const double speed = request.count.value_or(1) * *peak * share;
  const auto time = ratio(request.work->operations, speed, kMfuU * speed, "mfu");
  request.duration =
      Estimate<Seconds>::of(Seconds(*time.value), Seconds(time.u), time.evidence, time.top, 0);
  return {};
}

WorkRate work_rate(const EstimateRequest& request, const Estimate<Joules>& it_energy) {
  const TrainingWork& work = *request.work;
  const auto peak = peak_of(request);
  WorkRate rate;
  rate.per_device = rate.utilisation = Estimate<double>::missing("no duration: --duration");
  if (work.mfu) {
    rate.utilisation = *work.mfu;
    rate.per_device = *work.mfu;
    rate.per_device.value = *work.mfu->value * *peak;
    rate.per_device.u = work.mfu->u * *peak;
  } else if (const auto& time = request.device_time) {
    rate.per_device = ratio(work.operations, time.value->count(), time.u.count(), "duration");
    rate.utilisation =
        peak ? ratio(rate.per_device, *peak, 0, "peak")
             : Estimate<double>::missing("no device whose tensor throughput is known: --device");
  }
  rate.per_joule = Estimate<double>::missing(it_energy.why);
  if (it_energy) rate.per_joule = work_per_joule(work, it_energy);
  return rate;
}

}  // namespace joulery::estimate
