"""`joulery account`: projects from job logs as a user calls it, against sums made here; bad logs; the ledger."""
import csv
import os
import pathlib
import subprocess
import sys
import unittest

from harness import JouleryTest

DATA = os.environ.get("JOULERY_TEST_DATA")
FIXTURES = pathlib.Path(__file__).parents[1] / "fixtures" / "slurm-22.05.8"
EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
HEAD = "JobID|User|Account|State|Start|End|Elapsed|AllocTRES|ConsumedEnergy|Comment\n"
LOG = HEAD + (
    "1|ann|nlp|COMPLETED|2018-03-01T00:00:00|2018-03-01T10:00:00|10:00:00|cpu=8,gres/gpu:v100=4,gres/gpu=4||stage=final\n"
    "1.batch|||COMPLETED|2018-03-01T00:00:00|2018-03-01T10:00:00|10:00:00|cpu=8,gres/gpu:v100=4||\n"
    "2|bob|nlp|FAILED|2018-03-01T12:00:00|2018-03-01T13:00:00|01:00:00|gres/gpu:v100=1||stage=tuning search=s1\n"
    "3|bob|nlp|PENDING|Unknown|Unknown|00:00:00|||\n")
PLACE = ("--pue", "1.5", "--intensity", "400g/kWh", "--electricity-price", "0.1USD/kWh", "--cloud-price", "1..2USD/h")


