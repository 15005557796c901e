"""`joulery submit` on a real Slurm: a job begins when its plan says, is paused by being requeued, and sbatch is not disturbed."""
import atexit
import datetime
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from harness import JouleryTest, become_nobody

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "slurm"))
from cluster import SlurmCluster, why_not  # noqa: E402

# A job says when it runs, and goes on from run to run as one that has checkpoints would.
SCRIPT = """#!/bin/sh
trap 'echo warned $SLURM_RESTART_COUNT >> log' USR1
echo run ${SLURM_RESTART_COUNT:-0} $(date +%s) >> log
until [ -e stop ]; do sleep 0.1; done
echo ended >> log
"""


def stamp(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def seconds(text):
    """Of a stamp that scontrol prints in the zone of this process."""
    return int(datetime.datetime.fromisoformat(text).timestamp())


class SubmitTest(JouleryTest):
    """A cluster for all tests of the program, and in each a plan that was written down."""

    cluster = None

    @classmethod
    def setUpClass(cls):
        if why_not():
            raise unittest.SkipTest(why_not())
        if SubmitTest.cluster is None:
            directory = tempfile.mkdtemp(prefix="joulery-slurm-", dir="/tmp")  # short: it has sockets
            atexit.register(shutil.rmtree, directory, ignore_errors=True)
            cluster = SlurmCluster(directory)
            atexit.register(cluster.stop)
            try:
                cluster.start()
            except AssertionError as error:
                raise unittest.SkipTest(f"Slurm does not start here: {error}") from error
            SubmitTest.cluster = cluster

    def setUp(self):
        super().setUp()
        self.env["SLURM_CONF"] = self.cluster.env["SLURM_CONF"]
        self.script = self.dir / "job.sh"
        self.script.write_text(SCRIPT)
        self.log = self.dir / "log"
        self.addCleanup(self.end_jobs)

    def end_jobs(self):
        for number in self.cluster.queue():
            subprocess.run(["scancel", str(number)], env=self.cluster.env, capture_output=True, timeout=30, check=False)
        self.cluster.wait_for_queue({})

    def plan(self, *slots, deadline=None):
        """Slots in whole seconds since 1970."""
        planned = {"start": stamp(slots[0][0]), "end": stamp(slots[-1][1]), "slots": [[stamp(begin), stamp(end)] for begin, end in slots]}
        document = {"schema": "joulery/plan/1", "planned": planned}
        if deadline:
            document["deadline"] = stamp(deadline)
        path = self.dir / "plan.json"
        path.write_text(json.dumps(document))
        return str(path)

    def submit(self, plan, *words, flags=(), **options):
        return self.joulery("submit", "--plan", plan, *flags, "--", *words, **options)

    def submitted(self, plan, *words, flags=(), **options):
        """The number of the job."""
        done = self.submit(plan, "sbatch", "--parsable", "--output=/dev/null", *words, flags=flags, **options)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return int(done.stdout)


class Begin(SubmitTest):
    def test_the_job_begins_when_the_plan_says(self):
        begin = int(time.time()) + 4

        number = self.submitted(self.plan((begin, begin + 60)), "--time=2", self.script)

        job = self.cluster.job(number)
        self.assertEqual(job["JobState"], "PENDING")
        self.assertEqual(seconds(job["StartTime"]), begin)
        job = self.cluster.wait_for(number, lambda job: job["JobState"] == "RUNNING", "runs")
        self.assertEqual(seconds(job["EligibleTime"]), begin)
        self.assertGreaterEqual(seconds(job["StartTime"]), begin)

    def test_a_script_on_standard_input_is_read_and_handed_on(self):
        begin = int(time.time()) + 600
        plan = self.plan((begin, begin + 60))
        script = b"#!/bin/sh\n#SBATCH --time=7 --job-name=piped\ntrue\n" + b"# long\n" * 20000

        number = self.submitted(plan, input=script)
        refused = self.submit(plan, "sbatch", input=b"#!/bin/sh\n#SBATCH --begin=now\n")

        job = self.cluster.job(number)
        self.assertEqual((job["JobName"], job["TimeLimit"]), ("piped", "00:07:00"))
        self.assertEqual(seconds(job["StartTime"]), begin)
        self.assertEqual(refused.returncode, 64)
        self.assertIn("standard input line 2: the plan chooses", refused.stderr.decode())

    def test_whatever_the_zone_and_in_the_hour_that_comes_twice(self):
        # On the last Sunday of October 00:30 and 01:30 UTC are both 02:30 in Berlin; of next year, so that it is to come.
        year = datetime.datetime.now(datetime.timezone.utc).year + 1
        day = max(day for day in range(25, 32) if datetime.date(year, 10, day).weekday() == 6)
        for hour in (0, 1):
            begin = int(datetime.datetime(year, 10, day, hour, 30, tzinfo=datetime.timezone.utc).timestamp())
            for zone in ("Europe/Berlin", "America/Denver", "UTC"):
                with self.subTest(hour=hour, zone=zone):
                    self.env["TZ"] = zone
                    number = self.submitted(self.plan((begin, begin + 60)), "--wrap", "true")
                    self.assertEqual(seconds(self.cluster.job(number)["StartTime"]), begin)

    def test_a_deadline_is_handed_over_where_the_time_limit_meets_it(self):
        begin = int(time.time()) + 600
        plan = self.plan((begin, begin + 60), deadline=begin + 150)

        meets = self.cluster.job(self.submitted(plan, "--time=2", self.script))
        self.assertEqual(seconds(meets["Deadline"]), begin + 150)

        done = self.submit(plan, "sbatch", "--parsable", "--time=3", self.script)
        self.assertIn(b"--deadline is not handed to Slurm: the time limit, 3 min 0 s, ends after it", done.stderr)
        self.assertEqual(self.cluster.job(int(done.stdout))["Deadline"], "N/A")

    def test_the_limit_of_the_script_counts(self):
        begin = int(time.time()) + 600
        self.script.write_text("#!/bin/sh\n#SBATCH --time=1\ntrue\n")

        done = self.submit(self.plan((begin, begin + 61)), "sbatch", self.script)

        self.assertEqual(done.returncode, 64)
        self.assertIn(b"job.sh line 2: Slurm would end the job after 1 min 0 s, and it is planned to run for 1 min 1 s", done.stderr)

    def test_words_status_and_output_are_those_of_sbatch(self):
        begin = int(time.time()) + 600
        plan = self.plan((begin, begin + 60))

        done = self.submit(plan, "sbatch", "--comment=a 'b'", "-J", "x", self.script, "--begin=now")
        self.assertEqual(done.returncode, 0, done.stderr)
        number = int(done.stdout.removeprefix(b"Submitted batch job "))
        self.assertEqual(self.cluster.job(number)["JobName"], "x")
        self.assertEqual(seconds(self.cluster.job(number)["StartTime"]), begin)  # the last word is the script's
        self.assertIn(f"ran sbatch --begin=uts{begin} '--comment=a '\\''b'\\''' -J x".encode(), done.stderr)

        refused = self.submit(plan, "sbatch", "--partition=none", self.script)
        self.assertEqual(refused.returncode, 1)
        self.assertIn(b"invalid partition specified: none", refused.stderr)

        quiet = self.submit(plan, "sbatch", self.script, flags=("--quiet",))
        self.assertEqual((quiet.returncode, quiet.stderr), (0, b""))

    def test_a_script_from_standard_input(self):
        begin = int(time.time()) + 600

        done = self.joulery("submit", "--plan", self.plan((begin, begin + 60)), "--", "sbatch", "--parsable", input=SCRIPT.encode())

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(seconds(self.cluster.job(int(done.stdout))["StartTime"]), begin)

    def test_a_job_array_is_told_what_it_means(self):
        begin = int(time.time()) + 600

        done = self.submit(self.plan((begin, begin + 60)), "sbatch", "--array=1-3", self.script)

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"a job array: each of its tasks may start at the planned time", done.stderr)

    def test_the_document(self):
        begin = int(time.time()) + 600
        file = self.dir / "submit.json"

        number = self.submitted(self.plan((begin, begin + 60)), self.script, flags=("--output", str(file)))

        document = json.loads(file.read_text())
        self.assertEqual(document["schema"], "joulery/submit/1")
        self.assertEqual((document["job"], document["exit_status"], document["pauses"]), (str(number), 0, []))
        self.assertEqual(document["command"][:2], ["sbatch", f"--begin=uts{begin}"])


