"""`joulery estimate`: rows from flags and files, a measured run extended, published tables, and what is refused."""
import csv
import datetime
import json
import os
import pathlib
import unittest

from harness import JouleryTest

DATA = os.environ.get("JOULERY_TEST_DATA")
KWH = 3.6e6
LB = 453.59237
BERT = ("--device", "V100", "--count", "64", "--duration", "79.2h", "--node-power", "12041.51W",
        "--pue", "1.58", "--intensity", "0.954lb/kWh", "--cloud-price", "0.74..2.48USD/h")


class EstimateTest(JouleryTest):
    def estimate(self, *words):
        return self.document("estimate", *map(str, words), "--json")

    def row(self, *words):
        row, = self.estimate(*words)["rows"]
        return row

    def file(self, text, name="rows.toml"):
        (self.dir / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def refused(self, *words):
        done = self.joulery("estimate", *map(str, words))
        self.assertEqual(done.stdout, b"")
        return done.returncode, done.stderr.decode()


class Flags(EstimateTest):
    def test_document(self):
        document = self.estimate(*BERT, "--name", "BERT base", "--electricity-price", "0.12USD/kWh")

        self.assertEqual(list(document), ["schema", "rows"])
        self.assertEqual(document["schema"], "joulery/estimate/1")
        row = document["rows"][0]
        fixed = ["name", "duration", "it_energy", "site_energy", "carbon", "cloud_cost", "electricity_cost", "equivalents"]
        self.assertEqual([key for key in row if key in fixed], fixed)
        self.assertEqual(row["name"], "BERT base")
        self.assertEqual(row["duration"]["value"], 79.2 * 3600)
        self.assertAlmostEqual(row["site_energy"]["value"] / KWH, 1506.83, 2)
        self.assertAlmostEqual(row["carbon"]["value"] / LB, 1437.51, 2)
        self.assertEqual([round(row["cloud_cost"][end]["value"]) for end in ("low", "high")], [3751, 12571])
        self.assertAlmostEqual(row["electricity_cost"]["value"], 1506.83 * 0.12, 2)
        self.assertAlmostEqual(row["equivalents"][0]["count"], 1437.51 / 1984, 4)
        for key in ("duration", "it_energy", "site_energy", "carbon", "electricity_cost"):
            self.assertEqual(set(row[key]) - {"includes", "excludes"}, {"value", "unit", "u", "class", "coverage", "top"})

    def test_nothing_about_a_place_is_guessed(self):
        row = self.row("--device", "V100", "--count", "8", "--duration", "10h")

        self.assertEqual(row["it_energy"]["value"], 8 * 325 * 36000)
        for key, flag in (("site_energy", "--pue"), ("carbon", "--region"), ("electricity_cost", "--electricity-price")):
            self.assertIsNone(row[key]["value"])
            self.assertIn(flag, row[key]["why"])
        self.assertIn("--cloud-price", row["cloud_cost"]["low"]["why"])
        self.assertEqual(row["equivalents"], [])

    def test_text_fits(self):
        out = self.joulery("estimate", *BERT).stdout.decode()
        self.assertIn("1510 ± 190 kWh", out)
        self.assertLessEqual(max(map(len, out.splitlines())), 100)

    def test_refusals(self):
        work = ("--duration", "1h", "--power", "188W")
        for words, code, said in (
                (("--device", "V1OO", *work), 64, "V100"),
                ((*work, "--region", "germny"), 64, "germany"),
                ((*work, "--pue", "0.9"), 64, "below 1"),
                (("--duration", "-1h", "--power", "188W"), 64, "negative"),
                ((*work, "--cloud-price", "2..1USD/h"), 64, "upside down"),
                (("--duration", "1h", "--power", "188"), 64, "unit"),
                ((*work, "--energy", "3kWh"), 64, "second source"),
                (("--from", "nosuch", "--duration", "1h"), 65, "nosuch"),
                ((), 64, "needs duration"),
                (("--preset", "strubel"), 64, "strubell2019"),
                (("--preset", "llama2", "--pue", "1.1"), 64, "--pue"),
                (("no.toml", "--power", "1W"), 64, "rows of the file"),
                (("no.toml",), 69, "no.toml")):
            with self.subTest(words=words):
                status, message = self.refused(*words)
                self.assertEqual(status, code, message)
                self.assertIn(said, message)


class Files(EstimateTest):
    def test_rows_share_defaults_and_add_up(self):
        path = self.file('[defaults]\npue = 1.58\nintensity = "0.954lb/kWh"\n'
                         '[[row]]\nname = "big"\ncount = 8\nnode_power = "1515.43W"\nduration = "84h"\n'
                         '[[row]]\nname = "base"\ncount = 8\nnode_power = "1415.78W"\nduration = "12h"\npue = 1.1\n')
        document = self.estimate(path)

        big, base = document["rows"]
        self.assertEqual(round(big["carbon"]["value"] / LB), 192)
        self.assertAlmostEqual(base["site_energy"]["value"] / KWH, 1.1 * 12 * 1.41578)
        total = document["total"]
        self.assertAlmostEqual(total["carbon"]["value"], big["carbon"]["value"] + base["carbon"]["value"])
        self.assertAlmostEqual(total["carbon"]["u"], big["carbon"]["u"] + base["carbon"]["u"])
        self.assertEqual([row["pue"]["value"] for row in self.estimate(path, "--pue", "1.2")["rows"]], [1.2, 1.2])

    def test_refusals_name_file_and_line(self):
        for text, where in (("[[row]]\ncuont = 8\n", "rows.toml:2: "), ("[[row]]\ncount = 8\ncount = 9\n", "rows.toml:3: "),
                            ("[[row]]\nduration = '1h'\npower = '1W'\npue = 0.5\n", "rows.toml:4: pue"),
                            ("", "rows.toml:1: "), (b"[[row]]\nname = '\xff'\n", "rows.toml:2: "),
                            ("[[row]]\npower = '1W'\n", "rows.toml:1: needs duration")):
            with self.subTest(text=text):
                status, message = self.refused(self.file(text))
                self.assertEqual(status, 65)
                self.assertTrue(message.startswith("joulery: " + where), message)


class FromRun(EstimateTest):
    """A run on this machine, whatever tells its power, with somebody else's hours."""

    def setUp(self):
        super().setUp()
        done = self.run_quiet("sleep", "1.5", flags=("--name", "short", "--period", "20ms"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.account = self.document("show", "short", "--json")

    def test_extends_a_measured_run(self):
        row = self.row("--from", "short", "--duration", "84h", "--count", "3", "--pue", "1.5")

        seen = [part["mean_power"]["value"] for part in self.account["components"] if part["mean_power"]["value"] is not None]
        gpus = [part for part in self.account["components"] if part["kind"] == "gpu"]
        if not gpus:
            self.assertAlmostEqual(row["it_energy"]["value"] / (3 * 84 * 3600 * sum(seen)), 1, 2)
        self.assertEqual(row["it_energy"]["class"], "modelled")
        self.assertGreater(row["it_energy"]["u"], 0)
        self.assertLess(row["it_energy"]["coverage"], 0.001)
        self.assertTrue(set(self.account["it_energy"]["excludes"]) <= set(row["it_energy"]["excludes"]))
        self.assertIn("steadiness", row)
        self.assertTrue(any("steady" in note for note in row["notes"]), row["notes"])


@unittest.skipUnless(DATA, "JOULERY_TEST_DATA names no folder of recorded logs")
class RecordedMeters(EstimateTest):
    """The first quarter of a wall meter's log tells the other three within its interval, steady or not."""

    def part(self, log, name, begin, end):
        stamps = [stamp.isoformat(timespec="milliseconds") + "Z" for stamp in (begin, end)]
        return self.document("import", str(log), "--name", name, "--begin", stamps[0], "--end", stamps[1], "--json")

    def test_a_quarter_tells_the_rest(self):
        steady = []
        for log in sorted((pathlib.Path(DATA) / "wall_meter_logs").glob("*__spl.txt")):
            result = json.loads(log.with_name(log.name.replace("__spl.txt", "__result.json")).read_text())
            begin, end = (datetime.datetime.strptime(result[key], "%m-%d-%Y %H:%M:%S.%f") for key in ("power_begin", "power_end"))
            middle = begin + (end - begin) / 4
            self.part(log, "quarter", begin, middle)
            rest = self.part(log, "rest", middle, end)
            row = self.row("--from", "quarter", "--duration", f"{(end - middle).total_seconds()}s")
            with self.subTest(log=log.name):
                off = row["it_energy"]["value"] - rest["it_energy"]["value"]
                self.assertLessEqual(abs(off), 2 * row["it_energy"]["u"])
                self.assertLess(abs(off) / rest["it_energy"]["value"], 0.04)
                warned = any(note.startswith("warning") for note in row["notes"])
                self.assertEqual(warned, not row["steadiness"]["steady"])
                steady.append(row["steadiness"]["steady"])
        self.assertEqual((len(steady), sum(steady)), (9, 6))


class Presets(EstimateTest):
    def test_strubell2019(self):
        document = self.estimate("--preset", "strubell2019")
        verdicts = {}
        for table in document["tables"]:
            for row in table["rows"]:
                for cell in row["cells"]:
                    verdicts.setdefault(cell["verdict"], []).append((row["name"], cell["column"]))
        self.assertEqual(verdicts["other"], [("NAS, TPUv2x1", "hours")])
        self.assertEqual(verdicts["rounding"], [("NAS, TPUv2x1", "cloud, high")])
        self.assertEqual(len(document["rows"]), 11)
        self.assertIsNone(document["rows"][4]["it_energy"]["value"])

    def test_all_print(self):
        for name in ("strubell2019", "patterson2021", "llama2"):
            done = self.joulery("estimate", "--preset", name)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertLessEqual(max(map(len, done.stdout.decode().splitlines())), 100)


@unittest.skipUnless(DATA, "JOULERY_TEST_DATA names no folder of published rows")
class Published(EstimateTest):
    def test_rows_hold_to_their_tolerance(self):
        path = pathlib.Path(DATA) / "expected" / "published_energy_carbon_cost.csv"
        with open(path, newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["id"] != "llama2_total"]
        text = ""
        for row in rows:
            values = {"name": row["id"], "count": row["n_devices"], "pue": row["pue"]}
            values["duration"] = row["hours"] and row["hours"] + "h"
            values["device_hours"] = row["device_hours"] and row["device_hours"] + "h"
            values["intensity"] = row["ci_kg_per_kwh"] and row["ci_kg_per_kwh"] + "kg/kWh"
            values["power"] = row["power_w_per_device_or_total"] + "W" if row["power_w_per_device_or_total"] else "unknown"
            if row["price_lo_usd_per_device_h"]:
                values["cloud_price"] = f'{row["price_lo_usd_per_device_h"]}..{row["price_hi_usd_per_device_h"]}USD/h'
            text += "[[row]]\n" + "".join(f'{key} = "{value}"\n' for key, value in values.items() if value)
        ours = self.estimate(self.file(text))["rows"]
        self.assertEqual(len(ours), 21)
        for row, got in zip(rows, ours):
            figures = {"expected_energy_kwh": (got["site_energy"], KWH), "expected_tco2e": (got["carbon"], 1e6),
                       "expected_usd_lo": (got["cloud_cost"]["low"], 1), "expected_usd_hi": (got["cloud_cost"]["high"], 1)}
            for column, (quantity, scale) in figures.items():
                if row[column]:
                    with self.subTest(row=row["id"], column=column):
                        ratio = quantity["value"] / scale / float(row[column])
                        self.assertLessEqual(abs(ratio - 1), float(row["suggested_tol_pct"]) / 100)


if __name__ == "__main__":
    unittest.main()
