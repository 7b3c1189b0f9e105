# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Random cross accounts over venues made up for the purpose, from one source of choices.

The source is either a seeded generator (`Seeded`) or Hypothesis, which then shrinks what it drew: choices are made
so that smaller draws mean fewer legs and plainer numbers."""

from fractions import Fraction as F
import random

from arithmetic import plain
from exact_health import ExactAccount, World, tiers

VENUES = ("v_perp_tiered", "v_perp_sized", "v_lending_weighted", "v_lending_ltv", "v_lending_ticked", "v_event",
          "w_lending_weighted")
OWN = ("A", "B", "C", "D", "E", "G")                    # assets of their own price
PRICED = {"AX": "A", "AY": "A", "BX": "B", "a2": "A"}   # and those priced from them
QUOTES = ("Q", "R")
COLUMNS = """account venue asset leg quantity entry_price collateral_usd max_leverage margin_mode liquidation_threshold
elevation_group protection_deposited_usd""".split()


class Seeded:
    """Choices of a seeded generator."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def integer(self, low, high):
        return self.rng.randint(low, high)

    def choice(self, items):
        return items[self.rng.randrange(len(items))]

    def chance(self, percent):
        return self.rng.randrange(100) >= 100 - percent


class Maker:
    def __init__(self, draw):
        self.draw = draw

    # Numbers ---------------------------------------------------------------------------------------------------------

    def amount(self, low, high):
        """A number between powers of ten, of one to sixteen digits."""
        digits = self.draw.choice((1, 2, 4, 9, 16))
        mantissa = self.draw.integer(10 ** (digits - 1), 10 ** digits - 1)
        return float(f"{mantissa}e{self.draw.integer(low, high) - digits + 1}")

    def share(self, low, high):
        """A ratio in ten-thousandths, or of sixteen digits."""
        if self.draw.chance(25):
            return low + (high - low) * self.draw.integer(0, 10 ** 15) / 10 ** 15
        return float(plain(self.draw.integer(round(low * 10_000), round(high * 10_000)) / 10_000))

    # Venues ----------------------------------------------------------------------------------------------------------

    def world(self, names=VENUES):
        """Assets, prices and the named venues: one of each kind, and one lending venue without emode."""
        draw = self.draw
        assets = {quote: {"quote": True} for quote in QUOTES}
        for name, base in PRICED.items():
            assets[name] = {"priced_from": base, "ratio": draw.choice((1.0, 1.21, 0.5, 1.0873212345, 1000.0, 1e-3))}
        powers = (0, 1, 2, 4, -4, -1)
        prices = {asset: self.amount(*[draw.choice(powers)] * 2) for asset in OWN if asset != "G"}
        prices["G"] = draw.choice((1.0, 64.0))
        confidences = {asset: prices[asset] * draw.choice((0.001, 0.0123456789, 0.03, 0.2)) for asset in OWN
                       if draw.chance(60)}
        venues = {name: self.venue(name[2:], plain_weights=name.startswith("w_")) for name in names}
        return World(assets, venues, prices, confidences)

    def venue(self, kind, plain_weights=False):
        draw = self.draw
        table = {"kind": kind, "liquidates_at_equality": draw.chance(50)}
        listed = [*OWN, *PRICED, *QUOTES]
        if kind == "perp_tiered":
            table["margin_tables"] = {f"T{i}": {"tiers": self.tiers()} for i in range(3)}
            table["assets"] = {asset: {"margin_table": f"T{draw.integer(0, 2)}"} if draw.chance(80)
                               else {"max_leverage": float(draw.integer(2, 50))} for asset in listed[:-2]}
            return table
        if kind == "lending_ticked":
            table["tick_base"] = draw.choice((1.0015, 1.0015, 1.001, 1.25))
        if kind == "lending_weighted":
            table["confidence_multiplier"] = draw.choice((2.12, 0.0, 1.96))
            table["confidence_cap"] = draw.choice((0.05, 0.005))
        table["assets"] = {asset: self.asset(kind, asset, plain_weights) for asset in listed}
        if kind == "lending_ltv":
            table["elevation_groups"] = {
                "gA": {"liquidation_threshold": self.share(0.8, 0.99), "assets": ["A", "AX", "AY", "a2"], "debt": "A"},
                "gQ": {"liquidation_threshold": self.share(0.8, 0.99), "assets": ["A", "B", "C", "D"], "debt": "Q"}}
        return table

    def tiers(self):
        """Tiers by leverage or by rate, the requirement growing from tier to tier; now and then by nothing."""
        draw = self.draw
        rows, lower, leverage = [], 0.0, draw.choice((50.0, 20.0, 10.0, 33.0))
        for number in range(draw.integer(1, 5)):
            step = draw.choice((2.0, 1.25, 1.1, 3.0, 1.0)) if number else 1.0
            leverage = max(0.5, leverage / step)
            # A tier that changes nothing repeats the number of the one before, as doubles and as rationals.
            if number and (step == 1.0 or leverage == 0.5):
                rows.append({**rows[-1], "lower_usd": lower})
            elif draw.chance(50):
                rows.append({"lower_usd": lower, "max_leverage": leverage})
            else:
                rows.append({"lower_usd": lower, "maintenance_rate": 1 / (2 * leverage)})
            lower = max(lower * self.share(1.1, 10.0), self.amount(1, 6))
        return rows

    def asset(self, kind, asset, plain_weights):
        draw = self.draw
        quote = asset in QUOTES
        if kind == "perp_sized":
            entry = {"asset_weight": self.share(0.5, 1.0), "liability_weight": self.share(1.0, 1.5)}
            if not quote:
                entry.update(maintenance_ratio=self.share(0.01, 0.2), imf_factor=draw.choice((0.0, 0.0002, 0.02)),
                             spot_imf_factor=draw.choice((0.0, 0.00125, 0.105)))
            return entry
        if kind == "lending_weighted":
            entry = {"asset_weight": self.share(0.0, 1.0 if plain_weights else 2.0),
                     "liability_weight": self.share(1.0, 2.0)}
            if plain_weights:
                return entry
            if not quote and draw.chance(40):
                entry["emode_tag"] = draw.choice(("LST", "MAJOR"))
            elif not quote and draw.chance(10):
                entry["isolated"] = True
            if draw.chance(50):
                entry["emode"] = {tag: self.share(0.8, 1.1) for tag in ("LST", "MAJOR") if draw.chance(70)}
            return entry
        if kind == "lending_ltv":
            return {"liquidation_threshold": self.share(0.0, 0.97), "borrow_factor": self.share(1.0, 2.5)}
        if kind == "lending_ticked":
            entry = {"liquidation_threshold": self.share(0.3, 0.97)}
            if draw.chance(40):
                entry["supply_exchange_price"] = self.share(1.0, 1.3)
                entry["borrow_exchange_price"] = self.share(1.0, 1.3)
            return entry
        return {"liquidation_threshold": self.share(0.0, 1.0)}

    # Accounts --------------------------------------------------------------------------------------------------------

    def account(self, world, text, most=12):
        """The legs of one account, most of them near the place where health is exhausted."""
        draw = self.draw
        if draw.chance(5) and {"v_perp_tiered", "v_lending_ltv"} <= set(world.venues):
            return self.touching(world, text)
        venue = draw.choice(sorted(world.venues))
        kind = world.venues[venue]["kind"]
        self.scale = draw.choice((4, 2, 6, 7, -2))
        self.targets = (0.05, 0.01, 0.2, 0.5, 0.001, 0.1, 0.02, 0.3, 0.005, -0.01, -0.3, 1e-9, 1e-13, 0.0)
        legs = {"perp_tiered": self.perps, "perp_sized": self.drift, "lending_ticked": self.vault}.get(
            kind, self.loans)(world, venue, draw.integer(1, most))
        self.special(world, kind, legs)
        for leg in legs:
            leg.update(account=text, venue=venue)
        self.balance(world, kind, legs)
        if draw.chance(4):
            legs[0]["protection_deposited_usd"] = draw.choice((5.0, 1234.567891))
        if draw.chance(3) and kind.startswith("perp"):
            legs[:] = [leg for leg in legs if leg["leg"] == "perp"][:1] or legs[:1]
            legs[0]["margin_mode"] = draw.choice(("isolated", "strict_isolated"))
        return legs

    def quantity(self, world, asset):
        """Units worth about the account's scale."""
        if self.draw.chance(3):
            return 0.0
        worth = self.amount(self.scale - 1, self.scale + 1)
        price = float(world.price(world.underlying(asset)) * world.ratio(asset))
        return min(float(f"{worth / price:.{self.draw.choice((3, 9, 15))}g}"), 5e8)

    def perp(self, world, asset):
        price = float(world.price(world.underlying(asset)) * world.ratio(asset))
        sign = -1.0 if self.draw.chance(45) else 1.0
        leg = {"asset": asset, "leg": "perp", "quantity": sign * self.quantity(world, asset),
               "entry_price": float(f"{price * self.share(0.5, 1.5):.{self.draw.choice((3, 16))}g}")}
        if self.draw.chance(15):
            leg["collateral_usd"] = self.amount(self.scale - 2, self.scale)
        return leg

    def perps(self, world, venue, count):
        pool, legs = [*OWN, *PRICED], []
        if self.draw.chance(60):
            legs += self.hedge(world, pool, world.venues[venue])
            if self.draw.chance(60):
                # Little cash against much of both: health is exhausted on both sides.
                self.targets = (0.0001, 0.0003, 0.001, 0.002, 0.005)
                return legs
        for _ in range(min(count, len(pool))):
            legs.append(self.perp(world, self.take(pool)))
            if self.draw.chance(15):
                legs[-1]["max_leverage"] = float(self.draw.choice((10, 3, 33, 50)))
        return legs

    def hedge(self, world, pool, tables):
        """A long and a short of one underlying, so close that a higher tier turns the sum: both roots exist."""
        draw = self.draw
        pair = draw.choice((("A", "AX"), ("AY", "A"), ("BX", "B"), ("a2", "AY")))
        long, short = (self.perp(world, asset) for asset in pair)
        rates = []
        # Mostly the pair is alone in its row.
        alone = draw.chance(80)
        pool[:] = [asset for asset in pool if asset not in pair and
                   not (alone and world.underlying(asset) == world.underlying(pair[0]))]
        for leg in (long, short):
            entry = tables["assets"][leg["asset"]]
            table = tiers(tables["margin_tables"][entry["margin_table"]]["tiers"] if "margin_table" in entry
                          else [{"lower_usd": 0, **entry}])
            rates.append((float(table[0][1]), float(table[-1][1]), float(table[-1][0])))
        lower = max(rates[0][2], rates[1][2])
        if lower > 0:
            # The last kink lies near the current price.
            unit = self.worth(world, {**long, "quantity": 1.0})
            long["quantity"] = float(f"{lower * self.share(0.3, 1.5) / unit:.6g}")
        long["quantity"] = abs(long["quantity"])
        first, last = rates[0][0] + rates[1][0], rates[0][1] + rates[1][1]
        residue = first + self.share(0.0, 1.0) * (last - first)
        units = long["quantity"] * float(world.ratio(pair[0]) / world.ratio(pair[1]))
        short["quantity"] = float(f"{-units * (1 - residue):.{draw.choice((3, 16))}g}")
        return [long, short]

    def take(self, pool):
        return pool.pop(self.draw.integer(0, len(pool) - 1))

    def spot(self, world, pool, kind):
        asset = self.draw.choice(pool)
        return {"asset": asset, "leg": kind, "quantity": self.quantity(world, asset)}

    def loans(self, world, venue, count):
        pool = [*OWN[:5], *PRICED, *QUOTES]
        legs = []
        for i in range(count):
            legs.append(self.spot(world, pool, "borrow" if self.draw.chance(45) else "deposit"))
        return legs

    def drift(self, world, venue, count):
        """Perps, spot and both of one asset; an asset has one spot balance."""
        perp_pool, spot_pool, legs = [*OWN[:5], *PRICED], [*OWN[:5], *PRICED, *QUOTES], []
        for _ in range(min(count, 9)):
            if self.draw.chance(50) or not spot_pool:
                legs.append(self.perp(world, self.take(perp_pool)))
                if legs[-1]["asset"] in spot_pool and self.draw.chance(40):
                    spot_pool.remove(legs[-1]["asset"])
                    hedge = {"asset": legs[-1]["asset"], "quantity": abs(legs[-1]["quantity"])}
                    if self.draw.chance(30):
                        hedge["quantity"] = self.quantity(world, hedge["asset"])
                    legs.append({**hedge, "leg": "deposit" if legs[-1]["quantity"] < 0 else "borrow"})
            else:
                legs.append(self.spot(world, [self.take(spot_pool)], "borrow" if self.draw.chance(40) else "deposit"))
        return legs

    def vault(self, world, venue, count):
        """One collateral, one debt; each perhaps in several legs."""
        draw = self.draw
        pool = [*OWN[:5], *PRICED, *QUOTES]
        legs = []
        collateral, debt = self.take(pool), self.take(pool)
        if not draw.chance(5):
            legs += [{"asset": collateral, "leg": "deposit", "quantity": self.quantity(world, collateral)}
                     for _ in range(draw.choice((1, 1, 1, 2, 3)))]
        if not legs or not draw.chance(8):
            legs += [{"asset": debt, "leg": "borrow", "quantity": self.quantity(world, debt)}
                     for _ in range(draw.choice((1, 1, 1, 2)))]
        return legs

    # Special rules ---------------------------------------------------------------------------------------------------

    def special(self, world, kind, legs):
        """Elevation groups, thresholds of the position's own, and what keeps an account within its venue's rules."""
        draw = self.draw
        deposits = [leg for leg in legs if leg["leg"] == "deposit"]
        if kind == "lending_ltv" and draw.chance(30):
            name = draw.choice(("gA", "gQ"))
            inside = ("A", "AX", "AY", "a2") if name == "gA" else ("A", "B", "C", "D")
            for leg in legs:
                leg["asset"] = draw.choice(inside) if leg["leg"] == "deposit" else name[1]
                leg["quantity"] = self.quantity(world, leg["asset"])
                leg["elevation_group"] = name
        elif kind in ("lending_ltv", "event", "lending_ticked") and deposits and draw.chance(20):
            threshold = self.share(0.1, 1.0)
            # A vault's collateral is one deposit in several legs: one threshold.
            for leg in deposits if kind == "lending_ticked" else [draw.choice(deposits)]:
                leg["liquidation_threshold"] = threshold
        entries = world.venues.get("v_" + kind, {"assets": {}})["assets"]
        if kind == "lending_weighted" and any("emode" in entry for entry in entries.values()):
            banks = {leg["asset"] for leg in legs if leg["leg"] == "borrow"}
            if len(banks) > 1:
                for leg in legs:
                    if leg["leg"] == "borrow" and entries.get(leg["asset"], {}).get("isolated"):
                        leg["leg"] = "deposit"

    # Nearness --------------------------------------------------------------------------------------------------------

    def balance(self, world, kind, legs):
        """Cash or a quote leg that brings health to a chosen share of the terms' magnitudes."""
        draw = self.draw
        if draw.chance(15):
            return
        target = draw.choice(self.targets)
        if kind == "lending_ticked":
            deposits = [leg for leg in legs if leg["leg"] == "deposit" and leg["quantity"] > 0]
            borrows = [leg for leg in legs if leg["leg"] == "borrow"]
            if deposits and borrows:
                worth = sum(self.worth(world, leg) for leg in deposits) * self.share(0.3, 0.97) * (1 - target)
                for leg in borrows:
                    unit = self.worth(world, {**leg, "quantity": 1.0})
                    leg["quantity"] = float(f"{worth / len(borrows) / unit:.9g}")
            return
        health, gross = ExactAccount(world, legs).health()
        missing = float(target * gross - health)
        cents = draw.choice((None, 2, 6))
        missing = missing if cents is None else round(missing, cents)
        if missing == 0:
            return
        if kind in ("perp_tiered", "perp_sized") or draw.chance(30):
            legs[0]["collateral_usd"] = legs[0].get("collateral_usd", 0.0) + missing
        elif "elevation_group" not in legs[0] and not self.owes_isolated(world, legs):
            entry = world.venues[legs[0]["venue"]]["assets"]["Q"]
            weight = (entry.get("asset_weight", entry.get("liquidation_threshold")) if missing > 0
                      else entry.get("liability_weight", entry.get("borrow_factor", 1.0)))
            quantity = abs(missing) / (weight or 1.0)
            legs.append({**legs[0], "asset": "Q", "leg": "deposit" if missing > 0 else "borrow",
                         "quantity": quantity if cents is None else round(quantity, cents)})
            for name in ("collateral_usd", "liquidation_threshold"):
                legs[-1].pop(name, None)

    def owes_isolated(self, world, legs):
        entries = world.venues[legs[0]["venue"]]["assets"]
        return any(leg["leg"] == "borrow" and entries[leg["asset"]].get("isolated") for leg in legs)

    def worth(self, world, leg):
        return float(F(leg["quantity"]) * world.price(world.underlying(leg["asset"])) * world.ratio(leg["asset"]))

    def touching(self, world, text):
        """An account whose health is exactly zero, or one unit of cash from it, in numbers doubles hold exactly."""
        draw = self.draw
        price = int(world.prices["G"])
        q = float(2 ** draw.integer(0, 6))
        cash = draw.choice((0.0, 0.0, 1.0, -1.0))
        if draw.chance(50):
            # Two bought at twice the price lose what the cash is worth: maintenance 1/8.
            legs = [{"asset": "G", "leg": "perp", "quantity": q, "entry_price": float(price * 2), "max_leverage": 4.0,
                     "collateral_usd": q * price + q * price / 8 + cash}]
            venue = "v_perp_tiered"
        else:
            legs = [{"asset": "G", "leg": "deposit", "quantity": q, "liquidation_threshold": 0.5},
                    {"asset": "G", "leg": "borrow", "quantity": q / 4},
                    {"asset": "R", "leg": "deposit", "quantity": 8.0, "liquidation_threshold": 1.0},
                    {"asset": "R", "leg": "borrow", "quantity": 8.0}]
            world.venues["v_lending_ltv"]["assets"]["G"]["borrow_factor"] = 1.0
            world.venues["v_lending_ltv"]["assets"]["R"] = {"liquidation_threshold": 1.0, "borrow_factor": 1.0}
            legs[0]["collateral_usd"] = -q * price / 4 + cash
            venue = "v_lending_ltv"
        for leg in legs:
            leg.update(account=text, venue=venue, dyadic=True)
        return legs


