// joulery simulate --jobs FILE --series FILE: what a policy would have done to a whole job log.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "base/text.h"
#include "commands.h"
#include "common.h"
#include "joulery/factors.h"
#include "joulery/project.h"
#include "joulery/report.h"
#include "joulery/series.h"
#include "joulery/simulate.h"

namespace joulery::cli {
namespace {

constexpr std::array kLogFlags = {
    Flag{"--jobs", "FILE", "jobs.txt", "job log: sacct (text or JSON), CSV or SWF"},
    Flag{"--format", "FORMAT", "sacct", "of the log (default: found out from the file)"},
    Flag{"--device", "NAME", "V100", "of jobs whose log names no kind of accelerator"},
    Flag{"--device-power", "DEVICE=POWER,...", "gpu=300W,cpu=10W",
         "power of one device, in W or kW (default: that of the table of devices)", true},
    Flag{"--at", "TIME", "2022-03-01T00:00:00Z",
         "lays the first job onto this time (default: the log's calendar, else the series' begin)"},
};
constexpr std::array kSeriesFlags = {
    Flag{"--series", "FILE[:COL]", "zones.csv:DE",
         "carbon intensity over time; several times: several places, each on its own", true},
    Flag{"--pue-series", "FILE[:COL]", "pue.csv", "PUE over time, of every place"},
    Flag{"--price-series", "FILE[:COL]", "prices.csv", "electricity price over time, likewise"},
    Flag{"--intensity-kind", "KIND", "average",
         "average or marginal, where the series does not say"},
    Flag{"--intensity-unit", "UNIT", "g/kWh", "where the heading has none (default: g/kWh)"},
    Flag{"--price-unit", "UNIT", "EUR/MWh", "where the heading has none"},
    Flag{"--time-zone", "ZONE", "Europe/Berlin", "of stamps without a zone (default: UTC)"},
};
constexpr std::array kPueFlags = {kPlaceFlags[0], kPlaceFlags[1]};  // --site, --pue
constexpr std::array kPolicyFlags = {
    Flag{"--policy", "NAME,...", "run-now,best-window",
         "run-now, best-window, interruptible, threshold, pue-only, carbon-only, caps-by-hour"},
    Flag{"--slack", "DURATION,...", "6h,24h",
         "how long a start may be put off; each on its own (default: 24h)"},
    Flag{"--capacity", "N", "100",
         "GPUs there are, or cores of a log without any (default: as many as needed)"},
    Flag{"--objective", "NAME", "carbon",
         "what is made small: carbon, energy or cost (default: carbon)"},
    Flag{"--min-run", "DURATION", "1h", "interruptible jobs run at least so long at a time"},
    Flag{"--resume-time", "DURATION", "5min",
         "interruptible: work that each resume adds, saving and loading (default: none)"},
    Flag{"--quantile", "PERCENT", "25%",
         "threshold starts in the lowest, caps-by-hour caps in the highest share of the past week "
         "(default: 25%)"},
    Flag{"--cap-curve", "CAP=TIME/ENERGY,...", "250W=1/1,150W=1.08/0.8",
         "caps-by-hour: time and energy of a job without and with the cap"},
    Flag{"--forecast-error", "PERCENT", "15%",
         "standard deviation of what planning sees, each moment's by itself (default: 0%)"},
    Flag{"--seed", "N,...", "1,2,3", "of that error, each on its own (default: 1)"},
    Flag{"--idle-power", "POWER", "60W", "of a powered device without a job, with --capacity"},
    Flag{"--plot", "FILE", "week.svg",
         "picture (.svg, .pdf, .png): devices in use in the busiest week, beside the objective"},
};
constexpr std::array kClaimsFlag = {Flag{"--preset", "NAME", "mcdonald2022",
                                         "a paper's claims on shifting beside its own numbers"}};

Error wrong(const Args& args, const std::string& flag, const std::string& what) {
  return {ErrorCode::kUsage, fmt::format("{}: \"{}\" is {}", flag, args.get(flag), what)};
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

Result<Seconds> duration_of(const Args& args, const std::string& flag) {
  if (!args.has(flag)) return Seconds(0);
  return parse_duration(args.get(flag), flag);
}

Result<std::vector<Seconds>> slacks_of(const Args& args) {
  std::vector<Seconds> slacks;
  for (const std::string& word :
       args.has("--slack") ? args.list("--slack") : std::vector<std::string>{"24h"}) {
    JOULERY_TRY(slacks.emplace_back(), parse_duration(word, "--slack"));
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
    if (std::find(policies.begin(), policies.end(), policy) == policies.end())
      policies.push_back(policy);
  }
  return policies;
}

Result<std::vector<std::uint64_t>> seeds_of(const Args& args) {
  std::vector<std::uint64_t> seeds;
  if (!args.has("--seed")) return std::vector<std::uint64_t>{1};
  for (const std::string& word : args.list("--seed")) {
    const auto seed = parse_integer(word);
    if (!seed || *seed < 0) return wrong(args, "--seed", "no list of whole numbers from 0 on");
    seeds.push_back(static_cast<std::uint64_t>(*seed));
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

Result<SimulationRequest> policy_request(const Args& args) {
  SimulationRequest request;
  JOULERY_TRY(request.policies, policies_of(args));
  JOULERY_TRY(request.slacks, slacks_of(args));
  JOULERY_TRY(request.capacity, capacity_of(args));
  JOULERY_TRY(request.objective,
              parse_shift_objective(args.get("--objective", "carbon"), "--objective"));
  JOULERY_TRY(request.shortest_slot, duration_of(args, "--min-run"));
  JOULERY_TRY(request.resume_time, duration_of(args, "--resume-time"));
  JOULERY_TRY(request.quantile, share_of(args, "--quantile", request.quantile));
  JOULERY_TRY(request.forecast_error, share_of(args, "--forecast-error", 0));
  JOULERY_TRY(request.seeds, seeds_of(args));
  if (args.has("--cap-curve")) {
    JOULERY_TRY(request.cap, parse_cap_curve(args.get("--cap-curve"), "--cap-curve"));
  }
  if (args.has("--idle-power")) {
    JOULERY_TRY(request.idle_power, parse_power(args.get("--idle-power"), "--idle-power"));
  }
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

Result<std::vector<PlaceSignals>> places_of(const Args& args, Workload& workload) {
  using Values = decltype(Series::measure);
  PlaceSignals shared;
  if (args.has("--pue-series")) {
    JOULERY_TRY(shared.pue,
                series_of(args, args.get("--pue-series"), "--pue-series", Values::kPue));
  } else {
    JOULERY_TRY(const Place place, make_place_from(args));
    if (place.pue.estimate)
      shared.constant_pue = *place.pue.estimate.value;
    else
      workload.notes.emplace_back("no PUE is given: counted as 1, as if IT were all there is");
  }
  if (args.has("--price-series")) {
    JOULERY_TRY(shared.price,
                series_of(args, args.get("--price-series"), "--price-series", Values::kPrice));
  }
  std::vector<PlaceSignals> places;
  for (const std::string& file : args.all("--series")) {
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
    const auto at = parse_time(args.get("--at"));
    if (!at) return wrong(args, "--at", "no time of RFC 3339, as 2022-03-01T00:00:00Z is");
    move_to(workload, *at);
  } else if (!workload.calendar) {
    move_to(workload, begin_of(places));
  }
  return {};
}

Result<int> print_claims(const Args& args) {
  if (args.has("--jobs") || args.has("--series"))
    return Error{ErrorCode::kUsage, "--preset: a paper's claims need no --jobs and no --series"};
  JOULERY_TRY(const Preset preset, make_shift_preset(args.get("--preset")));
  if (args.has("--json"))
    write_preset_json(preset, std::cout);
  else
    write_preset_text(preset, std::cout);
  return 0;
}

Result<int> cmd_simulate(const Args& args) {
  if (args.has("--preset")) return print_claims(args);
  for (const char* const flag : {"--jobs", "--series"})
    if (!args.has(flag))
      return Error{ErrorCode::kUsage,
                   fmt::format("{}: is missing; for example joulery simulate --jobs jobs.txt "
                               "--series zones.csv:DE --policy best-window",
                               flag)};
  if (args.has("--plot")) JOULERY_CHECK(check_plot_name(args.get("--plot")));
  JOULERY_TRY(SimulationRequest request, policy_request(args));
  request.keep_hours = args.has("--plot");
  JOULERY_TRY(Workload workload, workload_of(args));
  JOULERY_TRY(request.places, places_of(args, workload));
  JOULERY_CHECK(lay_log(args, request.places, workload));
  JOULERY_TRY(const Simulation simulation, simulate_jobs(workload, std::move(request)));
  if (args.has("--plot")) JOULERY_CHECK(plot_simulation(simulation, args.get("--plot")));
  if (args.has("--json"))
    write_simulation_json(simulation, std::cout);
  else
    write_simulation_text(simulation, std::cout);
  return 0;
}

}  // namespace

Command simulate_command() {
  return {
      .name = "simulate",
      .summary = "Replays a job log under a policy: carbon, energy, cost and waits of shifting.",
      .usage = "--jobs FILE --series FILE[:COL] --policy NAME,... [FLAG...] | --preset NAME",
      .least_words = 0,
      .most_words = 0,
      .word = "no word",
      .flags = {kLogFlags, kSeriesFlags, kPueFlags, kPolicyFlags, kClaimsFlag, kJsonFlag},
      .example = "joulery simulate --jobs jobs.csv --series zones.csv:DE --policy best-window",
      .run = cmd_simulate};
}

}  // namespace joulery::cli
