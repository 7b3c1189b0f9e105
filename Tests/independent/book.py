# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Books and prices: legs, accounts, and the lines of their rows (DESIGN 3 and 4, B1, B3)."""

import csv
import gzip

from arithmetic import BadData, micro, usd
from lines import Row


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
        self.settings = {name: optional(row, name) for name in
                         ("protection_deposited_usd", "protection_cap_usd", "trigger_distance", "safe_distance")}
        self.underlying = self.venue.assets.underlying(self.asset)
        self.ratio = self.venue.assets.ratio(self.asset)
        self.is_quote = self.venue.assets.is_quote(self.asset)


class Account:
    """One perp, one deposit, one borrow, or one deposit against one borrow."""

    def __init__(self, index, legs, price_file):
        self.index = index
        self.legs = legs
        first = legs[0]
        self.text, self.number, self.venue = first.text, first.number, first.venue
        kinds = sorted(leg.kind for leg in legs)
        if kinds not in (["perp"], ["deposit"], ["borrow"], ["borrow", "deposit"]):
            raise BadData(f"account {self.text!r}: accounts of these legs are not built: {kinds}")
        if any(leg.venue is not self.venue for leg in legs):
            raise BadData(f"account {self.text!r}: legs on several venues")
        self.is_perp = first.kind == "perp"
        self.deposit = next((leg for leg in legs if leg.kind == "deposit"), None)
        self.borrow = next((leg for leg in legs if leg.kind == "borrow"), None)
        self.collateral = 0.0
        for leg in legs:
            self.collateral += leg.collateral
        self.protected = any(leg.protected for leg in legs)
        self.strict = any(leg.margin_mode == "strict_isolated" for leg in legs)
        slots = [leg.observed_slot for leg in legs if leg.observed_slot is not None]
        self.observed_slot = min(slots) if slots else None
        carried = self.setting("protection_deposited_usd")
        self.carried_in = micro(carried) if carried is not None else 0
        self.is_empty = all(leg.quantity == 0 for leg in legs)
        self.has_debt = self.is_perp or (self.borrow is not None and self.borrow.quantity > 0)
        self.underlyings = sorted({leg.underlying for leg in legs if not leg.is_quote}, key=str.encode)
        self.prepare(price_file)

    def setting(self, name):
        return next((leg.settings[name] for leg in self.legs if leg.settings[name] is not None), None)

    def order(self):
        """Ties of accounts: text bytes, empty texts last, by row number (B10)."""
        return (self.text == "", self.text.encode(), self.number)

    def prepare(self, price_file):
        """Signed slope and signed quantity (in units of the underlying) of every lending leg."""
        self.slopes, self.quantities = [], []
        if self.is_perp:
            leg = self.legs[0]
            if leg.entry_price is None or leg.is_quote or leg.ratio != 1.0:
                raise BadData(f"row {leg.number}: a perp needs an entry price and an asset of its own price")
            self.tiers = self.venue.perp_tiers(leg.asset, leg.quantity, leg.max_leverage)
            return
        for leg in self.legs:
            share = 0.0
            if self.venue.kind == "lending_weighted" and not leg.is_quote:
                share = min(price_file.share(leg.underlying) * self.venue.confidence_multiplier,
                            self.venue.confidence_cap)
            if leg.kind == "deposit":
                quantity = leg.quantity
                slope = quantity * self.venue.deposit_weight(leg.asset, quantity)
                if self.venue.kind == "lending_weighted":
                    slope = slope * (1.0 - share)
            else:
                quantity = owed = leg.quantity
                if self.deposit is not None:
                    owed = self.venue.ticked_debt(quantity, self.deposit.quantity)
                slope = owed * self.venue.borrow_weight(leg.asset, quantity)
                if self.venue.kind == "lending_weighted":
                    slope = slope * (1.0 + share)
                slope, quantity = -slope, -quantity
            self.slopes.append(slope * leg.ratio)
            self.quantities.append(quantity * leg.ratio)

    def conservative_cut(self, market):
        """(q*c)*threshold of an event deposit (B3)."""
        if self.venue.kind != "event" or self.deposit is None:
            return None
        leg = self.deposit
        return leg.quantity * market.confidence(leg.underlying) * self.venue.deposit_weight(leg.asset, leg.quantity)

    def rows(self, market, deposited):
        """The rows of the account, assets in bytewise order; deposited in micro-USD (B1)."""
        extra = usd(deposited)
        if self.is_perp:
            leg = self.legs[0]
            q = leg.quantity
            rows = []
            for rate, deduction in self.tiers:
                constant = ((self.collateral - q * leg.entry_price) + extra) + deduction
                rows.append((q - abs(q) * rate, constant))
            return [Row(leg.underlying, rows, abs(q))]
        cut = self.conservative_cut(market)
        if not self.underlyings:
            other = 0.0
            for slope in self.slopes:
                other += slope * 1.0
            return [Row(self.legs[0].underlying, [(0.0, self.constant(other, cut, extra))], abs(self.quantities[0]))]
        result = []
        for asset in self.underlyings:
            slope, quantity, other = 0.0, 0.0, 0.0
            for leg, leg_slope, leg_quantity in zip(self.legs, self.slopes, self.quantities):
                if leg.underlying == asset:
                    slope += leg_slope
                    quantity += leg_quantity
                else:
                    other += leg_slope * market.price(leg.underlying)
            result.append(Row(asset, [(slope, self.constant(other, cut, extra))], abs(quantity)))
        return result

    def constant(self, other, cut, extra):
        if cut is None:
            return (other + self.collateral) + extra
        return ((other + self.collateral) - cut) + extra

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
                total += micro(leg.quantity * (market.price(leg.underlying) - leg.entry_price))
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
