# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The exact checker: published prices, agreement with the byte-for-byte reference, and that it can fail."""

from collections import Counter
from contextlib import redirect_stderr
import csv
from fractions import Fraction as F
from io import StringIO
from pathlib import Path
import tempfile
import unittest

from arithmetic import BadData, plain
from differential import check_rows
from exact_check import ROUNDING, RowCheck, Wrong
from exact_health import ExactAccount, Refused, World, tick_below
import main
from random_book import Maker, Seeded, write
import refused_books


def reference_rows(folder, world, accounts):
    """Rows of `prices --both` of the program next to this file."""
    book, prices, venues = write(folder, world, accounts)
    output = folder / "liquidation_prices.csv"
    code = main.main(["prices", "--book", str(book), "--prices", str(prices), "--venues", str(venues), "--both",
                      "-o", str(output)])
    if code:
        raise BadData(f"exit code {code}")
    with open(output, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def random_case(seed, count=150):
    maker = Maker(Seeded(seed))
    world = maker.world()
    return world, [maker.account(world, f"a{i}") for i in range(count)]


def blurred(account, row):
    """Whether 1e-11 of the root moves health by less than the rounding of its terms."""
    root = F(float(row["liquidation_price"]))
    _, gross = account.health({row["asset"]: root})
    near = [account.health({row["asset"]: root * (1 + step * F(1, 10 ** 11))})[0] for step in (-1, 1)]
    return abs(near[0] - near[1]) <= 4 * ROUNDING * gross


class Published(unittest.TestCase):
    """Worked cases of venues.md."""

    def root(self, table, legs, prices, asset="SOL", confidences=None):
        world = World({"USDC": {"quote": True}}, {"v": table}, prices, confidences or {})
        account = ExactAccount(world, [{"venue": "v", "account": "a", **leg} for leg in legs])
        _, lines = account.along(asset)
        lower = max((line.root for line in lines if line.slope > 0), default=None)
        upper = min((line.root for line in lines if line.slope < 0), default=None)
        return float(lower if lower is not None else upper)

    def perp(self, asset, quantity, entry, cash):
        return {"asset": asset, "leg": "perp", "quantity": quantity, "entry_price": entry, "collateral_usd": cash}

    def loan(self, quantity, debt):
        return [{"asset": "SOL", "leg": "deposit", "quantity": quantity}, {"asset": "USDC", "leg": "borrow", "quantity": debt}]

    def test_drift(self):
        table = {"kind": "perp_sized", "assets": {"SOL": {
            "maintenance_ratio": 0.05, "asset_weight": 0.9, "liability_weight": 1.1}}}
        perp = self.perp("SOL", 5.0, 100.0, 250.0)
        self.assertAlmostEqual(self.root(table, [perp], {"SOL": 100.0}), 52.631579, 6)
        self.assertAlmostEqual(self.root(table, [self.perp("SOL", -2.0, 0.0, 250.0)], {"SOL": 100.0}), 119.047619, 6)
        # Long 5 and 2 of spot of the same oracle; the quote of the perp is -500 and 300 was paid in.
        both = [self.perp("SOL", 5.0, 100.0, 0.0), {"asset": "SOL", "leg": "deposit", "quantity": 2.0}]
        self.assertAlmostEqual(self.root(table, both, {"SOL": 100.0}), 500 / 6.55, 6)

    def test_hyperliquid(self):
        tiers = [{"lower_usd": 0, "max_leverage": 40.0}, {"lower_usd": 150_000_000, "max_leverage": 20.0}]
        table = {"kind": "perp_tiered", "margin_tables": {"T": {"tiers": tiers}}, "assets": {"BTC": {"margin_table": "T"}}}
        self.assertAlmostEqual(self.root(table, [self.perp("BTC", -1400.0, 100_000.0, 20e6)], {"BTC": 100_000.0}, "BTC"),
                               112_804.88, 2)

    def test_lending(self):
        marginfi = {"kind": "lending_weighted", "assets": {"SOL": {"asset_weight": 0.9, "liability_weight": 1.1}}}
        self.assertAlmostEqual(self.root(marginfi, self.loan(100.0, 9000.0), {"SOL": 150.0}), 100.0)
        self.assertAlmostEqual(self.root(marginfi, self.loan(100.0, 9000.0), {"SOL": 150.0}, confidences={"SOL": 0.75}),
                               101.0714, 4)
        jupiter = {"kind": "lending_ticked", "assets": {"SOL": {"liquidation_threshold": 0.85}}}
        self.assertAlmostEqual(self.root(jupiter, self.loan(100.0, 10_000.0), {"SOL": 150.0}), 117.7502, 4)

    def test_emode_of_several_banks(self):
        entries = {"SOL": {"asset_weight": 0.8, "liability_weight": 1.0, "emode_tag": "LST"},
                   "B": {"asset_weight": 0.8, "liability_weight": 1.0, "emode": {"LST": 0.95}},
                   "C": {"asset_weight": 0.8, "liability_weight": 1.0, "emode": {"LST": 0.9}},
                   "D": {"asset_weight": 0.8, "liability_weight": 1.0}}
        table = {"kind": "lending_weighted", "assets": entries}
        world = World({}, {"v": table}, dict.fromkeys(entries, 1.0), {})
        for debts, weight in (("B", 0.95), ("BC", 0.9), ("BCD", 0.8), ("", 0.8)):
            legs = [{"venue": "v", "asset": "SOL", "leg": "deposit", "quantity": 100.0}]
            legs += [{"venue": "v", "asset": bank, "leg": "borrow", "quantity": 1.0} for bank in debts]
            self.assertEqual(ExactAccount(world, legs).health()[0], 100 * F(weight) - len(debts))

    def test_ticks(self):
        base = F("1.0015")
        tick, distance = tick_below(base, base ** 7)
        self.assertEqual((tick, distance < F(1, 10 ** 50)), (7, True))
        self.assertEqual(tick_below(base, base ** -7 * F("0.9999"))[0], -8)


class Agreement(unittest.TestCase):
    def test_reference_agrees_with_exact_health(self):
        for seed in range(3):
            world, accounts = random_case(seed)
            with tempfile.TemporaryDirectory() as folder:
                rows = reference_rows(Path(folder), world, accounts)
            counts = Counter()
            problems = check_rows(world, accounts, rows, counts)
            self.assertEqual(problems, [], "\n".join(problems[:3]))
            self.assertGreater(counts["sharp"], 100)

    def test_refused(self):
        for name, world, accounts in refused_books.books():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder, redirect_stderr(StringIO()):
                with self.assertRaises(BadData):
                    reference_rows(Path(folder), world, accounts)


class Failing(unittest.TestCase):
    """A checker that cannot fail proves nothing."""

    def test_perturbed_rows_are_refused(self):
        world, accounts = random_case(77)
        with tempfile.TemporaryDirectory() as folder:
            rows = reference_rows(Path(folder), world, accounts)
        sharp = 0
        by_name = {legs[0]["account"]: legs for legs in accounts}
        for row in rows:
            if row["status"] != "at_risk" or any("margin_mode" in leg for leg in by_name[row["account"]]):
                continue
            account = ExactAccount(world, by_name[row["account"]])
            if getattr(account, "grid_distance", None) is not None and account.grid_distance <= account.grid_bound:
                continue
            counts = Counter()
            RowCheck(account, row["asset"], row, counts).run()
            if counts["cancelling"] or counts["near zero"]:
                continue
            # Where cancellation could hide 1e-11, nothing is claimed.
            if blurred(account, row):
                continue
            sharp += 1
            for factor in (1 + 1e-11, 1 - 1e-11):
                moved = dict(row)
                price = float(row["liquidation_price"])
                for name in ("liquidation_price", "lower", "upper"):
                    if row[name] == row["liquidation_price"]:
                        moved[name] = plain(price * factor)
                with self.assertRaises(Wrong):
                    RowCheck(account, row["asset"], moved).run()
            for changed in ({"status": "unreachable"}, {"status": "liquidatable"}, {"liquidation_price": ""},
                            {"direction": "above" if row["direction"] == "below" else "below"},
                            {"lower": "", "upper": ""}):
                with self.assertRaises(Wrong):
                    RowCheck(account, row["asset"], {**row, **changed}).run()
        self.assertGreater(sharp, 50)

    def test_refusals_of_the_exact_rules(self):
        world = World({}, {"v": {"kind": "perp_tiered", "assets": {"A": {"max_leverage": 10.0}}}}, {"A": 1.0}, {})
        leg = {"venue": "v", "asset": "A", "leg": "perp", "quantity": 1.0, "entry_price": 1.0}
        with self.assertRaises(Refused):
            ExactAccount(world, [leg, dict(leg)])


if __name__ == "__main__":
    unittest.main()
