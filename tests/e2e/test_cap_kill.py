"""`kill -9` of the holder of a cap, of its guard and of its command in turn, at random moments: the limits found are back."""
import os
import shutil
import signal
import time
import unittest

from caps import FOUND_W, HolderTest, Killing, end
from harness import STANDIN, is_running


class CapKill(Killing, HolderTest):
    def test_of_the_holder(self):
        for number, delay in self.delays():
            with self.subTest(number=number, delay=delay):
                holder = self.begin()
                time.sleep(delay)
                holder.kill()
                holder.wait()

                self.assert_limits_are_back()
                self.end_child_if_begun()
                # Killed before its guard was there it had set nothing, and left a record at most.
                self.joulery("cap", "get")
                self.assertEqual(self.records(), [])
                self.assertEqual(self.limits(), FOUND_W)

    def test_of_the_guard(self):
        for number, delay in self.delays():
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
        for number, delay in self.delays():
            with self.subTest(number=number, delay=delay):
                holder = self.begin()
                child = self.child()
                time.sleep(delay)
                end(child)

                self.assertEqual(holder.wait(), 128 + signal.SIGKILL)
                self.assertEqual(self.limits(), FOUND_W)
                self.assertEqual(self.records(), [])

    def test_of_either_process_that_holds_a_cap_for_a_time(self):
        for number, delay in self.delays():
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
