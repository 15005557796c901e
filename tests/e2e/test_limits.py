"""Under limits of the system the command keeps its status, and the meter says what failed."""
import resource
import signal
import unittest

from harness import JouleryTest, wait_until


def limit(which, value):
    return lambda: resource.setrlimit(which, (value, value))


class Limits(JouleryTest):
    def test_no_room_for_threads_is_125_and_nothing_starts(self):
        small = limit(resource.RLIMIT_AS, 20 << 20)
        if self.joulery("--version", preexec_fn=small).returncode != 0:
            self.skipTest("a program with sanitizers does not start in 20 MiB of addresses")

        done = self.run_quiet("touch", "started", preexec_fn=small)

        self.assertEqual(done.returncode, 125, done.stderr)
        self.assertIn(b"thread", done.stderr)
        self.assertFalse((self.dir / "started").exists())

    def test_a_limit_on_file_sizes_costs_the_record_not_the_status(self):
        done = self.run_quiet("sh", "-c", "trap '' XFSZ; sleep 1.2; exit 7", flags=("--period", "1ms"),
                              preexec_fn=limit(resource.RLIMIT_FSIZE, 1024))

        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertIn(b"File too large", done.stderr)

    def test_an_ignored_hangup_does_not_end_the_idle_stretch(self):
        meter = self.start("run", "--quiet", "--idle", "2s", "--", "touch", "started",
                           preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        wait_until(lambda: list(self.home.glob("runs/*.tail")), "the idle stretch has begun")

        meter.send_signal(signal.SIGHUP)

        self.assertEqual(meter.wait(), 0)
        self.assertTrue((self.dir / "started").exists())


if __name__ == "__main__":
    unittest.main()
