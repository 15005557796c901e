"""`joulery plan` as a user calls it: one job, places, forecasts, every start; published results; bad command lines."""
import csv
import datetime
import os
import pathlib
import unittest
import zoneinfo

from harness import JouleryTest

DATA = os.environ.get("JOULERY_TEST_DATA")
SERIES = "timestamp,DE average,NO average,MOER\n" + "".join(
    f"2026-01-01T{hour:02}:00:00Z,{de},{de / 4},{de}\n"
    for hour, de in enumerate([400, 400, 380, 100, 120, 360, 300, 300, 90, 90, 300, 400]))
AT = ("--at", "2026-01-01T00:00Z")


class PlanTest(JouleryTest):
    def setUp(self):
        super().setUp()
        (self.dir / "zones.csv").write_text(SERIES)
        (self.dir / "prices.csv").write_text("timestamp,price (EUR/MWh)\n2026-01-01T00:00Z,90\n2026-01-01T06:00Z,-20\n")

    def plan(self, *words):
        return self.document("plan", *map(str, words), "--json")

    def refused(self, *words):
        done = self.joulery("plan", *map(str, words))
        self.assertEqual(done.stdout, b"")
        return done.returncode, done.stderr.decode()


class OneJob(PlanTest):
    def test_document(self):
        document = self.plan("--duration", "2h", "--slack", "6h", "--series", "zones.csv:DE average", "--load", "5kW+-2%",
                             "--pue", "1.2", *AT)
        self.assertEqual(document["schema"], "joulery/plan/1")
        self.assertEqual(document["now"]["start"], "2026-01-01T00:00:00.000Z")
        self.assertEqual(document["planned"]["start"], "2026-01-01T03:00:00.000Z")
        self.assertEqual(document["planned"]["slots"], [["2026-01-01T03:00:00.000Z", "2026-01-01T05:00:00.000Z"]])
        self.assertAlmostEqual(document["now"]["carbon"]["value"], 5 * 1.2 * 800)
        self.assertAlmostEqual(document["planned"]["carbon"]["value"], 5 * 1.2 * 220)
        self.assertAlmostEqual(document["planned"]["site_energy"]["value"], 5000 * 1.2 * 7200)
        self.assertAlmostEqual(document["saving_pct"], 72.5)
        self.assertEqual(document["intensity_kind"], "average")
        self.assertIsNone(document["planned"]["cost"]["value"])
        self.assertIn("--electricity-price", document["planned"]["cost"]["why"])

    def test_pauses_where_it_may(self):
        flags = ("--duration", "3h", "--slack", "8h", "--series", "zones.csv:DE average", "--interruptible", *AT)
        starts = [slot[0][11:13] for slot in self.plan(*flags)["planned"]["slots"]]
        self.assertEqual(starts, ["03", "08"])
        whole = self.plan(*flags, "--resume-time", "5h")["planned"]["slots"]
        self.assertEqual(len(whole), 1)

    def test_money_and_weights(self):
        flags = ("--duration", "1h", "--slack", "9h", "--series", "zones.csv:DE average", "--price-series", "prices.csv", "--load",
                 "1kW", "--pue", "1", *AT)
        cost = self.plan(*flags, "--objective", "cost")["planned"]
        self.assertAlmostEqual(cost["cost"]["value"], -0.02)
        self.assertEqual(cost["cost"]["unit"], "EUR")
        both = self.plan(*flags, "--objective", "carbon=0.5,cost=0.5")["planned"]
        self.assertEqual(both["start"][11:13], "08")

    def test_deadline(self):
        flags = ("--duration", "2h", "--series", "zones.csv:DE average", *AT)
        self.assertEqual(self.plan(*flags, "--deadline", "2026-01-01T02:00Z")["planned"]["start"][11:13], "00")
        document = self.plan(*flags, "--deadline", "2026-01-01T05:00Z")
        self.assertEqual(document["planned"]["start"][11:13], "03")
        self.assertEqual(document["deadline"], "2026-01-01T05:00:00.000Z")
        code, message = self.refused(*flags, "--deadline", "2026-01-01T01:59Z")
        self.assertEqual(code, 65)
        self.assertIn("the job ends at 2026-01-01T02:00:00", message)

    def test_time_zone(self):
        flags = ("--duration", "2h", "--slack", "6h", "--series", "zones.csv:DE average", "--time-zone", "Europe/Berlin")
        out = self.joulery("plan", *flags, "--at", "2026-01-01T01:00").stdout.decode()
        self.assertIn("times in Europe/Berlin", out)
        self.assertIn("2026-01-01 04:00", out)
        self.assertLessEqual(max(map(len, out.splitlines())), 100)

    def test_times_that_come_twice_have_their_offset(self):
        (self.dir / "autumn.csv").write_text("timestamp,A\n" + "".join(
            f"2026-10-{24 + hour // 24}T{hour % 24:02}:00Z,{100 if hour in (24, 25) else 400}\n" for hour in range(40)))
        out = self.joulery("plan", "--duration", "1h", "--slack", "9h", "--series", "autumn.csv", "--time-zone", "Europe/Berlin",
                           "--at", "2026-10-24T22:00").stdout.decode()
        self.assertIn("2026-10-25 02:00+02  2026-10-25 02:00+01", out)

    def test_clocks_that_are_set_oddly(self):
        # By half an hour, by two hours, over a whole day, by an hour from 12:45 ahead of UTC.
        for name, day in (("Australia/Lord_Howe", "2026-04-03"), ("Australia/Lord_Howe", "2026-10-02"),
                          ("Antarctica/Troll", "2026-03-27"), ("Antarctica/Troll", "2026-10-23"), ("Pacific/Apia", "2011-12-28"),
                          ("Pacific/Chatham", "2026-04-03"), ("Pacific/Chatham", "2026-09-25")):
            zone = zoneinfo.ZoneInfo(name)
            first = datetime.datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(datetime.timezone.utc)
            times = [first + datetime.timedelta(minutes=30 * i) for i in range(4 * 48)]
            values = [50 + i * 7919 % 401 for i in range(len(times))]
            (self.dir / "local.csv").write_text("timestamp,A\n" + "".join(
                f"{time.astimezone(zone):%Y-%m-%dT%H:%M},{value}\n" for time, value in zip(times, values)))
            document = self.plan("--duration", "4h", "--slack", "80h", "--series", "local.csv", "--time-zone", name, "--at", day)
            best = min(range(161), key=lambda start: sum(values[start:start + 8]))
            self.assertEqual(document["now"]["start"], f"{first:%Y-%m-%dT%H:%M:%S}.000Z", name)
            self.assertEqual(document["planned"]["start"], f"{times[best]:%Y-%m-%dT%H:%M:%S}.000Z", name)
            self.assertAlmostEqual(document["saving_pct"], 100 * (1 - sum(values[best:best + 8]) / sum(values[:8])))

    def test_caps_are_chosen_with_the_time(self):
        (self.dir / "caps.csv").write_text("cap_w,duration_s,power_w\n150,110,150\n250,100,200\n")
        document = self.plan("--duration", "2h", "--slack", "6h", "--series", "zones.csv:DE average", "--load", "1kW", "--pue", "1",
                             "--sweep", "caps.csv", *AT)
        levers = {lever["lever"]: lever for lever in document["levers"]}
        self.assertEqual(sorted(levers), ["all together", "cap", "time"])
        self.assertEqual(levers["cap"]["cap_w"], 150)
        self.assertAlmostEqual(levers["cap"]["saving_pct"], 100 * (1 - 0.75 * (400 + 400 + 0.2 * 380) / 800))
        self.assertAlmostEqual(levers["time"]["saving_pct"], 72.5)
        self.assertAlmostEqual(document["saving_pct"], 100 * (1 - 0.75 * (100 + 120 + 0.2 * 360) / 800))
        self.assertIn("what a cap does to time and energy is taken as exact", " ".join(document["warnings"]))

    def test_forecasts(self):
        (self.dir / "foretold.csv").write_text(SERIES.replace(",100,", ",400,").replace(",120,", ",400,"))
        flags = ("--duration", "2h", "--slack", "6h", "--pue", "1", *AT)
        document = self.plan(*flags, "--series", "zones.csv:DE average", "--forecast", "foretold.csv:DE average")
        self.assertEqual(document["planned"]["start"][11:13], "06")
        self.assertAlmostEqual(document["oracle"]["saving_pct"], 72.5)
        self.assertTrue(any("is a forecast" in warning for warning in document["warnings"]))
        spread = self.plan(*flags, "--series", "zones.csv:DE average", "--forecast-error", "50%")["forecast_spread"]
        self.assertLess(spread["saving_mean_pct"], 72.5)


