"""`joulery pue`: a made facility year against pandas, what the paper shows of its own year, files that cannot be."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import make_facility_year
from harness import JouleryTest

HERE = pathlib.Path(__file__).parent
ZONE = "America/Denver"


def python_with_pandas():
    """A distribution's package is of its own python, which need not be the one that runs the tests."""
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and subprocess.run([python, "-c", "import pandas"], capture_output=True).returncode == 0:
            return python
    return None


PANDAS = python_with_pandas()


def hourly(values, columns="timestamp,pue", day="2020-01-01"):
    lines = [columns] + [f"{day}T{i:02}:00:00Z,{value}" for i, value in enumerate(values)]
    return "\n".join(lines) + "\n"


class PueTest(JouleryTest):
    def file(self, text, name="hall.csv"):
        (self.dir / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def pue(self, *words):
        return self.document("pue", *map(str, words), "--json")

    def refused(self, *words):
        done = self.joulery("pue", *map(str, words))
        self.assertEqual(done.stdout, b"")
        return done.returncode, done.stderr.decode()


class Year(PueTest):
    """The made year, written once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="joulery-pue-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared)
        for stamps in ("utc", "local"):
            make_facility_year.write(cls.shared / f"{stamps}.csv", stamps=stamps)
        cls.utc, cls.local = cls.shared / "utc.csv", cls.shared / "local.csv"

    def assert_same(self, ours, theirs, zone):
        """Hours, days, months and the year to 0.01 point of a variation, and a hundredth of that of a mean."""
        self.assertEqual([day["day"] for day in ours["days"] if day["mean"] is not None], [day["day"] for day in theirs["days"]], zone)
        self.assertEqual([month["month"] for month in ours["months"]], [month["month"] for month in theirs["months"]])
        self.assertEqual(len(ours["hours"]), len(theirs["hours"]))
        pairs = [("year", ours["year"], theirs["year"])]
        for name in ("months", "days", "hours"):
            known = [row for row in ours[name] if row["mean"] is not None]
            pairs += [(f"{zone} {name} {i}", a, b) for i, (a, b) in enumerate(zip(known, theirs[name]))]
        for where, a, b in pairs:
            for key in b:
                if key.endswith("mean"):
                    self.assertAlmostEqual(a[key], b[key], delta=1e-6, msg=f"{where} {key}")
                elif key.endswith("_pct") and b[key] is None:
                    self.assertIsNone(a[key], f"{where} {key}")
                elif key.endswith("_pct"):
                    self.assertAlmostEqual(a[key], b[key], delta=0.01, msg=f"{where} {key}")

    @unittest.skipUnless(PANDAS, "no python with pandas (Debian: python3-pandas)")
    def test_equals_pandas(self):
        for zone in (ZONE, "UTC", "Asia/Kolkata", "Europe/Berlin"):
            done = subprocess.run([PANDAS, HERE / "pue_reference.py", self.utc, zone], capture_output=True, check=True)
            self.assert_same(self.pue(self.utc, "--time-zone", zone), json.loads(done.stdout), zone)

    def test_local_stamps_give_the_same(self):
        utc = self.pue(self.utc, "--time-zone", ZONE)
        local = self.pue(self.local, "--time-zone", ZONE)
        self.assertEqual(utc["hours"], local["hours"])
        self.assertEqual(utc["year"]["daily_variation_pct"], local["year"]["daily_variation_pct"])
        back = [hour["hour"] for hour in local["hours"] if hour["hour"].startswith("2020-11-01T01")]
        self.assertEqual(back, ["2020-11-01T01:00-06:00", "2020-11-01T01:00-07:00"])
        self.assertFalse(any(hour["hour"].startswith("2020-03-08T02") for hour in local["hours"]))

    def test_days_on_which_the_clock_is_set(self):
        days = {day["day"]: day for day in self.pue(self.utc, "--time-zone", ZONE)["days"]}
        self.assertEqual((days["2020-03-08"]["hours"], days["2020-11-01"]["hours"]), (23, 25))
        self.assertEqual(len(days), 366)

    def test_shows_what_the_paper_shows(self):
        document = self.pue(self.utc, "--time-zone", ZONE)
        months = {month["month"][5:]: month for month in document["months"]}
        # Table 1: a day of winter hardly varies, one of summer by more than a tenth; the year is the mean over days.
        for month in ("01", "02", "12"):
            self.assertLess(months[month]["daily_variation_pct"], 4)
        for month in ("06", "07", "08"):
            self.assertGreater(months[month]["daily_variation_pct"], 10)
        varying = [day["variation_pct"] for day in document["days"] if day["variation_pct"] is not None]
        self.assertAlmostEqual(document["year"]["daily_variation_pct"], sum(varying) / len(varying), places=9)
        # Figure 4: near 1.05 in January and 1.5 in July.
        self.assertAlmostEqual(months["01"]["mean"], 1.05, delta=0.03)
        self.assertAlmostEqual(months["07"]["mean"], 1.49, delta=0.08)
        # Figure 5: the greatest hours of July lie in the afternoon, the least at night.
        july = [day for day in document["days"] if day["day"].startswith("2020-07") and day["variation_pct"] is not None]
        afternoon = [day for day in july if 12 <= int(day["greatest_hour"][11:13]) <= 18]
        self.assertGreater(len(afternoon), 0.8 * len(july))

    def test_model_finds_what_made_the_year(self):
        model = self.pue(self.utc, "--time-zone", ZONE, "--it-capacity", "1MW", "--model", self.dir / "m.toml")["model"]
        made = make_facility_year
        for key, truth in (("a", made.PROPORTIONAL), ("b", made.FIXED), ("k_per_c", made.SLOPE), ("knee_c", made.KNEE_C)):
            self.assertAlmostEqual(model[key], truth, delta=3 * model[f"u_{key}"] + 0.02 * truth, msg=key)
        self.assertLess(model["examples"][2]["marginal"]["value"], model["examples"][2]["average"]["value"])
        self.assertIn('schema = "joulery/pue-model/1"', (self.dir / "m.toml").read_text())

    def test_text_fits_and_tells(self):
        out = self.joulery("pue", self.utc, "--time-zone", ZONE).stdout.decode()
        self.assertLessEqual(max(map(len, out.splitlines())), 100)
        for words in ("daily variation", "2020-07", "greatest variation", "Left out:", "Model:", "clock of America/Denver"):
            self.assertIn(words, out)

    @unittest.skipUnless(shutil.which("gnuplot"), "no gnuplot")
    def test_plot(self):
        self.pue(self.utc, "--time-zone", ZONE, "--plot", "pue.svg", "--week", "2020-07-27")
        self.assertIn(b"2020-07-27 to 2020-08-02", (self.dir / "pue.svg").read_bytes())
        self.assertEqual(self.refused(self.utc, "--plot", "pue.bmp")[0], 64)
        self.assertEqual(self.refused(self.utc, "--plot", "w.svg", "--week", "2022-01-01")[0], 64)
        self.assertFalse((self.dir / "w.svg").exists())


class Files(PueTest):
    def test_document(self):
        document = self.pue(self.file(hourly([1.4] * 14 + [1.5] + [1.4] * 9)))
        self.assertEqual(list(document)[:6], ["schema", "time_zone", "year", "months", "days", "hours"])
        self.assertEqual((document["schema"], document["time_zone"]), ("joulery/pue/1", "UTC"))
        self.assertAlmostEqual(document["year"]["daily_variation_pct"], 100 * (1.5 / 1.4 - 1), places=9)
        self.assertEqual(document["months"][0]["month"], "2020-01")
        self.assertEqual(document["days"][0]["day"], "2020-01-01")
        self.assertAlmostEqual(document["days"][0]["variation_pct"], 100 * (1.5 / 1.4 - 1), places=9)
        self.assertEqual((document["hours"][14]["hour"], document["hours"][14]["mean"]), ("2020-01-01T14:00Z", 1.5))

    def test_power_energy_and_total_agree(self):
        rows = [f"{i + 50},{10 + i % 5}" for i in range(24)]
        total = [f"{i + 50},{60 + i + i % 5}" for i in range(24)]
        documents = [self.pue(self.file(hourly(values, "timestamp," + heads))) for values, heads in (
            (rows, "it_kw,facility_kw"), (rows, "it_kwh,facility_kwh"), (rows, "IT power (MW),Facility power (MW)"),
            (total, "it_kw,total_kw"))]
        for document in documents:
            for a, b in zip(document["hours"], documents[0]["hours"]):
                self.assertAlmostEqual(a["mean"], b["mean"], places=12)
        unitless = self.file(hourly(rows, "timestamp,it_power,facility_power"))
        self.assertEqual(self.refused(unitless)[0], 65)
        self.assertAlmostEqual(self.pue(unitless, "--unit", "kW")["year"]["mean"], documents[0]["year"]["mean"], places=12)

    def test_meters_that_count_on(self):
        states = lambda day: [f"{1000 + 50 * i + 1200 * day},{200 + 10 * i + 240 * day}" for i in range(24)]
        heads = "timestamp,it_kwh,facility_kwh"
        text = hourly(states(0), heads) + hourly(states(1), heads, "2020-01-02").partition("\n")[2]
        code, message = self.refused(self.file(text))
        self.assertEqual(code, 65)
        self.assertIn("--energy cumulative", message)
        self.assertAlmostEqual(self.pue("hall.csv", "--energy", "cumulative")["year"]["mean"], 1.2, places=12)
        named = self.file(text.replace("it_kwh", "it_meter_kwh").replace("facility_kwh", "facility_meter_kwh"), "named.csv")
        self.assertAlmostEqual(self.pue(named)["year"]["mean"], 1.2, places=12)
        self.assertEqual(self.refused(named, "--energy", "interval")[0], 64)

    def metered(self, fault=lambda i, it, total: (it, total), heads="it_kwh,total_kwh"):
        """Eight days of hourly states of two meters, of which the hours have PUEs of 1.2 to 1.3, as `fault` changes them."""
        it, total, lines = 5e6, 6e6, ["timestamp," + heads]
        for i in range(192):
            row = ",".join(f"{value:.3f}" for value in fault(i, it, total))
            lines.append(f"2024-01-{1 + i // 24:02}T{i % 24:02}:00Z,{row}")
            it, total = it + 1000, total + 1200 + 100 * (i % 24 >= 12)
        return self.file("\n".join(lines) + "\n")

    def test_faults_of_meters_that_count_on(self):
        exchanged = lambda i, it, total: (it - 4.9e6, total - 5.9e6) if i >= 80 else (it, total)
        polled = lambda i, it, total: (0, 0) if i == 80 else (it, total)
        for fault, told in ((exchanged, "fell and stayed there"), (polled, "it is dropped")):
            code, message = self.refused(self.metered(fault))
            self.assertEqual(code, 65)
            self.assertIn("fall 1 time, as the states", message)
            for words in (["--energy", "cumulative"], []):
                table = self.metered(fault, "it_kwh,total_kwh" if words else "it_meter_kwh,total_meter_kwh")
                document = self.pue(table, *words)
                self.assertAlmostEqual(document["year"]["mean"], 1.25, delta=5e-4)
                self.assertAlmostEqual(document["year"]["daily_variation_pct"], 100 * (1.3 / 1.2 - 1), places=6)
                note = next(note for note in document["notes"] if told in note)
                self.assertIn("once, at 2024-01-04T08:00", note)
        code, message = self.refused(self.file(hourly([f"{5 + i % 3},{9 + i % 2}" for i in range(24)], "timestamp,it_meter_kwh,total_meter_kwh")))
        self.assertEqual(code, 65)
        self.assertIn("of no meter that counts on", message)

    def test_an_hour_far_out_is_pointed_at_and_counts(self):
        table = self.file(hourly(["100,130" if i != 7 else "100,8000" for i in range(24)], "timestamp,it_kw,total_kw"))
        document = self.pue(table)
        self.assertEqual(document["far_out"]["hours"], ["2020-01-01T07:00Z"])
        self.assertAlmostEqual(document["far_out"]["mean_without"], 1.3, places=9)
        self.assertAlmostEqual(document["year"]["mean"], (23 * 1.3 + 80) / 24, places=9)
        self.assertIsNone(document["year"]["variation_u_pct"])
        self.assertGreater(document["hours"][0]["u"], 0.01)
        out = self.joulery("pue", table).stdout.decode()
        self.assertIn("PUE of 80.000 at 2020-01-01T07:00Z", out)
        self.assertLessEqual(max(map(len, out.splitlines())), 100)

    def test_a_slower_meter_in_the_same_table(self):
        rows = [f"2020-01-{1 + i // 96:02}T{i // 4 % 24:02}:{15 * (i % 4):02}Z,{25 + i % 4},{133 if i % 4 == 0 else ''}" for i in range(960)]
        document = self.pue(self.file("\n".join(["timestamp,it_kwh,total_kwh", *rows]) + "\n"))
        self.assertAlmostEqual(document["year"]["mean"], 133 / 106, places=9)

    def test_flags_that_the_columns_contradict(self):
        table = self.file(hourly(["100,130"] * 24, "timestamp,it_kw,total_kw"))
        for words in (["--energy", "cumulative"], ["--unit", "kWh"], ["--unit", "MW"]):
            self.assertEqual(self.refused(table, *words)[0], 64, words)
        self.assertAlmostEqual(self.pue(table, "--unit", "kW")["year"]["mean"], 1.3, places=9)
        self.assertEqual(self.refused(self.file(hourly([1.2] * 24, "timestamp,pue_target")))[0], 65)

    def test_an_endless_input_is_refused(self):
        code, message = self.refused("/dev/zero")
        self.assertEqual(code, 65)
        self.assertIn("1024 MiB", message)

    def test_pue_below_one_names_file_and_line(self):
        text = hourly([1.2] * 7 + [0.95] + [1.2] * 16)
        code, message = self.refused(self.file(text))
        self.assertEqual(code, 65)
        self.assertIn("hall.csv:9", message)
        self.assertIn("0.95", message)
        self.assertEqual(self.pue("hall.csv", "--meter-accuracy", "5%")["readings_below_one"], 1)

        rows = ["100,95" if i == 5 else "100,120" for i in range(24)]
        code, message = self.refused(self.file(hourly(rows, "timestamp,it_kw,total_kw")))
        self.assertEqual(code, 65)
        self.assertIn("hall.csv, column total_kw, line 7", message)

    def test_columns_that_cannot_be(self):
        rows = ["100,20,120"] * 24
        for heads, told in (("it_kw,facility_kw,total_kw", "both"), ("pue,it_kw,facility_kw", "both"), ("it_kw,x_kw,y_kw", "facility_"),
                            ("x,y,z", "needs a column pue"), ("facility_kw,y,z", "needs a column pue"),
                            ("it_a_kw,it_b_kw,facility_kw", "2 columns of IT"), ("pue,pue_2,x", "2 columns of PUE"),
                            ("it_load,facility_kw,x", "no unit")):
            code, message = self.refused(self.file(hourly(rows, "timestamp," + heads)))
            self.assertEqual(code, 65, (heads, message))
            self.assertIn(told, message)

    def test_readings_that_cannot_be(self):
        heads = "timestamp,it_kw,facility_kw"
        good = ["100,20"] * 24
        for row, told in (("-1,20", "hall.csv:5"), ("100,-20", "hall.csv:5"), ("x,20", "hall.csv:5"), ("100", "hall.csv:5"),
                          ("nan,inf", "hall.csv:5")):
            code, message = self.refused(self.file(hourly(good[:3] + [row] + good[4:], heads)))
            self.assertEqual(code, 65, message)
            self.assertIn(told, message)
        for text in ("", heads + "\n", b"\xff\xfe\x00\xd8", b"\0" * 100, hourly(["0,20"] * 24, heads)):
            self.assertEqual(self.refused(self.file(text))[0], 65)

    def test_hours_without_it_and_gaps_are_counted(self):
        rows = ["0,20" if i == 3 else "100,20" for i in range(24)]
        lines = hourly(rows, "timestamp,it_kw,facility_kw").splitlines()
        del lines[11:13]
        left_out = self.pue(self.file("\n".join(lines) + "\n"))["left_out"]
        self.assertEqual((left_out["hours_without_it"], left_out["hours_without_readings"]), (1, 2))

    def test_wrong_command_lines(self):
        table = self.file(hourly([1.2] * 24))
        for words, told in (([], "FILE"), ([table, "--time-zone", "America/Denvr"], "America/Denver"),
                            ([table, "--meter-accuracy", "1"], "--meter-accuracy 0.5%"), ([table, "--meter-accuracy", "-1%"], "0%"),
                            ([table, "--energy", "x"], "cumulative"), ([table, "--unit", "kVA"], "--unit"), ([table, "--week", "x"], "--plot"),
                            ([table, "--it-capacity", "1"], "--it-capacity"), ([table, "--it-capacity", "0W"], "--it-capacity")):
            code, message = self.refused(*words)
            self.assertEqual(code, 64, (words, message))
            self.assertIn(told, message)
        self.assertEqual(self.refused("absent.csv")[0], 69)

    def test_a_model_needs_a_temperature(self):
        table = self.file(hourly([1.2] * 24))
        code, message = self.refused(table, "--model", "m.toml")
        self.assertEqual(code, 65)
        self.assertIn("temperature", message)
        self.assertFalse((self.dir / "m.toml").exists())
        self.file(hourly([f"{i}" for i in range(24)], "timestamp,temp_c"), "weather.csv")
        document = self.pue(table, "--temperature", "weather.csv")
        self.assertIsNone(document["model"])
        self.assertTrue(any("no model" in note for note in document["notes"]))


if __name__ == "__main__":
    unittest.main()
