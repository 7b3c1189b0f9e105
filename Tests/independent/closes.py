# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""What one close takes of a row, venue by venue (venues.md 1.5, 1.6, 2.4, 3.3, 3.4, 4.3, 5.2)."""

import math


class Whole:
    def __init__(self, penalty):
        self.penalty = penalty


class Part:
    """A share of the row; another leg pays `fall` USD for it; slopes become `factor` times what they were."""

    def __init__(self, share, penalty, counter=None, fall=0.0, factor=None):
        self.share, self.penalty, self.counter, self.fall = share, penalty, counter, fall
        self.factor = 1.0 - share if factor is None else factor


class Unwinding:
    """`first` at once; of the rest a share (price / root)^exponent is left at each price."""

    def __init__(self, first, exponent, penalty):
        self.first, self.exponent, self.penalty = first, exponent, penalty


class Item:
    """One leg of the account as it stands: value and quantity left, weight in health per USD."""

    def __init__(self, leg, value, weight):
        self.leg, self.value, self.quantity, self.weight = leg, value, leg.quantity, weight
        self.part = value       # of an own leg, whatever stands for it
        self.kind = leg.kind
        self.plain_weight = weight


class Holding:
    """The account at one close: its own legs at the price of the close, all others at current prices."""

    def __init__(self, account, row, market, price):
        self.account, self.venue = account, account.venue
        self.price = price
        self.items = []
        for leg, slope in zip(account.legs, account.own_slopes):
            at = price if leg.underlying == row.asset else market.price(leg.underlying)
            weight = abs(slope) / abs(leg.quantity) if leg.quantity != 0 else 0.0
            self.items.append(Item(leg, abs(leg.quantity) * (at if leg.ratio == 1.0 else leg.ratio * at), weight))
        self.own = [item for item in self.items if item.leg.underlying == row.asset and item.quantity != 0]
        self.closing = self.own[0]
        self.kind = self.closing.kind
        self.merge()

    def merge(self):
        """The closing leg stands for all own legs: their value, losses, and the mean of their weights by value."""
        for item in self.items:
            item.loss = 0.0
            if item.kind == "perp" and item.quantity != 0:
                mark = (item.part if item in self.own else item.value) / abs(item.quantity)
                item.loss = max(0.0, -(item.quantity * (mark - item.leg.entry_price)))
        if len(self.own) == 1:
            self.closing.value = self.closing.part
            return
        total = weighted = losses = 0.0
        for item in self.own:
            total += item.part
            weighted += item.part * item.plain_weight
            losses += item.loss
            item.value = item.loss = 0.0
        self.closing.value, self.closing.loss = total, losses
        if total > 0:
            self.closing.weight = weighted / total

    @property
    def value(self):
        return self.closing.value

    def total(self, *kinds, weighted=False):
        total = 0.0
        for item in self.items:
            if item.kind in kinds:
                total += item.value * item.weight if weighted else item.value
        return total

    def others(self, kind):
        return [item for item in self.items if item.kind == kind and item.value > 0]

    def take(self, part, base):
        """Closes a part; the account's constant after it."""
        for item in self.own:
            if item.kind == "perp":
                closed = math.copysign(item.part, item.quantity) * part.share
                base = (base + closed) - abs(closed) * part.penalty
        if part.counter is not None:
            amount = part.fall * part.counter.weight
            base = base + amount if part.counter.kind == "borrow" else base - amount
            part.counter.value = max(0.0, part.counter.value - part.fall)
        for item in self.own:
            item.part *= 1.0 - part.share
            item.quantity *= 1.0 - part.share
        return base

    def move(self, price):
        for item in self.own:
            item.part *= price / self.price
        self.price = price
        self.merge()

    def largest(self, kind):
        best = None
        for item in self.others(kind):
            if best is None or item.value > best.value:
                best = item
        return best

    @property
    def counter_kind(self):
        return "borrow" if self.kind == "deposit" else "deposit"


def close_of(kind, holding, health, rounds):
    if kind == "lending_ltv" or (kind == "lending_weighted" and holding.venue.close_factor < 1):
        return by_factor(holding)
    if kind == "lending_weighted":
        return weighted(holding, health)
    if kind == "perp_sized":
        close = sized_perp(holding, health) if holding.kind == "perp" else sized_spot(holding, health)
    elif kind == "lending_ticked":
        close = ticked(holding, health)
    elif kind == "perp_tiered":
        close = tiered(holding, rounds)
    else:
        close = Whole(holding.account.penalty)
    return part_of_whole(holding, close) if isinstance(close, Whole) else close


