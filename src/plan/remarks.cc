// plan: what a reader of a plan has to know about it, see remarks.h.
#include "plan/remarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace joulery::plan {
namespace {

/// An intensity's kind and whose it is.
struct RemarkKind {
  std::string kind, source;
};

std::vector<RemarkKind> kinds_of(const PlanRequest& request) {
  std::vector<RemarkKind> kinds;
  for (const PlanPlace& place : request.places) {
    if (place.intensity) kinds.push_back({place.intensity->kind, place.intensity->source});
    if (place.forecast) kinds.push_back({place.forecast->kind, place.forecast->source});
    const auto& constant = place.place.intensity;
    if (!place.intensity && !place.forecast && constant.estimate)
      kinds.push_back({constant.kind, constant.source});
  }
  return kinds;
}

bool is_told(const std::string& kind) { return kind == "average" || kind == "marginal"; }

void add_kinds(const PlanRequest& request, const std::string& common,
               std::vector<std::string>& warnings) {
  if (common == "marginal")
    warnings.emplace_back(
        "marginal intensities tell what a change causes, by a model; they are no share of the "
        "grid's emissions");
  for (const RemarkKind& kind : kinds_of(request))
    if (!is_told(kind.kind))
      warnings.push_back(fmt::format(
          "{} does not say whether it is average or marginal: --intensity-kind", kind.source));
}

/// A forecast is taken as exact where nothing disturbs it, and only intensities are disturbed.
const char* exactness(const Series& series, bool disturbed) {
  if (series.measure != SeriesMeasure::kIntensity) return ", taken as exact";
  return disturbed ? "" : ", taken as exact; --forecast-error 15% shows what its errors would do";
}

void add_series(const std::optional<Series>& series, bool disturbed,
                std::vector<std::string>& warnings) {
  if (!series) return;
  if (series->forecast)
    warnings.push_back(
        fmt::format("{} is a forecast{}", series->source, exactness(*series, disturbed)));
  for (const std::string& note : series->notes)
    warnings.push_back(fmt::format("{}: {}", series->source, note));
}

/// Once each: places may share a series.
void add_unstated(const PlanRequest& request, std::vector<std::string>& warnings) {
  for (const PlanPlace& place : request.places)
    for (const auto* series : {&place.intensity, &place.forecast, &place.pue}) {
      if (!*series || (*series)->relative_u > 0 || !(*series)->errors.empty()) continue;
      const bool pue = (*series)->measure == SeriesMeasure::kPue;
      std::string warning = fmt::format("{}: no uncertainty given: taken as {}", (*series)->source,
                                        pue ? "+-0.1" : "10 %");
      if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end())
        warnings.push_back(std::move(warning));
    }
}

void add_constants(const PlanRequest& request, std::vector<std::string>& warnings) {
  for (const PlanPlace& place : request.places)
    if (place.intensity || place.forecast || place.pue || place.price) return;
  warnings.emplace_back("nothing is known to vary over time, so that waiting saves nothing");
}

void add_pue(const PlanRequest& request, std::vector<std::string>& warnings) {
  const PlanPlace& place = request.places.front();
  if (!place.pue && !place.place.pue.estimate)
    warnings.emplace_back("the PUE is not known and taken as constant: it cancels in the saving");
}

/// The cap of the plan, if caps were to choose from.
const PlanCap* planned_cap(const PlanRequest& request, const Plan& plan) {
  for (const PlanCap& cap : request.caps)
    if (!plan.levers.empty() && cap.cap == plan.levers.back().cap) return &cap;
  return nullptr;
}

void add_caps(const PlanRequest& request, const Plan& plan, std::vector<std::string>& warnings) {
  const auto is_exact = [](const PlanCap& cap) { return !cap.energy_u; };
  if (request.caps.size() > 1 &&
      std::any_of(request.caps.begin() + 1, request.caps.end(), is_exact))
    warnings.emplace_back(
        "what a cap does to time and energy is taken as exact where the table does not tell how "
        "sure it is");
  const PlanCap* const cap = planned_cap(request, plan);
  if (cap == nullptr || !cap->time_u) return;
  const Seconds more = 2 * *cap->time_u * cap->time_ratio * request.job.length;
  const Seconds room = Seconds(request.job.release - plan.planned.slots.back().end) +
                       request.job.slack + request.job.length;
  if (more > room)
    warnings.push_back(
        fmt::format("at {:.6g} W the job may take {:.2g} % longer than the sweep's mean (k = 2), "
                    "and would then end after the deadline",
                    cap->cap.count(), 200 * *cap->time_u));
}

