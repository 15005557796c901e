// report: PUE over time, "joulery/pue/1"; docs/formats/pue.md says every key.
#include <cmath>
#include <ostream>

#include "joulery/report.h"
#include "report/json_quantity.h"
#include "report/pue_words.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

void put_hour(JsonWriter& json, const char* key, const PueProfile& profile,
              const std::optional<std::size_t>& at) {
  json.key(key);
  at ? json.value(hour_name(profile.hours[*at])) : json.null();
}

/// `variation`: the key of it, which says of what.
void put_period(JsonWriter& json, const PueProfile& profile, const PuePeriod& period,
                const std::string& variation) {
  json.member("mean", period.mean);
  json.member(variation, period.variation_pct);
  json.member("energy_weighted_mean", period.energy_weighted_mean);
  json.member("u", period.mean ? std::optional(period.u) : std::nullopt);
  json.member("variation_u_pct", period.variation_u_pct);
  json.member("hours", period.hours);
  json.member("known_hours", period.known_hours);
  put_hour(json, "least_hour", profile, period.least_hour);
  put_hour(json, "greatest_hour", profile, period.greatest_hour);
}

void put_periods(JsonWriter& json, const PueProfile& profile, const char* name, const char* key,
                 const std::vector<PuePeriod>& periods) {
  json.key(name);
  json.begin_array(Layout::kLines);
  for (const PuePeriod& period : periods) {
    json.begin_object(Layout::kOneLine);
    json.member(key, period.name);
    const bool day = &periods == &profile.days;
    put_period(json, profile, period, day ? "variation_pct" : "daily_variation_pct");
    if (!day) json.member("days", static_cast<std::uint64_t>(period.days));
    json.end_object();
  }
  json.end_array();
}

void put_year(JsonWriter& json, const PueProfile& profile) {
  const PuePeriod& all = profile.all;
  json.key("year");
  json.begin_object();
  put_period(json, profile, all, "daily_variation_pct");
  json.member("days", static_cast<std::uint64_t>(all.days));
  json.member("days_of_variation", static_cast<std::uint64_t>(all.days_of_variation));
  json.member("first_day", profile.days.front().name);
  json.member("last_day", profile.days.back().name);
  json.end_object();
}

void put_hours(JsonWriter& json, const PueProfile& profile) {
  json.key("hours");
  json.begin_array(Layout::kLines);
  for (const PueHour& hour : profile.hours) {
    if (!hour.mean) continue;
    json.begin_object(Layout::kOneLine);
    json.member("hour", hour_name(hour));
    json.member("mean", *hour.mean);
    json.member("u", hour.u);
    json.member("coverage", hour.coverage);
    json.end_object();
  }
  json.end_array();
}

void put_left_out(JsonWriter& json, const PueProfile& profile) {
  json.key("left_out");
  json.begin_object();
  json.member("hours_without_readings", static_cast<std::uint64_t>(profile.silent_hours));
  json.member("hours_partly_known", static_cast<std::uint64_t>(profile.partial_hours));
  json.member("hours_without_it", static_cast<std::uint64_t>(profile.idle_hours));
  json.member("hours_of_absurd_pue", static_cast<std::uint64_t>(profile.absurd_hours.size()));
  json.member("days_without_variation",
              static_cast<std::uint64_t>(profile.days.size() - profile.all.days_of_variation));
  json.member("least_hour_coverage", kLeastHourCoverage);
  json.member("least_day_coverage", kLeastDayCoverage);
  json.end_object();
}

/// A bound that nothing is held to is none.
std::optional<double> finite(double bound) {
  return std::isfinite(bound) ? std::optional(bound) : std::nullopt;
}

void put_far_out(JsonWriter& json, const PueProfile& profile) {
  const FarOutHours& far_out = profile.far_out;
  json.key("far_out");
  if (far_out.hours.empty()) return json.null();
  json.begin_object();
  json.key("hours");
  json.begin_array();
  for (const std::size_t at : far_out.hours) json.value(hour_name(profile.hours[at]));
  json.end_array();
  json.member("above_pue", finite(far_out.above_pue));
  json.member("above_load_w", finite(far_out.above_load.count()));
  json.member("mean_without", far_out.without.mean);
  json.member("energy_weighted_mean_without", far_out.without.energy_weighted_mean);
  json.member("daily_variation_without_pct", far_out.without.variation_pct);
  json.end_object();
}

void put_terms(JsonWriter& json, const PueModel& model) {
  json.member("a", model.a);
  json.member("b", model.b);
  json.member("k_per_c", model.k);
  json.member("knee_c", model.knee_c);
  json.member("capacity_w",
              model.capacity ? std::optional(model.capacity->count()) : std::optional<double>());
  const char* const names[] = {"u_a", "u_b", "u_k_per_c", "u_knee_c"};
  for (std::size_t i = 0; i < 4; ++i) json.member(names[i], model.term_u(i));
}

void put_model(JsonWriter& json, const std::optional<PueModel>& model) {
  json.key("model");
  if (!model) return json.null();
  json.begin_object();
  put_terms(json, *model);
  json.member("temperature", model->temperature);
  json.member("hours", static_cast<std::uint64_t>(model->hours));
  json.member("residual_sd", model->residual_sd);
  json.member("cross_validated_sd", model->predicted_sd);
  json.member("cross_validated_block_sd", model->block_sd);
  json.member("block_days", model->block_days);
  json.member("blocks", static_cast<std::uint64_t>(model->blocks));
  json.key("examples");
  json.begin_array(Layout::kLines);
  for (const double celsius : {model->least_c, model->knee_c, model->greatest_c}) {
    json.begin_object(Layout::kOneLine);
    json.member("temperature_c", celsius);
    put_quantity(json, "average", as_number(model->predict(celsius)), "1");
    put_quantity(json, "marginal", as_number(model->marginal(celsius)), "1");
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace

void write_pue_json(const PueProfile& profile, const std::optional<PueModel>& model,
                    std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/pue/1");
  json.member("time_zone", profile.time_zone);
  put_year(json, profile);
  put_periods(json, profile, "months", "month", profile.months);
  put_periods(json, profile, "days", "day", profile.days);
  put_hours(json, profile);
  put_periods(json, profile, "years", "year", profile.years);
  put_left_out(json, profile);
  put_far_out(json, profile);
  json.member("source", profile.source);
  json.member("meter_accuracy_pct", 100 * profile.meter_accuracy);
  json.member("meter_accuracy_given", profile.accuracy_given);
  json.member("readings_below_one", static_cast<std::uint64_t>(profile.below_one));
  put_model(json, model);
  json.member("notes", profile.notes);
  json.end_object();
}

}  // namespace joulery
