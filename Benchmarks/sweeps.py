# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Sweeps: the headline grid from end to end, the vault's cycles beside peers on the same paths, and what
an extra cell costs.

With fewer positions than a full run's the books, the scenarios and the grids are smaller.
"""
import csv
import importlib.util
import json
import math
import os
import statistics
import subprocess
import sys

import numpy as np

from csv_files import run_once
from curve import svg

FULL_POSITIONS, FULL_ACCOUNTS, FULL_SCENARIOS = 10_000_000, 1_000_000, 64
STEPS = 7_200
AXES = {
    "vault.stop_loss": "from = 0.01, to = 0.15",
    "vault.timeout_s": "from = 300, to = 7000",
    "protection.trigger_distance": "from = 0.01, to = 0.10",
    "auction.kappa_bps_per_s": 'from = 0.5, to = 50, scale = "log"',
}
# The vault alone: whole seconds, of which there is one a step.
VAULT_SIDE = 32
VAULT_AXES = {"vault.stop_loss": "from = 0.01, to = 0.15", "vault.timeout_s": "from = 300, to = 7027"}
ASSET, RATE = "SOL", 1 / 40
LEVELS = [0.006 * 1.35**place for place in range(12)]
CAPITAL, DEPLOY, FEE_BPS, PERFORMANCE, RECOVER_BPS, APPROACH = 1e9, 1e6, 25, 0.2, 100, 0.004
PEERS = {
    "vectorbt": "vectorbt, `from_signals` with the cycle as its signal function",
    "machine": "Numba, state machine of every cell and step",
    "passages": "Numba, first passages shared by all cells",
}
COUNTS = ["cycles", "recovers", "stop_losses", "timeouts", "open_at_end"]
# Ours rounds every amount to the micro-USD.
MONEY_APART = 1e-6
CURVE_SIDES, CURVE_SCENARIOS, CURVE_ROUNDS = [4, 8, 16, 24], 8, 2


def call(context, *arguments):
    """Standard output of a command of ours."""
    command = [context.tool, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def grid(axes, side):
    return "[grid]\n" + "".join(
        f"{name} = {{ {values}, steps = {side} }}\n" for name, values in axes.items()
    )


class Sweeps:
    def __init__(self, context):
        self.context = context
        share = min(1.0, context.positions / FULL_POSITIONS)
        self.is_full = share == 1
        self.accounts = {
            "large": max(1_000, int(FULL_ACCOUNTS * share)),
            "small": max(100, int(FULL_ACCOUNTS * share) // 10),
            "tiny": 100,
        }
        self.scenarios = max(2, int(FULL_SCENARIOS * share))
        self.side = 16 if self.is_full else 8
        self.sides = CURVE_SIDES if self.is_full else [2, 4, 8]
        self.data = context.data / f"sweeps-{self.accounts['large']}-{self.scenarios}-v2"
        self.data.mkdir(parents=True, exist_ok=True)
        self.environment = dict(os.environ)

    # Inputs

    def make_inputs(self):
        """Books, prices and paths, made once for a size."""
        if (self.data / "done").exists():
            return
        for name, accounts in self.accounts.items():
            call(
                self.context, "generate", "book", "--accounts", accounts, "--seed", 1,
                "--protected-share", 0.2, "-q", "-o", self.data / f"{name}.csv",
                "--write-prices", self.data / "prices.csv",
            )
        call(
            self.context, "generate", "paths", "--model", "crash", "--scenarios", self.scenarios,
            "--seed", 3, "--horizon-s", STEPS, "--step-s", 1, "--prices", self.data / "prices.csv",
            "-q", "-o", self.data / "paths",
        )
        self.make_vault_inputs()
        (self.data / "done").touch()

    def make_vault_inputs(self):
        """A small book whose clusters stand below the present price, and what the peers read."""
        with open(self.data / "prices.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        row = next(row for row in rows if row["asset"] == ASSET)
        spot, slot = float(row["price"]), row["slot"]
        with open(self.data / "vault.csv", "w") as file:
            file.write("account,venue,asset,leg,quantity,entry_price,collateral_usd,protected,")
            file.write("margin_mode,observed_slot\n")
            size = round(75_000 / spot, 2)
            for place, level in enumerate(LEVELS):
                collateral = size * (spot - spot * (1 - level) * (1 - RATE))
                file.write(f"a{place},hyperliquid,{ASSET},perp,{size},{spot},{collateral:.2f},0,")
                file.write(f"isolated,{slot}\n")
        call(
            self.context, "clusters", "--book", self.data / "vault.csv", "--prices",
            self.data / "prices.csv", "-q", "-o", self.data / "clusters.csv",
        )
        with open(self.data / "clusters.csv", newline="") as file:
            found = [row for row in csv.DictReader(file) if row["direction"] == "below"]
        edges = sorted(
            (float(row["trigger_price_low"]), float(row["trigger_price_high"])) for row in found
        )
        lows, highs = np.array(edges).T
        tables = []
        for path in self.paths():
            with open(path) as file:
                place = file.readline().strip().split(",").index(ASSET)
            tables.append(np.loadtxt(path, delimiter=",", skiprows=1, usecols=place))
        prices = np.array(tables)
        # The nearest cluster below, where it is near enough.
        nearest = np.searchsorted(highs, prices, side="right") - 1
        in_reach = (nearest >= 0) & (prices <= highs[nearest] * (1 + APPROACH))
        columns = {
            "prices": prices,
            "entry": np.where(in_reach, nearest, -1).astype(np.int32),
            "lows": lows,
            "highs": highs,
            "recover": np.array([RECOVER_BPS / 10_000]),
            "terms": np.array([DEPLOY, FEE_BPS / 10_000, PERFORMANCE]),
        }
        for name, values in columns.items():
            np.save(self.data / f"{name}.npy", values)

    def paths(self):
        return sorted((self.data / "paths").glob("path-*.csv"))

    def spec(self, name, book, scenarios, axes, side, settings=()):
        """Writes a specification; gives its path."""
        listed = ", ".join(f'"paths/{path.name}"' for path in self.paths()[:scenarios])
        text = f'[inputs]\nbook = "{book}.csv"\nprices = "prices.csv"\npaths = [{listed}]\n'
        settings = settings or ["protection.increment_ratio = 0.1"]
        text += "[settings]\n" + "".join(f"{line}\n" for line in settings)
        text += grid(axes, side) + f'[output]\nfolder = "out-{name}"\ndetails = "none"\n'
        path = self.data / f"{name}.toml"
        path.write_text(text)
        return path

    # Whole sweeps

    def sweep(self, spec, threads):
        """Wall and processor seconds and peak MB of a whole sweep."""
        command = [self.context.tool, "sweep", str(spec), "--fresh", "-q", "-j", str(threads)]
        return run_once(command, self.environment)

    def headline(self):
        """Seconds and peak by book, each run once.

        The tiny book leaves little but the vault's cycles, which is all that the peers do; any of its
        clusters may be deployed at, or the vault would have nothing to do.
        """
        found = {}
        for name in self.accounts:
            settings = ["protection.increment_ratio = 0.1"]
            if name == "tiny":
                settings += ["clusters.min_size_usd = 0", "clusters.min_confidence = 0"]
            spec = self.spec(name, name, self.scenarios, AXES, self.side, settings)
            found[name] = self.sweep(spec, self.context.threads)
        return found

    def curve(self):
        """Seconds by side of the grid, medians of rounds in turn, and of writing the largest table."""
        scenarios = min(CURVE_SCENARIOS, self.scenarios)
        specs = {
            side: self.spec(f"curve-{side}", "small", scenarios, AXES, side) for side in self.sides
        }
        times = {side: [] for side in specs}
        for _ in range(min(CURVE_ROUNDS, self.context.rounds)):
            for side, spec in specs.items():
                times[side].append(self.sweep(spec, self.context.threads)[0])
        table = self.data / f"out-curve-{self.sides[-1]}" / "sweep.csv"
        script = str(self.context.root / "Benchmarks" / "peers" / "rows.py")
        written = {}
        for threads in sorted({1, self.context.threads}):
            command = [sys.executable, "-B", script, str(table), str(self.data / "rows.csv")]
            shown = subprocess.run(
                [*command, str(threads), "3"], check=True, capture_output=True, text=True
            ).stdout
            answer = json.loads(shown)
            if answer["rows"] != self.sides[-1] ** 4:
                raise SystemExit(f"sweeps: {answer['rows']} rows, not a row a cell")
            written[threads] = answer["seconds"] / answer["rows"]
        size = table.stat().st_size / self.sides[-1] ** 4
        for side in self.sides:
            (self.data / f"out-curve-{side}" / "sweep.csv").unlink()
        return {side: statistics.median(found) for side, found in times.items()}, written, size

    # The vault alone

    def vault_spec(self):
        settings = [
            "clusters.refresh_s = 100000", "clusters.min_size_usd = 0", "clusters.min_confidence = 0",
            "protection.enabled = 0", "vault.same_bin_cooldown_s = 0",
            f"vault.capital_usd = {CAPITAL:.0f}", f"vault.deploy_usd = {DEPLOY:.0f}",
            f"vault.approach = {APPROACH}", f"vault.recover_bps = {RECOVER_BPS}",
            f"vault.fee_bps = {FEE_BPS}", f"vault.performance_fee = {PERFORMANCE}",
        ]
        return self.spec("vault", "vault", self.scenarios, VAULT_AXES, VAULT_SIDE, settings)

    def ours(self, spec, threads):
        """What `breakwater bench vault` printed, by name."""
        out = self.data / "totals.csv"
        shown = call(self.context, "bench", "vault", spec, "--rounds", 3, "-j", threads, "-o", out)
        return {line.split()[0]: float(line.split()[1]) for line in shown.splitlines()}

    def totals(self):
        with open(self.data / "totals.csv", newline="") as file:
            return list(csv.DictReader(file))

    def vault(self):
        """Cell-steps a second of every round by who and threads, and the counts that were equal."""
        spec = self.vault_spec()
        base = self.ours(spec, 1)
        rows = self.totals()
        values = {axis: sorted({float(row[axis]) for row in rows}) for axis in VAULT_AXES}
        np.save(self.data / "stops.npy", np.array(values["vault.stop_loss"]))
        np.save(self.data / "timeouts.npy", np.array(values["vault.timeout_s"], dtype=np.int64))
        counts = sorted({1, self.context.threads})
        plan = [(peer, threads) for peer in ("machine", "passages") for threads in counts]
        if importlib.util.find_spec("vectorbt"):
            plan.insert(0, ("vectorbt", 1))
        workers = {what: Worker(self, *what) for what in plan}
        rates = {what: [] for what in plan}
        for threads in counts:
            rates["vault", threads], rates["oracle", threads] = [], []
        for turn in range(self.context.rounds):
            for threads in counts:
                found = self.ours(spec, threads)
                if found["cycles"] != base["cycles"]:
                    raise SystemExit("sweeps: another round had other cycles")
                work = base["cell_steps"]
                rates["vault", threads].append(work / found["median_vault_seconds"])
                rates["oracle", threads].append(work / found["median_with_oracle_seconds"])
            for what, worker in workers.items():
                # vectorbt takes seconds for a part of the cells.
                if what[0] != "vectorbt":
                    answer = worker.run(1)
                elif turn == 0:
                    answer = worker.run(4)
                else:
                    continue
                rates[what].append(answer["cell_steps"] / answer["seconds"])
        for worker in workers.values():
            worker.close()
        for peer, threads in plan:
            self.compare(f"{peer}-{threads}", rows, 4 if peer == "vectorbt" else 1)
        self.compare_money(rows)
        sums = {name: sum(int(row[name]) for row in rows) for name in COUNTS}
        return rates, sums

    def compare(self, peer, rows, every):
        """All counts of all cells must be ours."""
        found = np.load(self.data / f"cycles-{peer}.npy")
        expected = np.array([[int(row[name]) for name in COUNTS] for row in rows[::every]])
        if found.shape[0] != len(expected) or (found[:, :5] != expected).any():
            place = int(np.abs(found[:, :5] - expected).sum(1).argmax())
            raise SystemExit(
                f"sweeps: {peer} counted {found[place, :5]}, ours {expected[place]}, in cell"
                f" {place * every}"
            )
        returns = np.load(self.data / "cycles-machine-1.npy")[::every, 5]
        if not np.allclose(found[:, 5], returns, rtol=1e-9, atol=1e-9):
            raise SystemExit(f"sweeps: {peer}'s returns are not the state machine's")

    def compare_money(self, rows):
        """A plain walk in floating point must come to our P&L."""
        worker = Worker(self, "money", 1)
        worker.run(16)
        worker.close()
        found = np.load(self.data / "cycles-money-1.npy")[:, 0]
        for value, row in zip(found, rows[::16]):
            ours = float(row["pnl_held_usd"])
            if not math.isclose(value, ours, rel_tol=MONEY_APART, abs_tol=0.01):
                raise SystemExit(f"sweeps: P&L {value}, ours {ours}")


class Worker:
    """A peer in a process of its own."""

    def __init__(self, sweeps, peer, threads):
        script = str(sweeps.context.root / "Benchmarks" / "peers" / "cycles.py")
        command = [sys.executable, "-B", script, peer, str(threads), str(sweeps.data)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a peer ended early; see above")
        return json.loads(line)

    def run(self, every):
        self.process.stdin.write(f"run {every}\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


# Tables


def plural(threads):
    return f"{threads} thread{'s' if threads > 1 else ''}"


def headline_lines(sweeps, found, rates):
    cells = sweeps.side**4
    steps = STEPS + 1
    peers = [what for what in [(peer, 1) for peer in PEERS] if what in rates]
    titles = {
        "vectorbt": "vectorbt",
        "machine": "Numba state machine",
        "passages": "Numba first passages",
    }
    lines = [
        "### The whole sweep",
        "",
        f"`breakwater sweep`, from the book's CSV to the rows: {sweeps.side}⁴ = {cells:,} cells over"
        f" stop-loss, timeout, trigger distance and κ, {sweeps.scenarios} scenarios of {steps:,} steps, a"
        f" fifth of the accounts protected, {plural(sweeps.context.threads)}. A cell-step is one step of one"
        " scenario in one cell, with every account, lot and cycle in it; the peers' cell-steps are the"
        " vault's cycles of one asset alone, on the same paths, one thread, without a book, without money"
        " and without reading or writing a file. With 100 accounts our sweep is little more than that,"
        " with the larger books most of it is accounts, which no peer has; the process's start, the"
        " paths' CSV and the audit are in ours.",
        "",
        "| accounts | seconds | processor s | peak MB | M cell-steps/s |"
        + "".join(f" by {titles[peer]} |" for peer, _ in peers),
        "| ---: | ---: | ---: | ---: | ---: |" + " ---: |" * len(peers),
    ]
    for name in ("tiny", "small", "large"):
        wall, processor, peak = found[name]
        rate = cells * sweeps.scenarios * steps / wall
        lines.append(
            f"| {sweeps.accounts[name]:,} | {wall:.1f} | {processor:.1f} | {peak:,.0f} | {rate / 1e6:,.0f} |"
            + "".join(f" {shown(rate / statistics.median(rates[what]))} |" for what in peers)
        )
    return lines


def shown(value):
    """Three digits, without an exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def ratio(ours, theirs):
    """Median over the rounds of ours by theirs; a peer may have been in the first ones only."""
    return statistics.median(mine / its for mine, its in zip(ours, theirs))


