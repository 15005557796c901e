"""`--sysroot`: machines that this one is not, as trees of files whose counters move."""
import json
import os
import threading
import unittest

from harness import JouleryTest, become_nobody

ZONES = "sys/devices/virtual/powercap/intel-rapl"
XEON = ("GenuineIntel", "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz")
THREADRIPPER = ("AuthenticAMD", "AMD Ryzen Threadripper 2990WX 32-Core Processor")
CPU = "processor\t: {0}\nvendor_id\t: {1}\nmodel name\t: {2}\nphysical id\t: {3}\nflags\t\t: fpu\n\n"


# Two counters rise by 10 J ten times a second; the second one is empty from the fourth time on.
MOVE_THEN_EMPTY = """
import sys, time
living, dying = sys.argv[1:]
def put(path, joules):
    with open(path, 'r+') as file:
        file.write(f'{1_000_010 + joules * 1_000_000:012d}\\n')
for step in range(1, 11):
    put(living, 10 * step)
    put(dying, 10 * step) if step < 4 else open(dying, 'w').close()
    time.sleep(0.1)
"""


class Tree:
    """The files of a machine, as the kernel shows them."""

    def __init__(self, path):
        self.path = path
        self.counters = {}
        for folder in ("proc", "sys/class/powercap"):
            (path / folder).mkdir(parents=True)

    def add_cpus(self, vendor, model, sockets):
        self.write("proc/cpuinfo", "".join(CPU.format(i, vendor, model, i % sockets) for i in range(4)))

    def add_zone(self, entry, name, watts=0):
        """`intel-rapl:0:1` lies in `intel-rapl:0`; its counter rises by `watts` once turn() is called."""
        parts = entry.split(":")
        folder = "/".join([ZONES, *(":".join(parts[:n]) for n in range(2, len(parts) + 1))])
        self.write(f"{folder}/name", f"{name}\n")
        self.write(f"{folder}/max_energy_range_uj", "262143328850\n")
        self.counters[f"{folder}/energy_uj"] = (1_000_000 + len(self.counters), watts)
        (self.path / "sys/class/powercap" / entry).symlink_to(self.path / folder)
        self.set_counters(0)
        return folder

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # Replaced in place: the meter keeps the file open. Counters keep their number of digits, so that
        # a read never sees a part of one.
        with open(path, "r+" if path.exists() else "w") as file:
            file.write(text)

    def set_counters(self, joules_per_watt):
        for name, (start, watts) in self.counters.items():
            self.write(name, f"{start + round(1e6 * watts * joules_per_watt):012d}\n")


