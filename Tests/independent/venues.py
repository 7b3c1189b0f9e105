# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Venue file: assets, margin tables, weights (DESIGN 3 and 4, B1, B3)."""

from fractions import Fraction
import math
import tomllib

from arithmetic import BadData, plain, powers_of, rint

PERP_KINDS = ("perp_tiered", "perp_sized")
LENDING_KINDS = ("perp_sized", "lending_weighted", "lending_ltv", "lending_ticked", "event")


class Assets:
    """The asset table: quote currencies, and assets that are priced from another."""

    def __init__(self, table):
        self.quotes = {name for name, entry in table.items() if entry.get("quote")}
        self.derived = {name: (entry["priced_from"], float(entry.get("ratio", 1.0)))
                        for name, entry in table.items() if "priced_from" in entry}

    def is_quote(self, asset):
        return asset in self.quotes

    def underlying(self, asset):
        return self.derived[asset][0] if asset in self.derived else asset

    def ratio(self, asset):
        return self.derived[asset][1] if asset in self.derived else 1.0


class Venue:
    def __init__(self, name, table, assets):
        self.name = name
        self.kind = table["kind"]
        if self.kind not in ("perp_tiered", "perp_sized", "lending_weighted", "lending_ltv", "lending_ticked", "event"):
            raise BadData(f"venue {name}: unknown kind {self.kind}")
        self.assets = assets
        self.equality = bool(table.get("liquidates_at_equality", False))
        self.close_factor = float(table.get("close_factor", 1.0))
        self.liquidation = table.get("liquidation", "market" if self.kind in PERP_KINDS else "auction")
        if self.kind in PERP_KINDS and self.liquidation != "market":
            raise BadData(f"venue {name}: auctions of perp venues are not built")
        self.penalty = float(table.get("penalty", 0.0))
        self.confidence_multiplier = float(table.get("confidence_multiplier", 2.12))
        self.confidence_cap = float(table.get("confidence_cap", 0.05))
        self.tick_base = Fraction(plain(float(table.get("tick_base", 1.0015))))
        self.margin_tables = {key: tiers(entry["tiers"]) for key, entry in table.get("margin_tables", {}).items()}
        self.entries = table.get("assets", {})
        self.groups = table.get("elevation_groups", {})
        self.closing(table)

    def closing(self, table):
        """What decides how much of an account one liquidation takes."""
        def number(key, default):
            return float(table.get(key, default))
        self.partial_share, self.partial_above = number("partial_share", 1.0), number("partial_above_usd", 0.0)
        self.buffer = number("liquidation_margin_buffer", 0.02)
        self.initial_share = number("initial_liquidation_share", 1.0)
        self.dust = number("full_liquidation_below_usd", 50.0 if self.kind == "perp_sized" else 0.0)
        self.insolvency_ltv = number("insolvency_ltv", math.inf)
        self.at_once = number("max_liquidatable_at_once_usd", math.inf)
        self.liquidator_fee, self.insurance_fee = number("liquidator_fee", 0.025), number("insurance_fee", 0.025)

    def whole_below(self):
        """USD up to which the venue always takes the whole row."""
        if self.close_factor < 1 or self.kind in ("lending_weighted", "lending_ticked"):
            return 0.0
        if self.kind == "perp_tiered" and self.partial_share < 1:
            return self.partial_above
        return self.dust if self.kind == "perp_sized" else math.inf

    def bonuses(self, asset):
        """(least, most, of bad debt) of an asset as shares; None where it has none."""
        entry = self.entry(asset)
        if "min_bonus_bps" not in entry:
            return None
        least = float(entry["min_bonus_bps"])
        most, bad = float(entry.get("max_bonus_bps", least)), float(entry.get("bad_debt_bonus_bps", least))
        return least / 1e4, most / 1e4, bad / 1e4

    def group_bonus(self, account):
        group = account.weights.group
        return float(group["max_bonus_bps"]) / 1e4 if group and "max_bonus_bps" in group else None

    def entry(self, asset):
        """Parameters of an asset here. A quote currency that is not listed has weight 1."""
        if asset in self.entries:
            return self.entries[asset]
        if self.assets.is_quote(asset):
            return {"asset_weight": 1.0, "liability_weight": 1.0, "liquidation_threshold": 1.0, "maintenance_ratio": 1.0}
        raise BadData(f"venue {self.name} does not list {asset}")

    def number(self, asset, key, default=None):
        value = self.entry(asset).get(key, default)
        if value is None:
            raise BadData(f"venue {self.name}, asset {asset}: {key} is missing")
        return float(value)

    def penalty_rate(self, asset):
        return float(self.entry(asset).get("penalty", self.penalty))

    # Perps ----------------------------------------------------------------------------------------------------------

    def perp_tiers(self, asset, quantity, max_leverage):
        """(rate, deduction) of every tier (B1)."""
        if max_leverage is not None:
            return [(1.0 / (2.0 * max_leverage), 0.0)]
        if self.kind == "perp_sized":
            return [(self.sized_ratio(asset, quantity), 0.0)]
        if self.kind != "perp_tiered":
            raise BadData(f"venue {self.name} has no perps")
        entry = self.entry(asset)
        if "margin_table" in entry:
            return self.margin_tables[entry["margin_table"]]
        return tiers([{"lower_usd": 0, **entry}])

    def sized_ratio(self, asset, quantity):
        """Drift's ratio with its size premium, in the program's integers."""
        w = rint(self.number(asset, "maintenance_ratio") * 1e4)
        imf = rint(self.number(asset, "imf_factor", 0.0) * 1e6)
        if imf == 0:
            return float(w) / 1e4
        r = size_root(quantity)
        return float(max(w, (w - w // 5) + r * imf // 10 ** 7)) / 1e4

    # Lending --------------------------------------------------------------------------------------------------------

    def terms(self, legs):
        """The weights of one account's legs."""
        return Terms(self, legs)

    def ticked_debts(self, legs):
        """Jupiter Lend: the debt rounded up to the next tick of raw debt / raw collateral, {leg number: debt}.

        Legs of one asset and kind are added first; the whole debt then stands on the first of them."""
        if self.kind != "lending_ticked":
            return {}
        sums, first = {}, {}
        for leg in legs:
            known = first.setdefault(leg.kind, leg)
            if known.asset != leg.asset:
                raise BadData(f"venue {self.name}: one {leg.kind} asset an account")
            sums[leg.kind] = sums.get(leg.kind, 0.0) + leg.quantity
        if not sums.get("deposit") or not sums.get("borrow"):
            return {}
        supply = self.number(first["deposit"].asset, "supply_exchange_price", 1.0)
        borrow = self.number(first["borrow"].asset, "borrow_exchange_price", 1.0)
        grid = powers_of(self.tick_base)
        owed, held = sums["borrow"] / borrow, sums["deposit"] / supply
        owed = sums["deposit"] * grid.edge(grid.largest_at_most(owed / held) + 1) * (borrow / supply)
        return {leg.number: owed if leg is first["borrow"] else 0.0 for leg in legs if leg.kind == "borrow"}


class Terms:
    """Weights of the legs of one account: emode, elevation group and thresholds of positions are of the account."""

    def __init__(self, venue, legs):
        self.venue = venue
        self.emode, self.group = {}, None
        borrows = [leg for leg in legs if leg.kind == "borrow" and leg.quantity > 0]
        if venue.kind == "lending_weighted":
            banks = sorted({leg.asset for leg in borrows})
            if len(banks) > 1 and any(venue.entry(bank).get("isolated") for bank in banks):
                raise BadData(f"venue {venue.name}: an isolated debt beside another")
            configs = [venue.entry(bank).get("emode", {}) for bank in banks]
            if configs:
                tags = [tag for tag in configs[0] if all(tag in config for config in configs)]
                self.emode = {tag: min(float(config[tag]) for config in configs) for tag in tags}
        name = next((leg.group for leg in legs if leg.group), None)
        if name:
            if name not in venue.groups:
                raise BadData(f"venue {venue.name} has no elevation group {name}")
            self.group = venue.groups[name]
            for leg in legs:
                inside = leg.asset == self.group["debt"] if leg.kind == "borrow" else leg.asset in self.group["assets"]
                if not inside:
                    raise BadData(f"{leg.asset} is outside the elevation group {name}")

    def deposit_weight(self, leg, quantity=None):
        venue, asset = self.venue, leg.asset
        if venue.kind == "lending_weighted":
            if venue.entry(asset).get("isolated"):
                return 0.0
            if leg.threshold is not None:
                return leg.threshold
            weight = venue.number(asset, "asset_weight")
            tag = venue.entry(asset).get("emode_tag")
            return max(weight, self.emode[tag]) if tag in self.emode else weight
        if venue.kind == "perp_sized":
            w = rint(venue.number(asset, "asset_weight") * 1e4)
            imf = rint(venue.number(asset, "spot_imf_factor", 0.0) * 1e6)
            r = size_root(leg.quantity if quantity is None else quantity)
            return float(min(w, 11_000_000_000 // (1_000_000 + r * imf // 100_000))) / 1e4
        if venue.kind in LENDING_KINDS:
            own = venue.number(asset, "liquidation_threshold")
            if self.group is not None:
                return float(self.group["liquidation_threshold"])
            return own if leg.threshold is None else leg.threshold
        raise BadData(f"venue {venue.name} has no deposits")

    def borrow_weight(self, leg, quantity=None):
        venue, asset = self.venue, leg.asset
        if venue.kind == "lending_weighted":
            return venue.number(asset, "liability_weight")
        if venue.kind == "perp_sized":
            w = rint(venue.number(asset, "liability_weight") * 1e4)
            imf = rint(venue.number(asset, "spot_imf_factor", 0.0) * 1e6)
            if imf == 0:
                return float(w) / 1e4
            r = size_root(leg.quantity if quantity is None else quantity)
            return float(max(w, (w - w // 5) + r * imf // 10 ** 7)) / 1e4
        if venue.kind == "lending_ltv":
            factor = venue.number(asset, "borrow_factor", 1.0)
            return 1.0 if self.group is not None else factor
        if venue.kind in LENDING_KINDS:
            return 1.0
        raise BadData(f"venue {venue.name} has no borrows")


def size_root(quantity):
    return math.isqrt(10 * rint(abs(quantity) * 1e9) + 1)


def tiers(rows):
    """r_k, d_k of a progressive margin table (B1)."""
    result = []
    for row in rows:
        rate = float(row["maintenance_rate"]) if "maintenance_rate" in row else 1.0 / (2.0 * float(row["max_leverage"]))
        if not result:
            result.append((rate, 0.0))
            continue
        previous, deduction = result[-1]
        if rate < previous:
            raise BadData("margin rates must not fall")
        result.append((rate, deduction + float(row["lower_usd"]) * (rate - previous)))
    return result


def load_venues(path):
    with open(path, "rb") as file:
        table = tomllib.load(file)
    assets = Assets(table.get("assets", {}))
    return assets, {name: Venue(name, entry, assets) for name, entry in table.get("venues", {}).items()}