def part_of_whole(holding, close):
    """A close factor of a venue whose own rule takes the whole."""
    factor, penalty = holding.venue.close_factor, holding.account.penalty
    if factor < 1:
        if holding.kind == "perp":
            return Part(factor, penalty)
        counter = holding.largest("borrow") if holding.kind == "deposit" else None
        if counter is not None:
            return Part(factor, penalty, counter, min(holding.value * factor * (1.0 - penalty), counter.value))
    return close


def tiered(holding, rounds):
    """Hyperliquid: a share of a large position, then the rest."""
    venue = holding.venue
    if rounds == 0 and holding.value > venue.partial_above and venue.partial_share < 1:
        return Part(venue.partial_share, 0.0)
    return Whole(holding.account.penalty)


# Drift ---------------------------------------------------------------------------------------------------------------


def shortage_of(holding, health):
    amount = holding.total("perp", "borrow")
    for item in holding.items:
        amount += item.loss
    return -health + holding.venue.buffer * amount


def size_factor(holding, share):
    """Slope of the closing leg at what is left of it over its slope now: the size premium falls."""
    item = holding.closing
    after = holding.account.leg_slope(item.leg, item.quantity * (1.0 - share))
    return after / holding.account.leg_slope(item.leg, item.quantity)


def sized_perp(holding, health):
    venue, item, value = holding.venue, holding.closing, holding.value
    if value <= venue.dust:
        return Whole(0.0)
    asset = item.leg.asset
    fee, most = venue.number(asset, "liquidator_fee", 0.01), venue.number(asset, "insurance_fee", 0.01)
    shortage = shortage_of(holding, health)
    ratio = (item.quantity - holding.account.leg_slope(item.leg, item.quantity)) / abs(item.quantity)
    room = ratio + venue.buffer - fee
    insurance = min(most, max(0.0, (room - shortage / value) * 19.0 / 20.0))
    if room - insurance <= 0:
        return Whole(fee + insurance)
    closed = shortage / (room - insurance) * venue.initial_share
    if closed <= 0 or closed >= value:
        return Whole(fee + insurance)
    share = closed / value
    return Part(share, fee + insurance, factor=size_factor(holding, share))


def sized_spot(holding, health):
    venue, item, value = holding.venue, holding.closing, holding.value
    if value <= venue.dust:
        return Whole(0.0)
    counter = holding.largest(holding.counter_kind)
    if counter is None:
        return Whole(0.0)
    asset = item.leg.asset
    fee, insurance = venue.number(asset, "spot_liquidator_fee", 0.01), venue.number(asset, "spot_insurance_fee", 0.0)
    exchange = (1.0 + fee) / (1.0 - fee)
    weight = item.weight
    is_deposit = holding.kind == "deposit"
    w_coll, w_debt = (weight, counter.weight) if is_deposit else (counter.weight, weight)
    freed = w_debt - w_coll * exchange - insurance * w_debt
    if freed <= 0:
        return Whole(fee)
    debt, collateral = (counter.value, value) if is_deposit else (value, counter.value)
    repaid = min(shortage_of(holding, health) / freed * venue.initial_share, debt)
    seized = repaid * exchange
    share = (seized if is_deposit else repaid) / value
    if not 0 < share < 1 or seized >= collateral:
        return Whole(fee)
    return Part(share, exchange - 1.0 + insurance, counter, repaid if is_deposit else seized,
                size_factor(holding, share))


# Lending with a close factor -----------------------------------------------------------------------------------------


def bonus_of(holding, collateral, debt):
    """Kamino's bonus: the excess of the LTV within both assets' bounds; a constant where they have none."""
    venue = holding.venue
    constant = venue.penalty_rate(collateral.leg.asset)
    theirs = venue.bonuses(collateral.leg.asset)
    if venue.kind != "lending_ltv" or theirs is None:
        return constant
    other = venue.bonuses(debt.leg.asset) or theirs
    least, most, bad = max(theirs[0], other[0]), max(theirs[1], other[1]), min(theirs[2], other[2])
    deposits = holding.total("deposit")
    plain_ltv = holding.total("borrow") / deposits
    if plain_ltv >= 0.99:
        return max(bad, 1.0 - plain_ltv) if plain_ltv < 1 else bad
    cap = venue.group_bonus(holding.account)
    if cap is not None and 0 < cap <= theirs[1] and cap <= other[1]:
        most = min(most, cap)
    excess = (holding.total("borrow", weighted=True) / deposits
              - holding.total("deposit", weighted=True) / deposits)
    return min(min(max(least, excess), most), 1.0 - plain_ltv)