class Planned(SubmitTest):
    """Plans on a series of 10-second steps that is clean in some of them only."""

    def setUp(self):
        super().setUp()
        self.now = int(time.time()) // 10 * 10

    def series(self, *clean):
        """Clean from and to so many seconds from now."""
        lines = ["timestamp,carbon_intensity (g/kWh)"]
        for offset in range(-60, 1800, 10):
            grams = 50 if any(begin <= offset < end for begin, end in clean) else 400
            lines.append(f"{stamp(self.now + offset)},{grams}")
        (self.dir / "series.csv").write_text("\n".join(lines) + "\n")
        return ["--series", "series.csv"]

    def submit_planned(self, flags, *words):
        done = self.joulery("submit", *flags, "--output", "submit.json", "--", "sbatch", "--output=/dev/null", *words, self.script)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.document = json.loads((self.dir / "submit.json").read_text())
        return self.cluster.job(int(self.document["job"]))

    def test_a_job_waits_for_the_clean_time(self):
        job = self.submit_planned([*self.series((600, 620)), "--duration", "20s", "--slack", "20min", "--load", "1kW"])

        self.assertEqual(seconds(job["StartTime"]), self.now + 600)
        self.assertGreater(self.document["plan"]["planned"]["saving_pct"], 80)

    def test_the_time_limit_is_the_duration_where_none_is_given(self):
        flags = [*self.series((600, 660)), "--slack", "20min"]

        job = self.submit_planned(flags, "--time=1")
        self.assertEqual(seconds(job["StartTime"]), self.now + 600)
        self.assertEqual(self.document["end"], stamp(self.now + 660).replace("Z", ".000Z"))

        for words in (("job.sh",), ("--time=1", "--new-thing", "job.sh"), ()):
            done = self.joulery("submit", *flags, "--", "sbatch", *words)
            self.assertEqual(done.returncode, 64)
            self.assertIn(b"needs --duration, how long the job runs, or sbatch --time", done.stderr)

    def test_a_deadline_of_the_plan_is_slurms_too(self):
        deadline = self.now + 900

        job = self.submit_planned([*self.series((600, 660)), "--duration", "1min", "--deadline", stamp(deadline)], "--time=3")

        self.assertEqual(seconds(job["Deadline"]), deadline)
        self.assertEqual(seconds(job["StartTime"]), self.now + 600)

    def test_an_interruptible_job_is_paused_between_its_slots(self):
        flags = [*self.series((600, 630), (900, 930)), "--interruptible", "--duration", "1min", "--slack", "20min"]

        job = self.submit_planned(flags, "--requeue")

        self.assertEqual(seconds(job["StartTime"]), self.now + 600)
        pause, = self.document["pauses"]
        self.assertEqual((pause["begin"], pause["end"]), tuple(stamp(self.now + at).replace("Z", ".000Z") for at in (630, 900)))
        self.assertEqual(seconds(self.cluster.job(int(pause["job"]))["StartTime"]), self.now + 630)

    def test_a_plan_may_be_made_before(self):
        flags = [*self.series((600, 620)), "--duration", "20s", "--slack", "20min"]
        plan = self.dir / "plan.json"
        plan.write_bytes(self.joulery("plan", *flags, "--json").stdout)

        number = self.submitted(str(plan), self.script)

        self.assertEqual(seconds(self.cluster.job(number)["StartTime"]), self.now + 600)

    def test_what_does_not_go_together(self):
        series = self.series((600, 620))
        for flags, why in [(["--plan", "p", "--slack", "1h"], "--plan: the plan is made already: no --slack beside it"),
                           ([*series, "--duration", "20s", "--slack", "1h", "--where", "a,b"], "--where: the job runs where its Slurm is"),
                           ([*series, "--duration", "20s"], "needs --slack or --deadline"),
                           (["--duration", "20s", "--slack", "1h"], "--series"),
                           (["--json"], "--json: standard output belongs to sbatch"),
                           ([*series, "--duration", "1min", "--slack", "1h", "--interruptible"], "say by sbatch --requeue")]:
            with self.subTest(flags=flags):
                done = self.joulery("submit", *flags, "--", "sbatch", self.script)
                self.assertEqual(done.returncode, 64, done.stderr)
                self.assertIn(why, done.stderr.decode())