class Places(PlanTest):
    def test_goes_where_it_is_best(self):
        document = self.plan("--duration", "2h", "--slack", "1h", "--where", "DE,oslo", "--series", "DE=zones.csv:DE average",
                             "--series", "oslo=zones.csv:NO average", "--pue", "1.2", "--load", "1kW", *AT)
        self.assertEqual(document["now"]["place"], "DE")
        self.assertEqual(document["planned"]["place"], "oslo")
        self.assertEqual([place["place"] for place in document["places"]], ["DE", "oslo"])
        self.assertGreater(document["saving_pct"], 70)

    def test_never_compares_kinds(self):
        code, message = self.refused("--duration", "2h", "--slack", "1h", "--where", "DE,b", "--series", "DE=zones.csv:DE average",
                                     "--series", "b=zones.csv:MOER", "--pue", "1.2", *AT)
        self.assertEqual(code, 65)
        self.assertIn("never compared", message)


MODEL = """schema = "joulery/pue-model/1"
source = "hall.csv"
temperature = "dry_bulb_c"
a = 0.05
b = 0.0
k = 0.02
knee_c = 10.0
residual_sd = 0.01
predicted_sd = 0.02
block_sd = 0.01
meter_u = 0.0
least_c = -10.0
greatest_c = 35.0
least_load = 0.5
greatest_load = 1.0
mean_load = 0.5
mean_pue = 1.2
block_days = 7
blocks = 50
hours = 8000
covariance = [[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]
"""


