"""Two public job logs under every policy of `joulery simulate`, as a table in Markdown; docs/simulation.md holds one.

Usage: python3 bench/simulate_logs.py JOULERY PAI.csv PODS.csv ZONES.csv
  PAI.csv    sampled jobs of Alibaba's PAI trace, of umassos/GAIA: arrival_time,length,cpus
  PODS.csv   pods of Alibaba's GPU trace of 2023, of alibaba/clusterdata
  ZONES.csv  hourly carbon intensity of 2022, a column a zone, in g/kWh
PUE over time is made here: McDonald et al. (arXiv 2205.09646) print January's and July's mean, 1.05 and 1.49, and each
month's mean variation over the day (Table 1). Between them it is a cosine over the year and one over the day.
"""
import json
import math
import subprocess
import sys
import tempfile

VARIATION = [1.30, 0.69, 0.77, 2.15, 11.51, 21.70, 7.76, 17.37, 12.41, 8.07, 2.88, 1.07]
DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
POLICIES = "run-now,best-window,interruptible,threshold,pue-only,carbon-only,capacity-limited"
# Devices: a quarter above what running now needs at its peak. Powers are choices: 10 W a core, 3 W without a job; a GPU at
# 300 W and at 60 W. The cap is the mean of Figure 2 of arXiv 2205.09646: 250 W to 150 W.
LOGS = [("PAI", ["--capacity", "60", "--device-power", "cpu=10W", "--idle-power", "3W", "--policy", POLICIES]),
        ("pods", ["--capacity", "80", "--device-power", "gpu=300W,cpu=10W", "--idle-power", "60W", "--policy",
                  POLICIES + ",caps-by-hour", "--cap-curve", "250W=1/1,150W=1.068/0.863"])]
COMMON = ["--slack", "6h,24h", "--forecast-error", "15%", "--forecast-memory", "24h", "--seed", "1,2,3", "--resume-time", "5min",
          "--min-run", "1h", "--intensity-kind", "average",
          "--at", "2022-03-01T00:00:00Z"]


def percent(value):
    return f"{round(value, 1) + 0.0:.1f}"  # without "-0.0"


def pue_lines():
    yield "datetime,pue"
    day = 0
    for month, days in enumerate(DAYS):
        for d in range(days):
            mean = 1.27 - 0.22 * math.cos(2 * math.pi * (day - 15) / 365)
            half = mean * VARIATION[month] / 100 / 2
            for hour in range(24):
                value = max(1.0, mean - half * math.cos(2 * math.pi * (hour - 2) / 24))
                yield f"2022-{month + 1:02}-{d + 1:02}T{hour:02}:00:00Z,{value:.4f}"
            day += 1


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def rows(document, zone):
    for case in document["cases"]:
        if case["place"] != zone:
            continue
        for policy in dict.fromkeys(run["policy"] for run in case["runs"]):
            runs = [run for run in case["runs"] if run["policy"] == policy]
            oracle = runs[0]["oracle_saved_pct"]
            used = [run["used"]["it_energy"]["value"] / 3.6e9 for run in runs]
            saved = [run["carbon_saved_pct"] for run in runs]
            spread = f" ({percent(min(saved))} to {percent(max(saved))})" if len(runs) > 1 else ""
            yield (zone, f"{case['slack_s'] / 3600:.0f} h", policy, f"{percent(mean(saved))} %{spread}",
                   "-" if oracle is None else f"{oracle:.1f} %", f"{mean(used):.4g}",
                   f"{mean(r['mean_wait_s'] for r in runs) / 3600:.1f}", f"{mean(r['p95_wait_s'] for r in runs) / 3600:.1f}",
                   f"{mean(r['mean_queue_s'] for r in runs) / 3600:.2f}", f"{mean(r['late'] for r in runs):.0f}",
                   f"{mean(r['resumes'] for r in runs):.0f}", f"{max(r['peak_devices'] for r in runs):.0f}")


def main(joulery, pai, pods, zones):
    head = ("zone", "slack", "policy", "carbon saved", "oracle", "IT, MWh", "wait, h", "p95", "queue, h", "late", "resumes",
            "peak")
    with tempfile.TemporaryDirectory() as place:
        pue = f"{place}/pue.csv"
        with open(pue, "w", encoding="utf-8") as out:
            out.write("\n".join(pue_lines()) + "\n")
        for (name, words), log in zip(LOGS, (pai, pods)):
            command = [joulery, "simulate", "--jobs", log, "--pue-series", pue, *COMMON, *words, "--json"]
            for zone in ("DE", "FR"):
                command += ["--series", f"{zones}:{zone}"]
            document = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            mape = ", ".join(f"{m['seed']}: {m['mape_pct']:.1f} %" for m in document["cases"][1]["forecast_mape"])
            print(f"{name}: {document['jobs']} jobs, {document['request']['capacity']:.0f} {document['unit']}, "
                  f"{document['begin'][:10]} to {document['end'][:10]}; error of forecasts at 24 h of slack by seed {mape}\n")
            print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
            for zone in ("DE", "FR"):
                for row in rows(document, zone):
                    print("| " + " | ".join(row) + " |")
            print()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
