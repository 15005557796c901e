"""`joulery run` and `sensors` on the stand-in's GPUs, whose truth is known: 250 W, and sensors without error."""
import csv
import io
import json
import re
import struct
import subprocess
import unittest

from harness import STANDIN, JouleryTest, wait_until

WATTS = 250
EXACT = f"model=A100;load=constant:level={WATTS};gain=1;offset=0;noise=0"
# Moves the simulated clock from 1000 s on by two seconds, and itself needs about as long.
DRIVER = """
import os, struct, time
clock = os.open("clock", os.O_WRONLY)
begin = time.monotonic()
while (passed := min(time.monotonic() - begin, 2)) < 2:
    os.pwrite(clock, struct.pack("d", 1000 + passed), 0)
    time.sleep(0.01)
os.pwrite(clock, struct.pack("d", 1002), 0)
time.sleep(0.2)
"""


@unittest.skipUnless(STANDIN, "JOULERY_STANDIN names no folder of the stand-in")
class Standin(JouleryTest):
    def setUp(self):
        super().setUp()
        self.env["LD_LIBRARY_PATH"] = STANDIN

    def simulate(self, configuration):
        self.env["JOULERY_STANDIN"] = configuration

    def simulate_with_clock(self, configuration):
        """Time stands still until DRIVER moves it, however slow this machine is."""
        (self.dir / "clock").write_bytes(struct.pack("d", 1000))
        self.simulate(f"{configuration};clock=file:{self.dir}/clock")

    def measure(self, *command, flags=()):
        done = self.run_quiet(*command, flags=["--output", "run.json", *flags])
        self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
        return json.loads((self.dir / "run.json").read_text())

    def channels(self):
        return self.document("sensors", "--json")["channels"]

    def uuids(self):
        ids = (channel["id"] for channel in self.channels() if channel["id"].endswith("/board/energy"))
        return [id.split("/")[1] for id in ids]

    def assert_covers(self, quantity, truth):
        self.assertLessEqual(abs(quantity["value"] - truth), 2 * quantity["u"], quantity)

    # ---- energies

    def test_four_intervals_cover_four_known_energies(self):
        levels = [100, 200, 300, 400]
        loads = ";".join(f"load.{i}=constant:level={watts}" for i, watts in enumerate(levels))
        self.simulate(f"gpus=4;{EXACT};{loads}")

        run = self.measure("sleep", "2")

        boards = gpus_of(run)
        self.assertEqual(len(boards), 4)
        for board, watts in zip(boards, levels):
            self.assert_covers(board["energy"], watts * run["duration"]["value"])
            self.assertEqual((board["source"], board["energy"]["class"]), ("nvml-counter", "measured"))
            self.assertEqual(board["flags"], ["simulated", "counter-coverage-unknown"])
            self.assertIn("arXiv 2312.02741", board["accuracy_source"])
        total = sum(part["energy"]["value"] for part in run["components"])
        self.assertAlmostEqual(run["it_energy"]["value"], total, places=6)

    def test_phases_tile_the_run(self):
        self.simulate(f"gpus=2;{EXACT}")
        script = "joulery mark load && sleep 0.5 && joulery mark train && sleep 0.7 && joulery mark load && sleep 0.3"

        run = self.measure("sh", "-c", script)

        phases = run["phases"]
        self.assertEqual([phase["name"] for phase in phases], ["(start)", "load", "train", "load"])
        for key in ("duration", "it_energy"):
            self.assertAlmostEqual(sum(phase[key]["value"] for phase in phases), run[key]["value"], places=5)
        for phase in phases:
            watts = 2 * WATTS + sum(part["mean_power"]["value"] for part in run["components"] if part["kind"] != "gpu")
            self.assert_covers(phase["it_energy"], watts * phase["duration"]["value"])

    def test_an_idle_stretch_gives_the_idle_energy(self):
        self.simulate(f"gpus=1;{EXACT}")

        run = self.measure("sleep", "1", flags=["--idle", "1s"])

        self.assert_covers(gpus_of(run)[0]["idle_energy"], WATTS * run["duration"]["value"])
        self.assertIn("--idle", self.measure("true")["components"][0]["idle_energy"]["why"])

    def test_a_calibration_is_applied_and_named(self):
        self.simulate(f"gpus=2;{EXACT}")
        calibrated, other = self.uuids()
        folder = self.home / "calibration"
        folder.mkdir(parents=True)
        (folder / f"{calibrated}.toml").write_text("gain = 0.8\nu_gain = 0.01\n")

        run = self.measure("sleep", "1")

        duration = run["duration"]["value"]
        first, second = gpus_of(run)
        self.assert_covers(first["energy"], 0.8 * WATTS * duration)
        self.assert_covers(second["energy"], WATTS * duration)
        self.assertIn(f"{calibrated}.toml", first["accuracy_source"])
        self.assertNotIn("toml", second["accuracy_source"])
        gains = [{part["what"]: part["u_j"] for part in board["budget"]}["gpu sensor gain"] for board in (first, second)]
        self.assertLess(gains[0], gains[1] / 4)
        self.assertEqual(second["id"], f"gpu/{other}/board")

    def test_a_wrong_calibration_is_named_before_anything_starts(self):
        self.simulate(f"gpus=1;{EXACT}")
        folder = self.home / "calibration"
        folder.mkdir(parents=True)
        (folder / f"{self.uuids()[0]}.toml").write_text("gain = 0.96\nu_gain = 3\n")

        done = self.run_quiet("touch", "started")

        self.assertEqual(done.returncode, 125)
        self.assertIn(b".toml:2:", done.stderr)
        self.assertFalse((self.dir / "started").exists())

    # ---- selection

    def test_only_the_chosen_boards_are_measured(self):
        self.simulate(f"gpus=4;{EXACT}")
        uuids = self.uuids()
        cases = [
            (["--gpus", "0,2"], {}, [0, 2]),
            (["--gpus", uuids[3]], {}, [3]),
            (["--gpus", f"{uuids[1]},2"], {}, [1, 2]),
            ([], {"CUDA_VISIBLE_DEVICES": "1"}, [1]),
            ([], {"CUDA_VISIBLE_DEVICES": uuids[2]}, [2]),
            ([], {"SLURM_JOB_GPUS": "0,3"}, [0, 3]),
            (["--gpus", "all"], {"CUDA_VISIBLE_DEVICES": "1"}, [0, 1, 2, 3]),
        ]
        plain = dict(self.env)
        for flags, variables, chosen in cases:
            self.env = {**plain, **variables}

            run = self.measure("true", flags=flags)

            self.assertEqual([board["id"] for board in gpus_of(run)], [f"gpu/{uuids[i]}/board" for i in chosen], flags)

    def test_a_board_that_is_not_there_is_refused_by_name(self):
        self.simulate(f"gpus=2;{EXACT}")

        done = self.run_quiet("touch", "started", flags=["--gpus", "2"])

        self.assertEqual(done.returncode, 125)
        self.assertIn(self.uuids()[1].encode(), done.stderr)
        self.assertFalse((self.dir / "started").exists())

    # ---- faults in mid-run, on a clock that the measured command moves

    def test_a_lost_board_costs_its_coverage_not_the_run(self):
        self.simulate_with_clock(f"gpus=2;{EXACT};fault=lost:gpu=1,at=1")

        run = self.measure("python3", "-c", DRIVER)

        kept, lost = gpus_of(run)
        self.assertEqual(run["exit_status"], 0)
        self.assertNotIn("sensor_lost", kept["flags"])
        self.assertIn("sensor_lost", lost["flags"])
        self.assertLess(lost["energy"]["coverage"], kept["energy"]["coverage"])
        self.assert_covers(kept["energy"], 2 * WATTS)
        self.assert_covers(lost["energy"], 2 * WATTS)
        self.assertLess(lost["samples"], kept["samples"])

    def test_a_counter_that_begins_again_is_no_negative_energy(self):
        self.simulate_with_clock(f"gpus=2;{EXACT};fault=reset:gpu=1,at=1")

        run = self.measure("python3", "-c", DRIVER)

        sound, reset = gpus_of(run)
        self.assertIn("counter_reset", reset["flags"])
        self.assertNotIn("counter_reset", sound["flags"])
        self.assert_covers(reset["energy"], 2 * WATTS)
        self.assertLess(reset["energy"]["coverage"], 1)

    def test_a_counter_that_stands_still_is_told_by_the_power_beside_it(self):
        self.simulate(f"gpus=1;{EXACT};fault=frozen")

        run = self.measure("sleep", "2")

        board, = gpus_of(run)
        self.assertIn("counter_frozen", board["flags"])
        self.assertEqual(board["energy"]["class"], "integrated")
        self.assert_covers(board["energy"], WATTS * run["duration"]["value"])

    def test_a_spike_of_the_counter_is_left_out(self):
        self.simulate_with_clock(f"gpus=1;{EXACT};fault=spike:joules=1000000,at=1")

        run = self.measure("python3", "-c", DRIVER)

        board, = gpus_of(run)
        self.assert_covers(board["energy"], 2 * WATTS)
        self.assertTrue({"spike", "counter_reset"} & set(board["flags"]), board["flags"])

    # ---- what cannot be read, and why

    def assert_unseen(self, fault, status, what):
        """No GPU is read; `sensors` says why, and the run goes on without. Returns its account."""
        self.simulate(f"gpus=1;{EXACT};fault={fault}")
        channel, = (channel for channel in self.channels() if channel["kind"] == "gpu")
        self.assertEqual(channel["status"], status)
        self.assertIn(what, channel["why"])
        self.assertTrue(channel["advice"])
        return self.measure("true")

    def assert_lower_bound(self, run):
        """Boards are there, nobody knows how many: the sum is without them, and says so."""
        board, = gpus_of(run)
        self.assertEqual((board["id"], board["energy"]["class"]), ("gpu/*/board", "missing"))
        self.assertIn("gpu", run["it_energy"]["excludes"])
        self.assertIn("lower_bound", run["flags"])

    def test_a_library_without_a_driver(self):
        self.assertEqual(gpus_of(self.assert_unseen("init", "unavailable", "Driver Not Loaded")), [])

    def test_no_permission_for_the_driver(self):
        self.assert_lower_bound(self.assert_unseen("init:code=4", "denied", "Insufficient Permissions"))

    def test_a_driver_of_another_version_than_its_library(self):
        self.assert_lower_bound(self.assert_unseen("init:code=18", "unavailable", "(18)"))

    def test_a_board_that_denies_everything_is_named_and_counted_as_unseen(self):
        self.simulate(f"gpus=2;{EXACT};fault=denied:gpu=0")

        channels = self.channels()
        run = self.measure("sleep", "0.5")  # several ticks of the counter

        self.assertEqual(channels[0]["id"], "gpu/0/board")
        self.assertNotEqual(channels[0]["status"], "ok")
        self.assertTrue(channels[0]["advice"])
        unseen, seen = gpus_of(run)
        self.assertEqual((unseen["id"], unseen["energy"]["class"]), ("gpu/0/board", "missing"))
        self.assertEqual(seen["energy"]["class"], "measured")
        self.assertIn("lower_bound", run["flags"])

    def test_a_denied_reading_is_denied_and_the_others_are_read(self):
        self.simulate(f"gpus=1;{EXACT};fault=denied:field=186")

        power, = (channel for channel in self.channels() if channel["id"].endswith("/power_instant"))
        run = self.measure("sleep", "1")

        self.assertEqual(power["status"], "denied")
        self.assert_covers(gpus_of(run)[0]["energy"], WATTS * run["duration"]["value"])

    def test_an_old_driver_without_the_newer_functions_gives_its_plain_power(self):
        names = ("nvmlDeviceGetFieldValues", "nvmlDeviceGetTotalEnergyConsumption")
        self.simulate(";".join([f"gpus=1;{EXACT}", *(f"fault=missing:call={name}" for name in names)]))

        run = self.measure("sleep", "1")

        board, = gpus_of(run)
        self.assertEqual((board["source"], board["energy"]["class"]), ("nvml-power", "integrated"))
        self.assert_covers(board["energy"], WATTS * run["duration"]["value"])

    # ---- what is not a plain board

    def test_a_board_with_instances_is_labelled_as_the_whole(self):
        self.simulate(f"gpus=1;{EXACT};fault=mig")

        self.assertIn("mig-parent", gpus_of(self.measure("true"))[0]["flags"])
        self.assertIn("MIG is on", self.channels()[0]["why"])

    def test_a_module_is_labelled_as_one(self):
        self.simulate(f"gpus=1;{EXACT};model=GH200;fault=module")

        board, = gpus_of(self.measure("true"))

        self.assertTrue(board["id"].endswith("/module"))
        self.assertIn("module-scope", board["flags"])
        self.assertIn("the whole module", self.channels()[0]["why"])

    def test_an_out_of_band_cap_shows_in_the_limits(self):
        self.simulate(f"gpus=1;{EXACT};model=H100;load=constant:level=650;fault=oob:watts=500")
        process = self.start("run", "--quiet", "--period", "10ms", "--", "cat", stdin=subprocess.PIPE)

        # Limits are read by a thread of their own: the command lasts until they are there.
        limits = wait_until(self.limits_of_the_last_run, "all limits are in the record")
        process.stdin.close()

        self.assertEqual(process.wait(), 0)
        self.assertEqual(limits, {"power_limit": 700, "power_limit_enforced": 500, "power_limit_default": 700})
        board, = gpus_of(self.document("show", "last", "--json"))
        self.assert_covers(board["mean_power"], 500)

    def limits_of_the_last_run(self):
        exported = self.joulery("export", "last", "--format", "csv")
        rows = csv.DictReader(io.StringIO(exported.stdout.decode()))
        found = {row["channel"].rsplit("/", 1)[1]: float(row["value"]) for row in rows if row["measure"] == "power_limit"}
        return found if len(found) == 3 else None

    # ---- text

    def test_what_was_simulated_stays_so_through_an_export_and_an_import(self):
        self.simulate("gpus=1;model=H100")
        self.run_quiet("sleep", "1")
        self.joulery("export", "last", "--format", "csv", "--output", "run.csv")

        run = self.document("import", "run.csv", "--json")

        board = gpus_of(run)[0]
        self.assertEqual(set(board["flags"]), {"simulated", "counter-coverage-unknown"})
        self.assertEqual((board["model"], board["source"]), ("NVIDIA H100 80GB HBM3", "nvml-counter"))

    def test_people_see_that_it_is_simulated(self):
        self.simulate(f"gpus=4;{EXACT}")

        done = self.joulery("run", "--", "sleep", "1")

        text = done.stderr.decode()
        self.assertRegex(text, r"a simulated device: no real energy was\s+measured")
        self.assertEqual(len(re.findall(r"\n +gpu/GPU-[^/]+/board +\d", text)), 4)
        self.assertLessEqual(max(map(len, text.split("\n"))), 100)


def gpus_of(run):
    return [part for part in run["components"] if part["kind"] == "gpu"]


if __name__ == "__main__":
    unittest.main()