void add_energy(const Plan& plan, std::vector<std::string>& warnings) {
  const auto& now = plan.now.it_energy.value;
  const auto& then = plan.planned.it_energy.value;
  if (now && then && *then > *now)
    warnings.push_back(fmt::format("resumes and transfers add {:.3g} % to the IT energy",
                                   100 * (*then / *now - 1)));
}

void add_transfer_cost(const PlanRequest& request, const Plan& plan,
                       std::vector<std::string>& warnings) {
  if (request.transfer_cost > Money(0) && plan.planned.cost &&
      plan.planned.place != request.places.front().name)
    warnings.push_back(fmt::format("{:.6g} {} of the cost are what the move takes",
                                   request.transfer_cost.count(), request.transfer_currency));
}

/// A percent of next to nothing, or of less, is large or has no meaning.
void add_percent(const Plan& plan, std::vector<std::string>& warnings) {
  if (plan.planned.saving_pct && std::abs(*plan.planned.saving_pct) > 100)
    warnings.emplace_back(
        "a saving of more than 100 %: running now takes little of the objective, or the plan less "
        "than nothing; the amounts say more than the percent");
}

bool has_price(const PlanPlace& place) {
  return place.price || place.place.electricity_price.estimate;
}

const std::string& currency_of(const PlanPlace& place) {
  return place.price ? place.price->currency : place.place.currency;
}

/// Money that is paid for a move counts beside prices in the same currency alone.
Result<void> check_transfer_cost(const PlanRequest& request) {
  if (request.transfer_cost <= Money(0)) return {};
  bool counts = false;
  for (const PlanPlace& place : request.places) {
    if (!has_price(place)) continue;
    counts |= &place != &request.places.front();
    if (currency_of(place) != request.transfer_currency)
      return Error{
          ErrorCode::kInvalid,
          fmt::format("--transfer-cost is in {}, and the price of {} in {}: give all in one "
                      "currency",
                      request.transfer_currency, place.name, currency_of(place))};
  }
  if (counts) return {};
  return Error{ErrorCode::kUsage,
               "--transfer-cost: needs a price where the job may move to: --electricity-price "
               "0.12USD/kWh, or table"};
}

}  // namespace

Result<std::string> common_kind(const PlanRequest& request) {
  const auto kinds = kinds_of(request);
  std::string common;
  std::string source;
  for (const RemarkKind& kind : kinds) {
    if (!is_told(kind.kind)) continue;
    if (!common.empty() && kind.kind != common)
      return Error{ErrorCode::kInvalid,
                   fmt::format("{} is of {} intensities, {} of {} ones: kinds are never compared",
                               source, common, kind.source, kind.kind)};
    common = kind.kind;
    source = kind.source;
  }
  // Most that tell no kind are averages: beside marginal ones they are not taken for theirs.
  for (const RemarkKind& kind : kinds)
    if (common == "marginal" && !is_told(kind.kind))
      return Error{ErrorCode::kInvalid,
                   fmt::format("{} is of marginal intensities, {} does not say what it is: kinds "
                               "are never compared; --intensity-kind tells it",
                               source, kind.source)};
  return common;
}

Result<void> check_currencies(const PlanRequest& request) {
  JOULERY_CHECK(check_transfer_cost(request));
  std::string common;
  if (request.objective.cost <= 0) return {};
  for (const PlanPlace& place : request.places) {
    if (!has_price(place)) continue;
    const std::string& currency = currency_of(place);
    if (!common.empty() && currency != common)
      return Error{ErrorCode::kInvalid,
                   fmt::format("prices in {} and in {} (of {}) are not compared: give all in one "
                               "currency",
                               common, currency, place.name)};
    common = currency;
  }
  return {};
}

void add_series_remarks(const PlanRequest& request, const std::string& kind,
                        std::vector<std::string>& warnings) {
  add_kinds(request, kind, warnings);
  for (const PlanPlace& place : request.places)
    for (const auto* series : {&place.intensity, &place.forecast, &place.pue, &place.price})
      add_series(*series, request.forecast_error > 0, warnings);
  add_pue(request, warnings);
}

void add_remarks(const PlanRequest& request, const JobWindow& window, Plan& plan) {
  add_series_remarks(request, plan.intensity_kind, plan.warnings);
  plan.warnings.insert(plan.warnings.end(), request.notes.begin(), request.notes.end());
  add_unstated(request, plan.warnings);
  add_constants(request, plan.warnings);
  add_caps(request, plan, plan.warnings);
  add_energy(plan, plan.warnings);
  add_transfer_cost(request, plan, plan.warnings);
  add_percent(plan, plan.warnings);
  if (window.grid > Seconds(0))
    plan.warnings.push_back(fmt::format("slots begin and end on multiples of {} after the release",
                                        format_duration(window.grid)));
}

}  // namespace joulery::plan