class ModelledPue(PlanTest):
    def setUp(self):
        super().setUp()
        (self.dir / "m.toml").write_text(MODEL)
        (self.dir / "weather.csv").write_text("timestamp,temperature (degC)\n" + "".join(
            f"2026-01-01T{hour:02}:00:00Z,{30 if hour < 6 else 5}\n" for hour in range(12)))
        self.flags = ("--duration", "2h", "--slack", "10h", "--objective", "energy", "--load", "1kW", *AT)

    def test_goes_by_the_weather(self):
        document = self.plan(*self.flags, "--pue-model", "m.toml", "--weather", "weather.csv:temperature (degC)")
        self.assertEqual(document["planned"]["start"][11:13], "06")
        self.assertAlmostEqual(document["now"]["site_energy"]["value"], 1000 * 7200 * 1.45)
        self.assertAlmostEqual(document["planned"]["site_energy"]["value"], 1000 * 7200 * 1.05)
        left = 1.05 / 1.45
        self.assertAlmostEqual(document["saving_pct"], 100 * (1 - left))
        self.assertAlmostEqual(document["saving_u_pct"], 100 * left * 0.02 * (1.45**-2 + 1.05**-2)**0.5, delta=0.01)

    def test_wrong_flags(self):
        for words, told in ((["--pue-model", "m.toml"], "--weather"), (["--weather", "weather.csv"], "--pue-model"),
                            (["--pue-model", "", "--weather", "weather.csv"], "names no file"),
                            (["--pue-model", "m.toml", "--weather", "weather.csv", "--pue-series", "weather.csv"], "--pue-series")):
            code, message = self.refused(*self.flags, *words)
            self.assertIn(code, (64, 65), message)
            self.assertIn(told, message)


