# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Auctions: lots, bids on a continuous clock, settlement and the backstop ladder (DESIGN 8, B15 to B18)."""

import math

from arithmetic import micro, rint, uniforms, usd

SPECIALISTS = 1     # stream number


class Specialist:
    def __init__(self, settings, seed, scenario, j):
        self.j = j
        u_margin, u_bond = uniforms(seed, SPECIALISTS, scenario, j, 0)
        u_reaction, _ = uniforms(seed, SPECIALISTS, scenario, j, 1)
        self.margin = between(settings, "auction.margin_min", "auction.margin_max", u_margin)
        self.bond = between(settings, "auction.bond_min_usd", "auction.bond_max_usd", u_bond)
        self.reaction = between(settings, "auction.reaction_min_s", "auction.reaction_max_s", u_reaction)
        self.gas = settings["auction.gas_usd"]
        self.most = micro(self.bond * settings["auction.bond_multiple"])

    def value(self, quantity, spot):
        return micro(quantity * spot * (1.0 - self.margin) - self.gas)


def power(x, exponent):
    """A whole power by squaring, the lowest bit first."""
    result, square = 1.0, x
    while exponent > 0:
        if exponent & 1:
            result *= square
        square *= square
        exponent >>= 1
    return result


def between(settings, low, high, u):
    return settings[low] + (settings[high] - settings[low]) * u


def specialists(settings, seed, scenario):
    return [Specialist(settings, seed, scenario, j) for j in range(1, int(settings["auction.specialists"]) + 1)]


