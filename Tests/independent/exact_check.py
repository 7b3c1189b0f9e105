# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""One row of `prices --both` against exact health: is every number in it right, and is nothing missing?

TOLERANCE is how far from a reported root health must have the right sign. Where the terms of an account cancel so
far that a double cannot say more, health there may miss zero by ROUNDING times the sum of the terms' magnitudes;
such answers are counted, never passed over in silence."""

from fractions import Fraction as F
from collections import Counter

TOLERANCE = F(1, 10 ** 12)
# Twelve legs of three roundings each, sums of slopes and the division: below 2^-48 (3.6e-15) of the magnitudes.
ROUNDING = F(1, 2 ** 48)
BELOW, ABOVE = "below", "above"
SIGN = {BELOW: 1, ABOVE: -1}


class Wrong(Exception):
    """A row that exact health contradicts."""


def number(text):
    """The double of a cell, None if it is empty."""
    return F(float(text)) if text else None


class RowCheck:
    """All checks of one output row. `counts` says how each answer was decided."""

    def __init__(self, account, asset, cells, counts=None):
        self.account, self.asset, self.cells = account, asset, cells
        self.counts = Counter() if counts is None else counts
        self.price = account.world.price(asset)
        self.kinks, self.lines = account.along(asset)
        self.health, self.gross = account.health()

    def run(self):
        status = self.cells["status"]
        expected = self.statuses()
        if status not in expected:
            raise Wrong(f"status {status}, expected {' or '.join(expected)}: health {float(self.health)!r} "
                        f"of magnitude {float(self.gross)!r}")
        self.counts[status] += 1
        root, lower, upper = (number(self.cells[name]) for name in ("liquidation_price", "lower", "upper"))
        if status in ("empty", "unreachable"):
            self.nothing(root, lower, upper, status)
        elif status == "at_risk":
            self.at_risk(root, lower, upper)
        else:
            self.liquidatable(root, lower, upper)
        if root is not None:
            self.figures(root)
        return status

    # Status ----------------------------------------------------------------------------------------------------------

    def statuses(self):
        """The statuses that exact health allows: one, or two within the rounding of doubles."""
        account = self.account
        if account.is_empty:
            return ["empty"]
        if not account.has_debt:
            return ["unreachable"]
        safe = "at_risk" if self.has_root() else "unreachable"
        doubtful = self.doubtful_root()
        slack = ROUNDING * self.gross
        falls = self.health < 0 or (account.equality and self.health == 0)
        if abs(self.health) > slack or all(leg.get("dyadic") for leg in account.legs):
            result = ["liquidatable"] if falls else [safe]
        else:
            self.counts["near zero"] += 1
            result = ["liquidatable", safe]
        if doubtful and not (falls and len(result) == 1):
            result += [other for other in ("at_risk", "unreachable") if other not in result]
        return result

    def fits(self):
        """Whether what the row would force to trade is an amount of micro-USD that the tool can hold."""
        units, gross = self.account.exposure(self.asset)
        places = [abs(bound) for bound in (self.bound(BELOW), self.bound(ABOVE)) if bound is not None]
        return all(max(place, self.price) * gross < 4 * 10 ** 12 for place in places) and self.gross < 5 * 10 ** 11

    def bound(self, side):
        """The exact bound of the healthy prices on one side, None if no line gives one."""
        roots = [line.root for line in self.lines if SIGN[side] * line.slope > 0]
        if not roots:
            return None
        return max(roots) if side == BELOW else min(roots)

    def has_root(self):
        return any(bound is not None and bound > 0 for bound in (self.bound(BELOW), self.bound(ABOVE)))

    def doubtful_root(self):
        """Whether rounding could make or lose a root: a slope or a constant that is nothing but cancellation."""
        return any(0 < abs(line.slope) <= ROUNDING * line.gross_slope or
                   (line.slope == 0 and line.gross_slope > 0) or
                   0 < line.gross_constant and abs(line.constant) <= ROUNDING * line.gross_constant
                   for line in self.lines)

    # Roots -----------------------------------------------------------------------------------------------------------

    def nothing(self, root, lower, upper, status):
        if root is not None:
            raise Wrong(f"{status} with a price")
        if self.account.has_debt and not self.account.is_empty and (lower or upper) is not None:
            raise Wrong(f"{status} with a bound")
        if self.cells["direction"] or self.cells["distance_ratio"]:
            raise Wrong(f"{status} with a direction or a distance")
        if status == "unreachable" and self.account.has_debt and not self.account.world.is_quote(self.asset):
            self.absent(BELOW)
            self.absent(ABOVE)
            # Health at every kink, at and beyond the last of them, and close to zero.
            for place in [self.price, *self.kinks, self.price / 10 ** 6, max(self.kinks, default=self.price) * 10 ** 6]:
                self.healthy(place)

    def at_risk(self, root, lower, upper):
        self.columns(lower, upper)
        if root is None or root not in (lower, upper):
            raise Wrong("at risk, but the price is neither lower nor upper")
        direction = self.cells["direction"]
        if root != {BELOW: lower, ABOVE: upper}.get(direction):
            raise Wrong(f"direction {direction!r} is not that of the price")
        self.crossing(direction, root)
        if lower is not None and upper is not None:
            distances = {BELOW: abs(self.price - lower), ABOVE: abs(self.price - upper)}
            other = ABOVE if direction == BELOW else BELOW
            if distances[other] < distances[direction] and (
                    distances[direction] - distances[other] > TOLERANCE * self.price):
                raise Wrong("the other root is nearer to the price")
            self.counts["two roots"] += 1
        low, high = sorted((root, self.price))
        between = [kink for kink in self.kinks if low < kink < high]
        between += [line.root for line in self.lines if line.slope != 0 and low < line.root < high]
        for place in between:
            # The reported root itself is one of these, up to its rounding.
            if abs(place - root) > TOLERANCE * root:
                self.healthy(place)

    def liquidatable(self, root, lower, upper):
        self.columns(lower, upper)
        direction = self.cells["direction"]
        slack = ROUNDING * self.gross
        values = {side: min((line.at(self.price) for line in self.lines if SIGN[side] * line.slope > 0), default=None)
                  for side in (BELOW, ABOVE)}
        if direction == "":
            if root is not None:
                raise Wrong("a price without a direction")
            if self.lower_above_upper():
                self.counts["at every price"] += 1
            elif any(value is not None and value < -slack for value in values.values()):
                raise Wrong("liquidatable without the direction of the root that is passed")
            return
        if direction == ABOVE and values[BELOW] is not None and values[BELOW] < -slack:
            raise Wrong("the root below is passed, and it comes first")
        value = values[direction]
        if value is None or value > slack:
            significant = [line for line in self.lines if abs(line.slope) > ROUNDING * line.gross_slope]
            if value is not None or len(significant) == len(self.lines):
                raise Wrong(f"the root {direction} is not passed")
            self.counts["cancelling"] += 1
        expected = lower if direction == BELOW else upper
        if root != expected:
            raise Wrong("the price is not the root that is passed")
        if root is None:
            self.absent(direction)

    def lower_above_upper(self):
        """Whether no price of this asset makes the account healthy: then no price is asked for (DESIGN 3)."""
        lower, upper = self.bound(BELOW), self.bound(ABOVE)
        return lower is not None and upper is not None and lower > upper

    def columns(self, lower, upper):
        for side, value in ((BELOW, lower), (ABOVE, upper)):
            if value is None:
                self.absent(side)
            elif value <= 0:
                raise Wrong(f"root {float(value)} is not a price")
            else:
                self.bounds(side, value)

    def bounds(self, side, root):
        """The root is that of the lines of its side: none of them below zero just inside, one just outside."""
        sign = SIGN[side]
        inside, outside = root * (1 + sign * TOLERANCE), root * (1 - sign * TOLERANCE)
        lines = [line for line in self.lines if sign * line.slope > 0]
        if lines and all(line.at(inside) >= 0 for line in lines) and any(line.at(outside) < 0 for line in lines):
            self.counts["sharp"] += 1
            return
        good = all(line.at(inside) >= -ROUNDING * line.gross(inside) for line in lines
                   if sign * line.slope > ROUNDING * line.gross_slope)
        close = any(line.at(outside) < ROUNDING * line.gross(outside) for line in self.lines
                    if sign * line.slope > -ROUNDING * line.gross_slope)
        if not (good and close):
            exact = self.bound(side)
            raise Wrong(f"root {side} {float(root)!r}, exactly {None if exact is None else float(exact)!r}")
        self.counts["cancelling"] += 1

    def crossing(self, side, root):
        """Health itself, by the venue's formula: not below zero just inside the root, below zero just outside."""
        sign = SIGN[side]
        inside, gross_inside = self.account.health({self.asset: root * (1 + sign * TOLERANCE)})
        outside, gross_outside = self.account.health({self.asset: root * (1 - sign * TOLERANCE)})
        if inside >= 0 > outside:
            return
        if inside < -ROUNDING * gross_inside or outside >= ROUNDING * gross_outside:
            raise Wrong(f"health is {float(inside)!r} just inside the root and {float(outside)!r} just outside")
        self.counts["cancelling"] += 1

    def absent(self, side):
        """No root above zero on this side: none of its lines reaches zero there (below), or one does at once (above)."""
        sign = SIGN[side]
        lines = [line for line in self.lines if sign * line.slope > 0]
        if not lines or (side == BELOW and all(line.constant >= 0 for line in lines)) or (
                side == ABOVE and any(line.constant <= 0 for line in lines)):
            return
        # Bounds of the account without a debt, and of the empty account, are of no interest.
        if side == BELOW:
            good = all(line.constant >= -ROUNDING * line.gross_constant for line in lines
                       if line.slope > ROUNDING * line.gross_slope)
        else:
            good = all(-line.slope <= ROUNDING * line.gross_slope for line in lines) or any(
                line.constant <= ROUNDING * line.gross_constant for line in lines)
        if not good:
            raise Wrong(f"no root {side}, but health is exhausted at {float(self.bound(side))!r}")
        self.counts["cancelling"] += 1

    def healthy(self, place):
        health, gross = self.account.health({self.asset: place})
        if health < -ROUNDING * gross:
            raise Wrong(f"health is {float(health)!r} at {float(place)!r}, nearer than the reported root")

    # Other columns ---------------------------------------------------------------------------------------------------

    def figures(self, root):
        distance = (self.price - root) / root * SIGN[self.cells["direction"]]
        if abs(number(self.cells["distance_ratio"]) - distance) > TOLERANCE * (1 + abs(distance)):
            raise Wrong(f"distance {self.cells['distance_ratio']}, expected {float(distance)!r}")
        net, gross = self.account.exposure(self.asset)
        notional = F(self.cells["notional_usd"])
        slack = F(1, 10 ** 6) + (TOLERANCE * abs(net) + ROUNDING * gross) * root
        if abs(notional - abs(net) * root) > slack:
            raise Wrong(f"notional {self.cells['notional_usd']}, expected {float(abs(net) * root)!r}")
