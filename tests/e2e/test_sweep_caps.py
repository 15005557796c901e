"""A sweep on the stand-in's board and what is made of its document: a plan, a simulation, a recommendation."""
import json
import pathlib
import unittest

from caps import CapTest

JOB = str(pathlib.Path(__file__).with_name("standin_job.py"))
HOURS = "timestamp,always,night\n" + "".join(
    f"2026-01-01T{hour:02}:00:00Z,400,{100 if hour >= 18 else 400}\n" for hour in range(24))
PLAN = ("plan", "--duration", "2h", "--slack", "20h", "--load", "1kW", "--pue", "1", "--at", "2026-01-01T00:00Z", "--sweep",
        "sweep.json")


class Documents(CapTest):
    found_w = (350.0,)
    machine = "model=A100;gain=1;offset=0;noise=0;load=constant:level=390,compute=0.3"

    def setUp(self):
        super().setUp()
        (self.dir / "hours.csv").write_text(HOURS)

    def sweep(self, caps, *more):
        return self.joulery("sweep", "--caps", caps, "--repeat", "2", "--cool-down", "0s", "--seed", "1", "--quiet", "--output",
                            "sweep.json", *more, "--", "python3", JOB, "0", "0.6")

    def group(self):
        group, = json.loads((self.dir / "sweep.json").read_text())["groups"]
        return group

    def test_a_plan_takes_cap_and_time_from_a_sweep_and_says_how_sure_it_is(self):
        done = self.sweep("150W,200W")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        points = {point["cap_w"]: point for point in self.group()["points"]}
        best = min(points.values(), key=lambda point: point["energy_change_pct"])
        left = 1 + best["energy_change_pct"] / 100
        self.assertLess(left, 0.95, "the caps of this job save much")

        document = self.document(*PLAN, "--series", "hours.csv:night", "--json")
        levers = {lever["lever"]: lever for lever in document["levers"]}
        self.assertEqual(levers["cap"]["cap_w"], best["cap_w"])
        self.assertAlmostEqual(levers["cap"]["saving_pct"], 100 * (1 - left))
        # An intensity without uncertainty cancels; what the cap does is left.
        self.assertAlmostEqual(levers["cap"]["saving_u_pct"], best["energy_change_u_pct"])
        self.assertAlmostEqual(levers["time"]["saving_pct"], 75)
        self.assertAlmostEqual(document["saving_pct"], 100 * (1 - left / 4))
        self.assertAlmostEqual(document["saving_u_pct"], best["energy_change_u_pct"] / 4)
        self.assertNotIn("taken as exact where", " ".join(document["warnings"]))

        text = self.joulery(*PLAN, "--series", "hours.csv:night").stdout.decode()
        self.assertLessEqual(max(map(len, text.splitlines())), 100)
        self.assertIn("±", next(line for line in text.splitlines() if line.startswith("all together")))

        (self.dir / "jobs.csv").write_text("submit,start,length,gpus\n2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,7200,1\n")
        simulated = self.document("simulate", "--jobs", "jobs.csv", "--series", "hours.csv:night", "--device-power", "gpu=1kW",
                                  "--policy", "caps-by-hour", "--sweep", "sweep.json", "--json")
        self.assertAlmostEqual(simulated["request"]["cap"]["energy"], left)
        self.assertAlmostEqual(simulated["request"]["cap"]["energy_u"], best["energy_change_u_pct"] / 100)

        recommended, = self.document("recommend", "sweep.json", "--json")["groups"]
        self.assertEqual(recommended["recommended"]["cap_w"], best["cap_w"])
        self.assertEqual(recommended["baseline"]["cap_w"], 350)
        self.assertIn("--resume", " ".join(recommended["notes"]))

    def test_what_cannot_be_chosen_from_is_refused_with_its_reason(self):
        self.assertEqual(self.sweep("200W").returncode, 0)
        text = (self.dir / "sweep.json").read_text()
        whole = json.loads(text)
        sweep = whole["groups"][0]["sweep"]
        no_choice = json.loads(text)
        no_choice["groups"][0].update(baseline=None, points=[], notes=["no choice: all runs failed"])
        inert = json.loads(text)
        for point in inert["groups"][0]["points"]:
            point["inert"] = point["cap_w"] == 200
        for name, content, code, words in (
                ("cut.json", text[:len(text) // 2], 65, ("cut.json", "no JSON")),
                ("plan.json", '{"schema": "joulery/plan/1"}', 65, ("plan.json: schema", "joulery/plan/1", "joulery/sweep/1")),
                ("none.json", json.dumps(no_choice), 65, ("none.json: groups[0]", "all runs failed")),
                ("inert.json", json.dumps(inert), 65, ("inert.json", "200 W: left out", "scatter")),
                ("two.json", json.dumps({**whole, "groups": whole["groups"] * 2}), 64, ("two.json has 2 jobs", "a plan takes one")),
                (sweep, None, 69, (sweep, "--resume", "--output"))):
            if content is not None:
                (self.dir / name).write_text(content)
            done = self.joulery(*PLAN[:-1], name, "--series", "hours.csv:night")
            self.assertEqual(done.returncode, code, done.stderr)
            for word in ("--sweep: ", *words):
                self.assertIn(word, done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