def vault_lines(sweeps, rates, sums):
    lines = [
        "### The vault's cycles",
        "",
        f"Stop-loss × timeout, {VAULT_SIDE}² cells, the same paths of {ASSET}, {len(LEVELS)} clusters that"
        " stand still: our vault stage alone (`breakwater bench vault`), and with the oracle stage before"
        " it. The peers are given at which steps a cluster is in reach, and count exits and sum their"
        " returns; ours finds the clusters, and makes fills, fees and P&L of two inventories to the"
        " micro-USD. vectorbt has a quarter of the cells, one path a call, in the first round. Medians of"
        f" {sweeps.context.rounds} rounds in turn; `ours / it` is our vault stage by the peer, median of"
        " the rounds' ratios.",
        "",
        "| who | threads | M cell-steps/s | ours / it |",
        "| --- | ---: | ---: | ---: |",
    ]
    titles = {"vault": "Breakwater, vault stage", "oracle": "Breakwater, oracle and vault stage", **PEERS}
    for who, threads in sorted(rates, key=lambda what: (what[1], list(titles).index(what[0]))):
        found = rates[who, threads]
        by = "" if who in ("vault", "oracle") else shown(ratio(rates['vault', threads], found))
        speed = statistics.median(found)
        lines.append(f"| {titles[who]} | {threads} | {shown(speed / 1e6)} | {by} |")
    if ("vectorbt", 1) not in rates:
        lines += ["", "vectorbt could not be installed; its published speed is 12 M cell-steps/s with stops."]
    lines += [
        "",
        "All counted the same in every cell: " + ", ".join(
            f"{name.replace('_', ' ')} {value:,}" for name, value in sums.items()
        ) + "; a plain walk in floating point comes to our P&L.",
    ]
    return lines


