"""`joulery import`: the figures of recorded logs from the JSON document, bad files, and what `export` wrote."""
import csv
import datetime
import json
import os
import pathlib
import unittest

from harness import STANDIN, JouleryTest

DATA = os.environ.get("JOULERY_TEST_DATA")
SMI = "timestamp, power.draw [W]\n"
START = datetime.datetime(2026, 11, 25, 15, 0, tzinfo=datetime.timezone.utc)


class ImportTest(JouleryTest):
    def import_logs(self, *words):
        return self.document("import", *map(str, words), "--json")

    def log(self, name, text):
        (self.dir / name).write_text(text)
        return name

    def component(self, run, kind):
        return next(part for part in run["components"] if part["kind"] == kind)


@unittest.skipUnless(DATA, "JOULERY_TEST_DATA names no folder of recorded logs")
class RecordedLogs(ImportTest):
    def path(self, name):
        return pathlib.Path(DATA) / name

    # ---- wall meters of MLPerf: the plain mean of the samples in the closed window

    def window_of(self, log):
        result = json.loads(pathlib.Path(str(log).replace("__spl.txt", "__result.json")).read_text())
        return [datetime.datetime.strptime(result[key], "%m-%d-%Y %H:%M:%S.%f") for key in ("power_begin", "power_end")]

    def mean_by_text(self, log, begin, end):
        watts = []
        for fields in csv.reader(log.read_text().splitlines()):
            if begin <= datetime.datetime.strptime(fields[1], "%m-%d-%Y %H:%M:%S.%f") <= end:
                watts.append(float(fields[3]))
        return sum(watts) / len(watts)

    def test_every_wall_meter_window_has_its_plain_mean(self):
        logs = sorted(self.path("wall_meter_logs").glob("*__spl.txt"))
        self.assertEqual(len(logs), 9)
        for log in logs:
            begin, end = self.window_of(log)

            run = self.import_logs(log, "--begin", begin.isoformat() + "Z", "--end", end.isoformat() + "Z")

            node = self.component(run, "node")
            mean = self.mean_by_text(log, begin, end)
            self.assertAlmostEqual(node["mean_power"]["value"], mean, delta=1e-3, msg=log.name)
            seconds = (end - begin).total_seconds()
            self.assertAlmostEqual(run["duration"]["value"], seconds, delta=1e-6)
            self.assertAlmostEqual(run["it_energy"]["value"], mean * seconds, delta=1e-3 * seconds)
            if log.name.startswith("DGX-A100") and "resnet50" in log.name:
                self.assertAlmostEqual(node["mean_power"]["value"], 3458.6855, delta=1e-3)

    # ---- nvidia-smi beside an external meter, in British summer time

    def meter(self, name):
        rows = list(csv.DictReader(self.path(f"smi_vs_meter/{name}__meter_1ms.csv").read_text().splitlines()))
        joules = sum(float(row["total_w"]) for row in rows) * 1e-3
        times = [datetime.datetime.fromtimestamp(int(rows[i]["epoch_ms"]) / 1e3, datetime.timezone.utc) for i in (0, -1)]
        return joules, [time.isoformat() for time in times]

    def test_energies_by_nvidia_smi_cover_the_meter_beside_it(self):
        for name, smi_joules, meter_joules in (("transient_A100", 1613.0, 1711.6), ("5050_3090", 2529.8, 2693.4)):
            joules, (begin, end) = self.meter(name)
            self.assertAlmostEqual(joules, meter_joules, delta=0.5)

            run = self.import_logs(self.path(f"smi_vs_meter/{name}__nvidia_smi.csv"), "--utc-offset", "+01:00",
                                   "--begin", begin, "--end", end)

            energy = self.component(run, "gpu")["energy"]
            self.assertAlmostEqual(energy["value"], smi_joules, delta=0.01 * smi_joules)
            self.assertLessEqual(abs(energy["value"] - joules), 2 * energy["u"], energy)
            self.assertEqual(energy["class"], "integrated")

    def test_a_window_beside_the_log_is_refused_and_says_where_the_log_lies(self):
        log = self.path("smi_vs_meter/transient_A100__nvidia_smi.csv")

        done = self.joulery("import", log, "--begin", "2023-07-14T12:00:00Z", "--end", "2023-07-14T12:01:00Z")

        self.assertEqual(done.returncode, 65)
        self.assertIn(b"2023-07-14T10:10", done.stderr)

    def test_a_column_of_errors_is_named_and_the_rest_is_read(self):
        run = self.import_logs(self.path("smi_vs_meter/mlperf_run__nvidia_smi_unknown_error.csv"))

        flags = "\n".join(run["flags"])
        self.assertIn("missing_value clocks.current.sm [Unknown Error]", flags)
        self.assertIn("12792 times", flags)
        self.assertGreater(self.component(run, "gpu")["energy"]["value"], 0)

    # ---- tools that log energies

    def column_sum(self, path, column):
        return sum(float(row[column]) for row in csv.DictReader(path.read_text().splitlines()))

    def test_codecarbon_runs_keep_their_energy(self):
        log = self.path("codecarbon_logs/textgen_wikitext.csv")

        run = self.import_logs(log)

        for kind, column in (("cpu", "cpu_energy"), ("gpu", "gpu_energy"), ("dram", "ram_energy")):
            joules = 3.6e6 * self.column_sum(log, column)
            found = sum(part["energy"]["value"] for part in run["components"] if part["kind"] == kind)
            self.assertAlmostEqual(found, joules, delta=1e-6 * joules, msg=kind)
        self.assertEqual(run["it_energy"]["class"], "modelled")

    def test_cumulative_and_garbled_codecarbon_rows_are_named(self):
        run = self.import_logs(self.path("factors/codecarbon/emissions.csv"))

        self.assertIn("cumulative_rows", "\n".join(run["flags"]))
        done = self.joulery("import", self.path("factors/codecarbon/emissions_invalid_headers.csv"))
        self.assertEqual(done.returncode, 65)
        self.assertIn(b"emissions_invalid_headers.csv:1: ", done.stderr)

    def test_zeus_windows_keep_the_energy_of_every_gpu(self):
        for log in self.path("cap_sweeps").glob("*+*.csv"):
            gpus = [name for name in log.read_text().split("\n")[0].strip().split(",") if name.startswith("gpu")]

            run = self.import_logs(log)

            joules = sum(self.column_sum(log, name) for name in gpus)
            parts = [part["energy"]["value"] for part in run["components"]]
            self.assertEqual(len(parts), len(gpus))
            self.assertAlmostEqual(sum(parts), joules, delta=1e-6 * joules, msg=log.name)

    def test_tables_that_are_no_logs_are_refused_and_leave_nothing(self):
        for name in ("train_steps/mfu_aggregated_per_config_A100.csv", "gpu_hourly/cbsugpu09_usage_stats.txt",
                     "smi_vs_meter/transient_A100__meter_1ms.csv"):
            done = self.joulery("import", self.path(name))

            self.assertEqual(done.returncode, 65)
            self.assertIn(pathlib.Path(name).name.encode(), done.stderr)
        self.assertEqual(self.runs(), [])


