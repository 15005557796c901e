// joulery: the flags of a plan and what they ask for, see plan_request.h.
#include "plan_request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/errors.h"
#include "base/text.h"
#include "common.h"
#include "plan_places.h"
#include "sweep_caps.h"
#include "time_flag.h"

namespace joulery::cli {
namespace {

Result<Joules> energy_of(const Args& args, const char* flag) {
  if (!args.has(flag)) return Joules(0);
  return parse_energy(args.get(flag), flag);
}

/// A choice: more than any plan looks ahead, and no overflow of a moment.
constexpr Seconds kFarAhead = std::chrono::years(100);

/// The world's electricity is 3e12 W on average (30,000 TWh a year, IEA, Electricity 2024).
constexpr Watts kMostLoad{1e13};

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
  if (power > kMostLoad)
    return usage(fmt::format(
        "--load: {:.3g} W is more than the world draws; for example --load 5kW", power.count()));
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
  if (u > power) return usage(fmt::format("--load: '{}' is off by more than all of it", text));
  return Estimate<Watts>::of(power, u, Evidence::kConstant, "load");
}

Result<void> put_slack(const Args& args, const TimeZone& zone, JobShape& job,
                       PlanRequest& request) {
  if (args.has("--slack") == args.has("--deadline"))
    return usage("needs --slack or --deadline, and not both; for example --slack 24h");
  if (args.has("--slack")) {
    JOULERY_TRY(job.slack, parse_duration(args.get("--slack"), "--slack"));
    return {};
  }
  JOULERY_TRY(const WallTime deadline, time_flag(args, "--deadline", zone));
  job.slack = Seconds(deadline - job.release) - job.length;
  request.deadline = deadline;
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
  JOULERY_TRY(job.shortest_slot, duration_flag(args, "--min-run"));
  if (job.shortest_slot > job.length)
    return usage("--min-run: is longer than the job: it would run without a pause");
  JOULERY_TRY(job.resume_time, duration_flag(args, "--resume-time"));
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
    if (job.length < Micros(1))
      return usage(fmt::format("--duration: '{}' is no length; for example --duration 6h", text));
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
    JOULERY_TRY(job.release, time_flag(args, "--at", zone));
  }
  JOULERY_CHECK(put_slack(args, zone, job, request));
  JOULERY_CHECK(put_pauses(args, job, request));
  return job;
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
  if (!args.has("--forecast-error")) return usage("--seed: is of --forecast-error");
  const auto seed = parse_integer(args.get("--seed"));
  if (!seed || *seed < 0)
    return usage(fmt::format("--seed: '{}' is no whole number of 0 or more; for example --seed 1",
                             args.get("--seed")));
  request.seed = static_cast<std::uint64_t>(*seed);
  return {};
}

Result<void> put_caps(const Args& args, PlanRequest& request) {
  if (!args.has("--sweep")) return {};
  JOULERY_TRY(const CapGroup group, sweep_caps_of(args, "a plan"));
  const CapRow& baseline = group.rows.front();
  for (const CapRow& row : group.rows)
    request.caps.push_back({row.cap, row.time / baseline.time,
                            row.whole_energy() / baseline.whole_energy(), row.time_u,
                            row.energy_u});
  request.notes.insert(request.notes.end(), group.notes.begin(), group.notes.end());
  return {};
}

Result<void> put_transfer_cost(const Args& args, PlanRequest& request) {
  if (!args.has("--transfer-cost")) return {};
  JOULERY_TRY(const Price cost, parse_money(args.get("--transfer-cost"), "--transfer-cost"));
  request.transfer_cost = Money(cost.low);
  request.transfer_currency = cost.currency;
  return {};
}

/// Series of hours to come are forecasts, whether their files say so or not.
void note_hours_to_come(WallTime now, PlanRequest& request) {
  const auto reaches = [&](const std::optional<Series>& series) {
    return series && !series->forecast && series->pieces.back().end > now;
  };
  const WallTime end =
      request.job.release + std::chrono::duration_cast<Micros>(
                                std::min(request.job.slack + request.job.length, kFarAhead));
  if (end <= now) return;
  for (const PlanPlace& place : request.places)
    if (reaches(place.intensity) || reaches(place.pue) || reaches(place.price)) {
      request.notes.emplace_back(
          request.forecast_error > 0
              ? "it plans hours to come, and takes prices and PUE of them as exact"
              : "it plans hours to come, and takes the values of them as exact");
      return;
    }
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
  JOULERY_CHECK(put_transfer_cost(args, request));
  for (const char* const flag : {"--transfer-energy", "--transfer-cost"})
    if (args.has(flag) && !args.has("--where"))
      return usage(fmt::format("{}: needs places to move to: --where FRA,cluster", flag));
  JOULERY_CHECK(put_caps(args, request));
  JOULERY_CHECK(put_forecast_error(args, request));
  JOULERY_TRY(request.places, plan_places_of(args));
  note_hours_to_come(now, request);
  return request;
}

}  // namespace joulery::cli
