# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The ladder of rungs: what a liquidation takes at each price, at most eight of them (DESIGN 5, B6).

A row falls at its root. Its venue says what one close takes there (`closes.py`): the whole, a part after which the
rest stands at a next root, or an unwinding that follows the price down. Shares are of the whole row and add up to 1."""

from arithmetic import exp2, ln, micro, rint
from closes import Holding, Unwinding, Whole, close_of
from lines import BELOW, is_price, next_root

MOST = 8
LOG2E = 1.4426950408889634


class Rung:
    """A share of the row's forced size, the price it is traded at, and what is charged, a share of its value."""

    def __init__(self, share, price, penalty):
        self.share, self.price, self.penalty = share, price, penalty

    def size(self, quantity):
        """n_i in micro-USD (B6)."""
        return micro((quantity * self.price) * self.share)

    def penalty_usd(self, quantity):
        return rint(self.penalty * float(self.size(quantity)))


def ladder(account, row, standing, market, present=False):
    """The rungs of a row with a root; with `present` the first close of a fallen one is that of the present price."""
    price = standing.root
    venue = account.venue
    legs = account.own_legs(row.asset)
    whole = [Rung(1.0, price, account.penalty)]
    if len({leg.kind for leg in legs}) != 1 or row.quantity * price <= venue.whole_below():
        return whole
    now = market.price(row.asset)
    late = present and standing.status == "liquidatable"
    holding = Holding(account, row, market, now if late else price)
    health = min(0.0, row.health(now)) if late else 0.0
    return walk(account, row, holding, standing, health)


def walk(account, row, holding, standing, health):
    base, lines = row.base, list(row.parts)
    price, left, rungs, rounds = standing.root, 1.0, [], 0
    while True:
        close = close_of(account.venue.kind, holding, health, rounds)
        if isinstance(close, Unwinding):
            return rungs + unwound(close, price, left, MOST - len(rungs))
        if isinstance(close, Whole):
            return [*rungs, Rung(left, price, close.penalty)]
        if len(rungs) == MOST - 1:
            return [*rungs, Rung(left, price, close.penalty)]
        rungs.append(Rung(left * close.share, price, close.penalty))
        base = holding.take(close, base)
        lines = [(slope * close.factor, constant) for slope, constant in lines]
        left *= 1.0 - close.share
        rounds += 1
        following = next_root([(slope, base + constant) for slope, constant in lines], standing.direction)
        further = following < price if standing.direction == BELOW else following > price
        if not (is_price(following) and further):
            rungs[-1].share += left
            return rungs
        holding.move(following)
        price, health = following, 0.0


def unwound(close, price, left, most):
    """The part that goes at once, then equal slices of the rest, each where it begins."""
    rungs = []
    if close.first > 0:
        rungs.append(Rung(left * close.first, price, close.penalty))
    rest = 1.0 - close.first
    count = most - len(rungs) if rest > 0 else 0
    for j in range(count):
        remains = rest * float(count - j) / float(count)
        at = price if remains == 1 else price * exp2(ln(remains) / close.exponent * LOG2E)
        rungs.append(Rung(left * rest / float(count), at, close.penalty))
    return rungs
