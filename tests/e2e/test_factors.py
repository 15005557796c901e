"""`joulery site` and `joulery device` as a user calls them: lists, searches, single rows, one's own, names that are unknown."""
import unittest

from harness import JouleryTest

CONFIG = """[site.hall-b]
pue = 1.21
pue_u = 0.03
region = "FRA"
electricity_price = "0.14EUR/kWh"

[device.our-board]
aliases = ["OB1"]
tdp = "150W"
average_power = "120W"
on_demand_price = "1.10..1.65EUR/h"
source = "our own meter"
"""


class FactorsTest(JouleryTest):
    def configure(self, text):
        path = self.dir / "config" / "joulery" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def refused(self, *words):
        done = self.joulery(*words)
        self.assertEqual(done.stdout, b"")
        return done.returncode, done.stderr.decode()

    def text(self, *words):
        done = self.joulery(*words)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()


class Sites(FactorsTest):
    def test_list_is_whole_and_each_row_has_its_source(self):
        document = self.document("site", "list", "--json")
        self.assertEqual(document["schema"], "joulery/site/1")
        self.assertGreater(len(document["sites"]), 300)
        for site in document["sites"]:
            with_source = [site[key] for key in ("pue", "intensity") if site[key]["value"] is not None]
            self.assertTrue(with_source, site["id"])
            for factor in with_source:
                self.assertTrue(factor["source"], site["id"])
                self.assertGreater(factor["u"], 0, site["id"])
        self.assertTrue(all(len(line) <= 100 for line in self.text("site", "list").splitlines()))

    def test_words_search(self):
        found = [site["id"] for site in self.document("site", "list", "AWS", "tokyo", "--json")["sites"]]
        self.assertEqual(found, ["aws:ap-northeast-1"])
        self.assertIn("No place", self.text("site", "list", "no-such-place"))
        self.assertEqual(self.document("site", "list", "no-such-place", "--json")["sites"], [])

    def test_show(self):
        site = self.document("site", "show", "us-central1", "--json")["sites"][0]
        self.assertEqual((site["id"], site["pue"]["value"]), ("gcp:us-central1", 1.11))
        self.assertEqual((site["intensity"]["value"], site["intensity"]["unit"]), (412.72, "gCO2e/kWh"))
        self.assertEqual((site["intensity"]["kind"], site["intensity_basis"]), ("average", "location"))
        text = self.text("site", "show", "United", "States")
        self.assertIn("0.120 ± 0.024 USD/kWh, average of all customers", text)
        self.assertIn("--region USA", text)
        mix = self.document("site", "show", "mix:google", "--json")["sites"][0]
        self.assertEqual((sum(part["share_pct"] for part in mix["mix"]), mix["mix_not_given_pct"]), (95, 5))
        self.assertIn("not given", self.text("site", "show", "mix:google"))

    def test_ones_own(self):
        self.configure(CONFIG)
        self.assertEqual(self.document("site", "list", "--json")["sites"][0]["id"], "hall-b")
        site = self.document("site", "show", "hall-b", "--json")["sites"][0]
        self.assertEqual((site["group"], site["pue"]["value"]), ("own", 1.21))
        self.assertEqual((site["electricity_price"]["value"], site["electricity_price"]["unit"]), (0.14, "EUR/kWh"))

    def test_unknown_names_offer_the_nearest(self):
        code, error = self.refused("site", "show", "nrel-esiff")
        self.assertEqual(code, 65)
        self.assertIn("nearest: nrel-esif", error)
        self.assertEqual(self.refused("site", "shw", "FRA")[0], 64)
        self.assertEqual(self.refused("site", "show")[0], 64)
        self.assertEqual(self.refused("site")[0], 64)

    def test_a_shipped_place_is_a_site_of_a_run_and_a_region_gives_no_pue(self):
        self.run_quiet("true", flags=["--site", "gcp:us-central1"])
        document = self.document("show", "last", "--json")
        self.assertEqual((document["pue"]["value"], document["intensity"]["value"]), (1.11, 412.72))
        self.run_quiet("true", flags=["--region", "us-central1"])
        document = self.document("show", "last", "--json")
        self.assertIsNone(document["pue"]["value"])
        self.assertIn("--site gcp:us-central1", document["pue"]["why"])
        self.assertEqual(document["intensity"]["value"], 412.72)


class Devices(FactorsTest):
    def test_list_is_whole(self):
        devices = self.document("device", "list", "--json")["devices"]
        kinds = [device["kind"] for device in devices]
        self.assertGreaterEqual(len(devices) - kinds.count("cpu"), 60)
        self.assertGreater(kinds.count("cpu"), 60)
        for device in devices:
            if "tdp_w" in device:
                self.assertTrue(device["tdp_source"], device["id"])
        self.assertTrue(all(len(line) <= 100 for line in self.text("device", "list").splitlines()))

    def test_words_search(self):
        found = [device["id"] for device in self.document("device", "list", "tpu", "v3", "--json")["devices"]]
        self.assertEqual(found, ["TPUv3"])

    def test_show_by_any_name(self):
        for name in ("V100", "Tesla V100-SXM2-16GB", "nvidia_v100"):
            device = self.document("device", "show", name, "--json")["devices"][0]
            self.assertEqual((device["id"], device["tdp_w"]), ("V100-SXM2-16GB", 300))
        rents = {(price["spot"], price["as_of"]): price["low_per_h"] for price in device["prices"]}
        self.assertEqual((rents[True, "2019"], rents[False, "2019"]), (0.74, 2.48))
        self.assertEqual(device["average_power"]["value"], 325)
        cpu = self.document("device", "show", "AMD EPYC 7742 64-Core Processor", "--json")["devices"][0]
        self.assertEqual((cpu["kind"], cpu["tdp_w"]), ("cpu", 225))
        self.assertIn("300 W", self.text("device", "show", "V100"))

    def test_ones_own(self):
        self.configure(CONFIG)
        device = self.document("device", "show", "ob1", "--json")["devices"][0]
        self.assertEqual((device["id"], device["tdp_w"], device["tdp_source"]), ("our-board", 150, "our own meter"))
        self.assertEqual(device["prices"][0]["high_per_h"], 1.65)

    def test_unknown_names_offer_the_nearest(self):
        code, error = self.refused("device", "show", "V101")
        self.assertEqual(code, 65)
        self.assertIn("nearest: V100", error)
        self.assertEqual(self.refused("device", "list-all")[0], 64)

    def test_a_slip_in_the_configuration_names_file_and_line(self):
        path = self.configure("[device.x]\ntdp = \"300kW\"\n")
        code, error = self.refused("device", "list")
        self.assertEqual(code, 65)
        self.assertIn(f"{path}:2: tdp", error)


if __name__ == "__main__":
    unittest.main()