class Sysroot(JouleryTest):
    def setUp(self):
        super().setUp()
        self.tree = Tree(self.dir / "machine")
        self.flags = ["--sysroot", str(self.tree.path)]

    def measure(self, seconds):
        """A run in which every counter rises by `seconds` times its power, however long that takes."""
        script = "import os, pathlib\npathlib.Path('begun').touch()\nos.read(0, 1)"
        read, write = os.pipe()
        mover = threading.Thread(target=self.move, args=(seconds, write))
        mover.start()
        done = self.run_quiet("python3", "-c", script, flags=[*self.flags, "--output", "run.json"], stdin=read)
        mover.join()
        os.close(read)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads((self.dir / "run.json").read_text())

    def move(self, seconds, write):
        steps = 100
        still_s = 0.3  # three periods on both sides: where the readings at the edges fall changes nothing
        begun = threading.Event()
        while not (self.dir / "begun").exists():
            begun.wait(0.005)
        begun.wait(still_s)
        for step in range(1, steps + 1):
            self.tree.set_counters(seconds * step / steps)
            begun.wait(seconds / steps)
        begun.wait(still_s)
        os.close(write)

    def energies(self, run):
        return {part["id"]: part["energy"]["value"] for part in run["components"]}

    def reports(self):
        return self.document("sensors", "--json", *self.flags)["channels"]

    def test_two_packages_and_their_memory_are_each_counted_once(self):
        self.tree.add_cpus(*XEON, 2)
        for socket, watts in ((0, 120), (1, 80)):
            self.tree.add_zone(f"intel-rapl:{socket}", f"package-{socket}", watts)
            self.tree.add_zone(f"intel-rapl:{socket}:0", "core", watts / 2)
            self.tree.add_zone(f"intel-rapl:{socket}:1", "dram", watts / 10)
            self.tree.add_zone(f"intel-rapl-mmio:{socket}", f"package-{socket}", watts)

        run = self.measure(1)

        energies = self.energies(run)
        expected = {"cpu/0/package": 120, "cpu/1/package": 80, "dram/0": 12, "dram/1": 8}
        for component, joules in expected.items():
            self.assertAlmostEqual(energies[component], joules, delta=1e-3 * joules)
        self.assertAlmostEqual(run["it_energy"]["value"], 220, delta=0.3)
        self.assertEqual((run["it_energy"]["class"], run["it_energy"]["excludes"]), ("measured", []))
        cores = [part for part in run["components"] if part["id"].endswith("/core")]
        self.assertEqual([part["part_of"] for part in cores], ["cpu/0/package", "cpu/1/package"])

    def test_a_die_that_mirrors_another_is_counted_once(self):
        self.tree.add_cpus(*THREADRIPPER, 1)
        first = self.tree.add_zone("intel-rapl:0", "package-0-die-0", 68)
        mirror = self.tree.path / self.tree.add_zone("intel-rapl:1", "package-0-die-1") / "energy_uj"
        self.tree.counters.popitem()
        mirror.unlink()
        mirror.symlink_to(self.tree.path / first / "energy_uj")

        run = self.measure(1)

        packages = [part["energy"]["value"] for part in run["components"] if part["id"].endswith("/package")
                    and part["energy"]["value"]]
        self.assertEqual(len(packages), 1)
        self.assertAlmostEqual(packages[0], 68, delta=0.1)

    def test_an_empty_tree_says_what_is_missing(self):
        reports = self.reports()
        done = self.run_quiet("true", flags=[*self.flags, "--output", "run.json"])
        run = json.loads((self.dir / "run.json").read_text())

        self.assertEqual(done.returncode, 0)
        self.assertTrue(reports)
        for report in reports:
            self.assertEqual(report["status"], "unavailable")
            self.assertTrue(report["why"])
        self.assertEqual({"gpu", "cpu", "dram"}, {report["kind"] for report in reports})
        self.assertIsNone(run["it_energy"]["value"])
        self.assertTrue(run["it_energy"]["why"])
        self.assertEqual(run["it_energy"]["excludes"], ["cpu", "dram"])

    @unittest.skipUnless(os.geteuid() == 0, "only root can become a user who may not read the counters")
    def test_denied_counters_come_with_the_way_to_open_them(self):
        self.tree.add_cpus(*XEON, 1)
        folder = self.tree.add_zone("intel-rapl:0", "package-0", 100)
        (self.tree.path / folder / "energy_uj").chmod(0o400)
        self.dir.chmod(0o755)

        done = self.joulery("sensors", "--json", *self.flags, preexec_fn=become_nobody)

        self.assertEqual(done.returncode, 0, done.stderr)
        package, *_ = (report for report in json.loads(done.stdout)["channels"] if report["source"] == "powercap")
        self.assertEqual(package["status"], "denied")
        self.assertIn("energy_uj", package["why"])
        self.assertIn('SUBSYSTEM=="powercap"', package["advice"])

    def test_a_counter_that_goes_away_in_mid_run_costs_coverage(self):
        self.tree.add_cpus(*XEON, 2)
        self.tree.add_zone("intel-rapl:0", "package-0", 100)
        dying = self.tree.path / self.tree.add_zone("intel-rapl:1", "package-1", 100) / "energy_uj"
        living = dying.parent.parent / "intel-rapl:0" / "energy_uj"
        (self.dir / "move.py").write_text(MOVE_THEN_EMPTY)

        done = self.run_quiet("python3", "move.py", str(living), str(dying), flags=[*self.flags, "--output", "run.json"])

        self.assertEqual(done.returncode, 0, done.stderr)
        run = json.loads((self.dir / "run.json").read_text())
        seen = {part["id"]: part["energy"].get("coverage", 0) for part in run["components"] if "package" in part["id"]}
        self.assertLess(seen["cpu/1/package"], seen["cpu/0/package"])


if __name__ == "__main__":
    unittest.main()
