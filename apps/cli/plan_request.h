// joulery: the flags of a plan and what they ask for, for the commands that plan.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "args.h"
#include "joulery/plan.h"

namespace joulery::cli {

inline constexpr std::array kPlanJobFlags = {
    Flag{"--duration", "DURATION", "6h",
         "how long the job runs, in ms, s, min, h or d; where that is not known 6h..12h or "
         "p50=6h,p90=10h: the longest keeps the deadline (default: of --from)"},
    Flag{"--slack", "DURATION", "24h", "how long the start may be put off"},
    Flag{"--deadline", "TIME", "2026-11-27T08:00Z",
         "instead of --slack: when the job has to have ended"},
    Flag{"--at", "TIME", "2026-11-26T08:00Z",
         "the earliest start, RFC 3339, of --time-zone where it names none (default: now)"},
    Flag{"--interruptible", "", "", "the job may be paused and resumed"},
    Flag{"--min-run", "DURATION", "30min",
         "with --interruptible: it runs at least so long at a time (default: 0)"},
    Flag{"--resume-time", "DURATION", "5min",
         "with --interruptible: what each checkpoint and resume adds at full load (default: 0)"},
    Flag{"--resume-energy", "ENERGY", "0.5kWh",
         "with --interruptible: energy of each resume beside that of its time (default: 0)"},
    Flag{"--load", "POWER", "5kW",
         "of the job while it runs, without PUE (u: 0, or as 5kW+-200W says); without it: no "
         "energy, only the saving"},
    Flag{"--from", "RUN", "last",
         "a measured run whose power over time the job has, instead of --load; not with "
         "--interruptible"},
    Flag{"--sweep", "FILE", "sweep.json",
         "caps to choose from together with time and place: a document of joulery sweep --output, "
         "or a table as recommend reads it; --duration and --load are at the limit that the sweep "
         "found, of a table at its highest cap; without --forecast"},
    Flag{"--objective", "NAME", "carbon",
         "what is made small: carbon, energy (of the site), cost, or weights as "
         "carbon=0.5,cost=0.5, each relative to running now (default: carbon)"},
};
inline constexpr std::array kPlanSeriesFlags = {
    Flag{"--series", "FILE[:COLUMN]", "zones.csv:DE",
         "carbon intensity over time; with --where also NAME=FILE[:COLUMN], several times", true},
    Flag{"--pue-series", "FILE[:COLUMN]", "pue.csv", "PUE over time, as --series", true},
    Flag{"--pue-model", "FILE.toml", "m.toml",
         "instead: a model that `joulery pue --model` fitted, at the --weather; as --series", true},
    Flag{"--weather", "FILE[:COLUMN]", "weather.csv:temperature",
         "of --pue-model: outdoor temperature over time, as --series", true},
    Flag{"--it-load", "FILE[:COLUMN]", "load.csv:it_kw",
         "of --pue-model: what all IT draws over time (default: the mean of the fit)", true},
    Flag{"--price-series", "FILE[:COLUMN]", "prices.csv:DE",
         "electricity price over time, as --series", true},
    Flag{"--forecast", "FILE[:COLUMN]", "forecast.csv:DE",
         "forecast of the intensity, as --series: it makes the plan, and --series, where given, "
         "is what really was",
         true},
    Flag{"--forecast-error", "PERCENT", "15%",
         "plan also on 100 series that are off by so much, each value by itself"},
    Flag{"--seed", "NUMBER", "1", "of --forecast-error (default: 1)"},
    Flag{"--intensity-kind", "KIND", "average",
         "average or marginal, where the series does not say it"},
    Flag{"--intensity-unit", "UNIT", "g/kWh", "where the heading has none (default: g/kWh)"},
    Flag{"--price-unit", "UNIT", "EUR/MWh", "where the heading has none"},
    Flag{"--time-zone", "ZONE", "Europe/Berlin",
         "of stamps without a zone, and of the times printed (default: UTC)"},
    Flag{"--where", "NAME,...", "FRA,cluster",
         "places to choose from, as --site names them; at the first the job would run now"},
    Flag{"--transfer-energy", "ENERGY", "2kWh",
         "with --where: of moving the job to another place than the first (default: 0)"},
    Flag{"--transfer-cost", "AMOUNT", "180USD",
         "with --where: of the same in money, e.g. for data that leave a cloud (default: 0)"},
};

/// The request of the flags of both tables and of kPlaceFlags; `now` is the default of --at.
/// Errors: kUsage and kInvalid, naming the flag.
Result<PlanRequest> plan_request_of(const Args& args, WallTime now);

}  // namespace joulery::cli