def by_factor(holding):
    venue = holding.venue
    is_deposit = holding.kind == "deposit"
    own, value = holding.closing, holding.value
    if venue.close_factor >= 1:
        return Whole(venue.penalty_rate(own.leg.asset))
    counter = None
    for item in holding.others(holding.counter_kind):
        key = (item.weight if is_deposit else -item.weight, item.value)
        if counter is None or key > best:
            counter, best = item, key
    if counter is None:
        return Whole((venue.penalty_rate(own.leg.asset) if is_deposit else venue.penalty)
                     or holding.account.penalty)
    collateral, debt = (own, counter) if is_deposit else (counter, own)
    bonus = bonus_of(holding, collateral, debt)
    ltv = holding.total("borrow", weighted=True) / holding.total("deposit")
    rate = 1.0 if ltv > venue.insolvency_ltv else venue.close_factor
    owed = holding.total("borrow")
    collateral_value, debt_value = (value, counter.value) if is_deposit else (counter.value, value)
    repaid = min(owed * rate, debt_value, venue.at_once)
    if debt_value < venue.dust:
        repaid = debt_value
    seized = repaid * (1.0 + bonus)
    if seized > collateral_value:
        seized = collateral_value
        repaid = seized / (1.0 + bonus)
    taken = seized if is_deposit else repaid
    if repaid >= owed or taken >= value:
        return Whole(bonus * repaid / value if is_deposit else bonus)
    return Part(taken / value, bonus / (1.0 + bonus) if is_deposit else bonus, counter,
                repaid if is_deposit else seized)


# Lending that unwinds all the way down -------------------------------------------------------------------------------


def weighted(holding, health):
    """marginfi: at health 0 after each instruction, so the price decides how much is left."""
    venue = holding.venue
    fees = venue.liquidator_fee + venue.insurance_fee
    is_deposit = holding.kind == "deposit"
    cost = fees if is_deposit else fees / (1.0 - fees)
    counter = holding.largest(holding.counter_kind)
    if counter is None:
        return Whole(cost)
    collateral, debt = (holding.closing, counter) if is_deposit else (counter, holding.closing)
    exchange = ((1.0 - fees) * (1.0 - holding.account.share_of(collateral.leg))
                / (1.0 + holding.account.share_of(debt.leg)))
    if is_deposit:
        gain = debt.weight * exchange - collateral.weight
    else:
        gain = debt.weight - collateral.weight / exchange
    if gain <= 0:
        return Whole(cost)
    exponent = collateral.weight / gain if is_deposit else -debt.weight / gain
    if exponent == 0 or not math.isfinite(exponent):
        return Whole(cost)
    first = min(1.0, max(0.0, -health / (gain * holding.value)))
    return Unwinding(first, exponent, cost)


def ticked(holding, health):
    """Jupiter Lend: down to one tick below the threshold, then with the price."""
    venue = holding.venue
    is_deposit = holding.kind == "deposit"
    collateral = holding.closing if is_deposit else holding.largest("deposit")
    if collateral is None:
        return Whole(venue.penalty or holding.account.penalty)
    penalty = venue.penalty_rate(collateral.leg.asset)
    worth = collateral.weight * (1.0 + penalty)
    if not 0 < worth < 1:
        return Whole(penalty)
    base = float(venue.tick_base)
    debt = (1.0 - 1.0 / base) / (1.0 - worth / base)
    first = min(1.0, debt * worth if is_deposit else debt)
    if health < 0:
        gain = (1.0 - worth) / (1.0 + penalty) * holding.value if is_deposit else (1.0 - worth) * holding.value
        first = min(1.0, max(first, -health / gain))
    if is_deposit:
        return Unwinding(first, worth / (1.0 - worth), penalty / (1.0 + penalty))
    return Unwinding(first, -1.0 / (1.0 - worth), penalty)
