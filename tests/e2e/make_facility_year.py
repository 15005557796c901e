"""Writes a made year of a facility's readings as CSV: python3 make_facility_year.py [--seed N] [--stamps utc|local]
[--zone Z] [--days N] FILE

IT and overhead in kW and the outdoor wet bulb, by season, hour and weather. Read every 5 to 20 minutes, never at even
times; with gaps, a week of readings every hour, rows written twice, and the days on which the clocks are set. Stamps are
UTC, or of the civil clock without its offset, which at the end of summer time shows one hour twice.

The site is made up to have what arXiv 2205.09646 shows of its own: PUE near 1.05 in winter and 1.5 in July, days that hardly
vary in winter and by 10 to 20 % in summer (Table 1), a curve over the year (Figure 4), afternoon peaks (Figure 5)."""
import argparse
import csv
import datetime
import math
import random
import zoneinfo

UTC = datetime.timezone.utc
CAPACITY_KW = 1000
PROPORTIONAL, FIXED, SLOPE, KNEE_C = 0.015, 0.012, 0.036, 5.0  # PUE = 1 + a + b / u + k max(0, T - T_fc)
GAPS = ((40, 5, 3), (75, 20, 30), (130, 13, 1.2), (133, 9, 0.7), (200, 2, 7), (201, 12, 0.4), (290, 0, 60))  # day, hour, hours


class Weather:
    """Wet bulb in degrees Celsius by the civil clock; a slow random part stands for the weather of days."""

    def __init__(self, rng):
        self.rng, self.slow, self.at = rng, 0.0, None

    def at_time(self, local):
        if self.at is not None:
            keep = math.exp(-(local - self.at).total_seconds() / (2.5 * 86400))
            self.slow = keep * self.slow + self.rng.gauss(0, 3.0 * math.sqrt(max(0.0, 1 - keep * keep)))
        self.at = local
        day = local.timetuple().tm_yday + local.hour / 24
        season = 6.5 - 10.5 * math.cos(2 * math.pi * (day - 20) / 366)
        hour = local.hour + local.minute / 60
        return season - 3.2 * math.cos(2 * math.pi * (hour - 3) / 24) + self.slow


def load_kw(rng, local):
    weekend = 0.85 if local.weekday() >= 5 else 1.0
    return CAPACITY_KW * weekend * (0.55 + 0.15 * math.sin(2 * math.pi * (local.hour - 9) / 24)) * rng.uniform(0.93, 1.07)


def is_gap(since):
    return any(datetime.timedelta(days=day, hours=hour) <= since < datetime.timedelta(days=day, hours=hour + long)
               for day, hour, long in GAPS)


def rows(seed, zone, days):
    rng = random.Random(seed)
    weather = Weather(rng)
    begin = datetime.datetime(2020, 1, 1, tzinfo=zone).astimezone(UTC)
    time = begin
    while time < begin + datetime.timedelta(days=days):
        since = time - begin
        local = time.astimezone(zone)
        wet_bulb = weather.at_time(local.replace(tzinfo=None))
        it = load_kw(rng, local)
        overhead = it * (PROPORTIONAL + SLOPE * max(0.0, wet_bulb - KNEE_C)) * rng.uniform(0.97, 1.03) + FIXED * CAPACITY_KW
        if not is_gap(since):
            row = (time, round(it, 3), round(overhead, 3), round(wet_bulb, 2))
            yield row
            if rng.random() < 0.002:
                yield row
        hourly = 240 <= since.days < 247
        time += datetime.timedelta(seconds=3600 if hourly else rng.randrange(300, 1201))


def write(path, seed=1, stamps="utc", zone="America/Denver", days=366):
    zone = zoneinfo.ZoneInfo(zone)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["timestamp", "it_kw", "facility_kw", "wet_bulb_c"])
        for time, *values in rows(seed, zone, days):
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ") if stamps == "utc" else time.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
            out.writerow([stamp, *values])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stamps", choices=("utc", "local"), default="utc")
    parser.add_argument("--zone", default="America/Denver")
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("file")
    args = parser.parse_args()
    write(args.file, args.seed, args.stamps, args.zone, args.days)