class Refusals(SubmitTest):
    def test_name_what_is_in_the_way(self):
        begin = int(time.time()) + 600
        one, two = self.plan((begin, begin + 60)), None
        cases = [
            (("srun", "true"), "\"srun\" is not sbatch"),
            (("sbatch", "--begin=now", "job.sh"), "sbatch --begin: the plan chooses"),
            (("sbatch", "--deadline", "noon", "job.sh"), "sbatch --deadline: the plan has to know it"),
            (("sbatch", "-n1", ":", "-n1", "job.sh"), "a heterogeneous job"),
            (("sbatch", "--time=soon", "job.sh"), "sbatch --time: \"soon\" is no time limit"),
        ]
        for words, why in cases:
            with self.subTest(words=words):
                done = self.submit(one, *words)
                self.assertEqual(done.returncode, 64, done.stderr)
                self.assertIn(why, done.stderr.decode())
        two = self.plan((begin, begin + 60), (begin + 120, begin + 180))
        for words, why in [(("sbatch", "job.sh"), "say by sbatch --requeue"),
                           (("sbatch", "--requeue", "--array=1-2", "job.sh"), "cannot be paused together"),
                           (("sbatch", "--requeue", "--signal=x'y", "job.sh"), "is no signal and time")]:
            with self.subTest(words=words):
                done = self.submit(two, *words)
                self.assertEqual(done.returncode, 64, done.stderr)
                self.assertIn(why, done.stderr.decode())
        self.assertEqual(self.cluster.queue(), {})

    def test_without_slurm(self):
        begin = int(time.time()) + 600
        self.env["PATH"] = "/nowhere"

        done = self.submit(self.plan((begin, begin + 60)), "sbatch", "job.sh")

        self.assertEqual(done.returncode, 69)
        self.assertIn(b"sbatch: not found: no Slurm here", done.stderr)

    def test_a_plan_that_is_over_or_is_none(self):
        begin = int(time.time()) - 600
        self.assertEqual(self.submit(self.plan((begin, begin + 60)), "sbatch", "job.sh").returncode, 65)
        self.assertEqual(self.submit("job.sh", "sbatch", "job.sh").returncode, 65)
        self.assertEqual(self.submit("absent", "sbatch", "job.sh").returncode, 69)
        self.assertEqual(self.joulery("submit", "sbatch", "job.sh").returncode, 64)

    def test_a_dry_run_prints_the_commands_and_runs_none(self):
        begin = int(time.time()) + 600
        plan = self.plan((begin, begin + 60), (begin + 120, begin + 180))

        done = self.submit(plan, "sbatch", "--requeue", "job.sh", flags=("--dry-run",))

        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.decode().splitlines()
        self.assertEqual(lines[0], f"sbatch --begin=uts{begin} --requeue job.sh")
        self.assertEqual(sum(line.startswith("sbatch ") for line in lines), 3)
        self.assertEqual(self.cluster.queue(), {})

    def test_a_dry_run_hands_a_shell_the_script_whatever_its_lines(self):
        begin = int(time.time()) + 600
        plan = self.plan((begin, begin + 60))
        start = "#!/bin/sh\n"
        for script, word in ((start + "echo END\n", "END"), (start + "END\nENDD\n ENDDD\nENDDDDx\n", "ENDDD"),
                             (start + "END" + "D" * 4000000 + "\n", "END")):
            with self.subTest(script=script[:50]):
                done = self.submit(plan, "sbatch", flags=("--dry-run",), input=script.encode())
                self.assertEqual(done.returncode, 0, done.stderr.decode())
                self.assertEqual(done.stdout.splitlines()[-1].decode(), word)
                read = subprocess.run(["sh"], input=b"sbatch() { cat; }\n" + done.stdout, capture_output=True, timeout=30, check=True)
                self.assertEqual(read.stdout.decode(), script)


