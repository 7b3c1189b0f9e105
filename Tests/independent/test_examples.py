# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The worked examples of SEMANTICS, and published vectors."""

from types import SimpleNamespace
import unittest

from arithmetic import bins_of, exp2, mean_half_even, micro, money, philox, plain
from auction import Lot
from clusters import Cluster
from settings import Settings, axis
from vault import Cycle

BIN = 923


class Bins(unittest.TestCase):
    def test_bin_923(self):
        grid = bins_of(50.0)
        self.assertEqual(grid.edge(BIN), 99.83320213261966)
        self.assertEqual(grid.edge(BIN + 1), 100.33236814328276)
        self.assertEqual(grid.largest_at_most(grid.edge(BIN)), BIN)

    def test_numbers(self):
        self.assertEqual([plain(x) for x in (1e-7, 5.0, 1e22, 0.1, True)],
                         ["0.0000001", "5", "10000000000000000000000", "0.1", "1"])
        self.assertEqual(money(-1), "-0.000001")
        self.assertEqual([mean_half_even(x, 2) for x in (1, 3, -1, -3)], [0, 2, 0, -2])
        self.assertAlmostEqual(exp2(-0.5), 2 ** -0.5, places=15)


class VaultExamples(unittest.TestCase):
    def cycle(self, reason, lowest, exit_spot):
        grid = bins_of(50.0)
        cluster = Cluster("SOL", "below", BIN, grid.edge(BIN), grid.edge(BIN + 1))
        cycle = Cycle(Settings({}), 1, cluster, 0, 101.5, micro(1_000_000.0))
        for spot in (lowest, exit_spot):
            cycle.step(spot, 0)
        cycle.close(reason, 1, exit_spot)
        return cycle

    def test_thresholds(self):
        cycle = self.cycle("recover", 98.0, 101.5)
        self.assertEqual((cycle.price, cycle.stop_price, cycle.recover_price),
                         (100.0824739367126, 95.07835023987697, 101.08329867607974))
        self.assertTrue(cycle.recovers(0, 101.08329867607974, 0))
        self.assertFalse(cycle.recovers(0, 101.08329867607972, 0))

    def check(self, cycle, base, spent, fees, fee, pnl, traded, amm):
        self.assertEqual(cycle.base, base)
        self.assertEqual([money(x) for x in (cycle.spent, cycle.fees, cycle.performance_fee, cycle.pnl,
                                             cycle.amm_traded, cycle.results["amm"][0])],
                         [spent, fees, fee, pnl, traded, amm])

    def test_recover(self):
        self.check(self.cycle("recover", 98.0, 101.5), 9991.75940267375, "1000000.000000", "2500.000000",
                   "3332.715874", "13330.863497", "2000000.000000", "4000.000000")

    def test_stop_loss(self):
        cycle = self.cycle("stop_loss", 93.0, 93.0)
        self.check(cycle, 9991.75940267375, "1000000.000000", "2500.000000", "0.000000", "-68266.375551",
                   "1000000.000000", "-68266.375551")
        self.assertEqual(money(cycle.gap_loss), "20766.375551")

    def test_timeout(self):
        cycle = self.cycle("timeout", 100.2, 100.3)
        self.assertEqual(cycle.filled, 0.2649357744831128)
        self.check(cycle, 2642.3248740721997, "264935.774483", "662.339436", "150.349964", "601.399858",
                   "465102.631924", "921.846570")


class AuctionExample(unittest.TestCase):
    def test_lot(self):
        settings = Settings({"auction.buffer_bps": 50})
        account = SimpleNamespace(text="a")
        lot = Lot(settings, 1, account, 0, 10.0, 150.0 - 0.5, micro(1300.0))
        self.assertEqual([money(x) for x in (lot.open, lot.reserve)], ["1495.000000", "1319.500000"])
        self.assertEqual(lot.kappa, 0.7475)

        def bidder(j, margin, reaction):
            return SimpleNamespace(j=j, reaction=reaction, most=micro(500000.0),
                                   value=lambda q, spot: micro(q * spot * (1.0 - margin) - 1.0))
        bidders = [bidder(1, 0.03, 30.0), bidder(2, 0.06, 15.0)]
        for t in range(0, 600, 15):
            spot = 150.0 - 0.02 * t
            offer = lot.bid(bidders, spot, 1000 * t, 1000 * (t + 15))
            if offer:
                lot.accept(offer, spot)
                break
        surplus, uncovered, _ = lot.settle(0)
        self.assertEqual((lot.winner, lot.tau, money(lot.proceeds)), (1, 70.42140468227437, "1442.360000"))
        self.assertEqual((money(surplus), uncovered, lot.closed_at), ("129.360000", 0, 70422))


class Draws(unittest.TestCase):
    def test_philox_published_vectors(self):
        self.assertEqual(philox((0, 0, 0, 0), (0, 0)), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8))
        ones = 0xFFFFFFFF
        self.assertEqual(philox((ones,) * 4, (ones,) * 2), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD))
        self.assertEqual(philox((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0)),
                         (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1))


class Grids(unittest.TestCase):
    def test_axes(self):
        self.assertEqual(axis({"from": 1, "to": 2, "steps": 4}), [1.0, 1.33333, 1.66667, 2.0])
        self.assertEqual(axis({"from": 0.5, "to": 50, "steps": 3, "scale": "log"}), [0.5, 5.0, 50.0])

    def test_id_of_no_change(self):
        self.assertEqual(Settings({}).cell_id(), "cbf29ce484222325")

    def test_confidence_of_a_thousand_equal_accounts(self):
        grid = bins_of(50.0)
        for count, size, expected in ((1000, 10_000, 92), (10, 1_000_000, 74), (1, 10_000_000, 29)):
            cluster = Cluster("SOL", "below", BIN, grid.edge(BIN), grid.edge(BIN + 1))
            for _ in range(count):
                cluster.add(micro(float(size)), round(0.95 * 65536))
            cluster.rate(Settings({}), 0.0)
            self.assertEqual(cluster.confidence, expected)


if __name__ == "__main__":
    unittest.main()
