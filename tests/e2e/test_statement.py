"""`joulery statement`: the paragraph for a paper, from runs that were really made."""
import datetime
import os
import unittest

from caps import CapTest
from harness import JouleryTest

BUSY = ("sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")
PLACE = ("--pue", "1.3+-0.05", "--intensity", "400g/kWh", "--electricity-price", "0.12USD/kWh")


class StatementTest(JouleryTest):
    def measure(self, name, *flags, command=BUSY):
        return self.run_quiet(*command, flags=("--name", name, "--project", "thesis", *flags))

    def statement(self, *words):
        done = self.joulery("statement", *words)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def refused(self, *words):
        done = self.joulery("statement", *words)
        self.assertEqual(done.stdout, b"")
        return done.returncode, done.stderr.decode()


class OfRuns(StatementTest):
    def test_a_project_is_the_sum_of_its_runs_with_the_failed_ones(self):
        self.measure("one", *PLACE)
        self.measure("two", *PLACE)
        self.measure("broken", *PLACE, command=("false",))
        self.run_quiet("true", flags=("--name", "other", "--project", "other"))

        document = self.document("statement", "--project", "thesis", "--json")

        self.assertEqual(next(iter(document)), "schema")
        self.assertEqual(document["schema"], "joulery/statement/1")
        self.assertEqual((document["runs"]["count"], document["runs"]["failed"]), (3, 1))
        shown = [self.document("show", name, "--json") for name in ("one", "two", "broken")]
        energy = sum(run["it_energy"]["value"] for run in shown)
        self.assertAlmostEqual(document["it_energy"]["value"], energy, delta=1e-6 * energy)
        carbon = sum(run["carbon"]["value"] for run in shown)
        self.assertAlmostEqual(document["carbon"]["value"], carbon, delta=1e-6 * carbon)
        self.assertEqual(document["runs"]["lost_energy"]["value"], shown[2]["it_energy"]["value"])
        place, = document["places"]
        self.assertEqual(place["pue"]["value"], 1.3)
        self.assertIsNone(document["carbon_market"]["value"])

    def test_a_record_that_cannot_be_read_is_named_and_left_out(self):
        for name in ("one", "two"):
            self.measure(name, *PLACE)
        broken = next(run["id"] for run in self.runs() if run["name"] == "two")
        record, = self.home.rglob(f"{broken}.jrun")
        stamp = record.stat()
        record.write_bytes(b"\0" * stamp.st_size)
        os.utime(record, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # the index still knows it

        document = self.document("statement", "--project", "thesis", "--json")
        self.assertEqual(document["runs"]["count"], 1)
        self.assertEqual(document["runs"]["left_out"], [broken])
        self.assertTrue(document["it_energy"]["lower_bound"])
        self.assertIn(broken, " ".join(self.statement("--project", "thesis").split()))
        self.assertNotEqual(self.joulery("statement", broken).returncode, 0)

    def test_the_score_of_the_hardware(self):
        self.measure("one", "--pue", "1.2", "--region", "FRA", "--cloud-price", "1..2USD/h")

        flags = ("--embodied", "150kg", "--lifetime", "1461d")
        sci = self.document("statement", "one", *flags, "--json")["sci"]
        if sci["embodied"]["value"] is None:
            self.skipTest("no device was seen: " + sci["embodied"]["why"])
        self.assertAlmostEqual(sci["score"]["value"], sci["operational"]["value"] + sci["embodied"]["value"])
        self.assertIn("ISO/IEC 21031", " ".join(self.statement("one", *flags).split()))
        code, message = self.refused("one", "--embodied", "150kg")
        self.assertEqual(code, 64)
        self.assertIn("lifetime", message)

    def test_of_one_run_by_two_of_its_names(self):
        self.measure("one")

        document = self.document("statement", "one", "last", "--json")

        self.assertEqual(document["runs"]["count"], 1)

    def test_what_was_not_given_is_missing_with_the_flag(self):
        self.measure("bare")

        text = self.statement("bare")
        document = self.document("statement", "bare", "--json")

        for flag in ("--pue", "--intensity", "--region"):
            self.assertIn(flag, text)
        self.assertIsNone(document["carbon"]["value"])
        self.assertIn("--", document["carbon"]["why"])

    def test_flags_go_before_what_a_record_has_and_only_the_ones_given(self):
        self.measure("bare")
        self.measure("known", "--pue", "1.3", "--intensity", "400g/kWh")

        flags = ("--pue", "2", "--region", "FRA", "--json")
        bare = self.document("statement", "bare", *flags)["places"][0]
        known = self.document("statement", "known", *flags)["places"][0]

        self.assertEqual((bare["pue"]["value"], bare["basis"]), (2, "location"))
        self.assertEqual((known["pue"]["value"], known["basis"]), (2, "location"))
        kept = self.document("statement", "known", "--pue", "2", "--json")["places"][0]
        self.assertEqual((kept["pue"]["value"], kept["intensity"]["value"]), (2, 400))

    def test_what_was_bought_stands_beside_the_grid(self):
        self.measure("here", "--region", "FRA", "--pue", "1.2+-0")

        document = self.document("statement", "here", "--market-intensity", "80g/kWh", "--json")

        market, location = document["carbon_market"]["value"], document["carbon_location"]["value"]
        self.assertAlmostEqual(market / location, 80 / 56, 6)
        self.assertEqual(document["market_intensity"]["value"], 80)
        text = " ".join(self.statement("here", "--market-intensity", "80g/kWh").split())
        self.assertIn("By what was bought it is", text)
        for wrong, said in (("FRA", "location-based"), ("", "is empty"), ("80", "g/kWh"), ("80lb", "g/kWh"), ("nowhere", "unknown region")):
            code, message = self.refused("here", "--market-intensity", wrong)
            self.assertEqual(code, 64, wrong)
            self.assertIn("--market-intensity: ", message)
            self.assertIn(said, message)

    def test_a_plan_that_runs_kept_to_is_a_step(self):
        self.measure("planned")
        begun = datetime.datetime.now(datetime.timezone.utc)
        hour = datetime.timedelta(hours=1)
        stamp = lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = [f"{stamp(begun + i * hour - 2 * hour)},{100 if i == 2 else 400}" for i in range(-24, 24)]
        (self.dir / "s.csv").write_text("\n".join(["timestamp,gCO2/kWh", *rows]))
        plan = self.joulery("plan", "--duration", "1h", "--slack", "6h", "--at", stamp(begun - 2 * hour), "--series", "s.csv", "--json")
        self.assertEqual(plan.returncode, 0, plan.stderr.decode())
        (self.dir / "plan.json").write_bytes(plan.stdout)

        document = self.document("statement", "planned", "--plan", "plan.json", "--json")

        step, = document["steps"]
        self.assertEqual((step["kind"], step["objective"]), ("plan", "carbon"))
        self.assertAlmostEqual(step["saving_pct"], 75, 6)
        self.assertIn("A plan for least carbon chose", " ".join(self.statement("planned", "--plan", "plan.json").split()))
        self.assertEqual(self.refused("planned", "--plan", "s.csv")[0], 65)

    def test_a_region_of_the_tables_gives_location_based_carbon(self):
        self.measure("here", "--region", "FRA", "--pue", "1.2")

        document = self.document("statement", "here", "--json")

        self.assertEqual(document["places"][0]["basis"], "location")
        self.assertEqual(document["carbon_location"]["value"], document["carbon"]["value"])
        self.assertGreater(document["carbon"]["value"], 0)

    def test_a_mix_of_the_tables_names_the_energy_source_and_its_basis(self):
        self.measure("bought", "--region", "mix:aws", "--pue", "1.2")

        document = self.document("statement", "bought", "--json")

        self.assertIn("coal", [share["energy"] for share in document["places"][0]["energy_source"]])
        self.assertEqual(document["carbon_market"]["value"], document["carbon"]["value"])
        self.assertIsNone(document["carbon_location"]["value"])
        self.assertIsNone(document["sci"]["operational"]["value"])

    def test_every_format(self):
        self.measure("a&b%_$#{}~^\\", *PLACE, "--tag", 'training_type=fine"tuning')

        self.assertIn("Energy statement", self.statement("last"))
        self.assertIn("## Energy statement", self.statement("last", "--format", "markdown"))
        self.assertIn("\\section*{Energy statement}", self.statement("last", "--format", "latex"))
        card = self.statement("last", "--format", "modelcard")
        self.assertTrue(card.startswith("co2_eq_emissions:\n"))
        self.assertIn('training_type: "fine\\"tuning"', card)

    def test_the_model_card_is_yaml(self):
        try:
            import yaml
        except ImportError:
            self.skipTest("PyYAML is not installed")
        self.measure("one", *PLACE, "--tag", "training_type=: - # {[\u00e9\U0001f525")

        block = yaml.safe_load(self.statement("one", "--format", "modelcard"))["co2_eq_emissions"]

        self.assertGreater(block["emissions"], 0)
        self.assertEqual(block["training_type"], ": - # {[\u00e9\U0001f525")
        self.assertIn("Joulery", block["source"])


class OfASweep(CapTest):
    """A board that draws 350 W at the limit found, and less at a lower one, for as long."""

    found_w = (350.0,)
    machine = "model=A100;gain=1;offset=0;noise=0;load.0=constant:level=390,compute=0.1"

    def test_tells_the_saving_that_was_measured(self):
        done = self.joulery("sweep", "--caps", "200W", "--repeat", "2", "--gpus", "0", "--cool-down", "0s", "--seed", "1",
                            "--project", "capped", "--", "sleep", "0.5")
        self.assertEqual(done.returncode, 0, done.stderr.decode())

        document = self.document("statement", "--project", "capped", "--json")
        text = self.joulery("statement", "--project", "capped").stdout.decode()

        step, = document["steps"]
        self.assertEqual(step["cap"], "200 W")
        self.assertEqual(step["baseline"], "found 350 W")
        self.assertLess(step["energy_change"]["value"], -20)
        self.assertGreater(step["energy_change"]["u"], 0)
        self.assertIn("Power caps were compared in a sweep", text)
        self.assertIn("simulated", text)


class Refused(StatementTest):
    def test_a_project_without_runs_offers_the_nearest(self):
        self.measure("one")

        code, message = self.refused("--project", "thesiss")

        self.assertEqual(code, 65)
        self.assertIn("did you mean thesis?", message)

    def test_an_unknown_run_is_refused_as_show_does(self):
        self.measure("one")

        code, message = self.refused("one", "nothing")

        self.assertEqual((code, message), (self.joulery("show", "nothing").returncode,
                                           self.joulery("show", "nothing").stderr.decode()))
        self.assertEqual(code, 65)

    def test_wrong_uses_are_64(self):
        for words, named in [((), "RUN"), (("last", "--project", "thesis"), "--project"),
                             (("last", "--format", "pdf"), "--format"),
                             (("--project", ""), "--project"), (("last", "--pue", "0.9"), "--pue"),
                             (("last", "--json", "--format", "text"), "--json")]:
            code, message = self.refused(*words)
            self.assertEqual(code, 64, words)
            self.assertIn(named, message)


if __name__ == "__main__":
    unittest.main()
