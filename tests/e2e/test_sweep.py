"""`joulery sweep` on the stand-in's boards: jobs that slow under a cap as real ones do, and limits that always come back."""
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import unittest

from caps import CapTest
from harness import JOULERY, become_nobody, is_running, wait_until
from test_signals import Terminal

JOB = str(pathlib.Path(__file__).with_name("standin_job.py"))
COMPUTE, MEMORY, SMALL, NOISY = range(4)
# The last run's limit, asked for by the command itself.
LIMIT = "import ctypes as c; n = c.CDLL('libnvidia-ml.so.1'); n.nvmlInit_v2(); d = c.c_void_p(); w = c.c_uint(); " \
        "n.nvmlDeviceGetHandleByIndex_v2(0, c.byref(d)); n.nvmlDeviceGetPowerManagementLimit(d, c.byref(w)); " \
        "w = w.value / 1000; "
WAIT = "import time; time.sleep(0.3)"


class SweepTest(CapTest):
    """A board for each kind of job; all found at a limit that is not the default, 400 W."""

    found_w = (350.0,) * 4
    machine = "model=A100;gain=1;offset=0;noise=0;load.0=constant:level=390,compute=0.75;" \
              "load.1=constant:level=390,compute=0.1;load.2=constant:level=60;" \
              "load.3=train:period=0.05,high=390,noise=0.3,compute=0.9"

    def sweep(self, *flags, command, gpu=0, **options):
        words = ["--gpus", str(gpu), "--cool-down", "0s", "--seed", "1", "--output", "sweep.json", *flags]
        return self.joulery("sweep", *words, "--", *command, **options)

    def measure(self, *flags, command, gpu=0):
        """The document's only group, of a sweep in which nothing failed."""
        done = self.sweep(*flags, command=command, gpu=gpu)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return self.group()

    def group(self):
        document = json.loads((self.dir / "sweep.json").read_text())
        self.assertEqual(document["schema"], "joulery/sweep/1")
        group, = document["groups"]
        return group

    def assert_nothing_happened(self, done, *words):
        self.assertEqual(done.returncode, 125, done.stderr)
        for word in words:
            self.assertIn(word.encode(), done.stderr)
        self.assertFalse((self.dir / "started").exists())
        self.assertEqual(self.limits(), self.found_w)