class MadeLogs(ImportTest):
    def smi_rows(self, devices, seconds=10):
        """Bursts of one row a device, 1 ms apart, ten a second: device n draws 100 n W."""
        rows = []
        for burst in range(10 * seconds + 1):
            for device in range(1, devices + 1):
                time = START + datetime.timedelta(milliseconds=100 * burst + device - 1)
                rows.append(f"{time:%Y/%m/%d %H:%M:%S}.{time.microsecond // 1000:03d}, {100 * device}.00 W\n")
        return SMI + "".join(rows)

    def test_interleaved_devices_are_found_and_named(self):
        log = self.log("smi.csv", self.smi_rows(4))
        for words in ([], ["--interleaved", "4"]):
            run = self.import_logs(log, *words)

            watts = [round(part["mean_power"]["value"]) for part in run["components"]]
            self.assertEqual(watts, [100, 200, 300, 400])
            self.assertIn("interleaved_devices", "\n".join(run["flags"]))

    def test_stamps_without_a_zone_are_utc_unless_said(self):
        log = self.log("smi.csv", self.smi_rows(1))

        self.assertEqual(self.import_logs(log)["begin"], "2026-11-25T15:00:00.000Z")
        self.assertEqual(self.import_logs(log, "--utc-offset", "+01:00")["begin"], "2026-11-25T14:00:00.000Z")

    def test_a_window_is_cut_to_the_letter(self):
        run = self.import_logs(self.log("smi.csv", self.smi_rows(1)), "--begin", "2026-11-25T15:00:02Z", "--end",
                               "2026-11-25T16:00:05.5+01:00")

        self.assertAlmostEqual(run["duration"]["value"], 3.5, delta=1e-6)
        self.assertAlmostEqual(run["it_energy"]["value"], 350, delta=0.1)

    def test_what_is_mended_is_named(self):
        text = self.smi_rows(1)
        lines = text.splitlines(keepends=True)
        mended = "\ufeff" + "".join(lines[:50]) + "2026/11/25 15:0 W\n" + "".join(lines[50:]) + "2026/11/25 15:00:1"

        run = self.import_logs(self.log("smi.csv", mended))

        flags = "\n".join(run["flags"])
        self.assertIn("garbled_line", flags)
        self.assertIn("truncated_last_line", flags)
        self.assertAlmostEqual(run["it_energy"]["value"], 1000, delta=0.5)

    def test_bad_files_are_refused_with_their_line_and_leave_nothing(self):
        cases = {
            "empty.csv": ("", b"empty.csv"),
            "head.csv": (SMI, b"head.csv:1"),
            "words.csv": ("what is this\nno log\n", b"words.csv:1"),
            "lacks.csv": ("timestamp,device\n2026-11-25T15:00:00Z,a\n", b"lacks.csv:1"),
            "noise.csv": (SMI + "no row\n" * 20, b"noise.csv:2"),
        }
        good = self.log("good.csv", self.smi_rows(1))
        for name, (text, what) in cases.items():
            self.log(name, text)
            for words in ([name], [good, name]):
                done = self.joulery("import", *words)

                self.assertEqual((done.returncode, done.stdout), (65, b""), (words, done.stderr))
                self.assertIn(what, done.stderr)
        missing = self.joulery("import", "not-there.csv")
        self.assertIn(missing.returncode, (65, 69))
        self.assertIn(b"not-there.csv", missing.stderr)
        self.assertEqual(self.runs(), [])
        self.assertFalse(list(self.home.glob("runs/*")))

    def test_an_import_is_a_run_of_the_ledger(self):
        log = self.log("smi.csv", self.smi_rows(1))

        imported = self.import_logs(log, "--name", "old", "--pue", "1.5", "--intensity", "400g/kWh")

        self.assertEqual(self.document("show", "old", "--json"), imported)
        self.assertEqual(imported["origin"], "import:nvidia-smi")
        self.assertAlmostEqual(imported["site_energy"]["value"], 1.5 * imported["it_energy"]["value"], places=6)
        self.assertAlmostEqual(imported["carbon"]["value"], imported["site_energy"]["value"] / 3.6e6 * 400, places=6)


