# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Liquidation clusters and their confidence, in exact integers (DESIGN 5, B5 to B9)."""

import math

from arithmetic import BadData, bins_of, exp2, micro, rint
from ladder import ladder
from lines import AT_RISK, BELOW, stand

ONE = 65536


class Cluster:
    def __init__(self, asset, direction, k, low, high):
        self.asset, self.direction, self.k, self.low, self.high = asset, direction, k, low, high
        self.total = 0          # T = sum of n_i, micro-USD
        self.weighted = 0       # M = sum of S_i n_i
        self.variance = 0       # V = sum of S_i (65536 - S_i) N_i^2
        self.positions = 0
        self.largest = 0
        self.confidence = 0
        self.deployable = False

    def add(self, size, certainty):
        coarse = (size + 500_000) // 1_000_000
        self.total += size
        self.weighted += certainty * size
        self.variance += certainty * (ONE - certainty) * coarse * coarse
        self.positions += 1
        self.largest = max(self.largest, size)
        if max(self.total, self.weighted, self.variance) >= 2 ** 127:
            raise BadData("cluster sums do not fit in 128 bits")

    def rate(self, settings, oracle_sd):
        """Confidence and deployable, from the four sums (B8)."""
        overlap = 1.0
        if settings["clusters.use_oracle"] and oracle_sd:
            width = (self.high - self.low) / self.low
            overlap = max(0.0, 1.0 - 0.798 * oracle_sd / width)
        mean = (float(self.weighted) / 65536.0) / 1e6
        sd = math.sqrt(float(self.variance)) / 65536.0
        share = (mean - settings["clusters.sigmas"] * sd) / (float(self.total) / 1e6)
        share = min(max(share, 0.0), 1.0)
        self.confidence = math.floor(100.0 * (overlap * share))
        self.deployable = (self.total >= micro(settings["clusters.min_size_usd"])
                           and self.confidence >= settings["clusters.min_confidence"])

    def distance(self, spot):
        """B7: from spot to the nearer edge, 0 when spot is inside or past."""
        if self.direction == BELOW:
            return 0.0 if spot <= self.high else abs(spot - self.high) / self.high
        return 0.0 if spot >= self.low else abs(spot - self.low) / self.low


def firing_probability(settings, rows, index, market, age):
    """s_i = (stay * fresh) * cross (B8)."""
    fresh = 1.0
    if settings["clusters.use_freshness"] and age is not None:
        fresh = exp2(-(float(age) / settings["clusters.half_life_slots"]))
    cross = 1.0
    if settings["clusters.use_cross"] and len(rows) > 1:
        moves = [abs(row.active_slope(market.price(row.asset)) * market.price(row.asset)) for row in rows]
        everything = 0.0
        for move in moves:
            everything += move
        cross = moves[index] / everything if everything > 0 else 1.0
    return settings["clusters.stay"] * fresh * cross


def build(settings, entries, market, oracle_sd):
    """Cluster table, sorted by asset, direction, price.

    entries: (account, deposited in micro-USD with the whole cap of a protected account, age in slots or None).
    Returns the table and the number of rows left out, by status."""
    grid = bins_of(settings["clusters.bin_bps"])
    table, left_out = {}, {}
    for account, deposited, age in entries:
        rows = account.rows(market, deposited)
        for index, row in enumerate(rows):
            standing = stand(account, row, market.price(row.asset))
            if standing.status != AT_RISK:
                left_out[standing.status] = left_out.get(standing.status, 0) + 1
                continue
            certainty = rint(firing_probability(settings, rows, index, market, age) * 65536.0)
            for rung in ladder(account, row, standing, market):
                size = rung.size(row.quantity)
                if size <= 0:
                    continue
                k = grid.largest_at_most(rung.price)
                key = (row.asset, standing.direction, k)
                if key not in table:
                    table[key] = Cluster(row.asset, standing.direction, k, grid.edge(k), grid.edge(k + 1))
                table[key].add(size, certainty)
    clusters = sorted(table.values(), key=lambda c: (c.asset.encode(), c.direction, c.k))
    for cluster in clusters:
        cluster.rate(settings, oracle_sd(cluster.asset))
    return clusters, left_out
