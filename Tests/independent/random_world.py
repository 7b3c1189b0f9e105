# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""`random_world.py SEED FOLDER`: a small random world: venues, book, prices, paths and a sweep spec."""

import math
from pathlib import Path
import random
import sys

from arithmetic import plain
from random_cross import CrossMaker
from random_paths import PathMaker
from random_settings import spec_text
from random_venues import VenueMaker
from venues import load_venues

SPOT = {"BTC": 60_000.0, "ETH": 3_000.0, "SOL": 150.0, "EVT": 0.62}
COLUMNS = """account venue asset leg quantity entry_price collateral_usd max_leverage protected margin_mode
observed_slot liquidation_price protection_deposited_usd protection_cap_usd trigger_distance safe_distance
liquidation_threshold elevation_group""".split()
SLOT = 300_000_000


class Maker(CrossMaker, PathMaker, VenueMaker):
    def __init__(self, seed, folder):
        self.rng = random.Random(seed)
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def world(self):
        rng = self.rng
        (self.folder / "venues.toml").write_text(self.venue_file())
        self.spot = {asset: float(f"{price * rng.uniform(0.9, 1.1):.6g}") for asset, price in SPOT.items()}
        self.prices()
        self.book()
        names = [f"path{i}.csv" for i in range(rng.choice([1, 1, 2, 3]))]
        text, settings = spec_text(rng, names)
        (self.folder / "spec.toml").write_text(text)
        special = self.thresholds(settings)
        for name in names:
            if rng.random() < 0.25:
                self.bars(name)
            else:
                self.wide(name, special)
        return settings

    def prices(self):
        rng = self.rng
        rows = []
        for asset, price in self.spot.items():
            confidence = rng.choice(["", 0, plain(price * rng.uniform(0, 0.0015)), f"{price * rng.uniform(0, 0.004):.4f}"])
            rows.append([asset, plain(price), confidence, rng.choice(["", SLOT, SLOT - rng.randrange(500)])])
        rng.shuffle(rows)
        self.write("prices.csv", ["asset", "price", "confidence_usd", "slot"], rows)

    # Book ------------------------------------------------------------------------------------------------------------

    def book(self):
        rng = self.rng
        # Accounts gather at a few levels, so that clusters are worth something.
        self.levels = {asset: [price * (1 - rng.uniform(0.004, 0.06)) for _ in range(3)]
                       for asset, price in self.spot.items()}
        self.rows = []
        # A world in three has simple accounts only.
        self.cross_share = rng.choice([0, 0.3, 0.7])
        for number in range(rng.randrange(5, 61)):
            self.name = rng.choice(["", f"a{number}", f"a{number}", f"Z{number}", f"ü{number}", f"b,{number}"])
            if rng.random() < self.cross_share:
                self.cross(number)
            else:
                rng.choice([self.perp, self.perp, self.lending, self.lending, self.event])()
        self.write("book.csv", COLUMNS, [[row.get(name, "") for name in COLUMNS] for row in self.rows])

    def target(self, asset, above=False):
        """A price near which the account is to fall."""
        rng = self.rng
        if rng.random() < 0.6:
            level = rng.choice(self.levels[asset]) * (1 + rng.uniform(-0.002, 0.002))
            return 2 * self.spot[asset] - level if above else level
        distance = rng.choice([rng.uniform(-0.03, 0.1), rng.uniform(0, 0.4)])
        return self.spot[asset] * (1 + distance if above else 1 - distance)

    def number(self, x):
        return self.rng.choice([plain(float(f"{x:.6g}")), plain(float(f"{x:.3g}")), plain(x)])

    def size(self):
        return math.exp(self.rng.uniform(math.log(300), math.log(300_000)))

    def leg(self, venue, asset, kind, quantity, **more):
        row = {"account": self.name, "venue": venue, "asset": asset, "leg": kind, "quantity": quantity, **more}
        if self.rng.random() < 0.7:
            row["observed_slot"] = SLOT - self.rng.choice([0, 50, 3_000, 30_000])
        self.rows.append(row)
        return row

    def protect(self, row):
        rng = self.rng
        if rng.random() < 0.45:
            row["protected"] = 1
            if rng.random() < 0.25:
                row["protection_deposited_usd"] = rng.choice([12.5, 100, 999.999999])
            if rng.random() < 0.3:
                row["protection_cap_usd"] = rng.choice([60, 1_000, 7_500.25])
            if rng.random() < 0.3:
                row["trigger_distance"] = rng.choice([0.02, 0.07])
            if rng.random() < 0.3:
                row["safe_distance"] = rng.choice([0.1, 0.2])
        elif rng.random() < 0.3:
            row["protected"] = 0

    def perp(self):
        rng = self.rng
        venue = rng.choice(["tiered", "tiered", "sized"])
        asset = rng.choice(["BTC", "ETH", "SOL"])
        short = rng.random() < 0.35
        q = float(self.number(self.size() / self.spot[asset])) * (-1 if short else 1)
        if rng.random() < 0.03:
            q = 0.0
        entry = self.spot[asset] * rng.uniform(0.93, 1.07)
        rate = 0.03
        collateral = max(abs(q) * 0.01, -(q - abs(q) * rate) * self.target(asset, short) + q * entry)
        row = self.leg(venue, asset, "perp", plain(q), entry_price=self.number(entry), collateral_usd=self.number(collateral))
        if venue == "tiered" and rng.random() < 0.2:
            row["max_leverage"] = rng.choice([10, 20, 50])
        row["margin_mode"] = rng.choice(["", "", "cross", "isolated", "strict_isolated"])
        if rng.random() < 0.1:
            row["liquidation_price"] = plain(self.spot[asset])
        self.protect(row)

    def lending(self):
        rng = self.rng
        venue = rng.choice(["sized", "weighted", "ltv", "ticked"])
        volatile = ["SOL", "BTC", "ETH", "JITOSOL"]
        pattern = rng.random()
        if pattern < 0.5:
            collateral, debt = rng.choice(volatile), "USDC"
        elif pattern < 0.65:
            collateral, debt = "USDC", rng.choice(volatile)
        elif pattern < 0.9:
            collateral, debt = rng.sample(volatile, 2)
        elif pattern < 0.95:
            self.alone(venue, rng.choice(volatile + ["USDC"]))
            return
        else:
            collateral, debt = "USDC", "USDC"
            venue = rng.choice(["weighted", "ltv"])
        self.against(venue, collateral, debt)

    def weight(self, venue, asset, side):
        entry = self.entries[venue][asset]
        if "asset_weight" in entry:
            return entry["asset_weight" if side == "deposit" else "liability_weight"]
        return entry["liquidation_threshold"] if side == "deposit" else entry.get("borrow_factor", 1.0)

    @property
    def entries(self):
        if not hasattr(self, "_entries"):
            _, venues = load_venues(self.folder / "venues.toml")
            self._entries = {name: venue.entries for name, venue in venues.items()}
        return self._entries

    def unit(self, asset, at=None):
        """USD of one unit of an asset, optionally with its underlying at another price."""
        if asset == "USDC":
            return 1.0
        base = "SOL" if asset == "JITOSOL" else asset
        return (self.spot[base] if at is None else at) * (self.ratio if asset == "JITOSOL" else 1.0)

    def against(self, venue, collateral, debt):
        rng = self.rng
        q = self.size() / self.unit(collateral)
        base = "SOL" if collateral == "JITOSOL" else collateral
        if collateral != "USDC":
            worth = q * self.unit(collateral, self.target(base)) * self.weight(venue, collateral, "deposit")
            borrowed = worth / self.unit(debt) / self.weight(venue, debt, "borrow")
        else:
            worth = q * self.weight(venue, collateral, "deposit")
            at = None if debt == "USDC" else self.target("SOL" if debt == "JITOSOL" else debt, above=True)
            borrowed = worth / self.unit(debt, at) / self.weight(venue, debt, "borrow")
        if not self.name:
            self.name = f"c{len(self.rows)}"
        if rng.random() < 0.03:
            borrowed = 0.0
        legs = [lambda: self.leg(venue, collateral, "deposit", self.number(q)),
                lambda: self.leg(venue, debt, "borrow", self.number(borrowed))]
        if rng.random() < 0.3:
            legs.reverse()
        first = legs[0]()
        legs[1]()
        self.fit(venue, self.rows[-2:])
        if rng.random() < 0.25:
            first["collateral_usd"] = self.number(worth * 0.01)
        self.protect(first)

    def alone(self, venue, asset):
        rng = self.rng
        if rng.random() < 0.5:
            self.protect(self.leg(venue, asset, "deposit", self.number(self.size() / self.unit(asset))))
            return
        q = self.size() / self.unit(asset)
        at = None if asset == "USDC" else self.target("SOL" if asset == "JITOSOL" else asset, above=True)
        cash = q * self.unit(asset, at) * self.weight(venue, asset, "borrow")
        self.protect(self.leg(venue, asset, "borrow", self.number(q), collateral_usd=self.number(cash)))

    def event(self):
        self.against("events", self.rng.choice(["EVT", "EVT", "EVT", "SOL"]), "USDC" if self.rng.random() < 0.8 else "SOL")
        if self.rows[-1]["asset"] == self.rows[-2]["asset"]:
            del self.rows[-2:]


if __name__ == "__main__":
    Maker(int(sys.argv[1]), sys.argv[2]).world()
