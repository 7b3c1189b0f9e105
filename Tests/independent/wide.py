# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Rows of accounts of many legs: everything but the row's own asset is summed exactly and rounded once.

    fixed   = collateral + sum of -q*entry + weighted quote legs + protection deposited
    value_a = min over the lines of row a of slope*P + constant
    C_a     = fixed + sum of the other rows' values at current prices - mark-downs
    lines   = (slope_k, C_a + constant_k)"""

from fractions import Fraction
import math

from lines import Row

SPLITTER = 134_217_729.0      # 2^27 + 1


def product(a, b):
    """a*b as two doubles whose sum it is exactly (Dekker); through a rational where that could overflow."""
    p = a * b
    if not (1e-140 < abs(a) < 1e140 and 1e-140 < abs(b) < 1e140):
        return p, float(Fraction(a) * Fraction(b) - Fraction(p))
    x = SPLITTER * a
    a1 = x - (x - a)
    a2 = a - a1
    y = SPLITTER * b
    b1 = y - (y - b)
    b2 = b - b1
    return p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2


def account_lines(account):
    """Per underlying: [(slope, constant)] of the row's own value, and what is forced to trade of it; kept with the
    account."""
    if not hasattr(account, "wide_lines"):
        account.wide_lines = {asset: lines_of(account, asset) for asset in account.underlyings}
    return account.wide_lines


def lines_of(account, asset):
    """One line, or one for every segment of the margin tables of the row's perps; slopes are rounded once.

    The quantity is the net of the legs, of the perps alone where perps stand beside deposits or borrows."""
    legs = [item for item in zip(account.legs, account.slopes, account.quantities, account.tiers)
            if item[0].underlying == asset]
    perps = [item for item in legs if item[0].kind == "perp"]
    quantity = 0.0
    for _, _, units, _ in perps or legs:
        quantity += units
    spot = [slope for leg, slope, _, _ in legs if leg.kind != "perp"]
    lines = [(spot, 0.0)]
    for leg, slope, units, tiers in perps:
        # One rate is the leg's own slope; the tiers of a table are of the row's units.
        own = [slope] if len(tiers) == 1 else [units - abs(units) * rate for rate, _ in tiers]
        lines = merged(lines, [(value, deduction) for value, (_, deduction) in zip(own, tiers)])
    return [(math.fsum(slopes), constant) for slopes, constant in lines], quantity


def merged(lines, more):
    """Lines (slopes to add, constant) of the sum of two minima: in each segment the active line of both."""
    # The slopes of both fall from segment to segment: walk to the next kink of either.
    i = j = 0
    result = [([*lines[0][0], more[0][0]], lines[0][1] + more[0][1])]
    while i + 1 < len(lines) or j + 1 < len(more):
        first = kink([(sum(map(Fraction, slopes)), constant) for slopes, constant in lines], i)
        second = kink(more, j)
        if min(first, second) == math.inf:
            break
        if first <= second:
            i += 1
        if second <= first:
            j += 1
        result.append(([*lines[i][0], more[j][0]], lines[i][1] + more[j][1]))
    return result


def kink(lines, k):
    """Price at which line k + 1 takes over from line k: infinite after the last line, and for a quantity of 0."""
    if k + 1 >= len(lines):
        return math.inf
    fall = Fraction(lines[k][0]) - Fraction(lines[k + 1][0])
    step = Fraction(lines[k + 1][1]) - Fraction(lines[k][1])
    if fall == 0:
        return Fraction(0) if step == 0 else math.inf
    return step / fall


def active(lines, price):
    """The line of least value at a price, compared exactly; the first of equals."""
    if len(lines) == 1:
        return lines[0]
    at = Fraction(price)
    return min(lines, key=lambda line: Fraction(line[0]) * at + Fraction(line[1]))


def fixed_terms(account, extra):
    """Doubles whose sum is what no price moves."""
    if not hasattr(account, "wide_fixed"):
        terms = list(account.collaterals)
        for leg, slope in zip(account.legs, account.slopes):
            if leg.kind == "perp":
                terms += product(-leg.quantity, leg.entry_price)
            elif leg.is_quote:
                terms.append(slope)
        account.wide_fixed = terms
    return [*account.wide_fixed, extra]


def markdowns(account, market):
    """Event deposits at price - confidence: (q*c)*threshold of an asset's one deposit, of several c times their sum."""
    legs = {}
    for leg, cut, weight in zip(account.legs, account.cuts(market), account.cut_weights):
        if weight is not None:
            legs.setdefault(leg.underlying, []).append((leg, cut, weight))
    return [-held[0][1] if len(held) == 1 else
            -math.fsum((leg.quantity * weight) * leg.ratio for leg, _, weight in held) * market.confidence(asset)
            for asset, held in legs.items()]


def value_terms(lines, price):
    slope, constant = active(lines, price)
    return (*product(slope, price), constant)


def sums(account, market, extra):
    """(terms that belong to no row, terms of every row's value at current prices)."""
    free = fixed_terms(account, extra) + markdowns(account, market)
    values = {asset: value_terms(lines, market.price(asset))
              for asset, (lines, _) in account_lines(account).items()}
    return free, values


def rows(account, market, extra):
    free, values = sums(account, market, extra)
    if not account.underlyings:
        return [Row(account.legs[0].underlying, math.fsum(free), [(0.0, 0.0)], abs(account.quantities[0]))]
    result = []
    for asset, (lines, quantity) in account_lines(account).items():
        rest = list(free)
        for other, terms in values.items():
            if other != asset:
                rest += terms
        result.append(Row(asset, math.fsum(rest), lines, abs(quantity)))
    return result


def health(account, market, extra):
    free, values = sums(account, market, extra)
    return math.fsum(free + [term for terms in values.values() for term in terms])
