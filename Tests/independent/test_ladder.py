# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Ladders of single accounts against hand calculation in rationals."""

from fractions import Fraction as F
import tempfile
from pathlib import Path
import unittest

from arithmetic import ln
from book import Market, PriceFile, read_book
from ladder import ladder
from lines import stand
from venues import load_venues

VENUES = """
[assets]
USDC = { quote = true }
[venues.tiered]
kind = "perp_tiered"
partial_share = 0.2
partial_above_usd = 10_000
penalty = 0.01
[venues.tiered.assets]
A = { max_leverage = 20 }
[venues.ltv]
kind = "lending_ltv"
close_factor = 0.2
penalty = 0.05
[venues.ltv.assets]
A = { liquidation_threshold = 0.8 }
USDC = {}
[venues.weighted]
kind = "lending_weighted"
[venues.weighted.assets]
A = { asset_weight = 0.8, liability_weight = 1.2 }
USDC = { asset_weight = 1, liability_weight = 1 }
"""
BOOK = """account,venue,asset,leg,quantity,entry_price,collateral_usd
perp,tiered,A,perp,200,100,3000
loan,ltv,A,deposit,100,,
loan,ltv,USDC,borrow,6000,,
bank,weighted,A,deposit,100,,
bank,weighted,USDC,borrow,6000,,
"""


class Ladders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("venues.toml", "prices.csv", "book.csv")]
            for path, text in zip(files, (VENUES, "asset,price\nA,100\n", BOOK)):
                path.write_text(text)
            assets, venues = load_venues(files[0])
            prices = PriceFile(files[1])
            cls.accounts = {account.text: account for account in read_book(files[2], venues, prices)}
            cls.market = Market(assets, prices.prices, confidences=prices.confidences)

    def rungs(self, name):
        account = self.accounts[name]
        row = account.rows(self.market, 0)[0]
        rungs = ladder(account, row, stand(account, row, 100.0), self.market)
        self.assertAlmostEqual(sum(rung.share for rung in rungs), 1.0, places=14)
        return rungs

    def expect(self, rungs, expected):
        for rung, (share, price) in zip(rungs, expected, strict=True):
            self.assertAlmostEqual(rung.share, float(share), places=14)
            self.assertAlmostEqual(rung.price, float(price), places=10)

    def test_a_fifth_then_the_rest(self):
        """200 A at 100 with 3,000 USD and 2.5 % maintenance; after a fifth is sold at the root only 160 are left."""
        slope, cash = 200 * F(39, 40), F(3_000 - 200 * 100)
        root = -cash / slope
        second = -(cash + 40 * root) / (slope * F(4, 5))
        rungs = self.rungs("perp")
        self.expect(rungs, [(F(1, 5), root), (F(4, 5), second)])
        self.assertEqual([rung.penalty for rung in rungs], [0.0, 0.01])

    def test_a_fifth_of_the_debt_each_time(self):
        """A fifth of the debt is repaid with 5 % more collateral, seven times; the last takes what is left."""
        held, debt, expected = F(100), F(6_000), []
        for _ in range(7):
            price = debt / (held * F(4, 5))
            seized = debt / 5 * F(21, 20) / price
            expected.append((seized / 100, price))
            held, debt = held - seized, debt * F(4, 5)
        expected.append((held / 100, debt / (held * F(4, 5))))
        self.expect(self.rungs("loan"), expected)

    def test_unwinding_keeps_health_at_nothing(self):
        """At (price/root)^e of the collateral, the debt repaid at 95 % on the way leaves health 0: slices solve it."""
        rungs = self.rungs("bank")
        left, exponent = 1.0, 0.8 / (0.95 - 0.8)
        for rung in rungs:
            self.assertAlmostEqual(ln(left), exponent * ln(rung.price / 75.0), places=12)
            left -= rung.share


if __name__ == "__main__":
    unittest.main()