class BadInput(PlanTest):
    def test_wrong_command_lines(self):
        series = ("--series", "zones.csv:DE average", *AT)
        for words, told in ((["--slack", "2h", *series], "--duration"), (["--duration", "6h", *series], "--slack"),
                            (["--duration", "6h", "--slack", "24", *series], "--slack"),
                            (["--duration", "6", "--slack", "24h", *series], "--duration"),
                            (["--duration", "6h", "--slack", "1h", "--deadline", "2026-01-01T09:00Z", *series], "not both"),
                            (["--duration", "6h", "--slack", "1h"], "--series"),
                            (["--duration", "6h", "--slack", "1h", "--series", "zones.csv:XX", *AT], "XX"),
                            (["--duration", "6h", "--slack", "1h", "--min-run", "1h", *series], "--interruptible"),
                            (["--duration", "2h", "--slack", "1h", "--interruptible", "--min-run", "3h", *series], "--min-run"),
                            (["--duration", "6h", "--slack", "1h", "--seed", "2", *series], "--seed"),
                            (["--duration", "2h", "--slack", "1h", "--objective", "energy", "--pue", "1.2", "--forecast-error",
                              "9%", *series], "--forecast-error"),
                            (["--duration", "6h", "--slack", "1h", "--objective", "edp", *series], "--objective"),
                            (["--duration", "6h", "--slack", "1h", "--objective", "energy", *series], "--pue-series"),
                            (["--duration", "6h", "--slack", "1h", "--load", "0W", *series], "--load"),
                            (["--duration", "6h", "--slack", "1h", "--load", "5", *series], "--load"),
                            (["--duration", "6h", "--slack", "1h", "--load", "1e300W", *series], "--load"),
                            (["--duration", "6h", "--slack", "1h", "--load", "5kW+-1e300%", *series], "--load"),
                            (["--duration", "6h", "--slack", "1h", "--at", "noon", *series[:2]], "--at"),
                            (["--duration", "6h", "--slack", "1h", "--time-zone", "Mars/Base", *series], "--time-zone"),
                            (["--duration", "6h", "--slack", "1h", "--forecast-error", "15", *series], "15%"),
                            (["--duration", "6h", "--slack", "1h", "--where", "DE,nowhere", "--pue", "1", *AT], "--where"),
                            (["--duration", "6h", "--slack", "1h", "--intensity-kind", "marginal", *series], "average")):
            code, message = self.refused(*words)
            self.assertEqual(code, 64, (words, message))
            self.assertIn(told, message, words)

    def test_the_flag_that_is_wrong_is_named(self):
        job = ("--duration", "2h", "--slack", "6h", *AT)
        series = ("--series", "zones.csv:DE average")
        for words, told in (([*series, "--intensity-kind", "foo"], "--intensity-kind: 'foo'"),
                            ([*series, "--intensity-kind", "marginal"], "--intensity-kind: "),
                            (["--intensity", "400g/kWh", "--intensity-kind", "foo"], "--intensity-kind: 'foo'"),
                            (["--region", "DE", "--intensity-kind", "marginal"], "of average intensities"),
                            (["--series", "zones.csv:MOER", "--intensity-unit", "W"], "--intensity-unit: 'W'"),
                            (["--intensity", "400g/kWh", "--intensity-unit", "g/kWh"], "--intensity-unit: is of"),
                            ([*series, "--price-unit", "EUR/MWh"], "--price-unit: is of"),
                            ([*series, "--price-series", "prices.csv", "--price-unit", "EUR/kWh"], "--price-unit: EUR/kWh contra"),
                            (["--series", "."], "--series: . is a directory"), (["--series", ":"], "--series: names no file"),
                            ([*series, "--sweep", "last", "--load", "1kW"], "--sweep: last: cannot open")):
            code, message = self.refused(*job, *words)
            self.assertIn(code, (64, 69), (words, message))
            self.assertTrue(message.startswith("joulery: " + told) or told[0] != "-" and told in message, (words, message))
        code, message = self.refused("--duration", "0.0001ms", "--slack", "6h", *AT, *series)
        self.assertEqual((code, "--duration: '0.0001ms'" in message), (64, True), message)

    def test_columns_to_choose_from_are_those_of_values(self):
        (self.dir / "two.csv").write_text("timestamp,A,B\n2026-01-01T00:00Z,1,2\n2026-01-01T01:00Z,1,2\n")
        for file in ("two.csv", "two.csv:timestam"):
            _, message = self.refused("--duration", "1h", "--slack", "1h", *AT, "--series", file)
            self.assertNotIn("timestamp", message)

    def test_every_start_takes_no_flag_of_one_job(self):
        job = ("--all-starts", "--duration", "2h", "--series", "zones.csv:DE average")
        for words in (("--forecast-error", "9%"), ("--sweep", "caps.csv"), ("--from", "last"), ("--forecast", "zones.csv:DE average"),
                      ("--deadline", "2026-01-01T05:00Z")):
            code, message = self.refused(*job, *words, *(() if words[0] == "--deadline" else ("--slack", "1h")))
            self.assertEqual(code, 64, message)
            self.assertIn(words[0] + ": is of one job", message)
        code, message = self.refused("--all-starts", "--duration", "1h..2h", "--slack", "1h", *job[3:])
        self.assertEqual((code, "--all-starts: is of a constant load" in message), (64, True), message)
        noted = " ".join(self.plan(*job, "--slack", "1h", "--load", "5kW", *AT)["warnings"])
        self.assertIn("--load does not count", noted)
        self.assertIn("--at does not count", noted)

    def test_hours_to_come_are_taken_as_exact(self):
        (self.dir / "later.csv").write_text("timestamp,A\n2126-01-01T00:00Z,100\n2126-01-01T01:00Z,90\n2126-01-01T02:00Z,80\n")
        job = ("--duration", "1h", "--slack", "2h", "--intensity-kind", "average")
        later = ("--at", "2126-01-01T00:00Z", "--series", "later.csv")
        self.assertIn("takes the values of them as exact", " ".join(self.plan(*job, *later)["warnings"]))
        self.assertIn("takes prices and PUE of them", " ".join(self.plan(*job, *later, "--forecast-error", "9%")["warnings"]))
        was = self.plan(*job, *AT, "--series", "zones.csv:DE average")
        self.assertNotIn("exact", " ".join(was["warnings"]))

    def test_a_constant_takes_its_kind_from_the_flag(self):
        job = ("--duration", "2h", "--slack", "6h", *AT, "--intensity", "400g/kWh")
        self.assertIn("--intensity-kind", " ".join(self.plan(*job)["warnings"]))
        told = self.plan(*job, "--intensity-kind", "average")
        self.assertEqual(told["intensity_kind"], "average")
        self.assertNotIn("--intensity-kind", " ".join(told["warnings"]))

    def test_series_that_do_not_cover_the_job(self):
        series = ("--series", "zones.csv:DE average")
        for words, told in ((["--duration", "13h", "--slack", "1h", *AT], "longer than the series"),
                            (["--duration", "6h", "--slack", "1h", "--at", "2026-01-01T07:00Z"], "at most 5 h"),
                            (["--duration", "6h", "--slack", "1h", "--at", "2027-01-01T00:00Z"], "nothing is known from")):
            code, message = self.refused(*words, *series)
            self.assertEqual(code, 65, (words, message))
            self.assertIn(told, message)


