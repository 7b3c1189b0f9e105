# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Books and prices: legs, accounts, and the lines of their rows (DESIGN 3 and 4, B1, B3)."""

import csv
import gzip

from arithmetic import BadData, micro, usd
from lines import Row
import wide


class Market:
    """Prices of one moment. In a sweep the confidence is a constant share of the price (B8)."""

    def __init__(self, assets, prices, confidences=None, shares=None):
        self.assets = assets
        self.prices = prices
        self.confidences = confidences
        self.shares = shares

    def price(self, asset):
        """Price of an underlying or a quote currency."""
        if self.assets.is_quote(asset):
            return 1.0
        if asset not in self.prices:
            raise BadData(f"no price of {asset}")
        return self.prices[asset]

    def confidence(self, asset):
        if self.assets.is_quote(asset):
            return 0.0
        if self.shares is not None:
            return self.shares.get(asset, 0.0) * self.price(asset)
        return self.confidences.get(asset, 0.0)


class PriceFile:
    """`asset,price[,confidence_usd,slot]`."""

    def __init__(self, path):
        self.prices, self.confidences, self.slots = {}, {}, []
        for row in read_csv(path):
            asset = row["asset"]
            self.prices[asset] = float(row["price"])
            if not self.prices[asset] > 0:
                raise BadData(f"price of {asset} is not above 0")
            if row.get("confidence_usd"):
                self.confidences[asset] = float(row["confidence_usd"])
            if row.get("slot"):
                self.slots.append(int(row["slot"]))

    def share(self, asset):
        """confidence / price."""
        return self.confidences.get(asset, 0.0) / self.prices[asset] if asset in self.prices else 0.0

    def shares(self):
        return {asset: self.share(asset) for asset in self.prices}


class Leg:
    def __init__(self, number, row, venues):
        self.number = number
        self.text = row.get("account", "")
        if row["venue"] not in venues:
            raise BadData(f"row {number}: unknown venue {row['venue']}")
        self.venue = venues[row["venue"]]
        self.asset = row["asset"]
        self.kind = row["leg"]
        self.quantity = float(row["quantity"])
        self.entry_price = optional(row, "entry_price")
        self.collateral = optional(row, "collateral_usd") or 0.0
        self.max_leverage = optional(row, "max_leverage")
        self.protected = (row.get("protected") or "0") == "1"
        self.margin_mode = row.get("margin_mode") or "cross"
        self.observed_slot = int(row["observed_slot"]) if row.get("observed_slot") else None
        self.threshold = optional(row, "liquidation_threshold")
        self.group = row.get("elevation_group") or None
        self.settings = {name: optional(row, name) for name in
                         ("protection_deposited_usd", "protection_cap_usd", "trigger_distance", "safe_distance")}
        self.underlying = self.venue.assets.underlying(self.asset)
        self.ratio = self.venue.assets.ratio(self.asset)
        self.is_quote = self.venue.assets.is_quote(self.asset)
        if self.kind != "perp" and self.quantity < 0:
            raise BadData(f"row {number}: negative quantity")