@unittest.skipUnless(STANDIN, "JOULERY_STANDIN names no folder of the stand-in")
class RoundTrip(ImportTest):
    def test_what_export_wrote_has_the_same_energy(self):
        self.env["LD_LIBRARY_PATH"] = STANDIN
        self.env["JOULERY_STANDIN"] = "gpus=2;model=A100;load=train:period=0.35,low=90,high=380"
        self.run_quiet("sleep", "2", flags=["--name", "live"])
        live = self.document("show", "live", "--json")
        self.assertEqual(self.joulery("export", "live", "--format", "csv", "--output", "live.csv").returncode, 0)
        begin = datetime.datetime.fromisoformat(live["begin"].replace("Z", "+00:00"))
        end = begin + datetime.timedelta(seconds=live["duration"]["value"])

        again = self.import_logs("live.csv", "--begin", begin.isoformat(), "--end", end.isoformat())

        self.assertEqual(again["origin"], "import:joulery")
        before, after = ({part["id"]: part for part in run["components"]} for run in (live, again))
        self.assertEqual(after.keys(), before.keys())
        for component, part in before.items():
            # The document gives the begin to the millisecond: at 400 W that moves 0.4 J an edge.
            self.assertAlmostEqual(after[component]["energy"]["value"], part["energy"]["value"], delta=1, msg=component)
            self.assertEqual(after[component]["energy"]["class"], part["energy"]["class"], component)


if __name__ == "__main__":
    unittest.main()
