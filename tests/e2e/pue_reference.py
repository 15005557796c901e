"""PUE by pandas, to hold `joulery pue` against: python3 pue_reference.py FILE ZONE prints JSON.

FILE has UTC stamps and columns it_kw and facility_kw (without IT). Shares no code and no arithmetic with the program: the
readings are cut at the hours by reindexing, and grouped by pandas' own time zones."""
import json
import sys

import pandas as pd

LEAST_HOUR, LEAST_DAY = 0.5, 0.75  # shares that must be known, docs/pue.md


def ends_of(stamps):
    """Up to when each reading holds: the next stamp, or across a gap one usual step (docs/formats/series.md)."""
    seconds = stamps.to_series().diff().dt.total_seconds().tolist()[1:]
    ends = []
    for i in range(len(stamps)):
        at = min(i, len(seconds) - 1)
        around = sorted(seconds[max(0, at - 4):at + 5])
        usual = around[len(around) // 2]
        regular = 2 * sum(abs(step - usual) <= 0.1 * usual for step in around) >= len(around)
        holds = usual
        if i < len(seconds) and seconds[i] <= (1.5 if regular else 4) * usual:
            holds = seconds[i]
        ends.append(stamps[i] + pd.Timedelta(seconds=holds))
    return ends


def by_hour(table, zone):
    """Energy of site and IT and seconds known in each hour of the zone's clock, by the hour's UTC begin."""
    ends = ends_of(table.index)
    offset = table.index[0].tz_convert(zone).utcoffset() % pd.Timedelta("1h")  # of zones of half hours
    hours = pd.date_range((table.index[0] + offset).floor("h") - offset, ends[-1], freq="h")
    cuts = table.index.union(pd.DatetimeIndex(ends)).union(hours).unique()
    held = table.reindex(cuts, method="ffill")
    end_held = pd.Series(ends, index=table.index).reindex(cuts, method="ffill")
    seconds = (pd.Series(cuts[1:], index=cuts[:-1]) - cuts[:-1]).dt.total_seconds()
    seconds = seconds.where((end_held[:-1] > seconds.index).to_numpy(), 0)
    held = held.loc[seconds.index]
    hour = (seconds.index + offset).floor("h") - offset
    parts = pd.DataFrame({"seconds": seconds, "it": held["it_kw"] * seconds,
                          "site": (held["it_kw"] + held["facility_kw"]) * seconds})
    return parts.groupby(hour).sum()


def main(path, zone):
    table = pd.read_csv(path, parse_dates=["timestamp"], index_col="timestamp")
    hours = by_hour(table[~table.index.duplicated()], zone)
    hours = hours[hours["seconds"] >= 3600 * LEAST_HOUR]
    pue = hours["site"] / hours["it"]
    load = hours["it"] / hours["seconds"]
    local = pue.index.tz_convert(zone)
    day = local.strftime("%Y-%m-%d")
    daily = pue.groupby(day).agg(["mean", "min", "max", "count"])
    midnight = pd.to_datetime(daily.index).tz_localize(zone)
    next_midnight = (pd.to_datetime(daily.index) + pd.Timedelta(days=1)).tz_localize(zone)
    daily["of"] = (next_midnight - midnight).total_seconds() / 3600
    daily["variation"] = (daily["max"] / daily["min"] - 1) * 100
    daily.loc[daily["count"] < LEAST_DAY * daily["of"], "variation"] = float("nan")
    month = local.strftime("%Y-%m")
    weighted = (pue * load).groupby(month).sum() / load.groupby(month).sum()
    none_for_nan = lambda number: None if pd.isna(number) else number
    document = {
        "year": {"mean": pue.mean(), "daily_variation_pct": daily["variation"].mean(),
                 "energy_weighted_mean": (pue * load).sum() / load.sum()},
        "months": [{"month": name, "mean": mean, "energy_weighted_mean": weighted[name],
                    "daily_variation_pct": none_for_nan(daily.loc[daily.index.str.startswith(name), "variation"].mean())}
                   for name, mean in pue.groupby(month).mean().items()],
        "days": [{"day": name, "mean": row["mean"], "variation_pct": none_for_nan(row["variation"])}
                 for name, row in daily.iterrows()],
        "hours": [{"hour": time.isoformat(), "mean": mean} for time, mean in pue.items()]}
    json.dump(document, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