class Account:
    """Legs that share collateral and fall together.

    A simple account is one perp, one deposit, one borrow, or one deposit against one borrow: B1 to the bit. Every
    other account is wide: what other assets are worth is summed exactly and rounded once (`wide.py`)."""

    def __init__(self, index, legs, price_file):
        self.index = index
        first = legs[0]
        self.text, self.number, self.venue = first.text, first.number, first.venue
        if any(leg.venue is not self.venue for leg in legs):
            raise BadData(f"account {self.text!r}: legs on several venues")
        perps = [leg.asset for leg in legs if leg.kind == "perp"]
        if len(set(perps)) != len(perps):
            raise BadData(f"account {self.text!r}: two perps of one asset")
        self.collateral = 0.0
        for leg in legs:
            self.collateral += leg.collateral
        self.collaterals = [leg.collateral for leg in legs]
        self.protected = any(leg.protected for leg in legs)
        self.strict = any(leg.margin_mode == "strict_isolated" for leg in legs)
        slots = [leg.observed_slot for leg in legs if leg.observed_slot is not None]
        self.observed_slot = min(slots) if slots else None
        self.own = {name: next((leg.settings[name] for leg in legs if leg.settings[name] is not None), None)
                    for name in first.settings}
        carried = self.setting("protection_deposited_usd")
        self.carried_in = micro(carried) if carried is not None else 0
        self.legs = legs
        kinds = sorted(leg.kind for leg in legs)
        self.is_simple = kinds in (["perp"], ["deposit"], ["borrow"], ["borrow", "deposit"])
        self.is_perp = "perp" in kinds
        self.deposits = [leg for leg in self.legs if leg.kind == "deposit"]
        self.borrows = [leg for leg in self.legs if leg.kind == "borrow"]
        self.is_empty = all(leg.quantity == 0 for leg in self.legs)
        self.has_debt = any(leg.kind != "deposit" and leg.quantity != 0 for leg in self.legs)
        self.underlyings = sorted({leg.underlying for leg in self.legs if not leg.is_quote}, key=str.encode)
        self.prepare(price_file)

    def setting(self, name):
        return self.own[name]

    def order(self):
        """Ties of accounts: text bytes, empty texts last, by row number (B10)."""
        return (self.text == "", self.text.encode(), self.number)

    def sold_legs(self):
        """Legs that a market close sells: all that are not debts, or all."""
        return [leg for leg in self.legs if leg.kind != "borrow"] or self.legs

    def prepare(self, price_file):
        """Signed slope and signed quantity (in units of the underlying, and its own) of every leg; tiers of perps."""
        self.own_slopes, self.slopes, self.quantities, self.tiers, self.biases = [], [], [], [], {}
        terms = self.weights = self.venue.terms(self.legs)
        ticked = self.venue.ticked_debts(self.legs)
        for leg in self.legs:
            if leg.kind == "perp":
                if leg.entry_price is None or leg.is_quote:
                    raise BadData(f"row {leg.number}: a perp needs an entry price and an asset that is not a quote")
                self.tiers.append(self.venue.perp_tiers(leg.asset, leg.quantity, leg.max_leverage))
                self.own_slopes.append(leg.quantity - abs(leg.quantity) * self.tiers[-1][0][0])
                self.slopes.append(self.own_slopes[-1] * leg.ratio)
                self.quantities.append(leg.quantity * leg.ratio)
                continue
            share = 0.0
            if self.venue.kind == "lending_weighted" and not leg.is_quote:
                share = min(price_file.share(leg.underlying) * self.venue.confidence_multiplier,
                            self.venue.confidence_cap)
            self.biases[leg.number] = share
            if leg.kind == "deposit":
                quantity = leg.quantity
                slope = quantity * terms.deposit_weight(leg)
                if self.venue.kind == "lending_weighted":
                    slope = slope * (1.0 - share)
            else:
                quantity = leg.quantity
                owed = ticked.get(leg.number, quantity)
                slope = owed * terms.borrow_weight(leg)
                if self.venue.kind == "lending_weighted":
                    slope = slope * (1.0 + share)
                slope, quantity = -slope, -quantity
            self.tiers.append(None)
            self.own_slopes.append(slope)
            self.slopes.append(slope * leg.ratio)
            self.quantities.append(quantity * leg.ratio)
        self.cut_weights = [terms.deposit_weight(leg) if self.venue.kind == "event" and leg.kind == "deposit" else None
                            for leg in self.legs]

    @property
    def penalty(self):
        """The venue's penalty rate for the account: that of its first deposit, else of its first leg."""
        return self.venue.penalty_rate((self.deposits or self.legs)[0].asset)

    def own_legs(self, asset):
        """The legs of a row that hold something."""
        return [leg for leg in self.legs if leg.underlying == asset and leg.quantity != 0]

    def share_of(self, leg):
        """The confidence of a leg's price, a share of it."""
        return self.biases.get(leg.number, 0.0)

    def leg_slope(self, leg, quantity):
        """Slope of a leg at another size in its own units, at a venue where size decides the weight."""
        if leg.kind == "perp":
            rate = self.venue.perp_tiers(leg.asset, quantity, leg.max_leverage)[0][0]
            return quantity - abs(quantity) * rate
        if leg.kind == "deposit":
            return quantity * self.weights.deposit_weight(leg, quantity)
        return -(quantity * self.weights.borrow_weight(leg, quantity))

    def cuts(self, market):
        """(q*c)*threshold of every event deposit (B3), None for other legs."""
        return [None if weight is None else (leg.quantity * self.leg_confidence(leg, market)) * weight
                for leg, weight in zip(self.legs, self.cut_weights)]

    def conservative_cut(self, market):
        cuts = [cut for cut in self.cuts(market) if cut is not None]
        total = 0.0
        for cut in cuts:
            total += cut
        return total if cuts else None

    def rows(self, market, deposited):
        """The rows of the account, assets in bytewise order; deposited in micro-USD (B1)."""
        extra = usd(deposited)
        if not self.is_simple:
            return wide.rows(self, market, extra)
        if self.is_perp:
            leg = self.legs[0]
            q = leg.quantity
            base = (self.collateral - q * leg.entry_price) + extra
            parts = [((q - abs(q) * rate) * leg.ratio, deduction) for rate, deduction in self.tiers[0]]
            return [Row(leg.underlying, base, parts, abs(self.quantities[0]))]
        cut = self.conservative_cut(market)
        if not self.underlyings:
            other = 0.0
            for slope in self.slopes:
                other += slope * 1.0
            return [Row(self.legs[0].underlying, self.constant(other, cut, extra), [(0.0, 0.0)],
                        abs(self.quantities[0]))]
        result = []
        for asset in self.underlyings:
            slope, quantity, other = 0.0, 0.0, 0.0
            for leg, leg_slope, leg_quantity in zip(self.legs, self.slopes, self.quantities):
                if leg.underlying == asset:
                    slope += leg_slope
                    quantity += leg_quantity
                else:
                    other += leg_slope * market.price(leg.underlying)
            result.append(Row(asset, self.constant(other, cut, extra), [(slope, 0.0)], abs(quantity)))
        return result

    def constant(self, other, cut, extra):
        if cut is None:
            return (other + self.collateral) + extra
        return ((other + self.collateral) - cut) + extra

    def health(self, rows, market, deposited):
        """Health that the order of risk uses: of the first row, or of the whole wide account, rounded once."""
        if self.is_simple:
            return rows[0].health(market.price(rows[0].asset))
        return wide.health(self, market, usd(deposited))

    # Values at market -----------------------------------------------------------------------------------------------

    def leg_price(self, leg, market):
        """Price of one unit of a leg's own asset."""
        price = market.price(leg.underlying)
        return price if leg.ratio == 1.0 else leg.ratio * price

    def leg_confidence(self, leg, market):
        confidence = market.confidence(leg.underlying)
        return confidence if leg.ratio == 1.0 else leg.ratio * confidence

    def leg_value(self, leg, market):
        return leg.quantity * self.leg_price(leg, market)

    def cash(self, deposited):
        return micro(self.collateral + usd(deposited))

    def equity(self, market, deposited):
        """Equity at market in micro-USD, each product rounded by itself (B11)."""
        total = self.cash(deposited)
        for leg in self.legs:
            if leg.kind == "perp":
                total += micro(leg.quantity * (self.leg_price(leg, market) - leg.entry_price))
            elif leg.kind == "deposit":
                total += micro(self.leg_value(leg, market))
            else:
                total -= micro(self.leg_value(leg, market))
        return total


def optional(row, name):
    text = row.get(name)
    return float(text) if text else None


def read_csv(path):
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_book(path, venues, price_file):
    """Accounts in the order of their first leg. Isolated legs and legs without a text are accounts of their own."""
    groups, by_text = [], {}
    for number, row in enumerate(read_csv(path)):
        leg = Leg(number, row, venues)
        if leg.text and leg.margin_mode == "cross":
            if leg.text in by_text:
                by_text[leg.text].append(leg)
                continue
            by_text[leg.text] = group = [leg]
            groups.append(group)
        else:
            groups.append([leg])
    return [Account(index, legs, price_file) for index, legs in enumerate(groups)]


def newest_slot(price_file, accounts):
    slots = list(price_file.slots)
    slots += [leg.observed_slot for account in accounts for leg in account.legs if leg.observed_slot is not None]
    return max(slots) if slots else 0