def curve_lines(sweeps, times, written, size):
    place = f"{sweeps.context.name}-sweeps.svg"
    points = [(side**4, seconds) for side, seconds in times.items()]
    cost = written[sweeps.context.threads]
    (sweeps.context.root / "Benchmarks" / "Results" / place).write_text(
        svg(points, cost, "Seconds of a whole sweep by cells; dashed: the cost of writing their rows")
    )
    lines = [
        "### An extra cell",
        "",
        f"Grids of the same axes with more values, {min(CURVE_SCENARIOS, sweeps.scenarios)} scenarios,"
        f" {sweeps.accounts['small']:,} accounts, {plural(sweeps.context.threads)}. Polars writes the rows of"
        f" the largest ({size:,.0f} bytes each) in " + " and ".join(
            f"{each * 1e6:.2f} µs a row on {plural(threads)}" for threads, each in written.items()
        ) + f". [Plot]({place}).",
        "",
        "| grid | cells | seconds | µs per cell more than the grid before |",
        "| ---: | ---: | ---: | ---: |",
    ]
    last = None
    for side, seconds in times.items():
        slope = "" if last is None else f"{(seconds - last[1]) / (side**4 - last[0]) * 1e6:.1f}"
        lines.append(f"| {side}⁴ | {side ** 4:,} | {seconds:.2f} | {slope} |")
        last = (side**4, seconds)
    return lines


def run(context):
    sweeps = Sweeps(context)
    sweeps.make_inputs()
    rates, sums = sweeps.vault()
    found = sweeps.headline()
    times, written, size = sweeps.curve()
    return [
        "## Sweeps",
        "",
        f"Load at the end of the part {os.getloadavg()[0]:.1f}.",
        "",
        *headline_lines(sweeps, found, rates),
        "",
        *vault_lines(sweeps, rates, sums),
        "",
        *curve_lines(sweeps, times, written, size),
    ]
