"""Marks, survivors and documents of measured jobs."""
import json
import os
import signal
import subprocess
import unittest

from harness import JouleryTest, is_running


class Jobs(JouleryTest):
    def test_marks_become_phases_that_tile_the_run(self):
        done = self.run_quiet("sh", "-c", "sleep 0.2; joulery mark load; sleep 0.2; joulery mark 'epoch 1'")

        self.assertEqual((done.returncode, done.stderr), (0, b""))
        document = self.document("show", "last", "--json")
        phases = document["phases"]
        self.assertEqual([phase["name"] for phase in phases][-2:], ["load", "epoch 1"])
        total = sum(phase["duration"]["value"] for phase in phases)
        self.assertAlmostEqual(total, document["duration"]["value"], places=3)

    def test_a_mark_outside_of_a_job_is_69_and_names_the_variable(self):
        done = self.joulery("mark", "x")

        self.assertEqual(done.returncode, 69)
        self.assertIn(b"JOULERY_MARK_SOCKET", done.stderr)

    def test_a_mark_of_no_name_is_64(self):
        for name in ("", "a\nb", "x" * 300, b"\xff"):
            done = self.run_quiet("joulery", "mark", name)

            self.assertEqual(done.returncode, 64, name)

    def test_the_socket_is_gone_after_the_run(self):
        self.run_quiet("sh", "-c", "echo $JOULERY_MARK_SOCKET > path")

        path = (self.dir / "path").read_text().strip()
        self.assertTrue(path)
        self.assertFalse(os.path.exists(os.path.dirname(path)))

    def test_a_grandchild_that_outlives_the_command_is_reported(self):
        os.mkfifo(self.dir / "never")
        done = self.joulery("run", "--", "sh", "-c", "setsid sh -c 'echo $$ > pid; read line < never' >/dev/null 2>&1 & "
                                                     "until [ -s pid ]; do :; done")
        survivor = self.pid_in("pid")
        alive = is_running(survivor)
        os.kill(survivor, signal.SIGKILL)

        self.assertTrue(alive)
        self.assertIn(b"Still running after the command ended", done.stderr)
        self.assertIn(f"({survivor})".encode(), done.stderr)

    def test_output_is_the_document_that_show_prints(self):
        done = self.run_quiet("true", flags=["--output", "out.json", "--name", "größe", "--tag", "seed=17",
                                             "--pue", "1.3", "--intensity", "432g/kWh"])

        self.assertEqual(done.returncode, 0, done.stderr)
        written = json.loads((self.dir / "out.json").read_text())
        self.assertEqual(written, self.document("show", "größe", "--json"))
        self.assertEqual(written["schema"], "joulery/run/1")
        self.assertEqual(written["command"], ["true"])
        self.assertEqual(written["exit_status"], 0)
        self.assertEqual([p.name for p in self.dir.iterdir() if "joulery" in p.name], [])

    def test_output_can_be_a_pipe(self):
        reader, writer = os.pipe()
        done = self.run_quiet("true", flags=["--output", f"/proc/self/fd/{writer}"], pass_fds=[writer])
        os.close(writer)
        with os.fdopen(reader) as text:
            document = json.load(text)

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(document["schema"], "joulery/run/1")

    def test_a_document_that_cannot_be_written_at_the_end_leaves_the_status(self):
        (self.dir / "out").mkdir()

        done = self.run_quiet("sh", "-c", "rmdir out; exit 3", flags=["--output", "out/x.json"])

        self.assertEqual(done.returncode, 3)
        self.assertIn(b"out/", done.stderr)

    def test_many_runs_at_once_are_all_kept(self):
        processes = [self.start("run", "--quiet", "--", "sh", "-c", f"exit {i}", stderr=subprocess.PIPE) for i in range(12)]

        statuses = [process.wait(60) for process in processes]
        for process in processes:
            process.stderr.close()

        self.assertEqual(statuses, list(range(12)))
        self.assertEqual(sorted(run["exit_status"] for run in self.runs()), list(range(12)))


if __name__ == "__main__":
    unittest.main()
