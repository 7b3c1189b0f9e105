# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Health of an account in exact rationals, by each venue's own formula (venues.md 1 to 5, SEMANTICS B3).

Nothing here knows of lines or slopes: every leg is a list of terms in USD at given prices, and health is their sum.
Doubles of the input are taken as the rationals they are."""

from fractions import Fraction as F
from functools import lru_cache
import math

# Powers of the tick base are kept to this many bits: 1e-60 relative, far below what is checked.
TICK_BITS = 200


class Refused(Exception):
    """An account that the venue's rules do not allow."""


class World:
    """Asset table, venue tables (as in a venue file), prices and confidences of one moment."""

    def __init__(self, assets, venues, prices, confidences):
        self.assets, self.venues, self.prices, self.confidences = assets, venues, prices, confidences

    def is_quote(self, asset):
        return bool(self.assets.get(asset, {}).get("quote"))

    def underlying(self, asset):
        return self.assets.get(asset, {}).get("priced_from", asset)

    def ratio(self, asset):
        return F(self.assets.get(asset, {}).get("ratio", 1.0))

    def price(self, asset):
        """Price of an underlying, or 1 for a quote currency."""
        return F(1) if self.is_quote(asset) else F(self.prices[asset])

    def confidence(self, asset):
        return F(0) if self.is_quote(asset) else F(self.confidences.get(asset, 0.0))


class Part:
    """What one leg adds to health: terms at a price of its underlying, linear between its kinks."""

    def __init__(self, asset, terms, kinks=()):
        self.asset, self.terms, self.kinks = asset, terms, list(kinks)


class Line:
    """Health along one price, between two kinks: slope and constant, and the same of the terms' magnitudes."""

    def __init__(self, slope, constant, gross_slope, gross_constant):
        self.slope, self.constant = slope, constant
        self.gross_slope, self.gross_constant = gross_slope, gross_constant

    def at(self, price):
        return self.slope * price + self.constant

    def gross(self, price):
        return self.gross_slope * price + self.gross_constant

    @property
    def root(self):
        return -self.constant / self.slope


