# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""`edges.py BINARY`: numbers at their limits.

Liquidation prices of sizes and prices from 1e-12 to 1e12 against exact rationals; clusters and sweeps in which
everything happens exactly at an edge, a root or a threshold against the reference, every cell audited by the tool's own
reference world; amounts that micro-USD cannot hold must be refused in words."""

import argparse
from collections import Counter
from contextlib import redirect_stderr
import csv
from fractions import Fraction as F
from io import StringIO
import math
from pathlib import Path
import subprocess
import sys
import tempfile

from arithmetic import bins_of, plain
from compare import FILES, difference
from differential import check_world, fitting
from exact_health import World
import main

# Leverage 32 is a rate of 1/64 and the threshold is 1/2, so that slopes and roots are exact.
VENUES = """[assets]
USDC = { quote = true }
[venues.perps]
kind = "perp_tiered"
[venues.perps.assets]
SOL = { max_leverage = 32 }
BTC = { max_leverage = 32 }
[venues.loans]
kind = "lending_ltv"
liquidates_at_equality = true
[venues.loans.assets]
SOL = { liquidation_threshold = 0.5 }
BTC = { liquidation_threshold = 0.5 }
USDC = { liquidation_threshold = 1.0 }
"""
BOOK = "account venue asset leg quantity entry_price collateral_usd protected".split()
T0 = 1_750_000_000_000
GRID = bins_of(50.0)
TOO_LARGE = "cannot be held in whole micro-USD"


# Prices against rationals --------------------------------------------------------------------------------------------


def extreme_worlds():
    """(world, accounts) for prices of every third power of ten from 1e-12 to 1e12, sizes too."""
    tables = {"T": {"tiers": [{"lower_usd": 0.0, "max_leverage": 32.0}, {"lower_usd": 1e3, "max_leverage": 16.0},
                              {"lower_usd": 1e6, "max_leverage": 4.0}]}}
    venues = {
        "perps": {"kind": "perp_tiered", "margin_tables": tables,
                  "assets": {"A": {"margin_table": "T"}, "B": {"max_leverage": 32.0}}},
        "loans": {"kind": "lending_ltv", "assets": {
            "A": {"liquidation_threshold": 0.5}, "B": {"liquidation_threshold": 0.75},
            "Q": {"liquidation_threshold": 1.0}}},
        "banks": {"kind": "lending_weighted", "assets": {
            "A": {"asset_weight": 0.8, "liability_weight": 1.25}, "B": {"asset_weight": 0.5, "liability_weight": 2.0},
            "Q": {"asset_weight": 1.0, "liability_weight": 1.0}}},
        "vaults": {"kind": "lending_ticked", "assets": {
            "A": {"liquidation_threshold": 0.85}, "Q": {"liquidation_threshold": 0.9}}},
    }
    powers = range(-12, 13, 3)
    for at in powers:
        prices = {"A": float(f"1.25e{at}"), "B": float(f"7.1e{-at}")}
        world = World({"Q": {"quote": True}}, venues, prices, {})
        accounts = []
        for size in powers:
            for asset, place in (("A", at), ("B", -at)):
                if size + place <= 10:
                    accounts += extreme_accounts(asset, prices[asset], float(f"3.7e{size}"))
        for number, legs in enumerate(accounts):
            for leg in legs:
                leg["account"] = f"a{number}"
        yield world, accounts


def extreme_accounts(asset, price, size):
    worth = price * size
    for sign in (1, -1):
        for distance in (0.5, 1e-9, 0.0, -0.25):
            entry = price * (1 + sign * distance)
            yield [{"venue": "perps", "asset": asset, "leg": "perp", "quantity": sign * size, "entry_price": entry,
                    "collateral_usd": worth * 0.1}]
    for venue in ("loans", "banks", *(["vaults"] if asset == "A" else [])):
        for share in (0.3, 0.5, 0.9):
            yield [{"venue": venue, "asset": asset, "leg": "deposit", "quantity": size},
                   {"venue": venue, "asset": "Q", "leg": "borrow", "quantity": worth * share}]
            yield [{"venue": venue, "asset": "Q", "leg": "deposit", "quantity": worth},
                   {"venue": venue, "asset": asset, "leg": "borrow", "quantity": size * share}]


def check_prices(binary, folder):
    counts, problems = Counter(), []
    for number, (world, accounts) in enumerate(extreme_worlds()):
        place = folder / f"prices{number}"
        place.mkdir()
        kept = fitting(world, accounts)
        counts["accounts"] += len(kept)
        found = check_world(binary, place, world, kept, counts)
        problems += [f"prices of {float(world.prices['A'])!r} USD: {text}" for text in found[:5]]
    return problems, f"{counts['rows']} rows of {counts['accounts']} accounts against rationals"


# Files of a small world ----------------------------------------------------------------------------------------------


def perp(account, asset, quantity, root, collateral_ratio=0.125, **more):
    """A perp that falls at a root exactly, where the root has bits to spare: root · 63/64 = entry − collateral/q."""
    side = 1 if quantity > 0 else -1
    rate = 1 - side / 64
    entry = root * rate + side * collateral_ratio * root
    return {"account": account, "venue": "perps", "asset": asset, "leg": "perp", "quantity": quantity,
            "entry_price": entry, "collateral_usd": abs(quantity) * collateral_ratio * root, **more}


def loan(account, asset, quantity, root, **more):
    """A deposit that falls at a root exactly: debt = quantity · root / 2."""
    return [{"account": account, "venue": "loans", "asset": asset, "leg": "deposit", "quantity": quantity, **more},
            {"account": account, "venue": "loans", "asset": "USDC", "leg": "borrow", "quantity": quantity * root / 2}]


def write_table(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_world(folder, legs, prices, paths=(), settings=None, grid=None):
    folder.mkdir()
    rows = [["" if name not in leg else leg[name] if isinstance(leg[name], str) else plain(leg[name]) for name in BOOK]
            for leg in legs]
    write_table(folder / "book.csv", BOOK, rows)
    write_table(folder / "prices.csv", ["asset", "price"], [[asset, plain(price)] for asset, price in prices.items()])
    (folder / "venues.toml").write_text(VENUES, encoding="utf-8")
    names = []
    for number, path in enumerate(paths):
        names.append(f'"path{number}.csv"')
        write_table(folder / f"path{number}.csv", ["timestamp_ms", *prices],
                    [[T0 + t, *(plain(price) for price in step)] for t, step in path])
    values = {"clusters.min_size_usd": 1, "clusters.min_confidence": 0, **(settings or {})}
    lines = ["[inputs]", 'book = "book.csv"', 'prices = "prices.csv"', 'venues = "venues.toml"',
             f"paths = [{', '.join(names)}]", "[settings]", *(f"{name} = {value}" for name, value in values.items()),
             "[grid]", *(f"{name} = {value}" for name, value in (grid or {"vault.performance_fee": [0.2]}).items()),
             "[output]", 'details = "all"']
    (folder / "spec.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def same(binary, folder, arguments, name, files=None, extra=()):
    """The differences of one command's results from the reference's."""
    ours, theirs = folder / f"reference-{name}", folder / f"binary-{name}"
    with redirect_stderr(StringIO()):
        code = main.main([*arguments, "-o", str(ours)])
    run = subprocess.run([binary, *arguments, *extra, "-o", str(theirs)], capture_output=True, text=True)
    if code != run.returncode:
        return [f"exit code of the reference {code}, of the binary {run.returncode}: {run.stderr.strip()[-500:]}"]
    pairs = [(ours / file, theirs / file) for file in files] if files else [(ours, theirs)]
    return [found for found in (difference(*pair) for pair in pairs) if found]


def book_options(folder):
    return ["--book", str(folder / "book.csv"), "--prices", str(folder / "prices.csv"),
            "--venues", str(folder / "venues.toml")]


# Clusters ------------------------------------------------------------------------------------------------------------


def edge_books():
    """(name, legs, root of every account) of books whose roots lie where bins begin and end."""
    edges = [GRID.edge(GRID.largest_at_most(place)) for place in (1e-12, 1e-3, 64.0, 100.0, 12345.678, 1e9)]
    roots = [other for edge in edges for other in (edge, math.nextafter(edge, 0), math.nextafter(edge, math.inf))]
    sizes = [max(1.0, 64.0 / root) for root in roots]
    sizes = [2.0 ** round(math.log2(size)) for size in sizes]
    yield ("prices on edges", roots,
           [leg for number, root in enumerate(roots) for leg in loan(f"e{number}", "SOL", sizes[number], root)])
    yield "one price for all", [64.0] * 400, [perp(f"s{n}", "SOL", 1.0 + n % 7, 64.0) for n in range(400)]
    whale = [perp("whale", "SOL", 2.0 ** 24, 64.0)]
    yield ("a billion beside dust", [64.0] * 1001,
           whale + [perp(f"d{n}", "SOL", (n % 5 + 1) * 2.0 ** -24, 64.0) for n in range(1000)])
    yield ("a sum beyond 63 bits", [64.0] * 64,
           [perp(f"l{n}", "SOL", 2.0 ** 36, 64.0, collateral_ratio=0.125) for n in range(64)])


def check_clusters(binary, folder):
    problems, count = [], 0
    for name, roots, legs in edge_books():
        place = folder / name.replace(" ", "-")
        write_world(place, legs, {"SOL": 1e10 if name == "prices on edges" else 70.0, "BTC": 1.0})
        problems += [f"{name}: {text}" for text in
                     same(binary, place, ["prices", *book_options(place), "--both"], "prices.csv")
                     + same(binary, place, ["clusters", *book_options(place)], "clusters.csv")]
        if problems:
            return problems, ""
        with open(place / "binary-clusters.csv", encoding="utf-8", newline="") as file:
            clusters = list(csv.DictReader(file))
        quantities = {}
        for leg in legs:
            quantities.setdefault(leg["account"], F(leg["quantity"]))
        bins = {}
        for root, quantity in zip(roots, quantities.values()):
            # Whole micro-USD, ties to even; every root and size here is exact.
            low = GRID.edge(GRID.largest_at_most(root))
            bins[low] = bins.get(low, 0) + round(quantity * F(root) * 10 ** 6)
        found = {float(row["trigger_price_low"]): round(F(row["forced_size_usd"]) * 10 ** 6) for row in clusters}
        if found != bins:
            problems.append(f"{name}: exact sums {bins}, found {found}")
        count += len(clusters)
    return problems, f"{count} clusters at edges"


# Sweeps --------------------------------------------------------------------------------------------------------------


def sweep_worlds():
    """(name, legs, paths, settings, grid): small worlds in which thresholds are met exactly."""
    low = GRID.edge(GRID.largest_at_most(64.0))
    high = GRID.edge(GRID.largest_at_most(64.0) + 1)
    middle = math.sqrt(low * high)
    legs = [perp(f"p{n}", "SOL", 8.0 + n, 64.0, protected=1.0 if n == 3 else 0.0) for n in range(6)]
    legs += loan("l1", "SOL", 32.0, 64.0) + loan("l2", "BTC", 2.0, 512.0) + [perp("up", "SOL", -4.0, 96.0)]
    stop, recover = [0.01, 0.0125, 0.02], [50, 100]
    levels = [middle * (1.0 - share) for share in stop] + [middle * (1.0 + bps / 10000.0) for bps in recover]
    near = [other for level in levels for other in (level, math.nextafter(level, 0), math.nextafter(level, math.inf))]
    grid = {"vault.stop_loss": stop, "vault.recover_bps": recover, "vault.timeout_s": [60, 120]}
    paths = []
    for level in near:
        # Deploys with spot exactly at the upper edge, fills, and comes to the level when nothing else is due.
        paths.append([(0, (high, 600.0)), (15_000, (low, 600.0)), (30_000, (level, 600.0)), (45_000, (level, 600.0)),
                      (60_000, (middle, 512.0)), (120_000, (high, 511.0)), (1_800_000, (high, 600.0))])
    settings = {"vault.same_bin_cooldown_s": 60, "auction.duration_s": 30, "auction.reaction_min_s": 0}
    yield "exit levels", legs, paths, settings, grid
    # Roots of 64: distances of exactly a quarter and a half, and the step at which a cooldown ends.
    guards = [perp("g", "SOL", 4.0, 64.0, protected=1.0)]
    walk = [(0, (80.0, 600.0)), (30_000, (math.nextafter(80.0, 0), 600.0)), (60_000, (80.0, 600.0)),
            (90_000, (72.0, 600.0)), (120_000, (96.0, 600.0)), (150_000, (math.nextafter(96.0, 200), 600.0)),
            (180_000, (65.0, 600.0)), (240_000, (64.0, 600.0)), (300_000, (math.nextafter(64.0, 0), 600.0))]
    yield ("trigger and safe distance", guards, [walk],
           {"protection.trigger_distance": 0.25, "protection.safe_distance": 0.5, "protection.poll_s": 30,
            "protection.deposit_increment_usd": 4, "protection.max_deposit_ratio": 0.0625},
           {"protection.cooldown_s": [0, 30, 60], "protection.wallet_usd": [0, 4, 8]})
    one = [[(0, (price, 600.0))] for price in (high, 64.0, math.nextafter(64.0, 0), 96.0, 1e-12, 1e12)]
    yield "paths of one step", legs, one, settings, {"vault.stop_loss": stop, "auction.duration_s": [1, 30]}
    flat = [[(t * 1000, (high, 600.0)) for t in range(0, 3600, 300)]]
    yield "a price that never moves", legs, flat, settings, grid
    huge = [perp(f"h{n}", "SOL", 2.0 ** 36, 64.0) for n in range(12)] + [perp("dust", "SOL", 2.0 ** -24, 64.0)]
    yield ("sums beyond 63 bits", huge, [[(0, (70.0, 600.0)), (60_000, (63.0, 600.0)), (120_000, (32.0, 600.0))]],
           settings, {"vault.stop_loss": stop})


def check_sweeps(binary, folder):
    problems, rows = [], 0
    for name, legs, paths, settings, grid in sweep_worlds():
        place = folder / name.replace(" ", "-")
        write_world(place, legs, {"SOL": 70.0, "BTC": 600.0}, paths, settings, grid)
        problems += [f"{name}: {text}" for text in
                     same(binary, place, ["sweep", str(place / "spec.toml"), "--report", "none"], "sweep", FILES,
                          ["--audit", "1"])]
        for file in FILES:
            path = place / "binary-sweep" / file
            rows += len(path.read_text().splitlines()) - 1 if path.exists() else 0
    return problems, f"{rows} rows of sweeps at thresholds"


# Refusals ------------------------------------------------------------------------------------------------------------


def refusals():
    """(name, legs, paths, settings, commands, what the message says) of what cannot be represented."""
    fine = [perp("p", "SOL", 4.0, 64.0)]
    path = [(0, (70.0, 600.0)), (60_000, (32.0, 600.0))]
    large = [perp("p", "SOL", 2.0 ** 37 + 2.0 ** 34, 64.0, collateral_ratio=0.0625)]
    both = ("prices", "clusters")
    yield "a size of 2^63 micro-USD", large, (), {}, both, TOO_LARGE
    sides = [perp(f"h{n}", "SOL", 2.0 ** 36, 64.0) for n in range(160)]
    yield ("penalties beyond 63 bits", sides, [[(0, (70.0, 600.0)), (60_000, (math.nextafter(64.0, 0), 600.0))]],
           {"liquidation.penalty": 1}, ("sweep",), TOO_LARGE)
    yield "a path without steps", fine, [[]], {}, ("sweep",), "found 'no rows'"
    debt = {"account": "l", "venue": "loans", "asset": "BTC", "leg": "borrow", "quantity": 2.0 ** 38}
    yield "a debt of 2^63 micro-USD", [debt, *fine], [path], {}, ("sweep",), TOO_LARGE
    for text in ("1e19", "-1e300", "1e309", "nan", "5e-324", "-1e-310", "1e-101"):
        yield f"a quantity of {text}", [{**fine[0], "quantity": text}], (), {}, both, "column 'quantity'"
    tiny = [[(0, (70.0, 600.0)), (60_000, (5e-324, 600.0))]]
    yield "a denormal price", fine, tiny, {}, ("sweep",), "a price of at least 1e-100"


def check_refusals(binary, folder):
    problems, count = [], 0
    for name, legs, paths, settings, commands, message in refusals():
        place = folder / name.replace(" ", "-").replace("^", "")
        write_world(place, legs, {"SOL": 70.0, "BTC": 600.0}, paths, settings)
        for command in commands:
            arguments = [str(place / "spec.toml"), "--report", "none"] if command == "sweep" else book_options(place)
            output = place / f"out-{command}"
            run = subprocess.run([binary, command, *arguments, "-o", output], capture_output=True, text=True)
            count += 1
            if run.returncode != 65 or message not in run.stderr:
                problems.append(f"{name}, {command}: exit code {run.returncode}, expected 65 and '{message}':"
                                f" {run.stderr.strip()[-300:]}")
            elif output.is_file() or (output / "sweep.csv").exists():
                problems.append(f"{name}, {command}: refused, but it left results")
    return problems, f"{count} refusals"


def run():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    binary = str(Path(parser.parse_args().binary).resolve())
    with tempfile.TemporaryDirectory(prefix="breakwater-edges-") as name:
        folder, words, wrong = Path(name), [], []
        for check in (check_prices, check_clusters, check_sweeps, check_refusals):
            problems, text = check(binary, folder)
            wrong += problems
            words.append(text)
    if wrong:
        print("\n".join(wrong[:20]))
        print(f"{len(wrong)} wrong")
        return 1
    print("edges: " + ", ".join(words))
    return 0


if __name__ == "__main__":
    sys.exit(run())
