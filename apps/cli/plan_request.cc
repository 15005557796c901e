// joulery: the flags of a plan and what they ask for, see plan_request.h.
#include "plan_request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "common.h"
#include "joulery/policy.h"

namespace joulery::cli {
namespace {

Error usage(std::string message) { return {ErrorCode::kUsage, std::move(message)}; }

/// "2026-11-26", "2026-11-26T08:00" and with a zone behind it: with all that RFC 3339 demands.
std::string completed_time(std::string text) {
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kMinutes = 16;
  if (text.size() == kDate) return text + "T00:00:00";
  if (text.size() >= kMinutes && (text.size() == kMinutes || text[kMinutes] != ':'))
    text.insert(kMinutes, ":00");
  return text;
}

Result<WallTime> time_of(const Args& args, const char* flag, const TimeZone& zone) {
  const std::string text = completed_time(args.get(flag));
  const auto time = parse_time(text);
  if (!time)
    return usage(fmt::format("{}: '{}' is no time; for example {} 2026-11-26T08:00Z", flag,
                             args.get(flag), flag));
  if (text.find_first_of("Zz+-", text.find(':')) != std::string::npos) return *time;
  const auto there = zone.from_local(std::chrono::local_time<Micros>(time->time_since_epoch()));
  if (there) return *there;
  return usage(fmt::format("{}: the clock of {} never shows {}", flag, zone.name(), text));
}

Result<Seconds> duration_of(const Args& args, const char* flag) {
  if (!args.has(flag)) return Seconds(0);
  return parse_duration(args.get(flag), flag);
}

Result<Joules> energy_of(const Args& args, const char* flag) {
  if (!args.has(flag)) return Joules(0);
  return parse_energy(args.get(flag), flag);
}

/// "5kW", "5kW+-200W", "5kW+-4%".
Result<Estimate<Watts>> load_of(const Args& args) {
  if (!args.has("--load"))
    return Estimate<Watts>::missing("the job's power is not known: --load 5kW");
  const std::string text = args.get("--load");
  std::size_t sign = text.find("+-");
  std::size_t behind = sign + 2;
  if (sign == std::string::npos) {
    sign = text.find("±");
    behind = sign + std::string_view("±").size();
  }
  JOULERY_TRY(const Watts power, parse_power(text.substr(0, sign), "--load"));
  if (power <= Watts(0)) return usage("--load: is 0 W; for example --load 5kW");
  Watts u{};
  if (sign != std::string::npos) {
    const std::string half = text.substr(behind);
    const auto percent = half.ends_with('%')
                             ? parse_number(std::string_view(half).substr(0, half.size() - 1))
                             : std::nullopt;
    if (percent && *percent >= 0) {
      u = power * (*percent / 100);
    } else {
      JOULERY_TRY(u, parse_power(half, "--load"));
    }
  }
  return Estimate<Watts>::of(power, u, Evidence::kConstant, "load");
}

Result<void> put_slack(const Args& args, const TimeZone& zone, JobShape& job) {
  if (args.has("--slack") == args.has("--deadline"))
    return usage("needs --slack or --deadline, and not both; for example --slack 24h");
  if (args.has("--slack")) {
    JOULERY_TRY(job.slack, parse_duration(args.get("--slack"), "--slack"));
    return {};
  }
  JOULERY_TRY(const WallTime deadline, time_of(args, "--deadline", zone));
  job.slack = Seconds(deadline - job.release) - job.length;
  if (job.slack >= Seconds(0)) return {};
  const WallTime end = job.release + std::chrono::round<Micros>(job.length);
  return Error{ErrorCode::kInvalid,
               fmt::format("--deadline: {} is before the earliest end: begun at {}, the job ends "
                           "at {}",
                           format_time(deadline), format_time(job.release), format_time(end))};
}

Result<void> put_pauses(const Args& args, JobShape& job, PlanRequest& request) {
  for (const char* flag : {"--min-run", "--resume-time", "--resume-energy"})
    if (args.has(flag) && !job.interruptible)
      return usage(fmt::format("{}: belongs to a job that may be paused: --interruptible", flag));
  JOULERY_TRY(job.shortest_slot, duration_of(args, "--min-run"));
  JOULERY_TRY(job.resume_time, duration_of(args, "--resume-time"));
  JOULERY_TRY(request.resume_energy, energy_of(args, "--resume-energy"));
  return {};
}

/// One length, or what is known of it.
Result<void> put_length(const Args& args, JobShape& job, PlanRequest& request) {
  if (args.get("--duration").empty() && !args.has("--duration")) {
    if (args.has("--from")) return {};
    return usage("needs --duration, how long the job runs; for example --duration 6h");
  }
  const std::string text = args.get("--duration");
  if (text.find("..") == std::string::npos && text.find('=') == std::string::npos) {
    JOULERY_TRY(job.length, parse_duration(text, "--duration"));
    if (job.length <= Seconds(0)) return usage("--duration: is 0; for example --duration 6h");
    return {};
  }
  if (args.has("--from") || args.has("--interruptible"))
    return usage(
        "--duration: of a length that is not known only one window of constant load is "
        "planned, without --from and --interruptible");
  JOULERY_TRY(UnknownLength length, parse_unknown_length(text, "--duration"));
  job.length = length.longest;
  job.profile = std::move(length.survival);
  request.notes.push_back(std::move(length.text));
  return {};
}

/// The length, load and power over time of a measured run.
Result<void> put_run(const Args& args, JobShape& job, PlanRequest& request) {
  if (!args.has("--from")) return {};
  if (args.has("--load") || job.interruptible)
    return usage(
        "--from: tells the load of a job that is not paused: no --load and no "
        "--interruptible beside it");
  JOULERY_TRY(const auto ledger, open_home_ledger());
  JOULERY_TRY(const StoredRun run, ledger->load(args.get("--from")));
  JOULERY_TRY(const Account account, make_account(*run.trace, run.job, run.place));
  if (!account.it_energy || !account.duration || *account.duration.value <= Seconds(0))
    return Error{ErrorCode::kInvalid,
                 "--from: the energy of that run is not known: " + account.it_energy.why};
  const Seconds measured = *account.duration.value;
  if (job.length <= Seconds(0)) job.length = std::chrono::ceil<std::chrono::seconds>(measured);
  JOULERY_TRY(job.profile, load_profile_of(*run.trace, job.length));
  request.load = Estimate<Watts>::of(*account.it_energy.value / measured,
                                     account.it_energy.u / measured, account.it_energy.evidence,
                                     account.it_energy.top, account.it_energy.coverage);
  if (!account.excludes.empty())
    request.notes.push_back(
        fmt::format("the run did not see {}: energy, carbon and cost are lower bounds",
                    fmt::join(account.excludes, ", ")));
  return {};
}

Result<JobShape> job_of(const Args& args, WallTime now, const TimeZone& zone,
                        PlanRequest& request) {
  JobShape job;
  job.interruptible = args.has("--interruptible");
  JOULERY_CHECK(put_length(args, job, request));
  JOULERY_CHECK(put_run(args, job, request));
  job.release = now;
  if (args.has("--at")) {
    JOULERY_TRY(job.release, time_of(args, "--at", zone));
  }
  JOULERY_CHECK(put_slack(args, zone, job));
  JOULERY_CHECK(put_pauses(args, job, request));
  return job;
}

// ---- places

struct SeriesFlag {
  const char* flag;
  SeriesMeasure measure;
  std::optional<Series> PlanPlace::*into;
};
constexpr SeriesFlag kSeries[] = {
    {"--series", SeriesMeasure::kIntensity, &PlanPlace::intensity},
    {"--forecast", SeriesMeasure::kIntensity, &PlanPlace::forecast},
    {"--pue-series", SeriesMeasure::kPue, &PlanPlace::pue},
    {"--price-series", SeriesMeasure::kPrice, &PlanPlace::price},
};

/// What a word of --series names: all of it, or what follows "NAME=" of a place.
std::string file_for(const std::string& word, const std::string& place) {
  if (place.empty()) return word;
  return word.starts_with(place + "=") ? word.substr(place.size() + 1) : "";
}

bool has_series(const Args& args, const std::string& place) {
  for (const SeriesFlag& series : kSeries)
    for (const std::string& word : args.all(series.flag))
      if (!file_for(word, place).empty()) return true;
  return false;
}

Result<Series> series_of(const Args& args, const SeriesFlag& flag, const std::string& file) {
  SeriesRequest request;
  request.file = file;
  request.flag = flag.flag;
  request.measure = flag.measure;
  request.time_zone = args.get("--time-zone");
  request.config_files = config_files();
  if (flag.measure == SeriesMeasure::kIntensity) {
    request.kind = args.get("--intensity-kind");
    request.unit = args.get("--intensity-unit");
  }
  if (flag.measure == SeriesMeasure::kPrice) request.unit = args.get("--price-unit");
  JOULERY_TRY(Series series, read_series(request));
  series.forecast = series.forecast || flag.into == &PlanPlace::forecast;
  return series;
}

Result<void> put_series(const Args& args, PlanPlace& place) {
  for (const SeriesFlag& flag : kSeries) {
    for (const std::string& word : args.all(flag.flag)) {
      const std::string file = file_for(word, place.name);
      if (file.empty()) continue;
      if (place.*flag.into)
        return usage(fmt::format("{}: '{}' is a second one of the same place", flag.flag, word));
      JOULERY_TRY(place.*flag.into, series_of(args, flag, file));
    }
  }
  return {};
}

/// A name that no table knows is a place of its own where a series tells of it.
Result<Place> named_place(const Args& args, const std::string& name) {
  PlaceRequest request{.site = name,
                       .pue = args.get("--pue"),
                       .intensity = args.get("--intensity"),
                       .electricity_price = args.get("--electricity-price")};
  auto place = make_place(request, config_files());
  if (place || !has_series(args, name)) {
    if (place) return place;
    Error error = place.error();
    if (error.message.starts_with("--site: "))
      error.message = "--where: " + error.message.substr(std::string_view("--site: ").size());
    return error;
  }
  request.site.clear();
  return make_place(request, config_files());
}

/// Words of series flags that name no place of --where.
Result<void> check_series_words(const Args& args, const std::vector<std::string>& names) {
  for (const SeriesFlag& series : kSeries) {
    for (const std::string& word : args.all(series.flag)) {
      const auto is_of = [&](const std::string& name) { return !file_for(word, name).empty(); };
      if (!std::any_of(names.begin(), names.end(), is_of))
        return usage(
            fmt::format("{}: '{}' does not say of which place it is; for example {} "
                        "{}=zones.csv:DE",
                        series.flag, word, series.flag, names[0]));
    }
  }
  return {};
}

Result<std::vector<PlanPlace>> places_of(const Args& args) {
  std::vector<PlanPlace> places;
  if (!args.has("--where")) {
    JOULERY_TRY(Place place, make_place_from(args));
    places.push_back({"", std::move(place), {}, {}, {}, {}});
    JOULERY_CHECK(put_series(args, places[0]));
    return places;
  }
  if (args.has("--region"))
    return usage("--region: is of one place; with --where each place has its own");
  const auto names = args.list("--where");
  for (const std::string& name : names) {
    if (name.empty() || std::count(names.begin(), names.end(), name) > 1)
      return usage(
          fmt::format("--where: '{}' has an empty name or one twice; for example --where "
                      "FRA,cluster",
                      args.get("--where")));
    JOULERY_TRY(Place place, named_place(args, name));
    places.push_back({name, std::move(place), {}, {}, {}, {}});
    JOULERY_CHECK(put_series(args, places.back()));
  }
  JOULERY_CHECK(check_series_words(args, names));
  return places;
}

Result<void> put_forecast_error(const Args& args, PlanRequest& request) {
  if (args.has("--forecast-error")) {
    std::string text = args.get("--forecast-error");
    const bool has_unit = text.ends_with('%');
    if (has_unit) text.pop_back();
    const auto percent = parse_number(text);
    if (!has_unit || !percent || *percent < 0 || *percent > 100)
      return usage(
          fmt::format("--forecast-error: '{}' is no percentage up to 100%; for example "
                      "--forecast-error 15%",
                      args.get("--forecast-error")));
    request.forecast_error = *percent / 100;
  }
  if (!args.has("--seed")) return {};
  const auto seed = parse_integer(args.get("--seed"));
  if (!seed || *seed < 0)
    return usage(fmt::format("--seed: '{}' is no whole number of 0 or more; for example --seed 1",
                             args.get("--seed")));
  request.seed = static_cast<std::uint64_t>(*seed);
  return {};
}

/// The caps of one job, the highest first.
Result<void> put_caps(const Args& args, PlanRequest& request) {
  if (!args.has("--sweep")) return {};
  JOULERY_TRY(const auto groups, load_cap_table(args.get("--sweep"), {}));
  if (groups.size() != 1)
    return usage(fmt::format("--sweep: {} has {} jobs; a plan is of one", args.get("--sweep"),
                             groups.size()));
  CapGroup group = groups[0];
  std::sort(group.rows.begin(), group.rows.end(),
            [](const CapRow& a, const CapRow& b) { return a.cap > b.cap; });
  const CapRow& highest = group.rows.front();
  for (const CapRow& row : group.rows)
    request.caps.push_back({row.cap, row.time / highest.time, row.energy / highest.energy});
  return {};
}

}  // namespace

Result<PlanRequest> plan_request_of(const Args& args, WallTime now) {
  PlanRequest request;
  JOULERY_TRY(const TimeZone zone, TimeZone::named(args.get("--time-zone", "UTC"), "--time-zone"));
  JOULERY_TRY(request.objective,
              parse_plan_objective(args.get("--objective", "carbon"), "--objective"));
  JOULERY_TRY(request.load, load_of(args));
  JOULERY_TRY(request.job, job_of(args, now, zone, request));
  JOULERY_TRY(request.transfer_energy, energy_of(args, "--transfer-energy"));
  if (args.has("--transfer-energy") && !args.has("--where"))
    return usage("--transfer-energy: needs places to move to: --where FRA,cluster");
  JOULERY_CHECK(put_caps(args, request));
  JOULERY_CHECK(put_forecast_error(args, request));
  JOULERY_TRY(request.places, places_of(args));
  return request;
}

}  // namespace joulery::cli
