"""`joulery cap set 1200MHz` on the stand-in's boards: clocks are locked under a lease, and unlocked whoever is killed."""
import json
import time
import unittest

from caps import FOUND_W, GIVEN_BACK_S, HolderTest, Killing, end
from harness import JOULERY, wait_until

FREE_MHZ = (1410, 1410)  # of an A100 whose load stays below the limits found


class ClockTest(HolderTest):
    machine = "model=A100;load=constant:level=200;noise=0"
    asked = "1200MHz"

    def clocks(self):
        return tuple(self.boards.clock(index) for index in range(len(self.found_w)))

    def assert_unlocked(self):
        wait_until(lambda: self.clocks() == FREE_MHZ, "the clocks are unlocked", GIVEN_BACK_S)
        wait_until(lambda: not self.records(), "no record is left", GIVEN_BACK_S)
        self.assertEqual(self.limits(), FOUND_W)


class Clocks(ClockTest):
    def cap(self, *words, **options):
        return self.joulery("cap", *words, **options)

    def test_get_tells_the_range(self):
        devices = json.loads(self.cap("get", "--json").stdout)["devices"]

        self.assertEqual({(d["min_clock_mhz"], d["max_clock_mhz"]) for d in devices}, {(210, 1410)})
        self.assertIn(b"clocks can be locked, 210-1410 MHz", self.cap("get").stdout)

    def test_a_command_runs_with_locked_clocks(self):
        done = self.cap("set", "1.2GHz", "--device", "0", "--", "sh", "-c", f"{JOULERY} cap get --json; exit 7")

        self.assertEqual(done.returncode, 7, done.stderr)
        locked, free = json.loads(done.stdout)["devices"]
        self.assertEqual((locked["lease"]["clock_mhz"], locked["lease"]["asked_w"]), (1200, FOUND_W[0]))
        self.assertIsNone(free["lease"])
        self.assertIn(b"clocks are unlocked at the end; no driver tells whether they were locked before", done.stderr)
        self.assert_unlocked()

    def test_the_command_sees_the_lower_clock(self):
        holder = self.begin()
        child = self.child()

        self.assertEqual(self.clocks(), (1200, 1200))
        record = self.records()[0].read_text()
        self.assertIn("clock_mhz=1200\nfound_clock=unlocked,cannot-be-read\n", record)

        end(child)
        holder.wait()
        self.assert_unlocked()

    def test_for_a_time_and_restored(self):
        done = self.cap("set", "1200MHz", "--for", "2h", "--json")

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([d["lease"]["clock_mhz"] for d in json.loads(done.stdout)["devices"]], [1200, 1200])
        self.assertEqual(self.clocks(), (1200, 1200))
        self.assertEqual(self.cap("set", "150W", "--for", "1h").returncode, 69)  # one holder a board
        self.assertEqual(self.cap("restore").returncode, 0)
        self.assert_unlocked()

    def test_a_lock_that_somebody_ended_is_not_set_again(self):
        command = "echo $$ > pid.new; mv pid.new pid; until [ -e go ]; do sleep 0.05; done"
        holder = self.start("cap", "set", "1200MHz", "--", "sh", "-c", command, stderr=-1)
        self.child()
        self.boards.lock_clock(0, 0)
        wait_until(lambda: "foreign_clock_mhz=1410" in "".join(path.read_text() for path in self.records()), "it is seen", 10)
        self.boards.lock_clock(0, 1305)
        (self.dir / "go").touch()

        error = holder.communicate()[1].decode()

        self.assertIn("somebody else has ended or changed the lock", error)
        self.assertEqual(self.clocks(), (1305, FREE_MHZ[1]))

    def test_a_bad_clock_locks_nothing(self):
        for clock in ("200MHz", "1411MHz", "0MHz", "-1MHz", "nanMHz", "1200mHz", "1200"):
            self.assertEqual(self.cap("set", clock, "--for", "1h").returncode, 64, clock)
        self.assertEqual(self.clocks(), FREE_MHZ)
        self.assertEqual(self.records(), [])


class ClockKill(Killing, ClockTest):
    def test_of_the_holder(self):
        for number, delay in self.delays():
            with self.subTest(number=number, delay=delay):
                holder = self.begin()
                time.sleep(delay)
                holder.kill()
                holder.wait()

                wait_until(lambda: self.clocks() == FREE_MHZ, "the clocks are unlocked", GIVEN_BACK_S)
                self.end_child_if_begun()
                self.joulery("cap", "get")
                self.assert_unlocked()

    def test_of_the_guard_and_then_the_holder(self):
        for number, delay in self.delays():
            with self.subTest(number=number, delay=delay):
                holder = self.begin()
                child = self.child()
                guard, = self.guards()
                time.sleep(delay)
                end(guard)
                self.wait_for_a_new_guard(guard)
                self.assertEqual(self.clocks(), (1200, 1200))

                holder.kill()
                holder.wait()

                self.assert_unlocked()
                end(child)


if __name__ == "__main__":
    unittest.main()