class Jobs(SweepTest):
    """The cap that is recommended is in the right place: a sweep on each board, all at the same time."""

    flags = {COMPUTE: ["--caps", "150W,200W", "--repeat", "3"], MEMORY: ["--caps", "150W", "--max-slowdown", "40%"],
             SMALL: ["--caps", "100W", "--repeat", "2"], NOISY: ["--caps", "150W", "--repeat", "3"]}

    def words(self, gpu, *more):
        return ["sweep", "--gpus", str(gpu), "--cool-down", "0s", "--seed", "1", "--output", f"{gpu}.json", "--quiet",
                *self.flags[gpu], *more, "--", "python3", JOB, str(gpu), "0.6"]

    def group_of(self, gpu):
        group, = json.loads((self.dir / f"{gpu}.json").read_text())["groups"]
        return group

    def sweep_on(self, gpus):
        processes = [self.start(*self.words(gpu), stderr=subprocess.DEVNULL) for gpu in gpus]
        self.assertEqual([process.wait(120) for process in processes], [0] * len(processes))
        return {gpu: self.group_of(gpu) for gpu in gpus}

    @staticmethod
    def is_told(group):
        """Whether it tells its changes to 8 % (k = 1): on a busy machine jobs of 0.6 s scatter by more."""
        changes = [point for point in group["points"] if point["cap_w"] != group["baseline"]["cap_w"]]
        return all(max(point["energy_change_u_pct"], point["time_change_u_pct"]) < 8 for point in changes)

    def test_each_kind_of_job_gets_the_cap_that_suits_it(self):
        groups = self.sweep_on(self.flags)

        with self.subTest("a draw below the lowest cap makes all caps inert"):
            self.assertTrue(groups[SMALL]["cap_inert"])
            self.assertEqual(groups[SMALL]["recommended"]["cap_w"], 350)
        with self.subTest("noisy steps never make it recommend a cap that costs energy"):
            self.assertEqual(groups[NOISY]["recommended"]["cap_w"], 350)

        # What is to be found, rather than not to be, is asked of three sweeps at most.
        for _ in range(2):
            untold = [gpu for gpu in (COMPUTE, MEMORY) if not self.is_told(groups[gpu])]
            groups.update(self.sweep_on(untold))
        if not all(self.is_told(groups[gpu]) for gpu in (COMPUTE, MEMORY)):
            self.skipTest("this machine is too busy to tell what a cap changes")

        with self.subTest("compute-bound saves most at a middle cap and pays with time"):
            group = groups[COMPUTE]
            self.assertEqual(group["baseline"]["cap_w"], 350)
            self.assertEqual(group["recommended"]["cap_w"], 200)
            self.assertLess(group["recommended"]["energy_change_pct"], -5)
            self.assertGreater(group["recommended"]["time_change_pct"], 20)
            self.assertFalse(group["cap_inert"])
            self.assertTrue(all(point["binding"] for point in group["points"] if point["cap_w"] < 350))
        with self.subTest("memory-bound hardly slows at the lowest cap"):
            self.assertEqual(groups[MEMORY]["recommended"]["cap_w"], 150)
            self.assertLess(groups[MEMORY]["recommended"]["energy_change_pct"], -30)
        with self.subTest("a bound keeps the found limit where every cap is too slow, and asks the runs that there are"):
            done = self.joulery(*self.words(COMPUTE, "--max-slowdown", "2%", "--resume"))
            self.assertEqual(done.returncode, 0, done.stderr)
            group = self.group_of(COMPUTE)
            self.assertEqual(group["recommended"]["cap_w"], 350)
            self.assertTrue(all(run["resumed"] for run in group["runs"]))


