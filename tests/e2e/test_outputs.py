"""Files that a user names: whole or not at all, and nothing but their content changes."""
import os
import pathlib
import stat
import subprocess
import tempfile
import threading
import unittest

from harness import JouleryTest, become_nobody

LOG = "timestamp, index, power.draw [W]\n" + "".join(f"2026/11/25 15:00:{s:02d}.000, 0, 100.00 W\n" for s in range(20))


class Outputs(JouleryTest):
    def setUp(self):
        super().setUp()
        (self.dir / "log.csv").write_text(LOG)
        self.assertEqual(self.joulery("import", "log.csv").returncode, 0)

    def export(self, *flags, **options):
        return self.joulery("export", "last", *flags, **options)

    def read_pipe(self, *words):
        """What a command writes into the pipe that its last word names."""
        path = self.dir / words[-1]
        os.mkfifo(path)
        got = []
        reader = threading.Thread(target=lambda: got.append(path.read_bytes()), daemon=True)
        reader.start()
        done = self.joulery(*words)
        reader.join(10)
        self.assertTrue(stat.S_ISFIFO(path.stat().st_mode))
        return done, got

    def test_a_pipe_is_written_and_stays_a_pipe(self):
        for words, begin in [
            (("export", "last", "--output", "p.csv"), b"time_us"),
            (("show", "last", "--plot", "p.svg"), b"<?xml"),
        ]:
            done, got = self.read_pipe(*words)

            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(got[0].startswith(begin), got)

    def test_hdf5_refuses_a_pipe(self):
        os.mkfifo(self.dir / "p.h5")

        done = self.export("--format", "hdf5", "--output", "p.h5")

        self.assertEqual(done.returncode, 64, done.stderr)
        self.assertIn(b"plain file", done.stderr)
        self.assertTrue(stat.S_ISFIFO((self.dir / "p.h5").stat().st_mode))

    def test_a_descriptor_of_a_file_is_written(self):
        with tempfile.TemporaryFile(dir=self.dir) as file:
            before = sorted(os.listdir(self.dir))
            done = self.export("--output", f"/dev/fd/{file.fileno()}", pass_fds=[file.fileno()])
            file.seek(0)

            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(file.read().startswith(b"time_us"))
            self.assertEqual(sorted(os.listdir(self.dir)), before)

    def test_what_is_replaced_keeps_its_mode(self):
        path = self.dir / "run.csv"
        path.write_text("old")
        path.chmod(0o640)

        self.assertEqual(self.export("--output", "run.csv").returncode, 0)

        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)
        self.assertTrue(path.read_text().startswith("time_us"))

    def test_a_new_file_has_the_mode_that_the_umask_leaves(self):
        self.assertEqual(self.export("--output", "run.csv", umask=0o027).returncode, 0)

        self.assertEqual(stat.S_IMODE((self.dir / "run.csv").stat().st_mode), 0o640)

    def test_a_link_stays_and_its_file_is_written(self):
        (self.dir / "far").mkdir()
        for target in ("old.csv", "new.csv"):
            (self.dir / "far/old.csv").write_text("old")
            link = self.dir / f"link-{target}"
            link.symlink_to(f"far/{target}")

            self.assertEqual(self.export("--output", link.name).returncode, 0)

            self.assertTrue(link.is_symlink())
            self.assertTrue((self.dir / "far" / target).read_text().startswith("time_us"))

    def test_links_planted_beside_an_output_are_not_followed(self):
        victim = self.dir / "victim"
        victim.write_text("precious")
        shared = self.dir / "shared"
        shared.mkdir()
        # The names that a process of this number would take if it took it from there.
        script = (
            "import os\n"
            "pid = os.getpid()\n"
            "for name in (f'.joulery-{pid}-run.svg', f'.joulery-{pid}-run.svg.tmp.{pid}', f'run.svg.tmp.{pid}'):\n"
            "    os.symlink('../victim', f'shared/{name}')\n"
            "os.execvp('joulery', ['joulery', 'show', 'last', '--plot', 'shared/run.svg'])\n"
        )
        done = subprocess.run(["python3", "-c", script], cwd=self.dir, env=self.env, capture_output=True, timeout=30)

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(victim.read_text(), "precious")
        self.assertFalse((shared / "run.svg").is_symlink())

    def test_a_name_as_long_as_names_may_be(self):
        name = "n" * 251 + ".csv"

        self.assertEqual(self.export("--output", name).returncode, 0)
        self.assertTrue((self.dir / name).exists())

        too_long = self.export("--output", "n" + name)
        self.assertNotEqual(too_long.returncode, 0)
        self.assertIn(b"--output: ", too_long.stderr)

    def test_errors_name_what_the_user_typed(self):
        before = sorted(os.listdir(self.dir))

        wrong = self.joulery("show", "last", "--plot", "x.bmp")

        self.assertEqual(wrong.returncode, 64)
        self.assertIn(b"--plot x.bmp: ", wrong.stderr)
        self.assertEqual(sorted(os.listdir(self.dir)), before)
        for flags in (["--output", "none/x.csv"], ["--output", "none/x.h5", "--format", "hdf5"]):
            absent = self.export(*flags)
            self.assertNotEqual(absent.returncode, 0)
            self.assertIn(flags[1].encode(), absent.stderr)
            self.assertNotIn(b".joulery-", absent.stderr)

    @unittest.skipIf(os.geteuid() != 0, "needs root, to become a user without rights")
    def test_a_writable_file_in_a_directory_that_is_not(self):
        for path in self.dir, *self.dir.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        for path in self.home, *self.home.rglob("*"):
            os.chown(path, 65534, 65534)
        folder = self.dir / "locked"
        folder.mkdir()
        open_file = folder / "run.csv"
        open_file.write_text("old")
        open_file.chmod(0o666)

        written = self.export("--output", "locked/run.csv", preexec_fn=become_nobody)
        refused = self.export("--output", "locked/new.csv", preexec_fn=become_nobody)

        self.assertEqual(written.returncode, 0, written.stderr)
        self.assertTrue(open_file.read_text().startswith("time_us"))
        self.assertEqual(refused.returncode, 77, refused.stderr)
        self.assertIn(b"locked/new.csv", refused.stderr)


if __name__ == "__main__":
    unittest.main()
