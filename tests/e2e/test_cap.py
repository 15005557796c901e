"""`joulery cap` on the stand-in's boards and on a tree of kernel files: limits are set and always given back."""
import json
import os
import signal
import unittest

from caps import FOUND_W, CapTest
from harness import JOULERY, JouleryTest, become_nobody, is_running, wait_until
from test_signals import Terminal

SLEEP = "echo $$ > pid.new; mv pid.new pid; exec sleep 1000"


class Cap(CapTest):
    def cap(self, *words, **options):
        return self.joulery("cap", *words, **options)

    def get(self, *words):
        return json.loads(self.cap("get", "--json", *words).stdout)

    # ---- get

    def test_get_tells_limits_and_that_nobody_holds_them(self):
        document = self.get()

        self.assertEqual(document["schema"], "joulery/cap/1")
        self.assertEqual([device["requested_w"] for device in document["devices"]], list(FOUND_W))
        for device in document["devices"]:
            self.assertEqual((device["min_w"], device["max_w"], device["default_w"]), (100, 400, 400))
            self.assertEqual((device["refused"], device["lease"]), ("", None))
        self.assertFalse(self.leases.exists())

    def test_get_names_who_holds_a_device(self):
        holder = self.start("cap", "set", "150W", "--device", "1", "--", "sh", "-c", SLEEP)
        self.addCleanup(os.kill, self.pid_in("pid"), signal.SIGKILL)

        free, held = self.get()["devices"]

        self.assertIsNone(free["lease"])
        lease = held["lease"]
        self.assertEqual((lease["pid"], lease["asked_w"], lease["found_w"]), (holder.pid, 150, FOUND_W[1]))
        self.assertIn("cap set 150W", lease["command"])
        self.assertIn(b"held", self.cap("get").stdout)

    # ---- set -- CMD

    def test_a_command_runs_capped_and_its_status_is_kept(self):
        done = self.cap("set", "150W", "--", "sh", "-c", f"{JOULERY} cap get --json; exit 7")

        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertEqual([d["requested_w"] for d in json.loads(done.stdout)["devices"]], [150, 150])
        self.assertEqual(self.limits(), FOUND_W)
        self.assertEqual(self.records(), [])
        wait_until(lambda: not any(is_running(pid) for pid in self.guards()), "the guard has ended")

    def test_a_terminal_that_is_gone_ends_the_command_and_with_it_the_cap(self):
        terminal = Terminal(self, JOULERY, "cap", "set", "150W", "--", "sh", "-c", SLEEP)
        child = self.pid_in("pid")
        self.addCleanup(lambda: is_running(child) and os.kill(child, signal.SIGKILL))
        self.assertEqual(self.limits(), (150, 150))

        os.close(terminal.fd)
        terminal.fd = os.open(os.devnull, os.O_RDONLY)  # it closes one itself
        terminal.status = os.waitstatus_to_exitcode(
            wait_until(lambda: (ended := os.waitpid(terminal.pid, os.WNOHANG))[0] and ended, "joulery ends")[1])

        self.assertEqual(terminal.status, 128 + signal.SIGHUP)
        self.assertFalse(is_running(child))
        self.assertEqual((self.limits(), self.records()), (FOUND_W, []))

    def test_a_limit_and_a_clock_go_together(self):
        look = f"{JOULERY} cap get --json --device 0"

        done = self.cap("set", "150W,1200MHz", "--device", "0", "--", "sh", "-c", look)
        held = self.cap("set", "1200MHz,60%", "--device", "0", "--for", "1h", "--json")
        self.cap("restore")

        for document, watts in ((done, 150), (held, 240)):
            lease = json.loads(document.stdout)["devices"][0]["lease"]
            self.assertEqual((lease["asked_w"], lease["clock_mhz"]), (watts, 1200))
        self.assertEqual((self.limits(), self.records()), (FOUND_W, []))

    def test_a_limit_and_a_clock_are_each_given_once_and_nothing_is_set_where_one_is_wrong(self):
        for setting, told in (("150W,200W", b"more than one power"), ("1GHz,1200MHz", b"more than one clock"),
                              ("99W,1200MHz", b"100 W to 400 W"), ("150W,99MHz", b"210 MHz to 1410 MHz"), ("150W,1200MHz,", b"'' is not a number with a unit")):
            done = self.cap("set", setting, "--device", "0", "--", "touch", "started")
            self.assertEqual(done.returncode, 125, setting)
            self.assertIn(told, done.stderr)
        self.assertFalse((self.dir / "started").exists())
        self.assertEqual((self.limits(), self.records()), (FOUND_W, []))

    def test_a_percentage_is_of_the_default_limit(self):
        done = self.cap("set", "60%", "--device", "0", "--", JOULERY, "cap", "get", "--json")

        self.assertEqual([d["requested_w"] for d in json.loads(done.stdout)["devices"]], [240, FOUND_W[1]])

    def test_under_sudo_the_command_is_the_callers(self):
        self.dir.chmod(0o755)
        env = {**self.env, "SUDO_UID": "65534", "SUDO_GID": "65534"}

        done = self.cap("set", "150W", "--", "sh", "-c", f"grep -E '^(Uid|CapEff)' /proc/self/status; {JOULERY} cap get --json", env=env)

        self.assertEqual(done.returncode, 0, done.stderr)
        status, _, document = done.stdout.decode().partition("{")
        self.assertEqual(status.split(), ["Uid:", *["65534"] * 4, "CapEff:", "0" * 16])
        devices = json.loads("{" + document)["devices"]
        self.assertEqual([d["requested_w"] for d in devices], [150, 150])
        self.assertEqual({d["lease"]["uid"] for d in devices}, {65534})
        self.assertIn("needs root", devices[0]["refused"])
        self.assertEqual(self.limits(), FOUND_W)

    def test_under_sudo_a_cap_for_a_time_is_the_callers(self):
        self.dir.chmod(0o755)
        env = {**self.env, "SUDO_UID": "65534", "SUDO_GID": "65534"}

        done = self.cap("set", "150W", "--for", "1h", "--json", env=env)

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([(d["requested_w"], d["lease"]["uid"]) for d in json.loads(done.stdout)["devices"]], [(150, 65534)] * 2)
        self.assertEqual(self.cap("restore", env=env).returncode, 0)
        self.assertEqual(self.limits(), FOUND_W)

    def test_nothing_is_done_for_a_caller_who_is_not_clear(self):
        env = {**self.env, "SUDO_UID": "65534"}

        run = self.cap("set", "150W", "--", "touch", "ran", env=env)
        get = self.cap("get", env=env)

        self.assertEqual((run.returncode, get.returncode), (125, 65))
        self.assertIn(b"SUDO_GID is not", run.stderr)
        self.assertFalse((self.dir / "ran").exists())

    def test_a_cap_just_outside_of_the_range_is_told_exactly(self):
        done = self.cap("set", "400.0004W", "--", "true")

        self.assertEqual(done.returncode, 125)
        self.assertIn(b"a cap of 400.0004 W is outside of its range, 100 W to 400 W", done.stderr)

    def test_a_cap_is_one(self):
        for cap in ("150W,200W", "0W", "500%", "150"):
            self.assertEqual(self.cap("set", cap, "--", "true").returncode, 125, cap)

    def test_a_command_that_is_not_there_leaves_no_cap(self):
        self.assertEqual(self.cap("set", "150W", "--", "no-such-command").returncode, 127)
        self.assertEqual(self.limits(), FOUND_W)

    def test_a_signal_goes_to_the_command_and_the_cap_ends_with_it(self):
        holder = self.start("cap", "set", "150W", "--", "sh", "-c", SLEEP)
        self.pid_in("pid")

        holder.terminate()

        self.assertEqual(holder.wait(), 128 + signal.SIGTERM)
        self.assertEqual(self.limits(), FOUND_W)

    def test_a_foreign_limit_is_left_as_it_is(self):
        command = f"echo $$ > pid.new; mv pid.new pid; until [ -e go ]; do sleep 0.05; done"
        holder = self.start("cap", "set", "150W", "--", "sh", "-c", command, stderr=-1)
        self.pid_in("pid")
        self.boards.set_limit(0, 200)
        (self.dir / "go").touch()

        error = holder.communicate()[1].decode()

        self.assertEqual(holder.returncode, 0)
        self.assertEqual(self.limits(), (200, FOUND_W[1]))
        self.assertIn("somebody else asked for 200 W, this lease for 150 W", error)
        self.assertEqual(self.records(), [])

    def test_a_measured_run_of_root_gives_back_what_dead_holders_left(self):
        holder = self.start("cap", "set", "150W", "--", "sh", "-c", SLEEP)
        child = self.pid_in("pid")
        self.addCleanup(os.kill, child, signal.SIGKILL)
        holder.send_signal(signal.SIGSTOP)  # starts no other guard
        for pid in self.guards():
            os.kill(pid, signal.SIGKILL)
        holder.kill()
        holder.wait()
        self.assertEqual(self.limits(), (150, 150))

        # A job's choice of boards is not that of the lease.
        done = self.joulery("run", "--quiet", "--", "true", env={**self.env, "CUDA_VISIBLE_DEVICES": "1"})

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.limits(), FOUND_W)
        self.assertEqual(self.records(), [])
        self.assertIn(b"back at 320 W", done.stderr)

    # ---- set --for, restore

    def test_for_a_time_the_command_returns_and_the_cap_ends_by_itself(self):
        done = self.cap("set", "150W", "--for", "5s", "--json")

        self.assertEqual(done.returncode, 0, done.stderr)
        devices = json.loads(done.stdout)["devices"]
        self.assertEqual([d["requested_w"] for d in devices], [150, 150])
        self.assertTrue(all(0 < d["lease"]["left_s"] <= 5 and d["lease"]["detached"] for d in devices))
        wait_until(lambda: self.limits() == FOUND_W, "the limits are back")
        wait_until(lambda: not self.records(), "no record is left")

    def test_restore_ends_it_early(self):
        self.assertEqual(self.cap("set", "150W", "--for", "2h").returncode, 0)

        done = self.cap("restore", "--json")

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([d["restored"] for d in json.loads(done.stdout)["given_back"]], [True, True])
        self.assertEqual(self.limits(), FOUND_W)
        self.assertEqual(self.records(), [])

    def test_restore_ends_no_cap_of_a_command(self):
        self.start("cap", "set", "150W", "--", "sh", "-c", SLEEP)
        self.addCleanup(os.kill, self.pid_in("pid"), signal.SIGKILL)

        self.assertEqual(self.cap("restore").returncode, 0)

        self.assertEqual(self.limits(), (150, 150))

    def test_a_second_cap_is_refused_with_the_holders_name(self):
        self.assertEqual(self.cap("set", "150W", "--for", "2h", "--device", "0").returncode, 0)

        for words in (["--for", "1h"], ["--", "touch", "ran"]):
            done = self.cap("set", "200W", *words)
            self.assertEqual(done.returncode, 125 if "--" in words else 69)
            self.assertRegex(done.stderr.decode(), r'held by ".*cap set 150W --for 2h.*" \(process \d+, user 0\)')
        self.assertFalse((self.dir / "ran").exists())
        self.assertEqual(self.limits(), (150, FOUND_W[1]))

    def test_of_many_at_once_one_holds_a_device_at_a_time(self):
        for _ in range(3):
            script = f"{JOULERY} cap get --json > seen.$$"
            many = [self.start("cap", "set", f"{150 + i}W", "--device", "0", "--", "sh", "-c", script, stderr=-1) for i in range(8)]
            errors = [process.communicate()[1].decode() for process in many]

            statuses = [process.returncode for process in many]
            self.assertIn(0, statuses)
            for status, error in zip(statuses, errors):
                self.assertTrue(status == 0 or (status == 125 and "held" in error), (status, error))
            seen = [json.loads(path.read_text())["devices"][0] for path in self.dir.glob("seen.*")]
            self.assertTrue(all(device["requested_w"] == device["lease"]["asked_w"] for device in seen), seen)
            self.assertEqual(self.limits(), FOUND_W)
            self.assertEqual(self.records(), [])

    # ---- refused

    def test_a_bad_cap_sets_nothing(self):
        for words, status in ((["50W"], 64), (["401W"], 64), (["0W"], 64), (["150"], 64), (["nan W"], 64), (["-5W"], 64),
                              (["0%"], 64), (["150W", "160W"], 64), ([], 64)):
            done = self.cap("set", *words, "--for", "1h")
            self.assertEqual(done.returncode, status, (words, done.stderr))
        self.assertEqual(self.cap("set", "150W").returncode, 64)
        self.assertEqual(self.cap("set", "150W", "--for", "1h", "--", "true").returncode, 64)
        self.assertEqual(self.cap("set", "150W", "--for", "1h", "--device", "9").returncode, 64)
        self.assertEqual(self.limits(), FOUND_W)
        self.assertEqual(self.records(), [])

    def test_nobody_may_read_and_not_set(self):
        self.dir.chmod(0o755)
        self.assertEqual(self.cap("set", "150W", "--for", "2h", "--device", "0").returncode, 0)

        seen = self.cap("get", "--json", preexec_fn=become_nobody)
        refused = self.cap("set", "200W", "--", "touch", "ran", preexec_fn=become_nobody)
        restore = self.cap("restore", preexec_fn=become_nobody)

        devices = json.loads(seen.stdout)["devices"]
        self.assertEqual([d["requested_w"] for d in devices], [150, FOUND_W[1]])
        self.assertIsNotNone(devices[0]["lease"])
        self.assertEqual(refused.returncode, 125)
        self.assertIn(b"needs root", refused.stderr)
        self.assertEqual(restore.returncode, 77)
        self.assertEqual(self.limits(), (150, FOUND_W[1]))

    def test_a_directory_that_others_may_write_to_is_refused(self):
        self.leases.mkdir()
        self.leases.chmod(0o777)

        done = self.cap("set", "150W", "--for", "1h")

        self.assertEqual(done.returncode, 65)
        self.assertIn(b"others may write to it", done.stderr)
        self.assertEqual(self.limits(), FOUND_W)