class Lot:
    """A fallen account's whole deposit. Amounts in micro-USD, clock in USD."""

    def __init__(self, settings, number, account, opened_at, quantity, mark, debt):
        self.settings = settings
        self.number, self.account, self.opened_at = number, account, opened_at
        self.quantity, self.mark = quantity, mark
        self.open = micro(quantity * mark * settings["auction.start_ratio"])
        self.debt, self.interest = debt, 0
        self.fee = rint(settings["auction.fee_bps"] * float(debt) / 1e4)
        self.buffer = rint(settings["auction.buffer_bps"] * float(debt) / 1e4)
        self.reserve = self.debt + self.interest + self.fee + self.buffer
        fixed = settings["auction.kappa_usd_per_s"]
        self.kappa = fixed if fixed > 0 else usd(self.open) * settings["auction.kappa_bps_per_s"] / 1e4
        has_floor = settings["auction.floor"] == "reserve"
        self.floor = self.reserve if has_floor else 0
        self.underwater = has_floor and self.reserve >= self.open
        # Of the clock, which may be started anew.
        self.top, self.start = self.open, 0.0
        self.outcome = None
        self.winner = None
        self.tau = None
        self.proceeds = self.surplus = self.bad_debt = 0

    def clock(self, tau):
        """USD asked: a line or stairs from the top down to the floor."""
        age = tau - self.start
        if self.settings["auction.clock"] == "linear":
            return max(usd(self.floor), usd(self.top) - self.kappa * age)
        steps = max(0, math.floor(age / self.settings["auction.step_s"]))
        return max(usd(self.floor), usd(self.top) * power(self.settings["auction.cut"], steps))

    def seconds(self, t):
        return float(t - self.opened_at) / 1000.0

    def restart(self, t, mark):
        """A new top and a new κ when the clock is too old or too low, both strictly."""
        s = self.settings
        now = self.seconds(t)
        if s["auction.mechanism"] != "dutch":
            return
        old = s["auction.reset_s"] > 0 and now - self.start > s["auction.reset_s"]
        low = s["auction.reset_share"] > 0 and self.top != 0 and (
            self.clock(now) / usd(self.top) < s["auction.reset_share"])
        if old or low:
            self.top, self.start = micro(self.quantity * mark * s["auction.start_ratio"]), now
            if not s["auction.kappa_usd_per_s"] > 0:
                self.kappa = usd(self.top) * s["auction.kappa_bps_per_s"] / 1e4

    def bid(self, bidders, spot, t, t_next):
        """The winning (tau, order, j, price) of the step [t, t_next), or None (B16)."""
        a = self.seconds(t)
        b = min(self.seconds(t_next), self.settings["auction.duration_s"])
        present = []
        for bidder in bidders:
            value, e = bidder.value(self.quantity, spot), max(a, bidder.reaction)
            if e < b:
                present.append((e, value, min(value, bidder.most), bidder.j))
        return {"dutch": self.falling, "fixed_fee": self.at_fixed_fee, "bid_pool": self.from_pool}[
            self.settings["auction.mechanism"]](present, b)

    def falling(self, present, b):
        """The first instant at which the clock meets a limit; then the higher value, then the lower j."""
        offers = []
        for e, value, limit, j in present:
            met = self.meeting(e, limit, b)
            if met is not None:
                offers.append((met[0], -value, j, met[1]))
        return min(offers, default=None)

    def meeting(self, e, limit, b):
        """(tau, price) at which one bidder accepts, or None."""
        asked = micro(self.clock(e))
        if asked <= limit:
            return e, asked
        if limit < self.floor:
            return None
        if self.settings["auction.clock"] == "linear":
            tau = self.start + (usd(self.top) - usd(limit)) / self.kappa
            return (tau, limit) if tau < b else None
        step = self.settings["auction.step_s"]
        number = math.floor((e - self.start) / step) + 1
        while self.start + float(number) * step < b:
            tau = self.start + float(number) * step
            if tau > e and micro(self.clock(tau)) <= limit:
                return tau, micro(self.clock(tau))
            number += 1
        return None

    def at_fixed_fee(self, present, _):
        price = micro(usd(self.open) * (1.0 - self.settings["auction.fixed_fee"]))
        return min(((e, -value, j, price) for e, value, limit, j in present if limit >= price), default=None)

    def from_pool(self, present, b):
        """The highest limit of those there at the first opening wins and pays the second highest."""
        window = self.settings["auction.pool_window_s"]
        able = [(max(e, window), limit, j) for e, _, limit, j in present if limit >= self.floor and max(e, window) < b]
        if not able:
            return None
        instant = min(able)[0]
        ranked = sorted((-limit, j) for tau, limit, j in able if tau <= instant)
        second = max(self.floor, -ranked[1][0] if len(ranked) > 1 else 0)
        return instant, ranked[0][0], ranked[0][1], second

    def accept(self, offer, spot):
        self.tau, _, self.winner, self.proceeds = offer
        self.outcome = "accepted"
        self.closed_at = self.opened_at + math.ceil(1000.0 * self.tau)
        self.spot = spot

    def sell_to_backstop(self, t, spot, capacity):
        """The ladder (B18); what the backstop buyers pay."""
        self.outcome = "underwater" if self.underwater else "backstop"
        self.closed_at = t
        self.spot = spot
        worth = self.quantity * spot
        bid = micro(worth * (1.0 - self.settings["auction.backstop_discount"]))
        part = min(bid, capacity)
        unsold = 1.0 - float(part) / float(bid) if bid != 0 else 1.0
        dumped = micro(worth * (1.0 - self.settings["auction.dump_discount"]) * unsold)
        self.proceeds = part + dumped
        return part

    def settle(self, cash):
        """B17: (surplus to the borrower, debt that proceeds and cash leave open, cash left)."""
        left = self.proceeds
        owed = self.debt + self.interest
        paid = min(left, owed)
        left -= paid
        to_treasury = min(left, self.fee)
        left -= to_treasury
        self.surplus = left
        from_cash = min(max(cash, 0), owed - paid)
        uncovered = owed - paid - from_cash
        assert paid + to_treasury + self.surplus == self.proceeds
        return self.surplus, uncovered, cash - from_cash

    @property
    def recovered(self):
        return min(self.proceeds, self.debt + self.interest)
