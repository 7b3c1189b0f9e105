# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Random accounts of many legs for the random worlds."""

from arithmetic import plain
from book import Account, Leg, Market, PriceFile
from random_venues import LISTED, VOLATILE
from venues import load_venues



class CrossMaker:
    """Needs `rng`, `folder`, `rows`, `spot`, `leg`, `protect`, `number`, `size`, `unit`."""

    def cross(self, number):
        """Two to six legs at one venue, health a little above nothing."""
        rng = self.rng
        self.name = self.name or f"x{number}"
        venue = rng.choice(["tiered", "sized", "sized", "weighted", "ltv", "ticked", "events"])
        first = len(self.rows)
        make = {"tiered": self.cross_perps, "sized": self.cross_margin, "ticked": self.cross_vault}.get(
            venue, self.cross_loans)
        make(venue, rng.randrange(2, 7))
        legs = self.rows[first:]
        self.fit(venue, legs)
        if rng.random() < 0.1:
            rng.choice(legs)["quantity"] = "0" if legs[0]["leg"] != "perp" or venue == "sized" else legs[0]["quantity"]
        if rng.random() < 0.3:
            rng.choice(legs)["collateral_usd"] = self.number(self.size() * 0.01)
        self.settle(legs)
        self.protect(rng.choice(legs))

    def units(self, asset):
        return float(self.number(self.size() / self.unit(asset)))

    def cross_perp(self, venue, asset):
        rng = self.rng
        q = self.units(asset) * rng.choice([1, 1, -1])
        entry = self.number(self.unit(asset) * rng.uniform(0.93, 1.07))
        row = self.leg(venue, asset, "perp", plain(q), entry_price=entry)
        if venue == "tiered" and rng.random() < 0.2:
            row["max_leverage"] = rng.choice([10, 20, 50])

    def cross_perps(self, venue, count):
        for asset in self.rng.sample(LISTED[venue], min(count, len(LISTED[venue]))):
            self.cross_perp(venue, asset)

    def cross_margin(self, venue, count):
        """Perps beside spot, some of them hedges of one asset."""
        rng = self.rng
        perps = rng.sample(VOLATILE, min(len(VOLATILE), rng.randrange(count)))
        for asset in perps:
            self.cross_perp(venue, asset)
            if rng.random() < 0.3:
                q = float(self.rows[-1]["quantity"])
                kind = "borrow" if q > 0 else "deposit"
                self.leg(venue, asset, kind, self.number(abs(q) * rng.choice([1, 0.5, 1.3])))
        self.cross_loans(venue, max(1, count - len(perps)))

    def cross_loans(self, venue, count):
        rng = self.rng
        for _ in range(count):
            asset = rng.choice(LISTED[venue])
            self.leg(venue, asset, rng.choice(["deposit", "deposit", "borrow"]), self.number(self.units(asset)))

    def cross_vault(self, venue, count):
        """One asset each side, in several legs."""
        collateral, debt = self.rng.sample(LISTED[venue], 2)
        for asset, kind, legs in ((collateral, "deposit", count - 1), (debt, "borrow", self.rng.choice([1, 1, 2]))):
            for _ in range(max(1, legs)):
                self.leg(venue, asset, kind, self.number(self.units(asset)))

    def settle(self, rows):
        """Debts scaled, or cash added, until health is a small share of what is at stake."""
        rng = self.rng
        _, venues = load_venues(self.folder / "venues.toml")
        price_file = PriceFile(self.folder / "prices.csv")
        assets = next(iter(venues.values())).assets
        account = Account(0, [Leg(i, {name: str(value) for name, value in row.items()}, venues)
                              for i, row in enumerate(rows)], price_file)
        market = Market(assets, price_file.prices, confidences=price_file.confidences)
        share = rng.choice([0.002, 0.01, 0.02, 0.05, 0.15, -0.01])
        values = [slope * market.price(leg.underlying) for leg, slope in zip(account.legs, account.slopes)]
        if not account.is_perp:
            held = account.collateral + sum(value for value in values if value > 0)
            owed = -sum(value for value in values if value < 0)
            if held > 0 and owed > 0 and rng.random() < 0.9:
                for row in rows:
                    if row["leg"] == "borrow":
                        row["quantity"] = self.number(float(row["quantity"]) * held * (1 - share) / owed)
                return
        rows[0].setdefault("collateral_usd", "0")
        # The rows of an account all tell its health; without tiers, so near enough.
        health = account.collateral + sum(values) - sum(
            leg.quantity * leg.entry_price for leg in account.legs if leg.kind == "perp")
        gross = sum(abs(leg.quantity * account.leg_price(leg, market)) for leg in account.legs)
        cash = float(rows[0]["collateral_usd"] or 0) + share * gross - health
        # What an auction leaves of an account that owes cash is not settled by the rules: perps only.
        if cash >= 0 or account.is_perp:
            rows[0]["collateral_usd"] = self.number(cash)
