"""`joulery run` ends as its command does; other statuses say why there was none."""
import signal
import subprocess
import unittest

from harness import JOULERY, JouleryTest


class Status(JouleryTest):
    def test_every_exit_status_passes(self):
        script = 'i=0; while [ $i -le 255 ]; do "$0" run --quiet -- sh -c "exit $i"; echo $?; i=$((i + 1)); done'

        done = subprocess.run(["sh", "-c", script, JOULERY], env=self.env, cwd=self.dir, capture_output=True, timeout=240)

        self.assertEqual(done.stdout.decode().split(), [str(i) for i in range(256)])

    def test_a_signal_becomes_128_and_its_number_and_is_kept(self):
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM):
            done = self.run_quiet("sh", "-c", f"ulimit -c 0; kill -{int(number)} $$")

            self.assertEqual(done.returncode, 128 + number)
            document = self.document("show", "last", "--json")
            self.assertEqual((document["exit_status"], document["signal"]), (None, number))

    def test_a_command_that_is_not_there_is_127(self):
        for command in ("no-such-command", "./no-such-file", ""):
            done = self.run_quiet(command)

            self.assertEqual(done.returncode, 127, command)
            self.assertIn(b"not found", done.stderr)

    def test_a_file_that_cannot_be_executed_is_126(self):
        (self.dir / "plain").write_text("data")
        for command in ("./plain", "/etc", "./plain/x"):
            done = self.run_quiet(command)

            self.assertEqual(done.returncode, 126, command)

    def test_what_could_not_start_leaves_no_run(self):
        self.run_quiet("no-such-command", flags=["--output", "out.json"])

        self.assertEqual(self.runs(), [])
        self.assertFalse((self.dir / "out.json").exists())

    def test_a_script_without_interpreter_line_runs_as_in_a_shell(self):
        script = self.dir / "script"
        script.write_text("exit 9\n")
        script.chmod(0o755)

        self.assertEqual(self.run_quiet("./script").returncode, 9)

    def test_own_failures_before_the_start_are_125_and_nothing_started(self):
        (self.dir / "file").write_text("")
        cases = [
            (["--cap", "250W"], b"no power caps yet"),
            (["--period", "5"], b"--period"),
            (["--period", "5m"], b"--period"),
            (["--period", "0ms"], b"--period"),
            (["--period", "2h"], b"--period"),
            (["--idle", "-3s"], b"--idle"),
            (["--pue", "0.9"], b"--pue"),
            (["--pue", "nan"], b"--pue"),
            (["--intensity", "432"], b"--intensity"),
            (["--cloud-price", "2.48..0.74USD/h"], b"--cloud-price"),
            (["--electricity-price", "1USD"], b"--electricity-price"),
            (["--gpus", "zero"], b"--gpus"),
            (["--tag", "seed"], b"--tag"),
            (["--tag", "a=1", "--tag", "a=2"], b"--tag"),
            (["--name", "last"], b"--name"),
            (["--name", "a\nb"], b"--name"),
            (["--output", "no/such/dir/x"], b"--output"),
            (["--output", "."], b"--output"),
            (["--json"], b"--output"),
            (["--perod", "1s"], b"did you mean --period"),
        ]
        for flags, what in cases:
            done = self.joulery("run", *flags, "--", "touch", "started")

            self.assertEqual(done.returncode, 125, flags)
            self.assertIn(what, done.stderr, flags)
            self.assertEqual(done.stdout, b"")
            self.assertFalse((self.dir / "started").exists(), flags)

    def test_a_ledger_that_cannot_be_written_is_125_and_named(self):
        self.env["JOULERY_HOME"] = "/proc/joulery"

        done = self.run_quiet("touch", "started")

        self.assertEqual(done.returncode, 125)
        self.assertIn(b"/proc/joulery", done.stderr)
        self.assertFalse((self.dir / "started").exists())

    def test_a_flag_of_the_command_is_the_commands(self):
        done = self.run_quiet("echo", "--help", "--", "--period")

        self.assertEqual(done.stdout, b"--help -- --period\n")


if __name__ == "__main__":
    unittest.main()
