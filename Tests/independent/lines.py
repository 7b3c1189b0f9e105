# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Liquidation price and status from the lines of one row (DESIGN 3, B1, B2)."""

import math

EMPTY, LIQUIDATABLE, AT_RISK, UNREACHABLE = "empty", "liquidatable", "at_risk", "unreachable"
BELOW, ABOVE = "below", "above"


class Row:
    """Health in one price: the minimum of lines slope*price + (base + constant), given as parts (slope, constant).
    Quantity is |net quantity| of the underlying."""

    def __init__(self, asset, base, parts, quantity):
        self.asset = asset
        self.base, self.parts = base, parts
        self.lines = [(slope, base + constant) for slope, constant in parts]
        self.quantity = quantity

    def bounds(self):
        """The healthy prices: lower over rising lines, upper over falling ones."""
        return bounds(self.lines)

    def active_slope(self, price):
        """Slope of the line that gives health at a price; the first of equals."""
        return min(self.lines, key=lambda line: line[1] + line[0] * price)[0]

    def health(self, price):
        return min(constant + slope * price for slope, constant in self.lines)


class Standing:
    """Status, liquidation price (None if there is none) and direction ("" if there is none)."""

    def __init__(self, status, root=None, direction="", bounds=(None, None)):
        self.status = status
        self.root = root
        self.direction = direction
        self.lower, self.upper = bounds

    def distance(self, price):
        """Signed distance (B13); None without a root."""
        return None if self.root is None else signed_distance(self.root, self.direction, price)


def signed_distance(root, direction, price):
    return (price - root) / root if direction == BELOW else (root - price) / root


def is_price(root):
    return math.isfinite(root) and root > 0


def bounds(lines):
    """The highest root of rising lines and the lowest of falling ones."""
    lower, upper = -math.inf, math.inf
    for slope, constant in lines:
        if slope > 0:
            lower = max(lower, -constant / slope)
        elif slope < 0:
            upper = min(upper, -constant / slope)
    return lower, upper


def next_root(lines, direction):
    return bounds(lines)[0 if direction == BELOW else 1]


def stand(account, row, price):
    """B2: the first that applies."""
    equality = account.venue.equality
    lower, upper = row.bounds()
    both = (lower if is_price(lower) else None, upper if is_price(upper) else None)
    if account.is_empty:
        return Standing(EMPTY, bounds=both)
    if not account.has_debt:
        return Standing(UNREACHABLE, bounds=both)
    if lower > -math.inf and (price < lower or (equality and price <= lower)):
        return Standing(LIQUIDATABLE, both[0], BELOW, both)
    if upper < math.inf and (price > upper or (equality and price >= upper)):
        return Standing(LIQUIDATABLE, both[1], ABOVE, both)
    if all(slope == 0 for slope, _ in row.lines):
        constant = min(constant for _, constant in row.lines)
        if constant < 0 or (equality and constant <= 0):
            return Standing(LIQUIDATABLE)
    roots = []
    if is_price(lower):
        roots.append((abs(price - lower), 0, lower, BELOW))
    if is_price(upper):
        roots.append((abs(price - upper), 1, upper, ABOVE))
    if roots:
        _, _, root, direction = min(roots)
        return Standing(AT_RISK, root, direction, both)
    return Standing(UNREACHABLE, bounds=both)


def reported(standings, market):
    """Index of the row whose root is nearest by signed distance, the first on a tie; None without a root."""
    best = None
    for index, (row, standing) in enumerate(standings):
        distance = standing.distance(market.price(row.asset))
        if distance is not None and (best is None or distance < best[0]):
            best = (distance, index)
    return None if best is None else best[1]