# The published table ends an hour before the year and the study's results do not: that hour in g/kWh, solved from them. One
# number for each zone gives all their means, of both lengths and both kinds, to the last printed digit.
LAST_HOUR = {"DE": 210.72, "FR": 50, "GB": 93.74, "ES": 102.4, "US-CAL-CISO": 275.14, "US-TEX-ERCO": 352.56}


@unittest.skipUnless(DATA, "JOULERY_TEST_DATA names no folder of published results")
class PublishedResults(PlanTest):
    """Every start of 2022 in six zones, beside the study's own results (EuroSys 2024), to its rounding."""

    def all_starts(self, row, file, *flags):
        return self.plan("--all-starts", "--duration", row["job_hours"] + "h", "--slack", row["slack_hours"] + "h", "--series",
                         f"{file}:{row['zone']}", "--intensity-kind", "average", *flags)

    def test_every_row(self):
        carbon = pathlib.Path(DATA) / "carbon"
        table = (carbon / "zones_2022_hourly.csv").read_text().rstrip("\n")
        heads = table.split("\n")[0].split(",")
        year = self.dir / "year.csv"
        year.write_text(table + "\n8759," + ",".join(str(LAST_HOUR[head]) for head in heads[1:]) + "\n")
        with open(carbon / "expected_shift_2022.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 12)
        for row in rows:
            for kind, prefix, flags in (("noninterruptible", "ni@", ()), ("interruptible", "it@", ("--interruptible",))):
                as_published = self.all_starts(row, carbon / "zones_2022_hourly.csv", *flags)
                count = int(row["n_starts"])
                self.assertEqual(as_published["unit"], "gCO2e")
                self.assertEqual(len(as_published["starts"]), count)
                self.assertAlmostEqual(as_published["mean_now"], float(row["mean_now"]), delta=5.01e-5)
                self.assertAlmostEqual(as_published["saving_pct"], float(row[f"saving_{kind}_pct"]), delta=0.01)
                starts = self.all_starts(row, year, *flags)["starts"][:count]
                now, planned = (sum(start[key] for start in starts) / count for key in ("now", "planned"))
                self.assertAlmostEqual(now, float(row["mean_now"]), delta=5.01e-5)
                self.assertAlmostEqual(planned, float(row["mean_" + kind]), delta=5.01e-5)
                self.assertAlmostEqual(100 * (1 - planned / now), float(row[f"saving_{kind}_pct"]), delta=5.01e-5)
                for name, value in row.items():
                    if name.startswith(prefix):
                        self.assertAlmostEqual(starts[int(name[len(prefix):])]["planned"], float(value), delta=5.01e-3)


if __name__ == "__main__":
    unittest.main()
