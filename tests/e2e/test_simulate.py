"""`joulery simulate`: policies on small logs against sums made here, a paper's claims, what it refuses."""
import math
import unittest

from harness import JouleryTest

# Three days of hours: 400 by day, 100 from 22 to 6 h.
HOURS = ["datetime,DE,FR"] + [
    f"2022-01-0{1 + h // 24}T{h % 24:02}:00:00Z,{100 if h % 24 >= 22 or h % 24 < 6 else 400},50" for h in range(72)]
LOG = "\n".join(["submit,start,length,gpus",
                 "2022-01-01T08:00:00Z,2022-01-01T08:30:00Z,7200,2",
                 "2022-01-01T09:00:00Z,2022-01-01T09:00:00Z,3600,1",
                 "2022-01-01T23:00:00Z,2022-01-01T23:00:00Z,1800,1"]) + "\n"


class Simulate(JouleryTest):
    def setUp(self):
        super().setUp()
        (self.dir / "zones.csv").write_text("\n".join(HOURS) + "\n")
        (self.dir / "jobs.csv").write_text(LOG)

    def simulate(self, *words):
        return self.document("simulate", "--jobs", "jobs.csv", "--series", "zones.csv:DE", "--device-power", "gpu=1000W",
                             *words, "--json")

    def test_shifts_to_the_night_and_conserves_energy(self):
        document = self.simulate("--policy", "run-now,best-window", "--slack", "24h", "--pue", "1.5")

        self.assertEqual(document["schema"], "joulery/simulate/1")
        self.assertEqual(document["jobs"], 3)
        case = document["cases"][0]
        now, best = case["runs"]
        kwh = 2 * 2 + 1 * 1 + 0.5
        self.assertAlmostEqual(now["used"]["it_energy"]["value"], kwh * 3.6e6)
        self.assertAlmostEqual(best["used"]["it_energy"]["value"], kwh * 3.6e6)
        self.assertAlmostEqual(best["used"]["site_energy"]["value"], 1.5 * kwh * 3.6e6)
        self.assertAlmostEqual(now["used"]["carbon"]["value"], 1.5 * (5 * 400 + 0.5 * 100))
        self.assertAlmostEqual(best["used"]["carbon"]["value"], 1.5 * 5.5 * 100)
        self.assertAlmostEqual(best["saved_pct"], best["oracle_saved_pct"])
        self.assertEqual(best["late"], 0)
        # Handed in at 8 and 9 h, both start at 22 h.
        self.assertAlmostEqual(best["mean_wait_s"], (14 + 13) * 3600 / 3)

    def test_without_a_pue_tells_shares_and_no_carbon(self):
        words = ("--policy", "run-now,best-window", "--slack", "24h")
        case, with_pue = (self.simulate(*words, *pue)["cases"][0] for pue in ((), ("--pue", "1.5")))

        used = case["runs"][1]["used"]
        self.assertAlmostEqual(used["it_energy"]["value"], 5.5 * 3.6e6)
        for key in ("site_energy", "carbon"):
            self.assertIsNone(used[key]["value"])
            self.assertEqual(used[key]["class"], "missing")
            self.assertIn("--pue", used[key]["why"])
        self.assertIn("--electricity-price", with_pue["runs"][1]["used"]["electricity_cost"]["why"])
        # A constant PUE cancels.
        self.assertAlmostEqual(case["runs"][1]["saved_pct"], with_pue["runs"][1]["saved_pct"])
        self.assertGreater(case["runs"][1]["saved_pct"], 50)

    def test_says_how_sure_it_is(self):
        words = ("--policy", "run-now", "--pue", "1.5+-0.15", "--electricity-price", "0.2EUR/kWh")
        document = self.simulate(*words)

        used = document["cases"][0]["runs"][0]["used"]
        relative = [used[key]["u"] / used[key]["value"] for key in ("it_energy", "site_energy", "carbon")]
        self.assertAlmostEqual(relative[1] ** 2, relative[0] ** 2 + 0.1 ** 2)
        # 10 % of an intensity that tells none.
        self.assertAlmostEqual(relative[2] ** 2, relative[1] ** 2 + 0.1 ** 2)
        self.assertEqual(used["carbon"]["class"], "modelled")
        self.assertAlmostEqual(used["electricity_cost"]["value"], 0.2 * 1.5 * 5.5)
        self.assertEqual(used["electricity_cost"]["unit"], "EUR")
        self.assertTrue(any("no uncertainty given" in note for note in document["notes"]))

    def test_a_saving_has_the_uncertainty_of_what_does_not_cancel(self):
        # 1.6 by day and 1.1 by night, off by the same amount at all hours, a rectangle of +-0.1.
        (self.dir / "pue.csv").write_text("\n".join(["datetime,pue"] + [
            f"2022-01-0{1 + h // 24}T{h % 24:02}:00:00Z,{1.1 if h % 24 >= 22 or h % 24 < 6 else 1.6}" for h in range(72)]) + "\n")
        words = ("--policy", "best-window", "--slack", "24h", "--price-series", "prices.csv")
        (self.dir / "prices.csv").write_text("\n".join(["datetime,EUR/kWh"] + [row.rsplit(",", 2)[0] + ",0.2" for row in HOURS[1:]])
                                             + "\n")
        run = self.simulate(*words, "--pue-series", "pue.csv")["cases"][0]["runs"][0]
        at_a_share = self.simulate(*words, "--pue", "1.5+-0.15")["cases"][0]["runs"][0]

        # 5 of 5.5 kWh are moved from day to night.
        u = 0.1 / math.sqrt(3)
        for key, day, night in (("site_energy", 1, 1), ("carbon", 400, 100), ("electricity_cost", 1, 1)):
            def saved(off, day=day, night=night):
                of_night = night * (1.1 + off)
                return 100 * (1 - 5.5 * of_night / (5 * day * (1.6 + off) + 0.5 * of_night))
            self.assertAlmostEqual(run[f"{key}_saved_pct"], saved(0))
            self.assertAlmostEqual(run[f"{key}_saved_u_pct"] / ((saved(-u) - saved(u)) / 2), 1, delta=0.01)
        self.assertEqual((run["saved_pct"], run["saved_u_pct"]), (run["carbon_saved_pct"], run["carbon_saved_u_pct"]))
        self.assertEqual(run["oracle_saved_u_pct"], run["saved_u_pct"])
        self.assertIsNone(at_a_share["carbon_saved_u_pct"])
        text = self.joulery("simulate", "--jobs", "jobs.csv", "--series", "zones.csv:DE", "--device-power", "gpu=1000W", *words,
                            "--pue-series", "pue.csv").stdout.decode()
        self.assertRegex(text, r"best-window .* \d+\.\d+ ± \d+\.\d+ %")

    def test_waits_for_devices(self):
        document = self.simulate("--policy", "run-now", "--slack", "0h", "--capacity", "2", "--idle-power", "100W")

        run = document["cases"][0]["runs"][0]
        self.assertEqual(run["peak_devices"], 2)
        self.assertEqual(run["peak_queue"], 1)
        self.assertAlmostEqual(run["mean_queue_s"], 3600 / 3)
        self.assertEqual(run["late"], 1)
        # Two devices from 8 h to 23:30 h, less the hours that jobs held them.
        self.assertAlmostEqual(run["idle"]["it_energy"]["value"], 100 * 3600 * (2 * 15.5 - 5.5))

    def test_several_places_slacks_and_seeds(self):
        words = ("--series", "zones.csv:FR", "--policy", "run-now,best-window", "--slack", "0h,24h", "--forecast-error",
                 "20%", "--seed", "1,2")
        document = self.simulate(*words)

        self.assertEqual([(c["place"], c["slack_s"]) for c in document["cases"]],
                         [(place, slack) for place in ("DE", "FR") for slack in (0, 86400)])
        self.assertEqual([r["seed"] for r in document["cases"][1]["runs"]], [None, 1, 2])
        self.assertEqual(document["cases"][0]["runs"][1]["saved_pct"], 0)
        self.assertEqual(document, self.simulate(*words))
        text = self.joulery("simulate", "--jobs", "jobs.csv", "--series", "zones.csv:DE", "--device-power", "gpu=1000W",
                            *words).stdout.decode()
        self.assertIn("saved, over all places and seeds", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 100)

    def test_a_seed_says_all_of_an_error_and_its_size_is_as_stated(self):
        base = ("simulate", "--jobs", "jobs.csv", "--series", "zones.csv:DE", "--device-power", "gpu=1000W", "--policy",
                "best-window,interruptible", "--slack", "24h", "--forecast-error", "10%", "--json")
        for memory in ((), ("--forecast-memory", "12h")):
            one, same, other = (self.joulery(*base, *memory, "--seed", seed).stdout for seed in ("7", "7", "8"))
            self.assertEqual(one, same)
            self.assertNotEqual(one, other)

        seeds = ",".join(map(str, range(200)))
        def mape(*memory):
            errors = self.document(*base, *memory, "--seed", seeds)["cases"][0]["forecast_mape"]
            return sum(each["mape_pct"] for each in errors) / len(errors)
        # The mean of |z| of a normal z; with a memory M, z grows with the time t since the release as sqrt(1 - exp(-2 t / M)).
        of_normal = 10 * math.sqrt(2 / math.pi)
        self.assertAlmostEqual(mape(), of_normal, delta=0.02 * of_normal)
        leads = [hour for length in (2, 1, 0.5) for hour in range(24 + math.ceil(length))]
        grown = [math.sqrt(1 - math.exp(-2 * lead / 12)) for lead in leads]
        told = of_normal * sum(grown) / len(grown)
        self.assertAlmostEqual(mape("--forecast-memory", "12h"), told, delta=0.05 * told)

    def test_caps_of_a_sweep_are_those_of_gpus(self):
        (self.dir / "sweep.csv").write_text("power_limit,time_s,energy_j\n250,100,20000\n200,102,18000\n150,110,17000\n"
                                            "100,150,18500\n")
        words = ("--policy", "caps-by-hour", "--slack", "24h", "--sweep", "sweep.csv")
        caps = [self.simulate(*words, *more)["request"]["cap"] for more in ((), ("--cap", "200W"))]
        self.assertEqual(caps, [{"cap": "150W", "time": 1.1, "energy": 0.85}, {"cap": "200W", "time": 1.02, "energy": 0.9}])

        base = ("--jobs", "jobs.csv", "--series", "zones.csv:DE", "--device-power", "gpu=1000W")
        self.refused(64, base + words + ("--cap", "175W"), "--cap", "175 W")
        self.refused(64, base + words + ("--cap", "250W"), "--cap", "not below the baseline")
        self.refused(64, base + words + ("--cap-curve", "250W=1/1,150W=1.1/0.9"), "--cap-curve")
        (self.dir / "cores.csv").write_text("submit,start,length,cpus\n0,0,7200,2\n")
        self.refused(64, ("--jobs", "cores.csv", "--series", "zones.csv:DE", "--device-power", "cpu=10W") + words,
                     "caps-by-hour", "cores.csv", "no GPU")

    def test_claims_of_a_paper(self):
        text = self.joulery("simulate", "--preset", "mcdonald2022").stdout.decode()

        self.assertIn("42 =", " ".join(text.split()))
        self.assertIn("30 !", " ".join(text.split()))

    def refused(self, code, words, *parts):
        done = self.joulery("simulate", *words)
        error = done.stderr.decode()
        self.assertEqual(done.returncode, code, error)
        for part in parts:
            self.assertIn(part, error)

    def test_refuses_what_it_cannot_do(self):
        base = ("--jobs", "jobs.csv", "--series", "zones.csv:DE", "--device-power", "gpu=1000W")
        self.refused(64, base, "--policy")
        self.refused(64, base + ("--policy", "best"), "best-window")
        self.refused(64, base + ("--policy", "run-now", "--slack", "24"), "--slack")
        self.refused(64, base + ("--policy", "pue-only"), "--pue-series")
        self.refused(64, base + ("--policy", "caps-by-hour"), "--cap-curve")
        self.refused(64, base[:4] + ("--policy", "run-now"), "gpu")
        self.refused(65, base + ("--policy", "run-now", "--capacity", "1"), "--capacity")
        self.refused(65, base + ("--policy", "run-now", "--at", "2022-01-03T12:00:00Z"), "zones.csv", "--at")
        self.refused(65, base + ("--policy", "run-now", "--at", "1999-01-03T12:00:00Z"), "before 2022-01-01")
        self.refused(64, ("--series", "zones.csv:DE", "--policy", "run-now"), "--jobs")
        self.refused(64, ("--preset", "strubell2019"), "mcdonald2022")
        for flags, needs in ((("--min-run", "1h"), "interruptible"), (("--seed", "1"), "--forecast-error"),
                             (("--cap-curve", "250W=1/1,150W=1.1/0.9"), "caps-by-hour"), (("--queue", "fifo"), "--capacity"),
                             (("--forecast-memory", "24h"), "--forecast-error")):
            self.refused(64, base + ("--policy", "best-window") + flags, flags[0], needs)
        self.refused(64, base + ("--policy", "run-now", "--capacity", "0"), "--capacity")

    def test_refuses_what_no_device_draws(self):
        base = ("--jobs", "jobs.csv", "--series", "zones.csv:DE", "--policy", "run-now")
        self.refused(64, base + ("--device-power", "gpu=1e300W"), "--device-power", "1e300W")
        self.refused(64, base + ("--device-power", "gpu=1kW", "--capacity", "9", "--idle-power", "1e300W"), "--idle-power", "1e300W")
        self.refused(64, base + ("--device-power", "gpu=1kW", "--electricity-price", "1e300EUR/kWh"), "--electricity-price")
        (self.dir / "huge.csv").write_text("start,length,gpus,energy_j\n2022-01-01T05:00:00Z,60,1,1e300\n")
        used = self.document("simulate", "--jobs", "huge.csv", *base[2:], "--device-power", "gpu=1kW", "--json")["cases"][0]["now"]["used"]
        self.assertAlmostEqual(used["it_energy"]["value"], 60e3)

    def test_a_document_without_caps_is_refused(self):
        (self.dir / "sweep.json").write_text('{"schema": "joulery/sweep/1"}\n')
        self.refused(65, ("--jobs", "jobs.csv", "--series", "zones.csv:DE", "--device-power", "gpu=1kW", "--policy", "caps-by-hour",
                          "--sweep", "sweep.json"), "--sweep", "sweep.json", "'groups'")

    def test_a_time_is_written_as_for_a_plan(self):
        ends = [self.simulate("--policy", "run-now", "--at", at, "--time-zone", "Europe/Berlin")["begin"]
                for at in ("2022-01-02", "2022-01-02T00:00", "2022-01-01T23:00:00Z")]
        self.assertEqual(ends, ["2022-01-01T23:00:00.000Z"] * 3)
        self.refused(64, ("--jobs", "jobs.csv", "--series", "zones.csv:DE", "--device-power", "gpu=1kW", "--policy", "run-now",
                          "--at", "noon"), "--at", "noon")

    def test_names_what_is_wrong_with_a_log(self):
        base = ("--series", "zones.csv:DE", "--device-power", "gpu=1000W", "--policy", "run-now")
        for name, text, word in (("empty", "", "empty"), ("head", "submit,start,length,gpus\n", "no job"),
                                 ("negative", "start,length,gpus\n2022-01-01T00:00:00Z,-5,1\n", "no job")):
            (self.dir / name).write_text(text)
            self.refused(65, ("--jobs", name) + base, name, word)
        (self.dir / "mixed").write_text("id,start,length,gpus\n7,2022-01-01T05:00:00Z,60,1\n8,2022-01-01T02:00:00Z,60,1\n"
                                        "9,2022-01-01T03:00:00Z,-60,1\n10,,60,1\n")
        document = self.document("simulate", "--jobs", "mixed", *base, "--json")
        self.assertEqual(document["jobs"], 2)
        self.assertTrue(any("lines of the log" in n or "line of the log" in n for n in document["notes"]), document["notes"])


if __name__ == "__main__":
    unittest.main()