# Files ---------------------------------------------------------------------------------------------------------------


def toml_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return plain(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return "{ " + ", ".join(f"{name} = {toml_value(item)}" for name, item in value.items()) + " }"


def toml_table(path, table):
    """A table and the tables in it, leaves on lines of their own; entries of assets and tiers are inline."""
    lines = [f"[{path}]"]
    below = []
    for name, value in table.items():
        if isinstance(value, dict) and name in ("assets", "margin_tables", "elevation_groups"):
            below.append((f"{path}.{name}", value))
        else:
            lines.append(f"{name} = {toml_value(value)}")
    for name, value in below:
        lines += ["", *toml_table(name, value)]
    return lines


def venue_file(world):
    lines = toml_table("assets", world.assets)
    for name, table in world.venues.items():
        lines += ["", *toml_table(f"venues.{name}", table)]
    return "\n".join(lines) + "\n"


def csv_rows(columns, rows):
    text = ",".join(columns) + "\n"
    for row in rows:
        cells = [row.get(name, "") for name in columns]
        text += ",".join(plain(cell) if isinstance(cell, (int, float)) else cell for cell in cells) + "\n"
    return text


def price_file(world):
    rows = [{"asset": asset, "price": price, "confidence_usd": world.confidences.get(asset, "")}
            for asset, price in world.prices.items()]
    return csv_rows(["asset", "price", "confidence_usd"], rows)


def book_file(accounts):
    return csv_rows(COLUMNS, [leg for legs in accounts for leg in legs])


def write(folder, world, accounts):
    """The three files of `breakwater prices`; names of them."""
    files = [folder / "book.csv", folder / "prices.csv", folder / "venues.toml"]
    for path, text in zip(files, (book_file(accounts), price_file(world), venue_file(world))):
        path.write_text(text, encoding="utf-8")
    return files