class ExactAccount:
    """One account: its legs (rows of a book, numbers as doubles) at a venue of a world."""

    def __init__(self, world, legs):
        self.world, self.legs = world, legs
        self.name = legs[0]["venue"]
        if any(leg["venue"] != self.name for leg in legs):
            raise Refused("legs of one account at two venues")
        self.table = world.venues[self.name]
        self.kind = self.table["kind"]
        self.equality = bool(self.table.get("liquidates_at_equality", False))
        perps = [leg["asset"] for leg in legs if leg["leg"] == "perp"]
        if len(set(perps)) != len(perps):
            raise Refused("two perps of one asset")
        self.parts = RULES[self.kind](self)
        cash = sum((F(leg.get("collateral_usd", 0.0)) for leg in legs), F(0))
        magnitude = sum((abs(F(leg.get("collateral_usd", 0.0))) for leg in legs), F(0))
        carried = (F(leg["protection_deposited_usd"]) for leg in legs if "protection_deposited_usd" in leg)
        deposited = next(carried, F(0))
        self.cash = [cash + deposited]
        self.cash_gross = magnitude + deposited

    # What the book says ----------------------------------------------------------------------------------------------

    @property
    def is_empty(self):
        return all(leg["quantity"] == 0 for leg in self.legs)

    @property
    def has_debt(self):
        return any(leg["leg"] != "deposit" and leg["quantity"] != 0 for leg in self.legs)

    @property
    def rows(self):
        """Assets of the rows, in the order of their bytes; one of its first leg for quote currencies alone."""
        found = {self.world.underlying(leg["asset"]) for leg in self.legs if not self.world.is_quote(leg["asset"])}
        return sorted(found, key=str.encode) or [self.legs[0]["asset"]]

    def entry(self, asset):
        entries = self.table.get("assets", {})
        if asset in entries:
            return entries[asset]
        if self.world.is_quote(asset):
            return {"asset_weight": 1.0, "liability_weight": 1.0, "liquidation_threshold": 1.0}
        raise Refused(f"{self.name} does not list {asset}")

    def of_kind(self, kind):
        return [leg for leg in self.legs if leg["leg"] == kind]

    # Health ----------------------------------------------------------------------------------------------------------

    def health(self, changed=None):
        """(health, sum of the terms' magnitudes) at current prices, some of them changed {underlying: price}."""
        total, gross = sum(self.cash), self.cash_gross
        for part in self.parts:
            for term in self.terms(part, changed or {}):
                total += term
                gross += abs(term)
        return total, gross

    def terms(self, part, changed):
        return part.terms(changed.get(part.asset, self.world.price(part.asset)))

    def along(self, asset):
        """(kinks, lines between them) of health in the price of one underlying, all other prices held."""
        quote = self.world.is_quote(asset)
        moving = [part for part in self.parts if part.asset == asset and not quote]
        rest, rest_gross = sum(self.cash), self.cash_gross
        for part in self.parts:
            if part.asset != asset or quote:
                for term in self.terms(part, {}):
                    rest += term
                    rest_gross += abs(term)
        kinks = sorted({kink for part in moving for kink in part.kinks if kink > 0})
        edges = [F(0), *kinks]
        lines = []
        for low, high in zip(edges, [*kinks, None]):
            a, b = (low + (high - low) / 3, high - (high - low) / 3) if high else (low * 2 + 1, low * 4 + 3)
            slope, constant, gross_slope, gross_constant = F(0), rest, F(0), rest_gross
            for part in moving:
                for at_a, at_b in zip(part.terms(a), part.terms(b)):
                    rise = (at_b - at_a) / (b - a)
                    start = at_a - rise * a
                    slope += rise
                    constant += start
                    gross_slope += abs(rise)
                    gross_constant += abs(start)
            lines.append(Line(slope, constant, gross_slope, gross_constant))
        return kinks, lines

    def exposure(self, asset):
        """(net units of the underlying, gross units) of what is forced to trade of one row.

        Where perps stand beside deposits or borrows of the asset it is the perps that are closed."""
        net = gross = F(0)
        legs = [leg for leg in self.legs if self.world.underlying(leg["asset"]) == asset]
        perps = [leg for leg in legs if leg["leg"] == "perp"]
        for leg in legs:
            if not perps or leg["leg"] == "perp":
                units = F(leg["quantity"]) * self.world.ratio(leg["asset"]) * (-1 if leg["leg"] == "borrow" else 1)
                net += units
                gross += abs(units)
        return net, gross


def part_of(account, leg, terms, kinks=()):
    """A leg whose terms are given by the price of its own asset; kinks are prices of its own asset too."""
    ratio = account.world.ratio(leg["asset"])
    underlying = account.world.underlying(leg["asset"])
    return Part(underlying, lambda price: terms(price * ratio), [kink / ratio for kink in kinks])


def only(account, *kinds):
    for leg in account.legs:
        if leg["leg"] not in kinds:
            raise Refused(f"{account.name} has no {leg['leg']}s")


# Perps (venues.md 5.1 and 1.2) ---------------------------------------------------------------------------------------


def tiers(rows):
    """[(lower notional, rate, deduction)]: the deduction makes the requirement continuous."""
    result = []
    for row in rows:
        rate = F(row["maintenance_rate"]) if "maintenance_rate" in row else 1 / (2 * F(row["max_leverage"]))
        lower = F(row["lower_usd"])
        deduction = result[-1][2] + lower * (rate - result[-1][1]) if result else F(0)
        result.append((lower, rate, deduction))
    return result


def perp(account, leg, table):
    """P&L against the entry price less the maintenance of the tier that holds the notional."""
    q, entry = F(leg["quantity"]), F(leg["entry_price"])

    def terms(price):
        notional = abs(q) * price
        _, rate, deduction = [row for row in table if row[0] <= notional][-1]
        return [q * price, -q * entry, -(notional * rate), deduction]

    return part_of(account, leg, terms, [lower / abs(q) for lower, _, _ in table[1:]] if q else [])


def perp_tiered(account):
    parts = []
    for leg in account.legs:
        if leg["leg"] == "perp":
            if "max_leverage" in leg:
                table = tiers([{"lower_usd": 0, "max_leverage": leg["max_leverage"]}])
            else:
                entry = account.entry(leg["asset"])
                table = tiers(account.table["margin_tables"][entry["margin_table"]]["tiers"] if "margin_table" in entry
                              else [{"lower_usd": 0, **entry}])
            parts.append(perp(account, leg, table))
        else:
            raise Refused(f"{account.name} has no {leg['leg']}s")
    return parts