class Sysroot(JouleryTest):
    """RAPL on made files: no guard watches, the next joulery gives back."""

    ZONE = "sys/class/powercap/intel-rapl:0"

    def setUp(self):
        super().setUp()
        self.root = self.dir / "machine"
        (self.root / self.ZONE).mkdir(parents=True)
        for name, text in (("name", "package-0"), ("enabled", "1"), ("constraint_0_name", "long_term"),
                           ("constraint_0_max_power_uw", "205000000"), ("constraint_0_power_limit_uw", "200000000")):
            (self.root / self.ZONE / name).write_text(text + "\n")
        self.flags = ["--sysroot", str(self.root), "--device", "cpu/0/package"]

    def limit_uw(self):
        return int((self.root / self.ZONE / "constraint_0_power_limit_uw").read_text())

    def test_a_command_runs_under_a_limit_of_its_cpu(self):
        done = self.joulery("cap", "set", "150W", *self.flags, "--", "cat", str(self.root / self.ZONE / "constraint_0_power_limit_uw"))

        self.assertEqual((done.returncode, int(done.stdout)), (0, 150_000_000), done.stderr)
        self.assertEqual(self.limit_uw(), 200_000_000)
        self.assertEqual(list((self.root / "run/joulery/leases").glob("*.lease")), [])

    def test_what_a_killed_one_left_the_next_gives_back(self):
        holder = self.start("cap", "set", "150W", *self.flags, "--", "sh", "-c", SLEEP)
        child = self.pid_in("pid")
        self.addCleanup(os.kill, child, signal.SIGKILL)
        self.assertEqual(self.limit_uw(), 150_000_000)
        holder.kill()
        holder.wait()

        document = json.loads(self.joulery("cap", "get", *self.flags, "--json").stdout)

        self.assertEqual([d["restored"] for d in document["given_back"]], [True])
        self.assertEqual(self.limit_uw(), 200_000_000)

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_under_sudo_a_tree_is_read_with_the_callers_rights(self):
        self.dir.chmod(0o755)
        self.root.chmod(0o700)
        env = {**self.env, "SUDO_UID": "65534", "SUDO_GID": "65534"}

        found = self.joulery("cap", "get", "--sysroot", str(self.root), "--json", env=env)

        self.assertEqual(found.returncode, 0, found.stderr)
        self.assertEqual(json.loads(found.stdout)["devices"], [])

    def test_nothing_is_held_without_a_guard(self):
        done = self.joulery("cap", "set", "150W", *self.flags, "--for", "1h")

        self.assertEqual(done.returncode, 69)
        self.assertIn(b"no guard", done.stderr)
        self.assertEqual(self.limit_uw(), 200_000_000)

    def test_gpus_are_not_this_machines(self):
        done = self.joulery("cap", "set", "150W", "--sysroot", str(self.root), "--", "true")

        self.assertEqual(done.returncode, 125)
        self.assertIn(b"no GPU", done.stderr)


if __name__ == "__main__":
    unittest.main()
