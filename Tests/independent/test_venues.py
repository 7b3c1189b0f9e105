# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Liquidation prices of published venue cases, and the equality rules."""

from types import SimpleNamespace
import unittest

from book import Account, Leg, Market
from lines import AT_RISK, LIQUIDATABLE, UNREACHABLE, stand
from venues import Assets, Venue

ASSETS = Assets({"USDC": {"quote": True}, "JITOSOL": {"priced_from": "SOL", "ratio": 1.21}})


def row_of(table, legs, prices, confidences=None):
    """(account, first row, its standing) of one account on one venue."""
    venue = Venue("v", table, ASSETS)
    known = confidences or {}
    file = SimpleNamespace(prices=prices, confidences=known,
                           share=lambda asset: known.get(asset, 0.0) / prices[asset])
    account = Account(0, [Leg(i, {"account": "a", "venue": "v", **leg}, {"v": venue}) for i, leg in enumerate(legs)], file)
    market = Market(ASSETS, prices, confidences=file.confidences)
    row = account.rows(market, 0)[0]
    return stand(account, row, market.price(row.asset))


def perp(asset, quantity, entry, collateral):
    return {"asset": asset, "leg": "perp", "quantity": quantity, "entry_price": entry, "collateral_usd": collateral}


def loan(collateral, quantity, debt, borrowed):
    return [{"asset": collateral, "leg": "deposit", "quantity": quantity}, {"asset": debt, "leg": "borrow", "quantity": borrowed}]


HYPERLIQUID = {"kind": "perp_tiered",
               "margin_tables": {"BTC": {"tiers": [{"lower_usd": 0, "max_leverage": 40}, {"lower_usd": 150_000_000, "max_leverage": 20}]},
                                 "ETH": {"tiers": [{"lower_usd": 0, "max_leverage": 25}]}},
               "assets": {"BTC": {"margin_table": "BTC"}, "ETH": {"margin_table": "ETH"}}}
MARGINFI = {"kind": "lending_weighted", "liquidates_at_equality": True,
            "assets": {"SOL": {"asset_weight": 0.9, "liability_weight": 1.1}}}
KAMINO = {"kind": "lending_ltv", "liquidates_at_equality": True,
          "assets": {"SOL": {"liquidation_threshold": 0.75, "borrow_factor": 1.25}, "USDC": {"liquidation_threshold": 0.9}}}
JUPITER = {"kind": "lending_ticked", "tick_base": 1.0015, "assets": {"SOL": {"liquidation_threshold": 0.85}}}
DRIFT = {"kind": "perp_sized", "assets": {"SOL": {"maintenance_ratio": 0.05, "imf_factor": 0, "asset_weight": 0.9, "liability_weight": 1.1}}}


class Venues(unittest.TestCase):
    def root(self, *arguments):
        standing = row_of(*arguments)
        self.assertEqual(standing.status, AT_RISK)
        return standing.root

    def test_hyperliquid(self):
        self.assertAlmostEqual(self.root(HYPERLIQUID, [perp("ETH", "0.003", "3800", "0.319424")], {"ETH": 3800.0}), 3768.9034013605, 6)
        self.assertAlmostEqual(self.root(HYPERLIQUID, [perp("BTC", "-1400", "100000", "20000000")], {"BTC": 100000.0}), 112804.88, 2)

    def test_lending(self):
        self.assertAlmostEqual(self.root(MARGINFI, loan("SOL", "100", "USDC", "9000"), {"SOL": 150.0}), 100.0)
        self.assertAlmostEqual(self.root(MARGINFI, loan("SOL", "100", "USDC", "9000"), {"SOL": 150.0}, {"SOL": 0.75}), 101.0714, 4)
        self.assertAlmostEqual(self.root(KAMINO, loan("SOL", "100", "USDC", "8000"), {"SOL": 150.0}), 106.6666667)
        self.assertAlmostEqual(self.root(JUPITER, loan("SOL", "100", "USDC", "10000"), {"SOL": 150.0}), 117.7502, 4)
        self.assertAlmostEqual(self.root(KAMINO, loan("SOL", "100", "USDC", "8000"), {"SOL": 107.0}), 106.6666667)

    def test_drift_long(self):
        self.assertAlmostEqual(self.root(DRIFT, [perp("SOL", "10", "100", "100")], {"SOL": 100.0}), 900 / 9.5)

    def test_equality(self):
        exact = loan("SOL", "128", "USDC", "9600")      # 9600 / (128 * 0.75) = 100 exactly
        self.assertEqual(row_of(KAMINO, exact, {"SOL": 100.0}).status, LIQUIDATABLE)
        strict = {**KAMINO, "liquidates_at_equality": False}
        self.assertEqual(row_of(strict, exact, {"SOL": 100.0}).status, AT_RISK)

    def test_no_debt_and_tick(self):
        self.assertEqual(row_of(KAMINO, loan("SOL", "1", "USDC", "0"), {"SOL": 100.0}).status, UNREACHABLE)
        naive = 10000 / (100 * 0.85)
        root = self.root(JUPITER, loan("SOL", "100", "USDC", "10000"), {"SOL": 150.0})
        self.assertTrue(naive <= root <= naive * 1.0015)


if __name__ == "__main__":
    unittest.main()