def premium_root(leg):
    return math.isqrt(10 * round(abs(F(leg["quantity"])) * 10 ** 9) + 1)


def integer(value, scale):
    return round(F(value) * scale)


def grown(weight, imf, leg):
    """max(w, w - w/5 + r imf / 1e7): perp ratio and liability weight with the size premium."""
    if imf == 0:
        return F(weight, 10_000)
    return F(max(weight, weight - weight // 5 + premium_root(leg) * imf // 10 ** 7), 10_000)


def shrunk(weight, imf, leg):
    """min(w, 1.1e6 1e4 / (1e6 + r imf / 1e5)): asset weight with the size discount."""
    return F(min(weight, 11_000_000_000 // (1_000_000 + premium_root(leg) * imf // 100_000)), 10_000)


def perp_sized(account):
    parts = []
    for leg in account.legs:
        entry = account.entry(leg["asset"])
        if leg["leg"] == "perp":
            growth = integer(entry.get("imf_factor", 0.0), 10 ** 6)
            rate = grown(integer(entry["maintenance_ratio"], 10_000), growth, leg)
            parts.append(perp(account, leg, [(F(0), rate, F(0))]))
            continue
        imf = integer(entry.get("spot_imf_factor", 0.0), 10 ** 6)
        if leg["leg"] == "deposit":
            parts.append(valued(account, leg, shrunk(integer(entry["asset_weight"], 10_000), imf, leg)))
        else:
            parts.append(valued(account, leg, -grown(integer(entry["liability_weight"], 10_000), imf, leg)))
    return parts


# Lending -------------------------------------------------------------------------------------------------------------


def valued(account, leg, weight):
    """Quantity at its price times a weight (negative for debts)."""
    q = F(leg["quantity"])
    return part_of(account, leg, lambda price: [q * price * weight])


def own_threshold(account, leg, key):
    return F(leg["liquidation_threshold"]) if "liquidation_threshold" in leg else F(account.entry(leg["asset"])[key])


def lending_weighted(account):
    """marginfi: deposits at P - c, debts at P + c; emode by what is borrowed; isolated tier (venues.md 2.1, 2.2)."""
    only(account, "deposit", "borrow")
    world = account.world
    debts = [leg for leg in account.of_kind("borrow") if leg["quantity"] > 0]
    banks = {leg["asset"] for leg in debts}
    if len(banks) > 1 and any(account.entry(bank).get("isolated") for bank in banks):
        raise Refused("a debt of the isolated tier beside another debt")
    configs = [account.entry(bank).get("emode", {}) for bank in banks]
    emode = {tag: min(F(config[tag]) for config in configs)
             for tag in (set.intersection(*(set(config) for config in configs)) if configs else ())}
    multiplier = F(account.table.get("confidence_multiplier", 2.12))
    cap = F(account.table.get("confidence_cap", 0.05))
    parts = []
    for leg in account.legs:
        entry, underlying = account.entry(leg["asset"]), world.underlying(leg["asset"])
        bias = min(world.confidence(underlying) / world.price(underlying) * multiplier, cap)
        if leg["leg"] == "borrow":
            parts.append(valued(account, leg, -F(entry["liability_weight"]) * (1 + bias)))
            continue
        weight = own_threshold(account, leg, "asset_weight")
        if entry.get("emode_tag") in emode and "liquidation_threshold" not in leg:
            weight = max(weight, emode[entry["emode_tag"]])
        if entry.get("isolated"):
            weight = F(0)
        parts.append(valued(account, leg, weight * (1 - bias)))
    return parts


def lending_ltv(account):
    """Kamino: deposits times threshold against debts times borrow factor; elevation groups (venues.md 3.1)."""
    only(account, "deposit", "borrow")
    name = next((leg["elevation_group"] for leg in account.legs if leg.get("elevation_group")), None)
    group = account.table["elevation_groups"][name] if name else None
    parts = []
    for leg in account.legs:
        if leg["leg"] == "deposit":
            if group and leg["asset"] not in group["assets"]:
                raise Refused(f"{leg['asset']} is outside the group {name}")
            key = "liquidation_threshold"
            threshold = F(group[key]) if group else own_threshold(account, leg, key)
            parts.append(valued(account, leg, threshold))
        else:
            if group and leg["asset"] != group["debt"]:
                raise Refused(f"debt of {leg['asset']} is outside the group {name}")
            factor = F(1) if group else F(account.entry(leg["asset"]).get("borrow_factor", 1.0))
            parts.append(valued(account, leg, -factor))
    return parts


@lru_cache(maxsize=None)
def tick_power(base, tick):
    """base^tick to TICK_BITS bits."""
    n, d = (base.numerator ** tick, base.denominator ** tick) if tick >= 0 else (
        base.denominator ** -tick, base.numerator ** -tick)
    shift = TICK_BITS + d.bit_length() - n.bit_length()
    scaled = (n << shift) // d if shift >= 0 else n // (d << -shift)
    return F(scaled) / F(2) ** shift


def tick_below(base, ratio):
    """(largest tick with base^tick <= ratio, relative distance of the ratio from the nearest tick)."""
    tick = math.floor((math.log(ratio.numerator) - math.log(ratio.denominator)) / math.log(base))
    while tick_power(base, tick) > ratio:
        tick -= 1
    while tick_power(base, tick + 1) <= ratio:
        tick += 1
    return tick, min(ratio / tick_power(base, tick) - 1, tick_power(base, tick + 1) / ratio - 1)


def lending_ticked(account):
    """Jupiter Lend: the debt rounded up to the next tick of raw debt / raw collateral (venues.md 4.1, 4.2)."""
    only(account, "deposit", "borrow")
    sides = {}
    for kind in ("deposit", "borrow"):
        legs = account.of_kind(kind)
        if len({leg["asset"] for leg in legs}) > 1:
            raise Refused(f"{account.name}: one {kind} asset an account")
        sides[kind] = sum((F(leg["quantity"]) for leg in legs), F(0))
    account.grid_distance = account.grid_bound = None
    rounded_up = F(1)
    if sides["deposit"] > 0 and sides["borrow"] > 0:
        supply = F(account.entry(account.of_kind("deposit")[0]["asset"]).get("supply_exchange_price", 1.0))
        borrow = F(account.entry(account.of_kind("borrow")[0]["asset"]).get("borrow_exchange_price", 1.0))
        collateral, debt = sides["deposit"] / supply, sides["borrow"] / borrow
        base = F(repr(account.table.get("tick_base", 1.0015)))
        tick, account.grid_distance = tick_below(base, debt / collateral)
        account.grid_bound = F(1, 10 ** 12)
        if base == F("1.0015"):
            # The program's integers: nine decimals of each amount, a ratio in 1/2^48 and its table of powers.
            account.grid_bound += F(2, 10 ** 9) * (1 / collateral + 1 / debt) + F(1, 2 ** 44) * (1 + collateral / debt)
        rounded_up = collateral * tick_power(base, tick + 1) / debt
    parts = []
    for leg in account.legs:
        if leg["leg"] == "deposit":
            parts.append(valued(account, leg, own_threshold(account, leg, "liquidation_threshold")))
        else:
            parts.append(valued(account, leg, -rounded_up))
    return parts


def event(account):
    """Deposits at price - confidence times threshold, debts at the price (SEMANTICS B3)."""
    only(account, "deposit", "borrow")
    parts = []
    for leg in account.legs:
        if leg["leg"] == "borrow":
            parts.append(valued(account, leg, F(-1)))
            continue
        q, threshold = F(leg["quantity"]), own_threshold(account, leg, "liquidation_threshold")
        underlying = account.world.underlying(leg["asset"])
        cut = account.world.confidence(underlying) * account.world.ratio(leg["asset"])
        parts.append(part_of(account, leg, lambda price, q=q, t=threshold, c=cut: [q * price * t, -(q * c * t)]))
    return parts


RULES = {"perp_tiered": perp_tiered, "perp_sized": perp_sized, "lending_weighted": lending_weighted,
         "lending_ltv": lending_ltv, "lending_ticked": lending_ticked, "event": event}
