# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Numbers of the reference: micro-USD, exact bins, quantiles, random draws, number text (B0, B5, B16, B20)."""

from decimal import Decimal, getcontext
from fractions import Fraction
import math

MICRO = 1_000_000


class BadData(Exception):
    """Input that is refused (exit code 65)."""


def rint(x):
    """Nearest integer, ties to even (B0)."""
    return round(x)


def micro(x):
    """USD as a double to whole micro-USD, ties to even (B0)."""
    scaled = x * 1e6
    if not abs(scaled) < 2.0 ** 63:
        raise BadData(f"amount {x!r} USD does not fit in micro-USD")
    return rint(scaled)


def usd(amount):
    """Micro-USD to a double in USD."""
    return float(amount) / 1e6


def rate_times(rate, amount):
    """A rate times micro-USD (B0)."""
    return rint(rate * float(amount))


def milliseconds(seconds):
    """Settings in seconds are compared in whole milliseconds."""
    return rint(seconds * 1000.0)


def mean_half_even(total, count):
    """Exact integer mean, halves to even (B20)."""
    quotient, rest = divmod(total, count)
    if 2 * rest > count or (2 * rest == count and quotient % 2 == 1):
        quotient += 1
    return quotient


def nearest_rank(ascending, percent):
    """x[ceil(p*S) - 1] with p as an integer percent (B20)."""
    rank = (percent * len(ascending) + 99) // 100
    return ascending[rank - 1]


def exp2(x):
    """2^x: ldexp of a Taylor-Horner sum of degree 20 (B0)."""
    whole = math.floor(x)
    y = (x - float(whole)) * 0.6931471805599453
    total = 1.0
    for k in range(20, 0, -1):
        total = 1.0 + y * total / float(k)
    return math.ldexp(total, whole)


def ln(x):
    """The natural logarithm of x > 0 by the series of atanh((m - 1)/(m + 1)), m in [sqrt(1/2), sqrt(2))."""
    m, exponent = math.frexp(x)
    m, exponent = 2.0 * m, exponent - 1
    if m > 1.4142135623730951:
        m, exponent = m / 2.0, exponent + 1
    z = (m - 1.0) / (m + 1.0)
    q = z * z
    total = 0.0
    for k in range(25, 0, -2):
        total = 1.0 / float(k) + q * total
    return float(exponent) * 0.6931471805599453 + 2.0 * z * total


class Powers:
    """Edges on an absolute geometric grid: edge k = the smallest double >= base^k, exactly (DESIGN 5, B5)."""

    def __init__(self, base):
        self.base = base
        self.edges = {}

    def edge(self, k):
        if k not in self.edges:
            exact = self.base ** k
            near = exact.numerator / exact.denominator
            if Fraction(near) < exact:
                near = math.nextafter(near, math.inf)
            self.edges[k] = near
        return self.edges[k]

    def largest_at_most(self, x):
        """Largest k with edge(k) <= x, x > 0. The logarithm only guesses; the comparisons decide."""
        k = math.floor(math.log(x) / math.log(self.base))
        while self.edge(k) > x:
            k -= 1
        while self.edge(k + 1) <= x:
            k += 1
        return k


_powers = {}


def powers_of(base):
    if base not in _powers:
        _powers[base] = Powers(base)
    return _powers[base]


def bins_of(bin_bps):
    """The bin grid of a width in basis points: 50 gives 201/200."""
    return powers_of(1 + Fraction(plain(bin_bps)) / 10_000)


def log_of_bin(bin_bps):
    """ln(high/low) of a bin, correctly rounded (B14)."""
    getcontext().prec = 50
    ratio = 1 + Decimal(plain(bin_bps)) / 10_000
    return float(ratio.ln())


def six_significant(x):
    """Rounded to 6 significant decimals (B22)."""
    return float(f"{x:.5e}")


# Number text (B0) ---------------------------------------------------------------------------------------------------


def plain(x):
    """Shortest round-trip decimal without exponent and without a trailing .0."""
    if isinstance(x, bool):
        return "1" if x else "0"
    if isinstance(x, int):
        return str(x)
    if x == 0:
        return "0"
    text = format(Decimal(repr(x)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def money(amount):
    """Micro-USD with exactly 6 decimals."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), MICRO)
    return f"{sign}{whole}.{rest:06d}"


# Random draws -------------------------------------------------------------------------------------------------------

_MASK = 0xFFFFFFFF


def philox(counter, key):
    """Philox4x32-10: four 32-bit words from a counter of four words and a key of two."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & _MASK, (p0 >> 32) ^ c3 ^ k1, p0 & _MASK
        k0 = (k0 + 0x9E3779B9) & _MASK
        k1 = (k1 + 0xBB67AE85) & _MASK
    return c0, c1, c2, c3


def uniforms(seed, stream, scenario, index, block):
    """Two doubles in [0, 1) of one block."""
    key = (seed & _MASK, (seed >> 32) & _MASK)
    w0, w1, w2, w3 = philox((index, block, scenario, stream), key)
    return (((w0 << 32) | w1) >> 11) * 2.0 ** -53, (((w2 << 32) | w3) >> 11) * 2.0 ** -53


def fnv1a64(data):
    """Cell ids (B22)."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value
