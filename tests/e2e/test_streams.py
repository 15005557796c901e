"""The standard streams of a measured command are its own, to the byte."""
import os
import subprocess
import unittest

from harness import JOULERY, JouleryTest


class Streams(JouleryTest):
    def test_binary_data_passes_unchanged(self):
        data = os.urandom(3_000_000)

        done = self.run_quiet("cat", input=data)

        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, data)
        self.assertEqual(done.stderr, b"")

    def test_the_account_goes_to_standard_error_only(self):
        done = self.joulery("run", "--", "printf", "out")

        self.assertEqual(done.stdout, b"out")
        self.assertIn(b"IT energy", done.stderr)

    def test_standard_error_of_the_command_comes_first_and_whole(self):
        done = self.joulery("run", "--", "sh", "-c", "printf '\\001\\377bad' >&2")

        self.assertTrue(done.stderr.startswith(b"\x01\xffbad"))

    def test_closed_streams_stay_closed(self):
        script = "import os\nfor fd in 0, 1, 2:\n  try: os.fstat(fd); bad = True\n  except OSError: pass\n" \
                 "os.open('ok', os.O_CREAT) if 'bad' not in globals() else None"
        closed = 'exec "$@" <&- >&- 2>&-'

        done = subprocess.run(["sh", "-c", closed, "sh", JOULERY, "run", "--", "python3", "-c", script],
                              env=self.env, cwd=self.dir, timeout=30)

        self.assertEqual(done.returncode, 0)
        self.assertTrue((self.dir / "ok").exists())
        self.assertEqual(len(self.runs()), 1)

    def test_a_reader_that_leaves_does_not_take_the_status_away(self):
        pipe_status = f"({JOULERY} run -- sh -c 'exit 3'; echo $? > status) 2>&1 | true"

        subprocess.run(["sh", "-c", pipe_status], env=self.env, cwd=self.dir, timeout=30)

        self.assertEqual((self.dir / "status").read_text(), "3\n")

    def test_input_that_the_command_leaves_is_there_for_the_next(self):
        path = self.dir / "lines"
        path.write_text("one\ntwo\n")

        with path.open() as lines:
            done = subprocess.run(["sh", "-c", f"{JOULERY} run --quiet -- head -c4 >/dev/null; cat"], stdin=lines,
                                  env=self.env, cwd=self.dir, capture_output=True, timeout=30)

        self.assertEqual(done.stdout, b"two\n")


if __name__ == "__main__":
    unittest.main()