class Runs(SweepTest):
    """What is left of a sweep."""

    def test_each_run_is_in_the_ledger_and_the_command_keeps_its_streams(self):
        done = self.sweep("--caps", "200W", "--repeat", "1", "--name", "mine", "--same", "file",
                          command=["sh", "-c", "echo out; echo same > file; sleep 0.3"])

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, b"out\n" * 3)
        self.assertLessEqual(max(len(line) for line in done.stderr.decode().split("\n")), 100)
        group = self.group()
        self.assertEqual((group["equal_work"], group["equal_work_by"]), (True, "file"))
        self.assertEqual([run["cap_w"] for run in group["runs"]], [350, 200, 350])
        runs = {run["id"]: run for run in self.runs()}
        self.assertEqual(set(runs), {run["id"] for run in group["runs"]})
        self.assertEqual({run["name"] for run in runs.values()}, {"mine"})
        self.assertEqual(self.limits(), self.found_w)
        self.assertEqual(self.records(), [])

    def test_a_command_that_fails_at_one_cap_marks_that_point_alone(self):
        done = self.sweep("--caps", "150W,200W", "--repeat", "1",
                          command=["python3", "-c", LIMIT + WAIT + "; exit(3 if w == 200 else 0)"])

        self.assertEqual(done.returncode, 1, done.stderr)
        points = {point["cap_w"]: point for point in self.group()["points"]}
        self.assertEqual({cap: point["failed"] for cap, point in points.items()}, {150: 0, 200: 1, 350: 0})
        self.assertIsNone(points[200]["time_s"])
        self.assertEqual(self.limits(), self.found_w)

    def test_a_limit_that_somebody_else_sets_is_left_alone_and_both_values_told(self):
        change = "n.nvmlDeviceSetPowerManagementLimit(d, 222000) if w == 200 else 0; import time; time.sleep(0.5)"

        done = self.sweep("--caps", "200W", "--repeat", "3", command=["python3", "-c", LIMIT + change])

        self.assertEqual(done.returncode, 1, done.stderr)
        group = self.group()
        self.assertEqual(len(group["runs"]), 2, "it ends with the run that was no longer controlled")
        self.assertFalse(group["runs"][1]["controlled"])
        self.assertIn("200 W was asked for, 222 W is requested now", " ".join(group["runs"][1]["notes"]))
        self.assertEqual(self.limits(), (222.0, *self.found_w[1:]))

    def test_each_run_reads_standard_input_from_where_it_stood(self):
        (self.dir / "prompts").write_text("one\ntwo\n")
        command = ["sh", "-c", "wc -c; sleep 0.2"]

        with open(self.dir / "prompts") as prompts:
            of_a_file = self.sweep("--caps", "200W", "--repeat", "1", command=command, stdin=prompts)
        of_a_pipe = self.sweep("--caps", "200W", "--repeat", "1", command=command, input=b"one\n")

        self.assertEqual(of_a_file.stdout.split(), [b"8"] * 3, of_a_file.stderr)
        self.assertEqual(of_a_pipe.stdout.split(), [b"0"] * 3, of_a_pipe.stderr)

    def test_processes_that_outlive_a_run_are_told(self):
        done = self.sweep("--caps", "200W", "--repeat", "1",
                          command=["sh", "-c", "sleep 30 > /dev/null 2>&1 & echo $! >> left; sleep 0.3"])

        for pid in (self.dir / "left").read_text().split():
            os.kill(int(pid), signal.SIGKILL)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("of 3 of the 3 runs processes went on", " ".join(self.group()["notes"]))

    def test_a_sweep_that_may_go_on_says_so_before_it_begins(self):
        flags = ["--caps", "200W", "--max-slowdown", "1000%"]  # far from what any scatter hides

        done = self.sweep(*flags, command=["sh", "-c", "echo started >&2; sleep 0.2"])
        quiet = self.sweep(*flags, "--quiet", command=["sleep", "0.2"])

        first, second = done.stderr.split(b"\n")[:2]
        self.assertEqual(first, b"joulery: 7 runs, up to 10 more where their scatter hides the bound (4 h at most; --repeat 3: none)")
        self.assertEqual(second, b"started")
        self.assertEqual(quiet.stderr, b"")

    def test_a_grid_sweeps_every_combination(self):
        (self.dir / "grid.toml").write_text("[axes]\nfirst = [1, 2]\nsecond = ['x']\n")

        done = self.sweep("--caps", "200W", "--repeat", "1", "--grid", "grid.toml",
                          command=["sh", "-c", "echo {first} $second; sleep 0.2"])

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, b"1 x\n" * 3 + b"2 x\n" * 3)
        document = json.loads((self.dir / "sweep.json").read_text())
        self.assertEqual([group["key"] for group in document["groups"]],
                         [{"first": "1", "second": "x"}, {"first": "2", "second": "x"}])
        self.assertEqual(document["means"][0]["groups"], 2)
        self.assertIn(b"relative energy", done.stderr)