class AccountTest(JouleryTest):
    def log(self, text, name="jobs.txt"):
        (self.dir / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def account(self, *words):
        return self.document("account", *map(str, words), "--json")

    def refused(self, *words):
        done = self.joulery("account", *map(str, words))
        self.assertEqual(done.stdout, b"", words)
        return done.returncode, done.stderr.decode()


class Logs(AccountTest):
    def test_document(self):
        document = self.account(self.log(LOG), "--device-power", "v100=300W", *PLACE)

        self.assertEqual(document["schema"], "joulery/account/1")
        keys = ["schema", "jobs", "device_hours", "by", "job_duration", "it_energy", "site_energy", "carbon", "cloud_cost",
                "electricity_cost", "skipped"]
        self.assertEqual(list(document)[:len(keys)], keys)
        self.assertEqual(document["jobs"], 2)
        self.assertEqual(document["device_hours"], {"v100": 41})
        self.assertEqual([(g["user"], g["state"], g["device"], g["jobs"], g["device_hours"]) for g in document["by"]],
                         [("ann", "COMPLETED", "v100", 1, 40), ("bob", "FAILED", "v100", 1, 1)])
        self.assertEqual([document["job_duration"][k]["value"] for k in ("min", "mean", "max")], [3600, 19800, 36000])
        joules = 41 * 3600 * 300
        self.assertAlmostEqual(document["it_energy"]["value"], joules)
        self.assertIn("cpu", document["it_energy"]["excludes"])
        self.assertAlmostEqual(document["site_energy"]["value"], 1.5 * joules)
        self.assertAlmostEqual(document["carbon"]["value"], 1.5 * joules / 3.6e6 * 400)
        self.assertAlmostEqual(document["electricity_cost"]["value"], 1.5 * joules / 3.6e6 * 0.1)
        self.assertAlmostEqual(document["cloud_cost"]["low"]["value"], 41)
        self.assertAlmostEqual(document["cloud_cost"]["high"]["value"], 82)
        self.assertEqual(document["skipped"], [{"line": 5, "why": "never started"}])
        self.assertEqual(document["steps"], 1)
        self.assertEqual(document["failed"]["device_hours"], 1)

    def test_nothing_is_guessed(self):
        document = self.account(self.log(HEAD + "1|a|b|COMPLETED|||01:00:00|gres/gpu:warp9=1||\n"))
        for key in ("it_energy", "site_energy", "carbon", "electricity_cost"):
            self.assertIsNone(document[key]["value"])
            self.assertEqual(document[key]["class"], "missing")
        self.assertIn("--device-power warp9=", document["it_energy"]["why"])
        self.assertIn("--cloud-price", document["cloud_cost"]["low"]["why"])

    def test_power_of_the_table(self):
        document = self.account(self.log(LOG))
        rate, = document["rates"]
        self.assertGreater(rate["power"]["value"], 100)
        self.assertGreater(rate["power"]["u"], 0)
        self.assertAlmostEqual(document["it_energy"]["value"], rate["power"]["value"] * 41 * 3600)

    def test_tags_and_stages(self):
        document = self.account(self.log(LOG), "--by", "stage,search", "--tuning-jobs", "24")
        self.assertEqual([(g["stage"], g["search"]) for g in document["by"]], [("final", None), ("tuning", "s1")])
        self.assertEqual([line["device_hours"] for line in document["development"]], [40, 960, 41])

    def test_prices_as_another_device(self):
        log = self.log("id,device,gpus,hours\n1,Titan-X,1,72\n2,M40,1,28\n", "jobs.csv")
        document = self.account(log, "--price-as", "Titan-X=P100,M40=P100", "--device-price", "P100=0.43..1.46USD/h")
        self.assertAlmostEqual(document["cloud_cost"]["low"]["value"], 43)
        self.assertAlmostEqual(document["cloud_cost"]["high"]["value"], 146)
        self.assertEqual({rate["priced_as"] for rate in document["rates"]}, {"P100"})
        table = self.account(log, "--price-as", "Titan-X=P100,M40=P100")["cloud_cost"]
        self.assertLessEqual(table["low"]["value"], 43)
        self.assertGreaterEqual(table["high"]["value"], 146)

    def test_own_hardware(self):
        log = self.log("id,start,hours,gpus\n1,2018-01-01T00:00:00Z,4128,58\n", "jobs.csv")
        own = self.account(log, "--own", "20000USD/8", "--cloud-price", "0.43..1.46USD/h")["own"]
        self.assertEqual((own["devices"], own["share_price"], own["whole_servers"], own["whole_price"]), (58, 145000, 8, 160000))
        self.assertGreater(own["share_of_cloud_low_pct"], 100)
        self.assertLess(own["whole_of_cloud_high_pct"], 50)

    def test_text_fits_and_tells(self):
        out = self.joulery("account", self.log(LOG), "--device-power", "v100=300W", "--own", "20000USD/8", *PLACE).stdout.decode()
        self.assertLessEqual(max(map(len, out.splitlines())), 100)
        for part in ("2 jobs of jobs.txt (sacct)", "12.3 ", "at least", "v100 41.00 h", "by user, state, device",
                     "line 5: never started", "a step of a job"):
            self.assertIn(part, out)

    def test_wrong_command_lines(self):
        log = self.log(LOG)
        for words, told in (([], "FILE"), ([log, "--ledger"], "FILE or --ledger"), ([log, "--by", "colour,,"], "--by"),
                            ([log, "--format", "xml"], "sacct, csv, swf"), ([log, "--device-power", "v100=300"], "--device-power"),
                            ([log, "--device-power", "v100"], "DEVICE=VALUE"), ([log, "--device-power", "k80=300W"], "v100"),
                            ([log, "--device-power", "v100=300W,v100=200W"], "twice"), ([log, "--price-as", "v100=warp9"], "warp9"),
                            ([log, "--device-price", "v100=2EUR/h"], "EUR"), ([log, "--own", "8"], "20000USD/8"),
                            ([log, "--own-devices", "-1"], "--own-devices"), ([log, "--now", "noon"], "--now"),
                            ([log, "--project", "x"], "--ledger"), ([log, "--pue", "0.9"], "--pue")):
            code, message = self.refused(*words)
            self.assertEqual(code, 64, (words, message))
            self.assertIn(told, message)
        code, message = self.refused(self.log("id,gpus,hours,user\n1,1,1,ann\n", "a.csv"), "--by", "usr")
        self.assertEqual(code, 64)
        self.assertIn("user", message)

    def test_bad_logs(self):
        for text in ("", "id,gpus\n", "id,gpus,hours\n", "id,gpus,hours,gpus\n1,1,1,1\n", b"\0" * 100, "{}", "{", HEAD + "x\n"):
            self.assertEqual(self.refused(self.log(text))[0], 65, text)
        code, message = self.refused("absent.txt")
        self.assertEqual((code, message.strip()), (69, "joulery: absent.txt: cannot read: No such file or directory"))
        self.assertEqual(self.refused("/dev/zero")[0], 65)
        with open(self.dir / "sparse.txt", "wb") as file:
            file.truncate(5 << 30)
        code, message = self.refused(self.dir / "sparse.txt")
        self.assertEqual(code, 65)
        self.assertIn("more than 4096 MiB or 33554432 lines", message)
        self.assertEqual(self.refused(self.log("id,gpus,hours\n1,1,1\n"), "--own-devices", "5")[0], 64)
        self.assertEqual(self.refused(".")[0], 65)

    def test_a_long_log_does_not_need_its_size(self):
        path = self.dir / "long.txt"
        with open(path, "w") as file:
            file.write(HEAD)
            for i in range(200):
                file.write(f"{i}|ann|nlp|COMPLETED|2018-03-01T00:00:00|2018-03-01T10:00:00|10:00:00|gres/gpu=1||{'x' * 60000}\n" * 5)
        size = path.stat().st_size
        if subprocess.run(["sh", "-c", "ulimit -v 200000; exec joulery --version"], env=self.env, capture_output=True).returncode != 0:
            self.skipTest("a program with sanitizers does not start in 200 MB of addresses")
        command = f"ulimit -v 200000; exec joulery account {path} --json"
        done = subprocess.run(["sh", "-c", command], env=self.env, capture_output=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(size, 50e6)


class Worth(AccountTest):
    LOG = "id,start,hours,gpus,acc,lr,model,role\n" + "".join(
        f"{i},2026-01-01T{i % 24:02}:00:00Z,{1 + i % 3},1,{0.5 + 0.2 * (i % 2) + 0.001 * (i % 5)},{10 ** -(1 + i % 2)},"
        f"{'big' if i % 2 else 'small'},{'baseline' if i < 4 else 'proposed'}\n" for i in range(80))

    def worth(self, *words):
        return self.account(self.log(self.LOG, "jobs.csv"), "--device", "V100", "--metric", "acc", *words)["worth"]

    def test_document(self):
        worth = self.worth("--parameters", "lr,model", "--by", "model", "--target", "0.7", "--cloud-price", "1..2USD/h")

        self.assertEqual(list(worth), ["metric", "better", "runs", "without", "best_so_far", "improvement", "doublings_of", "doublings",
                                       "sensitivity", "target", "groups", "front"])
        hours = sum(1 + i % 3 for i in range(4, 80))
        improvement = worth["improvement"]
        self.assertEqual(improvement["spent"]["device_hours"], hours)
        self.assertAlmostEqual(improvement["by"], 0.704 - 0.703)
        self.assertAlmostEqual(improvement["per_unit"]["cloud_cost"]["high"]["value"], 2 * hours / improvement["by"])
        rate, model = worth["sensitivity"]["parameters"]
        self.assertEqual((rate["name"], rate["settles"]), ("lr", ["model"]))
        self.assertGreater(rate["share"], 0.99)
        self.assertTrue(rate["low"] <= rate["share"] <= rate["high"] <= 1)
        self.assertIsNone(model["share"])
        self.assertEqual([(g["key"]["model"], g["runs"], g["reached"]) for g in worth["groups"]], [("big", 40, 40), ("small", 40, 0)])
        self.assertIsNone(worth["groups"][1]["per_reached"])

    def test_lower_is_better(self):
        worth = self.worth("--metric-better", "lower")
        self.assertEqual(worth["best_so_far"][-1]["metric"], 0.5)
        self.assertIsNone(worth["sensitivity"])
        self.assertEqual(worth["groups"], [])

    def test_estimates_beside(self):
        (self.dir / "rows.toml").write_text("[[row]]\nname = 'published'\ndevice = 'V100'\npower = '300W'\nduration = '1h'\n"
                                            "metric = 0.9\n[[row]]\nname = 'told'\nenergy = '3kWh'\n")
        front = self.worth("--by", "model", "--beside", "rows.toml")["front"]
        self.assertEqual([(p["name"], p["estimate"], p["on_energy_front"]) for p in front],
                         [("big", False, False), ("small", False, False), ("published", True, True)])
        rows = self.document("estimate", "rows.toml", "--json")
        self.assertEqual([(p["name"], p["metric"]) for p in rows["front"]], [("published", 0.9)])

    def test_text_fits_and_tells(self):
        log = self.log(self.LOG, "jobs.csv")
        out = self.joulery("account", log, "--device", "V100", "--metric", "acc", "--parameters", "lr,model", "--by", "model",
                           "--target", "0.7").stdout.decode()
        self.assertLessEqual(max(map(len, out.splitlines())), 100)
        for part in ("acc, higher is better: 80 runs", "from 0.703 (the best run of role baseline)", "rest: interactions, chance",
                     "lr settles it", "to reach acc 0.7", "none did"):
            self.assertIn(part, out)

    def test_wrong_command_lines(self):
        log = self.log(self.LOG, "jobs.csv")
        for words, told in ((["--target", "1"], "--metric"), (["--metric", "acc", "--metric-better", "more"], "higher"),
                            (["--metric", "acc", "--parameters", "lr,acc"], "metric itself"), (["--metric", "akk"], "acc"),
                            (["--metric", "acc", "--parameters", "lr,lr"], "doubled"), (["--metric", "acc", "--target", "x"], "number")):
            code, message = self.refused(log, *words)
            self.assertEqual(code, 64, (words, message))
            self.assertIn(told, message)
        self.assertEqual(self.refused(log, "--metric", "model")[0], 65)  # words, no numbers


class LedgerRuns(AccountTest):
    def test_marks_tell_metrics_and_records_their_place(self):
        for rate, pue in (("0.1", "1.2"), ("0.2", "1.5")):
            self.run_quiet("sh", "-c", f"joulery mark acc=0.5; joulery mark acc={rate}", flags=("--project", "p", "--pue", pue, "--tag",
                                                                                               f"lr={rate}"))
        document = self.account("--ledger", "--project", "p", "--metric", "acc", "--by", "lr")

        self.assertEqual(sorted(g["best"] for g in document["worth"]["groups"]), [0.1, 0.2])
        runs = [self.document("show", run["id"], "--json") for run in self.runs()]
        wanted = [run["site_energy"]["value"] for run in runs]
        if None not in wanted:
            self.assertAlmostEqual(document["site_energy"]["value"] / sum(wanted), 1, places=6)
            one = self.account("--ledger", "--project", "p", "--pue", "1")
            self.assertAlmostEqual(one["site_energy"]["value"] / one["it_energy"]["value"], 1, places=9)

    def test_runs_of_a_project_are_jobs(self):
        for name, code in (("one", 0), ("two", 3)):
            self.run_quiet("sh", "-c", f"exit {code}", flags=("--project", "p", "--tag", "stage=tuning", "--name", name))
        self.run_quiet("true", flags=("--project", "other"))

        document = self.account("--ledger", "--project", "p", "--by", "stage,state")

        self.assertEqual(document["jobs"], 2)
        self.assertEqual(document["format"], "ledger")
        self.assertEqual({(g["stage"], g["state"]) for g in document["by"]}, {("tuning", "COMPLETED"), ("tuning", "FAILED")})
        energy = [run["it_energy"]["value"] for run in self.runs() if run["project"] == "p"]
        if None not in energy:
            self.assertAlmostEqual(document["it_energy"]["value"], sum(energy), delta=1e-6 * sum(energy) + 1e-9)
        self.assertEqual(self.account("--ledger")["jobs"], 3)
        self.assertEqual(self.refused("--ledger", "--project", "none")[0], 65)


class RecordedSlurm(AccountTest):
    """What the sacct of a real cluster printed; tests/fixtures/slurm-22.05.8/README.md tells its jobs."""

    def expected(self):
        """Seconds of GPUs and of cores, and states, from the narrow recording."""
        gpu_s = core_s = 0
        states = {}
        for line in (FIXTURES / "sacct.txt").read_text().splitlines()[1:]:
            job, _, _, state, _, _, elapsed, tres, _, _, _ = line.split("|")
            if "." in job:
                continue
            hours, minutes, seconds = map(int, elapsed.split(":"))
            length = 3600 * hours + 60 * minutes + seconds
            held = dict(part.split("=") for part in tres.split(","))
            gpus = int(held.get("gres/gpu", 0))
            gpu_s += length * gpus
            core_s += length * int(held["cpu"]) if not gpus else 0
            state = state.split()[0]
            states[state] = states.get(state, 0) + 1
        return gpu_s, core_s, states

    def test_every_format_tells_the_same(self):
        gpu_s, core_s, states = self.expected()
        self.assertEqual(states, {"COMPLETED": 8, "FAILED": 1, "CANCELLED": 1, "TIMEOUT": 1, "REQUEUED": 1, "RUNNING": 1})
        for name, source in (("sacct.txt", "sacct"), ("sacct_all.txt", "sacct"), ("sacct.json", "sacct-json")):
            document = self.account(FIXTURES / name, "--device-power", "gpu=100W", "--by", "state")
            self.assertEqual((document["format"], document["jobs"]), (source, 13), name)
            self.assertAlmostEqual(document["device_hours"]["gpu"], gpu_s / 3600, msg=name)
            self.assertAlmostEqual(document["device_hours"]["cpu"], core_s / 3600, msg=name)
            self.assertEqual({g["state"]: g["jobs"] for g in document["by"]}, states, name)
            self.assertEqual(document["failed"]["jobs"], 4, name)
            self.assertEqual(document["skipped"], [], name)
            self.assertEqual(document["steps"], 13, name)
            notes = {note["what"].split(" (")[0]: note["count"] for note in document["notes"]}
            self.assertEqual(notes["further attempts of a job"], 1, name)
            self.assertTrue(any(note.startswith("still running") for note in notes), name)
            # Nothing measured energy on that cluster, and a sacct that writes 0 for it says nothing.
            self.assertAlmostEqual(document["it_energy"]["value"], 100 * gpu_s, msg=name)

    def test_tags_of_its_comments(self):
        for name in ("sacct.txt", "sacct_all.txt", "sacct.json"):
            document = self.account(FIXTURES / name, "--metric", "acc", "--by", "search")
            self.assertEqual({g["search"]: g["jobs"] for g in document["by"]}, {"s1": 2, "s2": 3, None: 8}, name)
            self.assertEqual((document["worth"]["runs"], document["worth"]["improvement"]["to"]), (2, 0.9), name)


@unittest.skipUnless(DATA, "JOULERY_TEST_DATA names no folder of real logs")
class RealLogs(AccountTest):
    def target(self, gpu, dataset, target, lower=False):
        """Energy to a metric by batch size and cap, from the tables themselves: what a training that reached it took on average."""
        folder = pathlib.Path(DATA) / "cap_sweeps"
        with open(folder / "summary_train.csv", newline="") as file:
            epochs = [row for row in csv.DictReader(file) if row["dataset"] == dataset and float(row["target_metric"]) == target]
        wanted = {}
        with open(folder / f"summary_power_{gpu}.csv", newline="") as file:
            for cap in csv.DictReader(file):
                mine = [float(e["target_epoch"]) for e in epochs
                        if all(e[key] == cap[key] for key in ("dataset", "network", "batch_size", "optimizer"))]
                reached = [count for count in mine if count == count]
                if cap["dataset"] == dataset and mine:
                    each = float(cap["time_per_epoch"]) * float(cap["average_power"])
                    key = cap["batch_size"], cap["power_limit"]
                    wanted[key] = len(reached), len(mine), sum(reached) / len(reached) * each if reached else None
        joined = subprocess.run([sys.executable, EXAMPLES / "join_sweep.py", folder / "summary_train.csv",
                                 folder / f"summary_power_{gpu}.csv", dataset, str(target), *(["lower"] if lower else [])],
                                capture_output=True, check=True, timeout=30).stdout
        worth = self.account(self.log(joined, "runs.csv"), "--device", gpu, "--metric", "metric", "--target", target, "--by",
                             "batch_size,cap_w", *(["--metric-better", "lower"] if lower else []))["worth"]
        groups = {(g["key"]["batch_size"], g["key"]["cap_w"]): g for g in worth["groups"]}
        self.assertEqual(set(groups), set(wanted))
        for key, (reached, runs, joules) in wanted.items():
            self.assertEqual((groups[key]["reached"], groups[key]["runs"]), (reached, runs), key)
            if reached:
                self.assertAlmostEqual(groups[key]["mean_of_reached"]["it_energy"]["value"] / joules, 1, places=6)
                self.assertGreaterEqual(groups[key]["per_reached"]["it_energy"]["value"] * (1 + 1e-9), joules)
        return groups

    def test_energy_to_a_target_by_batch_size_and_cap(self):
        groups = self.target("v100", "cifar100", 0.6)
        self.assertEqual(self.best(groups), ("128", "100"))

    def test_energy_to_a_lower_error(self):
        groups = self.target("a40", "librispeech", 40, lower=True)
        # Neither the largest batch nor the highest cap, as the authors of the traces found (You, Chung, Chowdhury, NSDI 2023).
        self.assertEqual(self.best(groups), ("32", "175"))

    def best(self, groups):
        return min(groups, key=lambda key: groups[key]["mean_of_reached"]["it_energy"]["value"])

    def test_alibaba_pods(self):
        path = pathlib.Path(DATA) / "jobs" / "alibaba_gpu_v2023_pods.csv"
        hours, jobs = 0, 0
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                if not row["scheduled_time"]:
                    continue
                jobs += 1
                gpus = int(row["num_gpu"]) * int(row["gpu_milli"]) / 1000
                hours += (float(row["deletion_time"]) - float(row["scheduled_time"])) / 3600 * gpus
        document = self.account(path, "--device-power", "gpu=200W")
        self.assertEqual(document["jobs"], jobs)
        self.assertAlmostEqual(document["device_hours"]["gpu"] / hours, 1, places=9)
        self.assertAlmostEqual(document["it_energy"]["value"] / (hours * 3600 * 200), 1, places=9)
        self.assertEqual(len(document["skipped"]), 897)
        self.assertTrue(all(line["why"] == "never started" for line in document["skipped"]))

    def test_pai_and_nasa(self):
        folder = pathlib.Path(DATA) / "jobs"
        self.assertEqual(self.account(folder / "gaia_pai_1k.csv")["jobs"], 1000)
        document = self.account(folder / "NASA-iPSC-1993-3.1-cln.swf", "--by", "user,month")
        self.assertEqual(document["jobs"], 18239)
        self.assertEqual(document["format"], "swf")
        self.assertEqual([month["month"] for month in document["totals"]["month"]], ["1993-10", "1993-11", "1993-12", "1994-01"])


if __name__ == "__main__":
    unittest.main()
