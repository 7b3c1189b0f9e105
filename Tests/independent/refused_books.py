# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Books that `breakwater prices` must refuse, one rule each."""

import copy

from exact_health import World

ASSETS = {"Q": {"quote": True}, "AX": {"priced_from": "A", "ratio": 1.5}}
VENUES = {
    "tiered": {"kind": "perp_tiered", "assets": {"A": {"max_leverage": 10.0}, "B": {"max_leverage": 10.0}}},
    "weighted": {"kind": "lending_weighted", "assets": {
        "A": {"asset_weight": 0.9, "liability_weight": 1.1}, "B": {"asset_weight": 0.8, "liability_weight": 1.2},
        "I": {"asset_weight": 0.8, "liability_weight": 1.2, "isolated": True}}},
    "ltv": {"kind": "lending_ltv", "assets": {
        "A": {"liquidation_threshold": 0.8}, "B": {"liquidation_threshold": 0.8}, "Q": {"liquidation_threshold": 0.9}},
        "elevation_groups": {"g": {"liquidation_threshold": 0.9, "assets": ["A"], "debt": "Q"}}},
    "ticked": {"kind": "lending_ticked", "assets": {
        "A": {"liquidation_threshold": 0.8}, "B": {"liquidation_threshold": 0.8}, "Q": {"liquidation_threshold": 0.9}}},
}


def leg(venue, asset, kind, quantity=1.0, **more):
    return {"account": "a", "venue": venue, "asset": asset, "leg": kind, "quantity": quantity, **more}


def books():
    """(what is wrong, world, accounts) of every book."""
    world = World(ASSETS, VENUES, {"A": 100.0, "B": 10.0, "I": 1.0}, {})

    def priced(**changed):
        result = copy.deepcopy(world)
        result.prices.update(changed)
        return result

    fine = [leg("weighted", "A", "deposit"), leg("weighted", "B", "borrow"), leg("weighted", "Q", "borrow")]
    perp = leg("tiered", "A", "perp", entry_price=100.0)
    yield "legs at two venues", world, [[fine[0], leg("ltv", "B", "borrow")]]
    yield "two perps of one asset", world, [[perp, dict(perp)]]
    yield "unknown asset", world, [[fine[0], leg("weighted", "ZZZ", "deposit")]]
    yield "unknown venue", world, [[leg("nowhere", "A", "deposit")]]
    yield "a price of zero", priced(A=0.0), [fine]
    yield "a negative price", priced(B=-1.0), [fine]
    yield "two collaterals in a vault", world, [[leg("ticked", "A", "deposit"), leg("ticked", "B", "deposit"),
                                                 leg("ticked", "Q", "borrow")]]
    yield "two debts in a vault", world, [[leg("ticked", "A", "deposit"), leg("ticked", "B", "borrow"),
                                           leg("ticked", "Q", "borrow")]]
    yield "isolated debt beside another", world, [[leg("weighted", "A", "deposit"), leg("weighted", "I", "borrow"),
                                                   leg("weighted", "Q", "borrow")]]
    group = {"elevation_group": "g"}
    yield "deposit outside the group", world, [[leg("ltv", "A", "deposit", **group), leg("ltv", "B", "deposit", **group),
                                                leg("ltv", "Q", "borrow", **group)]]
    yield "debt outside the group", world, [[leg("ltv", "A", "deposit", **group), leg("ltv", "B", "borrow", **group)]]
    yield "unknown group", world, [[leg("ltv", "A", "deposit", elevation_group="h"),
                                    leg("ltv", "Q", "borrow", elevation_group="h")]]
    yield "a deposit at a venue of perps", world, [[perp, leg("tiered", "B", "deposit")]]
    yield "a negative deposit", world, [[leg("weighted", "A", "deposit", -1.0), fine[1]]]