class Interruptible(SubmitTest):
    def begin(self, *words):
        """A job of a user without rights: two slots of some seconds, and a pause that outlasts a slow machine."""
        self.dir.chmod(0o777)
        self.env["SQUEUE_STATES"] = "PENDING"  # a default of the user, which must not hide a job that runs
        begin = int(time.time()) + 3
        self.slots = [(begin, begin + 6), (begin + 20, begin + 60)]
        return self.submitted(self.plan(*self.slots), "--requeue", f"--chdir={self.dir}", *words, self.script, preexec_fn=become_nobody)

    def pauses(self, number):
        return [job for job, name in self.cluster.queue().items() if name == f"joulery-pause-{number}"]

    def wait_for_pause(self, number):
        """Requeued, and not held any more."""
        def is_paused(job):
            return job["JobState"] == "PENDING" and job["Restarts"] == "1" and job["Priority"] != "0"
        return self.cluster.wait_for(number, is_paused, "is paused")

    def test_a_job_runs_in_its_slots_and_not_between_them(self):
        number = self.begin("--signal=B:USR1@2")
        self.cluster.wait_for(number, lambda job: job["JobState"] == "RUNNING", "runs")

        job = self.wait_for_pause(number)
        self.assertEqual(seconds(job["EligibleTime"]), self.slots[1][0])

        job = self.cluster.wait_for(number, lambda job: job["JobState"] == "RUNNING", "runs again")
        (self.dir / "stop").touch()
        job = self.cluster.wait_for(number, lambda job: job["JobState"] == "COMPLETED", "has ended")
        self.assertEqual(job["Restarts"], "1")
        lines = [line.split() for line in self.log.read_text().splitlines()]
        self.assertEqual([line[:2] for line in lines if line[0] == "run"], [["run", "0"], ["run", "1"]])
        self.assertIn(["warned"], [line[:1] for line in lines])
        self.assertGreaterEqual(int(lines[-2][2]), self.slots[1][0])
        self.cluster.wait_for_queue({})

    def test_a_job_that_ends_early_takes_its_pauses_along(self):
        (self.dir / "stop").touch()
        number = self.begin()
        self.assertEqual(len(self.pauses(number)), 1)

        self.cluster.wait_for(number, lambda job: job["JobState"] == "COMPLETED", "has ended")

        self.cluster.wait_for_queue({})
        self.assertEqual(self.cluster.job(number)["Restarts"], "0")

    def test_a_job_that_is_cancelled_takes_its_pauses_along(self):
        number = self.begin()

        self.cluster.command("scancel", str(number))

        self.cluster.wait_for_queue({})

    def test_a_controller_that_was_away_pauses_and_goes_on(self):
        number = self.begin()
        self.cluster.wait_for(number, lambda job: job["JobState"] == "RUNNING", "runs")

        self.cluster.restart_controller()

        self.wait_for_pause(number)
        self.cluster.restart_controller()
        job = self.cluster.wait_for(number, lambda job: job["JobState"] == "RUNNING", "runs again")
        self.assertGreaterEqual(seconds(job["StartTime"]), self.slots[1][0])

    def test_a_pause_that_cannot_be_arranged_leaves_no_job(self):
        begin = int(time.time()) + 600
        plan = self.plan((begin, begin + 60), (begin + 120, begin + 180))

        done = self.submit(plan, "sbatch", "--requeue", self.script, flags=("--pause-partition", "none"))

        self.assertEqual(done.returncode, 65, done.stderr)
        self.assertIn(b"Slurm took no job that pauses", done.stderr)
        self.assertIn(b"was cancelled again", done.stderr)
        self.cluster.wait_for_queue({})


if __name__ == "__main__":
    unittest.main()
