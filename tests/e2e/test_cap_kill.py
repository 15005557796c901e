"""`kill -9` of the holder of a cap, of its guard and of its command in turn, at random moments: the limits found are back."""
import os
import random
import shutil
import signal
import time
import unittest

from caps import FOUND_W, CapTest
from harness import STANDIN, is_running, wait_until

KILLS = int(os.environ.get("JOULERY_KILLS", "6"))
SEED = int(os.environ.get("JOULERY_SEED", "20261125"))
LATEST_S = 0.6  # a cap is in force after some 0.3 s: half of the kills find it so, half are before or while it is set


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class CapKill(CapTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        print(f"{self.id()}: {KILLS} kills, JOULERY_SEED={SEED}", flush=True)

    def begin(self):
        (self.dir / "pid").unlink(missing_ok=True)
        command = "echo $$ > pid.new; mv pid.new pid; exec sleep 1000"
        return self.start("cap", "set", "150W", "--", "sh", "-c", command)

    def child(self):
        pid = self.pid_in("pid")
        self.addCleanup(end, pid)
        return pid

    def wait_for_a_new_guard(self, old):
        return wait_until(lambda: [pid for pid in self.guards() if pid != old and is_running(pid)], "a guard has taken its place")

    def test_of_the_holder(self):
        for number in range(KILLS):
            delay = self.random.uniform(0, LATEST_S)
            with self.subTest(number=number, delay=delay):
                holder = self.begin()
                time.sleep(delay)
                holder.kill()
                holder.wait()

                self.assert_limits_are_back()
                if (self.dir / "pid").exists():
                    end(self.pid_in("pid"))
                # Killed before its guard was there it had set nothing, and left a record at most.
                self.joulery("cap", "get")
                self.assertEqual(self.records(), [])
                self.assertEqual(self.limits(), FOUND_W)

    def test_of_the_guard(self):
        for number in range(KILLS):
            delay = self.random.uniform(0, LATEST_S)
            with self.subTest(number=number, delay=delay):
                holder = self.begin()
                child = self.child()
                guard, = self.guards()
                time.sleep(delay)
                end(guard)

                self.wait_for_a_new_guard(guard)
                self.assertEqual(self.limits(), (150, 150))
                # The new one guards as the old one did.
                holder.kill() if number % 2 else end(child)
                holder.wait()
                self.assert_given_back()
                end(child)

    def test_of_the_command(self):
        for number in range(KILLS):
            delay = self.random.uniform(0, LATEST_S)
            with self.subTest(number=number, delay=delay):
                holder = self.begin()
                child = self.child()
                time.sleep(delay)
                end(child)

                self.assertEqual(holder.wait(), 128 + signal.SIGKILL)
                self.assertEqual(self.limits(), FOUND_W)
                self.assertEqual(self.records(), [])

    def test_of_either_process_that_holds_a_cap_for_a_time(self):
        for number in range(KILLS):
            delay = self.random.uniform(0, LATEST_S)
            with self.subTest(number=number, delay=delay):
                self.assertEqual(self.joulery("cap", "set", "150W", "--for", "2h").returncode, 0)
                holder, = [pid for pid in self.guards("hold") if is_running(pid)]
                guard, = [pid for pid in self.guards() if is_running(pid)]
                time.sleep(delay)
                if number % 2:
                    end(guard)
                    self.wait_for_a_new_guard(guard)
                    self.assertEqual(self.limits(), (150, 150))
                end(holder)

                self.assert_given_back()

    def test_of_the_guard_and_the_holder_while_the_library_is_exchanged(self):
        library = self.dir / "library"
        shutil.copytree(STANDIN, library)
        self.env["LD_LIBRARY_PATH"] = str(library)
        holder = self.begin()
        child = self.child()
        guard, = self.guards()
        library.rename(self.dir / "away")
        end(guard)
        self.wait_for_a_new_guard(guard)
        time.sleep(0.5)  # so that it has looked for the library once
        self.assertEqual(self.limits(), (150, 150))

        (self.dir / "away").rename(library)
        holder.kill()
        holder.wait()

        self.assert_given_back()
        end(child)

    def test_of_holder_and_guard_is_mended_by_the_next(self):
        holder = self.begin()
        child = self.child()
        guard, = self.guards()
        os.kill(guard, signal.SIGSTOP)  # so that it cannot act between the two
        holder.kill()
        holder.wait()
        end(guard)
        self.assertEqual(self.limits(), (150, 150))

        done = self.joulery("cap", "get")

        self.assertIn(b"as it was found", done.stdout)
        self.assertEqual(self.limits(), FOUND_W)
        end(child)


if __name__ == "__main__":
    unittest.main()
