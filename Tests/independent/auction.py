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
        self.open = micro(quantity * mark)
        self.debt, self.interest = debt, 0
        self.fee = rint(settings["auction.fee_bps"] * float(debt) / 1e4)
        self.buffer = rint(settings["auction.buffer_bps"] * float(debt) / 1e4)
        self.reserve = self.debt + self.interest + self.fee + self.buffer
        fixed = settings["auction.kappa_usd_per_s"]
        self.kappa = fixed if fixed > 0 else usd(self.open) * settings["auction.kappa_bps_per_s"] / 1e4
        self.underwater = self.reserve >= self.open
        self.outcome = None
        self.winner = None
        self.tau = None
        self.proceeds = self.surplus = self.bad_debt = 0

    def clock(self, tau):
        return max(usd(self.reserve), usd(self.open) - self.kappa * tau)

    def seconds(self, t):
        return float(t - self.opened_at) / 1000.0

    def bid(self, bidders, spot, t, t_next):
        """The winning (tau, price, j) of the step [t, t_next), or None (B16)."""
        a = self.seconds(t)
        b = min(self.seconds(t_next), self.settings["auction.duration_s"])
        best = None
        for bidder in bidders:
            value = bidder.value(self.quantity, spot)
            limit = min(value, bidder.most)
            e = max(a, bidder.reaction)
            if not e < b:
                continue
            at_e = micro(self.clock(e))
            if at_e <= limit:
                offer = (e, -value, bidder.j, at_e)
            elif limit >= self.reserve and (usd(self.open) - usd(limit)) / self.kappa < b:
                offer = ((usd(self.open) - usd(limit)) / self.kappa, -value, bidder.j, limit)
            else:
                continue
            if best is None or offer < best:
                best = offer
        return best

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