class Refusals(SweepTest):
    """Before anything is started."""

    def test_wrong_words(self):
        started = ["touch", "started"]
        cases = [
            (["--caps", "50W"], started, ["--caps", "100W to 400W"]),
            (["--caps", "500W"], started, ["100W to 400W"]),
            (["--caps", "10%"], started, ["100W to 400W"]),
            (["--caps", "350W"], started, ["the limit in force"]),
            (["--caps", "200"], started, ["--caps", "for example"]),
            (["--caps", "150W,1200MHz"], started, ["'1200MHz' is a clock", "--caps 150W"]),
            (["--caps", "200W", "--repeat", "0"], started, ["--repeat"]),
            (["--caps", "200W", "--same", str(self.dir / "sweep.json")], started, ["--output and --same name the same file"]),
            (["--caps", "200W", "--json"], started, ["--output"]),
            (["--caps", "200W", "--objective", "cost"], started, ["--electricity-price"]),
            (["--caps", "200W", "--tag", "sweep=x"], started, ["--tag"]),
            (["--caps", "200W", "--resume"], started, ["--resume"]),
            (["--caps", "200W", "--plot", "x.jpg"], started, [".svg"]),
            (["--caps", "200W", "--device", "9"], started, ["--device"]),
            (["--caps", "200W"], ["srun", *started], ["srun"]),
            (["--caps", "200W"], ["env", "A=1", "nohup", "sbatch", *started], ["sbatch"]),
            (["--caps", "200W"], ["mpirun", "-H", "a,b", *started], ["mpirun -H"]),
            (["--caps", "200W"], ["joulery-no-such-command"], ["not found"]),
            ([], started, ["--caps"]),
        ]
        for flags, command, words in cases:
            with self.subTest(flags=flags, command=command):
                self.assert_nothing_happened(self.sweep(*flags, command=command), *words)
        self.assertEqual(self.runs(), [])
        self.assertEqual(self.records(), [])

    def test_an_output_on_the_commands_own_stream(self):
        done = self.joulery("sweep", "--caps", "200W", "--output", "-", "--", "touch", "started")

        self.assert_nothing_happened(done, "--output -", "sweep.json")

    def test_a_document_and_a_picture_in_one_file(self):
        done = self.joulery("sweep", "--caps", "200W", "--output", "x.svg", "--plot", "./x.svg", "--", "touch", "started")

        self.assert_nothing_happened(done, "--output and --plot name the same file")

    def test_a_user_without_rights_is_told_what_is_missing(self):
        self.dir.chmod(0o777)

        done = self.sweep("--caps", "200W", command=["touch", "started"], preexec_fn=become_nobody)

        self.assert_nothing_happened(done, "root")

    def test_a_device_that_somebody_holds(self):
        holder = self.start("cap", "set", "150W", "--device", "0", "--", "sh", "-c", "echo $$ > pid; exec sleep 1000",
                            stderr=subprocess.DEVNULL)
        self.addCleanup(os.kill, self.pid_in("pid"), signal.SIGKILL)

        done = self.sweep("--caps", "200W", command=["touch", "started"])

        self.assertEqual(done.returncode, 125)
        self.assertIn(str(holder.pid).encode(), done.stderr)
        self.assertFalse((self.dir / "started").exists())


