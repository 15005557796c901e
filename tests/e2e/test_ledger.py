"""The ledger as its users see it: several runs at once, damaged or missing parts, exports, pictures, a disk that is full."""
import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import unittest

from harness import PATIENCE_S, JouleryTest, become_nobody


class Ledger(JouleryTest):
    def measure(self, *names):
        for name in names:
            self.assertEqual(self.run_quiet("sleep", "0.3", flags=["--name", name]).returncode, 0)

    def sums(self):
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (self.home / "runs").iterdir()}

    def names(self):
        return [run["name"] for run in self.runs()]

    # ---- runs, show, compare, rm

    def test_a_run_is_found_by_id_prefix_name_and_last(self):
        self.measure("a", "b")
        newest, oldest = self.runs()

        for words, run in (("last", newest), ("b", newest), ("a", oldest), (newest["id"], newest)):
            self.assertEqual(self.document("show", words, "--json")["id"], run["id"])
        common = os.path.commonprefix([newest["id"], oldest["id"]])
        self.assertEqual(self.document("show", oldest["id"][:len(common) + 1], "--json")["id"], oldest["id"])
        ambiguous = self.joulery("show", common)
        self.assertEqual(ambiguous.returncode, 65)
        self.assertIn(newest["id"].encode(), ambiguous.stderr)
        self.assertIn(oldest["id"].encode(), ambiguous.stderr)

    def test_two_runs_are_compared_with_an_interval_of_the_difference(self):
        self.measure("a", "b")

        comparison = self.document("compare", "a", "b", "--json")
        text = self.joulery("compare", "a", "b").stdout.decode()

        self.assertEqual(comparison["schema"], "joulery/compare/1")
        self.assertIn("it_energy", json.dumps(comparison))
        self.assertLessEqual(max(map(len, text.split("\n"))), 100)

    def test_a_run_that_is_removed_is_gone_and_the_others_are_as_they_were(self):
        self.measure("a", "b")
        kept = {name: sum for name, sum in self.sums().items() if self.runs()[0]["id"] in name}

        self.assertEqual(self.joulery("rm", "a").returncode, 0)

        self.assertEqual(self.names(), ["b"])
        self.assertEqual(self.sums(), kept)

    # ---- the index is only a cache

    def test_an_index_that_is_missing_or_garbled_is_made_again(self):
        self.measure("a", "b")
        before = self.document("runs", "--json")
        index = self.home / "index.sqlite"
        self.assertTrue(index.exists())
        damages = [index.unlink, lambda: index.write_bytes(b""), lambda: index.write_bytes(os.urandom(5000)),
                   lambda: index.write_bytes(index.read_bytes()[:-100])]
        for damage in damages:
            damage()

            self.assertEqual(self.document("runs", "--json"), before)
            self.assertEqual(self.document("show", "a", "--json")["name"], "a")

    def test_a_record_that_is_no_record_is_named_and_hides_no_other(self):
        self.measure("a")
        broken = self.home / "runs" / "20200101T000000-aaaaaa.jrun"
        broken.write_bytes(b"noise")
        os.utime(broken, (0, 0))  # one that was just begun would be no problem yet

        listing = self.document("runs", "--json")

        self.assertEqual([run["name"] for run in listing["runs"]], ["a"])
        self.assertIn(broken.name, "".join(listing["problems"]))
        self.assertEqual(self.joulery("show", "20200101T000000-aaaaaa").returncode, 65)

    # ---- many at once, and homes that cannot be written

    def test_twelve_runs_at_once_are_twelve_records(self):
        names = sorted(f"run-{i}" for i in range(12))
        meters = [self.start("run", "--quiet", "--name", name, "--", "sleep", "0.5") for name in names]

        self.assertEqual([meter.wait(PATIENCE_S) for meter in meters], [0] * 12)

        self.assertEqual(sorted(self.names()), names)
        self.assertEqual(len({run["id"] for run in self.runs()}), 12)
        for name in names:
            self.assertEqual(self.document("show", name, "--json")["exit_status"], 0)

    @unittest.skipUnless(os.geteuid() == 0, "only root can show another user a home that it may not write")
    def test_a_home_that_is_read_only_is_still_read(self):
        self.measure("a")
        index = self.home / "index.sqlite"
        index.unlink(missing_ok=True)
        self.dir.chmod(0o755)
        for path in (self.home, *self.home.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)

        for words in (["runs"], ["show", "a"], ["export", "a", "--format", "csv"]):
            done = self.joulery(*words, preexec_fn=become_nobody)

            self.assertEqual(done.returncode, 0, (words, done.stderr))
        self.assertFalse(index.exists())
        refused = self.joulery("run", "--", "touch", "started", preexec_fn=become_nobody)
        self.assertEqual(refused.returncode, 125)
        self.assertIn(str(self.home).encode(), refused.stderr)
        self.assertFalse((self.dir / "started").exists())

    def test_a_full_disk_leaves_the_command_and_the_earlier_records_alone(self):
        self.mount_small_disk()
        self.measure("before")
        before = self.sums()
        filler = self.home / "filler"
        # The command fills the disk after its record was begun, works on, and ends as it wants.
        script = f"import time\nf = open({str(filler)!r}, 'wb', 0)\ntry:\n  while f.write(bytes(4096)): pass\n" \
                 "except OSError: pass\ntime.sleep(2.5)\nprint('done')\nraise SystemExit(7)"

        done = self.run_quiet("python3", "-c", script, flags=["--name", "full", "--period", "1ms"])

        self.assertEqual((done.returncode, done.stdout), (7, b"done\n"))
        self.assertIn(b"No space left", done.stderr)
        after = self.sums()
        self.assertEqual({name: after[name] for name in before}, before)
        filler.unlink()
        self.assertEqual(self.document("show", "before", "--json")["exit_status"], 0)
        self.assertEqual(sorted(self.names()), ["before", "full"])
        self.document("show", "full", "--json")

    def test_a_disk_that_is_full_beforehand_starts_nothing(self):
        self.mount_small_disk()
        self.measure("before")
        before = self.sums()
        with open(self.home / "filler", "wb", 0) as filler:
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:
                pass

        done = self.run_quiet("touch", str(self.dir / "started"))

        self.assertEqual(done.returncode, 125)
        self.assertIn(b"No space left", done.stderr)
        self.assertFalse((self.dir / "started").exists())
        self.assertEqual(self.sums(), before)

    def mount_small_disk(self):
        if os.geteuid() != 0:
            self.skipTest("only root can mount a small disk")
        self.home.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "joulery-e2e", str(self.home)], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest(f"no small disk can be mounted: {mounted.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", str(self.home)], check=True)

    # ---- exports and pictures

    def test_csv_json_and_hdf5_hold_the_same_samples(self):
        self.measure("a")
        rows = list(csv.DictReader(io.StringIO(self.joulery("export", "a", "--format", "csv").stdout.decode())))
        exported = json.loads(self.joulery("export", "a", "--format", "json").stdout)
        by_channel = {channel["id"]: channel for channel in exported["channels"] if channel["value"]}
        self.assertEqual(exported["run"], self.document("show", "a", "--json"))
        self.assertEqual({row["channel"] for row in rows}, set(by_channel))
        for id, channel in by_channel.items():
            mine = [row for row in rows if row["channel"] == id]
            self.assertEqual([float(row["value"]) for row in mine], channel["value"])
            self.assertEqual([int(row["time_us"]) for row in mine], channel["time_us"])

        done = self.joulery("export", "a", "--format", "hdf5", "--output", "a.h5")

        if b"joulery_hdf5.so" in done.stderr:
            self.skipTest("the module for HDF5 is not built here")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.dir / "a.h5").read_bytes()[:8], b"\x89HDF\r\n\x1a\n")
        if not shutil.which("h5dump"):
            self.skipTest("h5dump is not installed: nobody else reads the HDF5 file")
        for number, channel in enumerate(exported["channels"]):
            values = self.h5dump("-d", f"/channels/{number}/value", "-m", "%.17g")
            self.assertEqual([float(value) for value in values], channel["value"])
            self.assertEqual([int(time) for time in self.h5dump("-d", f"/channels/{number}/time_us")], channel["time_us"])

    def h5dump(self, *words):
        """The numbers of one dataset."""
        done = subprocess.run(["h5dump", "-y", "-w", "1", *words, "-o", "dump.txt", "a.h5"], cwd=self.dir, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return (self.dir / "dump.txt").read_text().replace(",", " ").split()

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_pictures_are_of_the_kind_that_their_name_says(self):
        self.measure("a", "b")
        for name, begin in (("p.svg", b"<?xml"), ("p.png", b"\x89PNG"), ("p.pdf", b"%PDF")):
            done = self.joulery("show", "a", "b", "--plot", name)

            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue((self.dir / name).read_bytes().startswith(begin), name)
        self.assertIn(b"power", (self.dir / "p.svg").read_bytes())
        self.assertEqual(self.joulery("show", "a", "--plot", "p.gif").returncode, 64)
        self.assertFalse((self.dir / "p.gif").exists())

    def test_a_picture_without_gnuplot_says_what_is_missing(self):
        self.measure("a")
        self.env["PATH"] = str(self.dir)

        done = self.joulery("show", "a", "--plot", "p.svg")

        self.assertEqual(done.returncode, 69)
        self.assertIn(b"gnuplot", done.stderr)


if __name__ == "__main__":
    unittest.main()
