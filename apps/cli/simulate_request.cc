// joulery: the flags of a simulation and what they ask for, see simulate_request.h.
#include "simulate_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "common.h"
#include "joulery/factors.h"
#include "joulery/project.h"
#include "joulery/series.h"
#include "sweep_caps.h"
#include "time_flag.h"

namespace joulery::cli {
namespace {

Error wrong(const Args& args, const std::string& flag, const std::string& what) {
  return {ErrorCode::kUsage, fmt::format("{}: \"{}\" is {}", flag, args.get(flag), what)};
}

template <class Value>
void put_once(const Value& value, std::vector<Value>& values) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

/// What no policy that is asked for looks at is a slip of the pen.
Result<void> check_used(const Args& args, const std::vector<Shift>& policies) {
  const auto asks = [&](Shift policy) {
    return std::find(policies.begin(), policies.end(), policy) != policies.end();
  };
  const bool past = asks(Shift::kThreshold) || asks(Shift::kCapsByHour);
  const struct {
    const char* flag;
    bool used;
    const char* needs;
  } rules[] = {
      {"--min-run", asks(Shift::kInterruptible), "--policy interruptible"},
      {"--resume-time", asks(Shift::kInterruptible), "--policy interruptible"},
      {"--quantile", past, "--policy threshold or caps-by-hour"},
      {"--cap-curve", asks(Shift::kCapsByHour), "--policy caps-by-hour"},
      {"--sweep", asks(Shift::kCapsByHour), "--policy caps-by-hour"},
      {"--queue", args.has("--capacity"), "--capacity"},
      {"--seed", args.has("--forecast-error"), "--forecast-error"},
      {"--price-unit", args.has("--price-series"), "--price-series"},
  };
  for (const auto& [flag, used, needs] : rules)
    if (args.has(flag) && !used)
      return Error{ErrorCode::kUsage, fmt::format("{}: does nothing without {}", flag, needs)};
  if (args.has("--pue") && args.has("--pue-series"))
    return Error{ErrorCode::kUsage, "--pue: not beside --pue-series, which tells the same"};
  return {};
}

/// "15%" is 0.15.
Result<double> share_of(const Args& args, const std::string& flag, double fallback) {
  if (!args.has(flag)) return fallback;
  const std::string given = args.get(flag);
  const std::string_view text = trim(given);
  const auto percent =
      text.ends_with('%') ? parse_number(text.substr(0, text.size() - 1)) : std::nullopt;
  if (!percent || *percent < 0 || *percent > 100)
    return wrong(args, flag, "no percentage from 0% to 100%, for example " + flag + " 15%");
  return *percent / 100;
}

Result<std::vector<Seconds>> slacks_of(const Args& args) {
  std::vector<Seconds> slacks;
  for (const std::string& word :
       args.has("--slack") ? args.list("--slack") : std::vector<std::string>{"24h"}) {
    JOULERY_TRY(const Seconds slack, parse_duration(word, "--slack"));
    put_once(slack, slacks);
  }
  return slacks;
}

Result<std::vector<Shift>> policies_of(const Args& args) {
  if (!args.has("--policy"))
    return Error{ErrorCode::kUsage,
                 "--policy: none is given; for example --policy run-now,best-window"};
  std::vector<Shift> policies;
  for (const std::string& word : args.list("--policy")) {
    JOULERY_TRY(const Shift policy, parse_shift(word, "--policy"));
    put_once(policy, policies);
  }
  return policies;
}

Result<std::vector<std::uint64_t>> seeds_of(const Args& args) {
  std::vector<std::uint64_t> seeds;
  if (!args.has("--seed")) return std::vector<std::uint64_t>{1};
  for (const std::string& word : args.list("--seed")) {
    const auto seed = parse_integer(word);
    if (!seed || *seed < 0) return wrong(args, "--seed", "no list of whole numbers from 0 on");
    put_once(static_cast<std::uint64_t>(*seed), seeds);
  }
  return seeds;
}

Result<std::optional<double>> capacity_of(const Args& args) {
  if (!args.has("--capacity")) return std::optional<double>();
  constexpr double kMost = 1e8;  // no cluster has more; a slip of the pen
  const auto number = parse_number(args.get("--capacity"));
  if (!number || *number <= 0 || *number > kMost)
    return wrong(args, "--capacity", "no number of devices above 0");
  return number;
}

Result<std::optional<Watts>> idle_power_of(const Args& args) {
  if (!args.has("--idle-power")) return std::optional<Watts>();
  constexpr Watts kMost{1e6};  // a choice: more than a rack draws in full use
  JOULERY_TRY(const Watts power, parse_power(args.get("--idle-power"), "--idle-power"));
  if (power > kMost)
    return wrong(args, "--idle-power", "more than a device draws; for example --idle-power 60W");
  return std::optional(power);
}

/// Typed in, or measured by a sweep, of which `notes` tell.
Result<std::optional<CapEffect>> cap_of(const Args& args, std::vector<std::string>& notes) {
  std::optional<CapEffect> cap;
  if (args.has("--cap-curve") && args.has("--sweep"))
    return Error{ErrorCode::kUsage, "--cap-curve: not beside --sweep, which tells the same"};
  if (args.has("--cap") && !args.has("--sweep"))
    return Error{ErrorCode::kUsage, "--cap: is one of the caps of --sweep, which is not given"};
  if (args.has("--cap-curve")) {
    JOULERY_TRY(cap, parse_cap_curve(args.get("--cap-curve"), "--cap-curve"));
  }
  if (!args.has("--sweep")) return cap;
  std::optional<Watts> wanted;
  if (args.has("--cap")) {
    JOULERY_TRY(wanted, parse_power(args.get("--cap"), "--cap"));
  }
  JOULERY_TRY(const CapGroup group, sweep_caps_of(args, "a simulation"));
  JOULERY_TRY(cap, cap_effect_of(group, wanted));
  notes.insert(notes.end(), group.notes.begin(), group.notes.end());
  return cap;
}

Result<SimulationRequest> policy_request(const Args& args, std::vector<std::string>& notes) {
  SimulationRequest request;
  JOULERY_TRY(request.policies, policies_of(args));
  JOULERY_CHECK(check_used(args, request.policies));
  JOULERY_TRY(request.slacks, slacks_of(args));
  JOULERY_TRY(request.capacity, capacity_of(args));
  JOULERY_TRY(request.queue, parse_queue_rule(args.get("--queue", "backfill"), "--queue"));
  JOULERY_TRY(request.objective,
              parse_shift_objective(args.get("--objective", "carbon"), "--objective"));
  JOULERY_TRY(request.shortest_slot, duration_flag(args, "--min-run"));
  JOULERY_TRY(request.resume_time, duration_flag(args, "--resume-time"));
  JOULERY_TRY(request.quantile, share_of(args, "--quantile", request.quantile));
  JOULERY_TRY(request.forecast_error, share_of(args, "--forecast-error", 0));
  JOULERY_TRY(request.forecast_memory, duration_flag(args, "--forecast-memory"));
  JOULERY_TRY(request.seeds, seeds_of(args));
  JOULERY_TRY(request.cap, cap_of(args, notes));
  JOULERY_TRY(request.idle_power, idle_power_of(args));
  return request;
}

Result<Series> series_of(const Args& args, const std::string& file, const std::string& flag,
                         decltype(Series::measure) measure) {
  SeriesRequest request;
  request.file = file;
  request.flag = flag;
  request.measure = measure;
  request.time_zone = args.get("--time-zone");
  if (flag == "--series") {
    request.kind = args.get("--intensity-kind");
    request.unit = args.get("--intensity-unit");
  }
  if (flag == "--price-series") request.unit = args.get("--price-unit");
  request.config_files = config_files();
  return read_series(request);
}

Result<std::vector<PlaceSignals>> places_of(const Args& args) {
  using Values = decltype(Series::measure);
  PlaceSignals shared;
  JOULERY_TRY(shared.constants, make_place_from(args));
  if (args.has("--pue-series")) {
    JOULERY_TRY(shared.pue,
                series_of(args, args.get("--pue-series"), "--pue-series", Values::kPue));
  }
  if (args.has("--price-series")) {
    JOULERY_TRY(shared.price,
                series_of(args, args.get("--price-series"), "--price-series", Values::kPrice));
  }
  std::vector<PlaceSignals> places;
  std::vector<std::string> files;
  for (const std::string& file : args.all("--series")) put_once(file, files);
  for (const std::string& file : files) {
    JOULERY_TRY(Series intensity, series_of(args, file, "--series", Values::kIntensity));
    places.push_back(shared);
    places.back().intensity = std::move(intensity);
  }
  return places;
}

Result<Workload> workload_of(const Args& args) {
  JobLogOptions options;
  options.format = args.get("--format");
  options.device = args.get("--device");
  options.keep_submit = true;
  JOULERY_TRY(const JobLog log, read_job_log(args.get("--jobs"), options));
  if (log.jobs() == 0)
    return Error{ErrorCode::kInvalid,
                 args.get("--jobs") + ": no job that ran; joulery account lists why"};
  JOULERY_TRY(const std::vector<Accelerator> table, load_accelerators(config_files()));
  const RateRequest rates{args.all("--device-power"), {}, {}};
  JOULERY_TRY(const std::vector<DeviceRate> powers,
              make_device_rates(log.devices(), rates, {}, table));
  return make_workload(log, powers);
}

/// The latest begin of all series: from there on each of them may know something.
WallTime begin_of(const std::vector<PlaceSignals>& places) {
  WallTime begin = WallTime::min();
  for (const PlaceSignals& place : places) {
    begin = std::max(begin, place.intensity.pieces.front().begin);
    for (const auto* series : {&place.pue, &place.price})
      if (*series) begin = std::max(begin, (*series)->pieces.front().begin);
  }
  return begin;
}

Result<void> lay_log(const Args& args, const std::vector<PlaceSignals>& places,
                     Workload& workload) {
  if (args.has("--at")) {
    JOULERY_TRY(const TimeZone zone,
                TimeZone::named(args.get("--time-zone", "UTC"), "--time-zone"));
    JOULERY_TRY(const WallTime at, time_flag(args, "--at", zone));
    move_to(workload, at);
  } else if (!workload.calendar) {
    move_to(workload, begin_of(places));
  }
  return {};
}

}  // namespace

Result<AskedSimulation> simulation_request_of(const Args& args) {
  AskedSimulation asked;
  std::vector<std::string> notes;
  JOULERY_TRY(asked.request, policy_request(args, notes));
  asked.request.keep_hours = args.has("--plot");
  JOULERY_TRY(asked.workload, workload_of(args));
  asked.workload.notes.insert(asked.workload.notes.end(), notes.begin(), notes.end());
  JOULERY_TRY(asked.request.places, places_of(args));
  JOULERY_CHECK(lay_log(args, asked.request.places, asked.workload));
  return asked;
}

}  // namespace joulery::cli