class Endings(SweepTest):
    """However a sweep ends, the limits come back."""

    def begin(self):
        """A sweep in the midst of a capped run; its process."""
        command = ["sh", "-c", "echo x >> count; test $(wc -l < count) -ne 2 || { echo $$ > pid; exec sleep 1000; }; "
                               "exec sleep 0.3"]
        words = ["sweep", "--gpus", "0", "--caps", "200W", "--repeat", "1", "--cool-down", "0s", "--output", "sweep.json",
                 "--seed", "1"]
        process = self.start(*words, "--", *command, stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(process.stderr.close)
        self.child = self.pid_in("pid")
        self.assertEqual(self.limits()[0], 200)
        return process, [*words, "--resume", "--", *command]

    def test_ctrl_c_ends_it_cleanly_and_it_can_be_resumed(self):
        process, again = self.begin()

        os.killpg(process.pid, signal.SIGINT)
        stderr = process.communicate(timeout=30)[1]

        self.assertEqual(process.returncode, 1)
        self.assertIn(b"ended by signal 2", stderr)
        self.assertEqual(self.limits(), self.found_w)
        self.assertEqual(self.records(), [])
        first = self.group()["runs"]
        self.assertEqual([run["interrupted"] for run in first], [False, True])

        done = self.joulery(*again)

        self.assertEqual(done.returncode, 0, done.stderr)
        second = self.group()["runs"]
        # A baseline of its own for what follows, the cap, and the last baseline.
        self.assertEqual([run["resumed"] for run in second], [True, False, False, False])
        self.assertEqual(second[0]["id"], first[0]["id"])
        self.assertEqual(self.limits(), self.found_w)

    def test_sigterm_to_it_alone_ends_it_with_its_command(self):
        process, _ = self.begin()

        process.terminate()

        self.assertEqual(process.wait(30), 1)
        self.assertEqual(self.limits(), self.found_w)
        self.assertFalse(is_running(self.child))

    def test_ctrl_c_again_ends_a_command_that_heeds_no_signal(self):
        process = self.start("sweep", "--gpus", "0", "--caps", "200W", "--repeat", "1", "--cool-down", "0s", "--quiet", "--",
                             "python3", "-c", "import os, signal, time; signal.signal(2, signal.SIG_IGN); "
                             "signal.signal(15, signal.SIG_IGN); open('pid', 'w').write(str(os.getpid())); time.sleep(1000)",
                             stderr=subprocess.DEVNULL, start_new_session=True)
        child = self.pid_in("pid")

        def has_ended():
            os.killpg(process.pid, signal.SIGINT)
            return process.poll() is not None

        wait_until(has_ended, "the sweep ends")
        self.assertEqual(process.returncode, 1)
        self.assertFalse(is_running(child))
        self.assertEqual(self.limits(), self.found_w)
        self.assertEqual(self.records(), [])

    def test_after_kill_9_the_guard_gives_back(self):
        process, again = self.begin()
        self.addCleanup(lambda: is_running(self.child) and os.kill(self.child, signal.SIGKILL))

        process.kill()
        process.wait()

        self.assert_given_back()
        self.assertEqual(self.joulery(*again).returncode, 0)
        self.assertEqual([run["resumed"] for run in self.group()["runs"]], [True, False, False, False])


class OnATerminal(SweepTest):
    def test_it_tells_how_far_it_is_and_ctrl_c_ends_a_wait(self):
        words = ["--gpus", "0", "--caps", "200W", "--repeat", "1", "--cool-down", "1h", "--output", "sweep.json"]
        terminal = Terminal(self, JOULERY, "sweep", *words, "--", "sleep", "0.3")
        terminal.read_until(b"run 1 of 3: found 350 W")
        terminal.read_until(b"run 2 of 3: cooling down, about ")

        terminal.type(b"\x03")

        self.assertEqual(terminal.wait(), 1)
        self.assertIn(b"1 of 3 runs", terminal.text)
        self.assertEqual(self.limits(), self.found_w)
        self.assertEqual(self.records(), [])


class UnderSudo(SweepTest):
    def test_the_command_and_the_ledger_are_the_callers(self):
        nobody = pwd.getpwnam("nobody")
        self.dir.chmod(0o777)
        # Leases stand where nobody but root writes.
        self.leases = pathlib.Path(tempfile.mkdtemp(prefix="joulery-e2e-leases-")) / "leases"
        self.addCleanup(shutil.rmtree, self.leases.parent, ignore_errors=True)
        self.env["JOULERY_LEASE_DIR"] = str(self.leases)
        self.env.update(SUDO_UID=str(nobody.pw_uid), SUDO_GID=str(nobody.pw_gid))
        regain = "import os, time; print(os.getresuid(), os.getresgid(), os.getgroups())\n" \
                 "try: os.setuid(0); print('root again')\nexcept PermissionError: print('for good')\ntime.sleep(0.3)"

        done = self.sweep("--caps", "200W", "--repeat", "1", command=["python3", "-c", regain])

        self.assertEqual(done.returncode, 0, done.stderr)
        uid, gid = nobody.pw_uid, nobody.pw_gid
        self.assertEqual(done.stdout.decode(), f"{(uid,) * 3} {(gid,) * 3} [{gid}]\nfor good\n" * 3)
        for path in (self.dir / "sweep.json", *self.home.rglob("*")):
            self.assertEqual(path.stat().st_uid, uid, path)
        self.assertEqual([run["cap_w"] for run in self.group()["runs"]], [350, 200, 350])
        self.assertEqual(self.limits(), self.found_w)


if __name__ == "__main__":
    unittest.main()
