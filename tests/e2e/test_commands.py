"""Every command: its help, its wrong uses, and its JSON."""
import json
import subprocess
import unittest

from harness import JOULERY, JouleryTest

COMMANDS = ["sensors", "run", "import", "mark", "runs", "show", "compare", "export", "rm",
            "recommend", "estimate", "account", "statement", "pue", "plan",
            "simulate", "submit", "site", "device"]


class Commands(JouleryTest):
    def test_help_is_a_sentence_flags_and_an_example_within_100_columns(self):
        for command in COMMANDS:
            done = self.joulery(command, "--help")
            text = done.stdout.decode()

            self.assertEqual((done.returncode, done.stderr), (0, b""), command)
            self.assertTrue(text.split("\n")[0].endswith("."), command)
            self.assertIn(f"\nusage: joulery {command} ", text)
            self.assertIn("\nexample:\n  joulery ", text)
            self.assertLessEqual(max(map(len, text.split("\n"))), 100)

    def test_the_overview_names_every_command(self):
        text = self.joulery("--help").stdout.decode()

        for command in COMMANDS:
            self.assertIn(f"\n  {command} ", text)
        self.assertTrue(self.joulery("--version").stdout.startswith(b"joulery "))

    def test_wrong_uses_are_64_and_name_what_is_wrong(self):
        (self.dir / "log.csv").write_text("")
        cases = [
            ([], "usage"),
            (["shw"], "show"),
            (["runs", "extra"], "extra"),
            (["runs", "--project"], "--project"),
            (["show"], "RUN"),
            (["show", "a", "b", "--json"], "--json"),
            (["show", "x", "--plt", "f"], "--plot"),
            (["compare", "one"], "two RUNs"),
            (["compare", "one", "two", "three"], "three"),
            (["export", "x", "--format", "xml"], "--format"),
            (["export", "x", "--format", "hdf5"], "--output"),
            (["export", "x", "--output", "."], "--output"),
            (["rm"], "RUN"),
            (["mark"], "NAME"),
            (["import"], "FILE"),
            (["import", "log.csv", "--format", "xml"], "--format"),
            (["import", "log.csv", "--interleaved", "0"], "--interleaved"),
            (["import", "log.csv", "--interleaved", "4.5"], "--interleaved"),
            (["import", "log.csv", "--begin", "yesterday"], "--begin"),
            (["import", "log.csv", "--begin", "2026-11-25T15:00:00Z", "--end", "2026-11-25T15:00:00Z"], "--end"),
            (["import", "log.csv", "--utc-offset", "1"], "--utc-offset"),
            (["import", "log.csv", "--pue", "0.5"], "--pue"),
            (["sensors", "--json", "--json=maybe"], "--json"),
        ]
        for words, what in cases:
            done = self.joulery(*words)

            self.assertEqual(done.returncode, 64, (words, done.stderr))
            self.assertIn(what, done.stderr.decode(), words)
            self.assertEqual(done.stdout, b"", words)

    def test_a_wrong_value_of_a_variable_names_the_variable(self):
        (self.dir / "file").write_text("")
        log = self.dir / "log.csv"
        log.write_text("timestamp,power_w\n2026-11-25T15:00:00Z,1\n2026-11-25T15:00:01Z,1\n")
        cases = [
            ("JOULERY_PERIOD", "abc", ["run", "--", "true"], b"--period (from JOULERY_PERIOD): "),
            ("JOULERY_PERIOD", "2h", ["run", "--", "true"], b"--period (from JOULERY_PERIOD): "),
            ("JOULERY_SITE", "nowhere", ["run", "--", "true"], b"--site (from JOULERY_SITE): "),
            ("JOULERY_SITE", "nowhere", ["import", str(log)], b"--site (from JOULERY_SITE): "),
            ("JOULERY_PROJECT", "last", ["import", str(log)], b"--project (from JOULERY_PROJECT): "),
            ("JOULERY_HOME", str(self.dir / "file"), ["runs"], b"JOULERY_HOME: "),
        ]
        for variable, value, words, blame in cases:
            done = self.joulery(*words, env=self.env | {variable: value})

            self.assertNotEqual(done.returncode, 0, words)
            self.assertIn(blame, done.stderr)

    def test_a_flag_that_was_typed_is_blamed_itself(self):
        done = self.joulery("run", "--period", "abc", "--", "true", env=self.env | {"JOULERY_PERIOD": "def"})

        self.assertIn(b"--period: ", done.stderr)
        self.assertNotIn(b"JOULERY_PERIOD", done.stderr)

    def test_an_unknown_run_is_65(self):
        for words in (["show", "nope"], ["rm", "nope"], ["export", "nope"], ["compare", "nope", "nope"], ["show", "last"]):
            done = self.joulery(*words)

            self.assertEqual(done.returncode, 65, (words, done.stderr))
            self.assertEqual(done.stdout, b"")

    def test_bad_logs_are_65_and_named(self):
        (self.dir / "empty.csv").write_text("")
        (self.dir / "noise.csv").write_bytes(bytes(range(256)))
        for name in ("empty.csv", "noise.csv"):
            done = self.joulery("import", name)

            self.assertEqual(done.returncode, 65, done.stderr)
            self.assertIn(name.encode(), done.stderr)
        self.assertEqual(self.runs(), [])

    def test_rm_removes_all_or_none(self):
        self.run_quiet("true", flags=["--name", "a"])
        self.run_quiet("true", flags=["--name", "b"])

        failed = self.joulery("rm", "a", "nope")
        kept = len(self.runs())
        removed = self.document("rm", "a", "b", "--json")

        self.assertEqual((failed.returncode, kept), (65, 2))
        self.assertEqual(removed["schema"], "joulery/rm/1")
        self.assertEqual(len(removed["removed"]), 2)
        self.assertEqual(self.runs(), [])

    def test_every_document_opens_with_its_schema(self):
        self.run_quiet("sleep", "0.3", flags=["--name", "a"])
        self.run_quiet("sleep", "0.3", flags=["--name", "b"])
        for words, schema in ((["sensors"], "sensors"), (["runs"], "runs"), (["show", "a"], "run"),
                              (["compare", "a", "b"], "compare")):
            document = self.document(*words, "--json")

            self.assertEqual(next(iter(document.items())), ("schema", f"joulery/{schema}/1"))
            self.assertTrue(self.joulery(*words).stdout.decode().strip())

    def test_export_gives_every_sample(self):
        self.run_quiet("sleep", "0.3", flags=["--period", "10ms", "--name", "a"])

        to_file = self.joulery("export", "a", "--format", "csv", "--output", "a.csv")
        to_stream = self.joulery("export", "a", "--format", "csv")

        self.assertEqual((to_file.returncode, to_stream.returncode), (0, 0), to_file.stderr)
        self.assertEqual((self.dir / "a.csv").read_bytes(), to_stream.stdout)
        json.loads(self.joulery("export", "a", "--format", "json").stdout)

    def test_a_full_disk_behind_standard_output_is_said(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([JOULERY, "runs"], stdout=full, stderr=subprocess.PIPE, env=self.env, timeout=30)

        self.assertEqual(done.returncode, 69)
        self.assertIn(b"standard output", done.stderr)


if __name__ == "__main__":
    unittest.main()
