// joulery simulate --jobs FILE --series FILE: what a policy would have done to a whole job log.
#include <fmt/format.h>

#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/report.h"
#include "joulery/simulate.h"
#include "simulate_request.h"

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
constexpr std::array kConstantFlags = {kPlaceFlags[0], kPlaceFlags[1],
                                       kPlaceFlags[4]};  // --site, --pue, --electricity-price
constexpr std::array kPolicyFlags = {
    Flag{"--policy", "NAME,...", "run-now,best-window",
         "run-now, best-window, interruptible, threshold, pue-only, carbon-only, caps-by-hour, "
         "capacity-limited"},
    Flag{"--slack", "DURATION,...", "6h,24h",
         "how long a start may be put off; each on its own (default: 24h)"},
    Flag{"--capacity", "N", "100",
         "GPUs there are, or cores of a log without any (default: as many as needed)"},
    Flag{"--queue", "NAME", "fifo",
         "with --capacity: backfill, jobs behind the first start where that does not delay it; or "
         "fifo, they wait (default: backfill)"},
    Flag{"--objective", "NAME", "carbon",
         "what is made small: carbon, energy or cost (default: carbon)"},
    Flag{"--min-run", "DURATION", "1h", "interruptible jobs run at least so long at a time"},
    Flag{"--resume-time", "DURATION", "5min",
         "interruptible: work that each resume adds, saving and loading (default: none)"},
    Flag{"--quantile", "PERCENT", "25%",
         "threshold starts in the lowest, caps-by-hour caps in the highest share of the past week "
         "(default: 25%)"},
    Flag{"--cap-curve", "CAP=TIME/ENERGY,...", "250W=1/1,150W=1.08/0.8",
         "caps-by-hour: time and energy of a GPU job without and with the cap"},
    Flag{"--sweep", "FILE", "sweep.json",
         "caps-by-hour: the same from a document of joulery sweep --output, or a table of caps as "
         "joulery recommend reads it"},
    Flag{"--cap", "POWER", "150W", "which cap of --sweep (default: that of least energy)"},
    Flag{"--forecast-error", "PERCENT", "15%",
         "standard deviation of what planning sees, relative to the truth (default: 0%)"},
    Flag{"--forecast-memory", "DURATION", "24h",
         "how long that error lasts: it grows with the time ahead (default: 0h, each moment's by "
         "itself)"},
    Flag{"--seed", "N,...", "1,2,3", "of that error, each on its own (default: 1)"},
    Flag{"--idle-power", "POWER", "60W", "of a powered device without a job, with --capacity"},
    Flag{"--plot", "FILE", "week.svg",
         "picture (.svg, .pdf, .png): devices in use in the busiest week, beside the objective"},
};
constexpr std::array kClaimsFlag = {Flag{"--preset", "NAME", "mcdonald2022",
                                         "a paper's claims on shifting beside its own numbers"}};

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
  JOULERY_TRY(AskedSimulation asked, simulation_request_of(args));
  JOULERY_TRY(const Simulation simulation, simulate_jobs(asked.workload, std::move(asked.request)));
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
      .flags = {kLogFlags, kSeriesFlags, kConstantFlags, kPolicyFlags, kClaimsFlag, kJsonFlag},
      .example = "joulery simulate --jobs jobs.csv --series zones.csv:DE --policy best-window",
      .run = cmd_simulate};
}

}  // namespace joulery::cli
