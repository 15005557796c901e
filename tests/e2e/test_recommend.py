"""`joulery recommend`: the choice from tables as a user calls it, against one made here; bad tables; published numbers."""
import csv
import os
import pathlib
import shutil
import unittest

from harness import JouleryTest

DATA = os.environ.get("JOULERY_TEST_DATA")
TABLE = "network,cap_w,time_s,energy_j\na,250,100,20000\na,200,104,18000\na,150,120,16000\nb,250,10,3000\n"


class RecommendTest(JouleryTest):
    def table(self, text, name="caps.csv"):
        (self.dir / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def recommend(self, *words):
        return self.document("recommend", *map(str, words), "--json")

    def refused(self, *words):
        done = self.joulery("recommend", *map(str, words))
        self.assertEqual(done.stdout, b"")
        return done.returncode, done.stderr.decode()


class Tables(RecommendTest):
    def test_document(self):
        document = self.recommend(self.table(TABLE), "--max-slowdown", "5%")

        self.assertEqual(list(document), ["schema", "objective", "max_slowdown_pct", "groups"])
        self.assertEqual(document["schema"], "joulery/recommend/1")
        self.assertEqual((document["objective"], document["max_slowdown_pct"]), ("energy", 5))
        group = document["groups"][0]
        self.assertEqual(list(group), ["key", "baseline", "recommended", "points", "cap_inert", "notes"])
        self.assertEqual(group["key"], {"network": "a"})
        self.assertEqual(group["baseline"], {"cap_w": 250, "time_s": 100, "energy_j": 20000})
        self.assertEqual(group["recommended"]["cap_w"], 200)
        self.assertAlmostEqual(group["recommended"]["time_change_pct"], 4)
        self.assertAlmostEqual(group["recommended"]["energy_change_pct"], -10)
        self.assertEqual([point["cap_w"] for point in group["points"]], [150, 200, 250])
        self.assertEqual([point["binding"] for point in group["points"]], [True, False, False])
        self.assertFalse(group["cap_inert"])
        self.assertIn("missing caps", document["groups"][1]["notes"][0])

    def test_objectives(self):
        table = self.table(TABLE)
        best = lambda *words: self.recommend(table, *words)["groups"][0]["recommended"]["cap_w"]
        self.assertEqual(best(), 150)
        self.assertEqual(best("--objective", "edp"), 200)
        self.assertEqual(best("--base-power", "200W"), 200)
        self.assertEqual(best("--objective", "cost", "--electricity-price", "0.3USD/kWh"), 150)
        self.assertEqual(best("--objective", "cost", "--electricity-price", "0.3USD/kWh", "--cloud-price", "2USD/h"), 250)

    def test_node_and_devices_are_both_told(self):
        group = self.recommend(self.table(TABLE), "--base-power", "200W")["groups"][0]
        self.assertAlmostEqual(group["recommended"]["energy_change_pct"], -3)
        self.assertAlmostEqual(group["recommended"]["device_energy_change_pct"], -10)

    def test_text_fits_and_recommends(self):
        out = self.joulery("recommend", self.table(TABLE)).stdout.decode()
        self.assertIn("Recommended: 150 W, with 20.0 % more time and 20.0 % less energy than at 250 W.", out)
        self.assertLessEqual(max(map(len, out.splitlines())), 100)

    def test_bad_tables_name_file_line_and_column(self):
        head = "cap_w,time,energy\n250,1,1\n"
        for row, told in (("150,nan,1", "column 2 (time)"), ("150,1,inf", "column 3 (energy)"), ("x,1,1", "column 1"),
                          ("150,1", "2 columns, not 3"), ('150,1,"1', "open quote")):
            code, message = self.refused(self.table(head + row + "\n"))
            self.assertEqual(code, 65, message)
            self.assertIn("caps.csv:3", message)
            self.assertIn(told, message)
        for text in ("", "cap_w,time,energy\n", "cap_w,time\n1,1\n", b"\xff\xfe\x00\xd8", b"\0" * 100):
            self.assertEqual(self.refused(self.table(text))[0], 65)

    def test_wrong_command_lines(self):
        table = self.table(TABLE)
        for words, told in (([], "FILE"), ([table, "--max-slowdown", "5"], "--max-slowdown 5%"),
                            ([table, "--max-slowdown", "-5%"], "--max-slowdown"), ([table, "--base-power", "100"], "W"),
                            ([table, "--base-power", "nanW"], "--base-power"), ([table, "--objective", "time"], "edp"),
                            ([table, "--objective", "cost"], "--electricity-price"), ([table, "--by", "nope"], "network"),
                            ([table, "--by", "network,,"], "--by"), (["--preset", "x"], "mcdonald2022"),
                            ([table, "--preset", "mcdonald2022"], "FILE or --preset")):
            code, message = self.refused(*words)
            self.assertEqual(code, 64, (words, message))
            self.assertIn(told, message)
        self.assertEqual(self.refused("absent.csv")[0], 69)

    @unittest.skipUnless(shutil.which("gnuplot"), "no gnuplot")
    def test_plot(self):
        self.recommend("--preset", "mcdonald2022", "--plot", "caps.svg")
        self.assertIn(b"150 W *", (self.dir / "caps.svg").read_bytes())
        self.assertEqual(self.refused("--preset", "mcdonald2022", "--plot", "caps.bmp")[0], 64)
        self.assertFalse((self.dir / "caps.bmp").exists())

    def test_published_numbers(self):
        groups = self.recommend("--preset", "mcdonald2022")["groups"]
        answers = [(g["recommended"]["cap_w"], round(g["recommended"]["time_change_pct"], 6),
                    round(g["recommended"]["energy_change_pct"], 6)) for g in groups]
        self.assertEqual(answers, [(200, 8.2, -12.0), (150, 22.7, -24.2), (150, 8.5, -12.3), (150, 6.8, -13.7), (70, 0, 0)])
        self.assertTrue(all("NAACL 2022" in g["notes"][0] for g in groups))


@unittest.skipUnless(DATA, "JOULERY_TEST_DATA names no folder of recorded sweeps")
class RecordedTables(RecommendTest):
    def groups_of(self, path):
        groups = {}
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                key = tuple(row[name] for name in ("dataset", "network", "batch_size", "optimizer"))
                time = float(row["time_per_epoch"])
                groups.setdefault(key, []).append((float(row["power_limit"]), time, float(row["average_power"]) * time))
        return groups

    def optimum(self, rows, bound):
        longest = max(rows)[1] * (1 + bound)
        return min((energy, time, cap) for cap, time, energy in rows if time <= longest)[2]

    def test_every_group_has_its_own_optimum(self):
        count = 0
        for name in ("summary_power_v100.csv", "summary_power_a40.csv"):
            path = pathlib.Path(DATA) / "cap_sweeps" / name
            expected = self.groups_of(path)
            for bound, flags in ((float("inf"), ()), (0.05, ("--max-slowdown", "5%")), (0.10, ("--max-slowdown", "10%"))):
                groups = self.recommend(path, *flags)["groups"]
                self.assertEqual(len(groups), len(expected))
                for group in groups:
                    rows = expected[tuple(group["key"].values())]
                    self.assertEqual(group["recommended"]["cap_w"], self.optimum(rows, bound), group["key"])
                    cap, time, energy = max(rows)
                    self.assertEqual(group["cap_inert"], energy / time < min(rows)[0])
            count += len(expected)
        self.assertEqual(count, 121)

    def test_windows_of_several_devices(self):
        for path in (pathlib.Path(DATA) / "cap_sweeps").glob("*+resnet50+*.csv"):
            with open(path, newline="") as file:
                rows = [(float(row["window_name"].rsplit("_", 1)[1]), float(row["elapsed_time"]),
                         sum(float(row[key]) for key in row if key.endswith("_energy"))) for row in csv.DictReader(file)]
            group, = self.recommend(path)["groups"]
            self.assertEqual(group["recommended"]["cap_w"], self.optimum(rows, float("inf")), path.name)
            self.assertAlmostEqual(group["baseline"]["energy_j"], max(rows)[2], places=6)


if __name__ == "__main__":
    unittest.main()
