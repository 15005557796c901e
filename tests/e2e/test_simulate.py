"""`joulery simulate`: policies on small logs against sums made here, a paper's claims, what it refuses."""
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


if __name__ == "__main__":
    unittest.main()
