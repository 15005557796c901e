"""`kill -9` of the meter, of the command and of both, at random moments: what was written is there and nothing else changed."""
import csv
import hashlib
import io
import os
import random
import signal
import time
import unittest

from harness import STANDIN, JouleryTest, is_running, wait_until

KILLS = int(os.environ.get("JOULERY_KILLS", "8"))
SEED = int(os.environ.get("JOULERY_SEED", "20261125"))
LATEST_S = 2.5  # a moment in two and a half rounds of the writer, which hands its samples over once a second
# At most a second of samples is in memory only. Besides, on a busy machine the threads that take and write them may
# get no processor for a while; 1.5 s is far more than that takes, and far less than a lost frame would cost.
LOST_S = 1 + 1.5


@unittest.skipUnless(STANDIN, "JOULERY_STANDIN names no folder of the stand-in")
class Kill(JouleryTest):
    def setUp(self):
        super().setUp()
        self.env["LD_LIBRARY_PATH"] = STANDIN
        self.env["JOULERY_STANDIN"] = "gpus=4;model=A100;load=train:period=0.35,low=90,high=380"
        self.random = random.Random(SEED)
        self.assertEqual(self.run_quiet("sleep", "0.2", flags=["--name", "whole"]).returncode, 0)

    def begin(self, name, **options):
        """A run at 100 Hz of a command that lasts; its meter, and the command's process id."""
        pid = self.dir / "pid"
        pid.unlink(missing_ok=True)
        command = ["sh", "-c", "echo $$ > pid.new; mv pid.new pid; exec sleep 1000"]
        meter = self.start("run", "--quiet", "--period", "10ms", "--name", name, "--", *command, **options)
        child = self.pid_in("pid")
        self.addCleanup(end, child)
        return meter, child

    def sums(self):
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (self.home / "runs").iterdir()}

    def assert_kept(self, before):
        """Not a byte of what was in the ledger before has changed."""
        after = self.sums()
        self.assertEqual({name: after.get(name) for name in before}, before)

    def newest_sample_s(self, name):
        """Of an exported run, on the wall clock; nothing where not one sample reached the disk."""
        exported = self.joulery("export", name, "--format", "csv")
        self.assertEqual(exported.returncode, 0, exported.stderr)
        rows = csv.DictReader(io.StringIO(exported.stdout.decode()))
        return max((int(row["time_us"]) for row in rows), default=0) / 1e6 or None

    def assert_reads_back(self, name, killed_s, lived_s):
        document = self.document("show", name, "--json")
        self.assertIn("incomplete", document["flags"])
        self.assertEqual((document["exit_status"], document["signal"]), (None, None))
        self.assertEqual(self.joulery("show", name).returncode, 0)
        newest = self.newest_sample_s(name)
        if newest is None:
            self.assertLess(lived_s, LOST_S)
            self.assertIn("killed before the first sample", document["it_energy"]["why"])
            return
        self.assertLess(killed_s - newest, LOST_S)
        if document["it_energy"]["value"] is not None:
            self.assertLess(document["duration"]["value"], lived_s + 1)

    def test_of_the_meter_loses_a_second_at_most(self):
        print(f"{KILLS} kills, JOULERY_SEED={SEED}", flush=True)
        clocks_apart = time.time() - time.monotonic()  # read once, as the meter does: a step of the wall clock is no matter
        for number in range(KILLS):
            name = f"killed-{number}"
            before = self.sums()
            began = time.monotonic()
            meter, child = self.begin(name)
            delay = self.random.uniform(0, LATEST_S)
            with self.subTest(number=number, seed=SEED, delay=delay):
                time.sleep(delay)
                killed = time.monotonic()
                meter.kill()
                meter.wait()

                self.assertTrue(is_running(child))
                self.assert_kept(before)
                self.assert_reads_back(name, killed + clocks_apart, killed - began)
            end(child)
        self.assert_all_are_listed(["whole", *(f"killed-{i}" for i in range(KILLS))])

    def assert_all_are_listed(self, names):
        for index in ("kept", "rebuilt"):
            if index == "rebuilt":
                (self.home / "index.sqlite").unlink(missing_ok=True)
            listing = self.document("runs", "--json")
            self.assertEqual(sorted(run["name"] for run in listing["runs"]), sorted(names), index)
            self.assertEqual(listing.get("problems", []), [])
        self.assertEqual(self.joulery("runs").returncode, 0)

    def test_of_a_meter_that_is_starting_leaves_a_sound_ledger(self):
        for number in range(KILLS):
            before = self.sums()
            meter = self.start("run", "--quiet", "--name", "starting", "--", "true")
            time.sleep(self.random.uniform(0, 0.03))
            meter.kill()
            meter.wait()

            self.assert_kept(before)
            self.assertEqual(self.joulery("show", "whole").returncode, 0)
        for run in self.runs():
            self.document("show", run["id"], "--json")

    def test_of_the_command_is_a_signal_in_its_account(self):
        meter, child = self.begin("ended")

        os.kill(child, signal.SIGKILL)

        self.assertEqual(meter.wait(), 128 + signal.SIGKILL)
        document = self.document("show", "ended", "--json")
        self.assertEqual((document["exit_status"], document["signal"]), (None, signal.SIGKILL))
        self.assertNotIn("incomplete", document["flags"])

    def test_of_both_at_once_reads_back(self):
        for number in range(2):
            before = self.sums()
            name = f"both-{number}"
            clocks_apart = time.time() - time.monotonic()
            began = time.monotonic()
            meter, child = self.begin(name, start_new_session=True)
            time.sleep(self.random.uniform(0, LATEST_S))
            killed = time.monotonic()
            os.killpg(meter.pid, signal.SIGKILL)
            meter.wait()

            wait_until(lambda: not is_running(child), "the command has ended too")
            self.assert_kept(before)
            self.assert_reads_back(name, killed + clocks_apart, killed - began)


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    unittest.main()
