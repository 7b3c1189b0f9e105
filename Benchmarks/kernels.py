# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Liquidation prices and clusters in memory, beside the limit of memory and what else people use.

All peers stand ready in processes of their own and work one after the other, once a round, so that a busy
machine slows all alike. A ratio is the median over the rounds of (peer's time / ours in the same round).
"""
import csv
import json
import math
import os
import statistics
import subprocess
import sys

# Sums of peers are in floating point, in an order of their own.
TOLERANCE = 1e-9
# Rows whose price is so near to the present one that rounding decides whether they are at risk.
DOUBTFUL_ROWS = 10

PEERS = {
    "c": ("plain C", ["price", "stream", "fused"]),
    "numba": ("Numba", ["price", "tiers", "fused"]),
    "polars": ("Polars", ["price", "fused"]),
    "numpy": ("NumPy", ["price", "fused"]),
    "duckdb": ("DuckDB", ["price", "fused"]),
}
TASKS = {
    "price": "price, flat",
    "stream": "price, flat, streaming stores",
    "tiers": "price with a tier search",
    "fused": "price and cluster, flat",
}
OURS = {"price": "price", "stream": "price", "tiers": "price", "fused": "price and cluster"}
# What our kernels are asked to be by those of peers, on all threads.
GOALS = [
    ("c", "price", 1.5), ("numba", "price", 1.5), ("numba", "tiers", 15), ("polars", "price", 4),
    ("numpy", "price", 4), ("c", "fused", 1.5), ("numba", "fused", 2.5),
]
# Bytes of a row that the flat form reads and writes.
BYTES = {"price": 48, "stream": 48, "tiers": 40, "fused": 41}


class Worker:
    def __init__(self, peer, threads, context):
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
        if peer == "c":
            command = [str(context.root / ".build" / "bench-flat"), str(context.data)]
        else:
            script = context.root / "Benchmarks" / "peers" / "worker.py"
            command = [sys.executable, str(script), peer, str(threads), str(context.data)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a peer ended early; see above")
        return json.loads(line)

    def run(self, task):
        self.process.stdin.write(task + "\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        pid = self.process.pid
        with open(f"/proc/{pid}/status") as status:
            peak = next((line.split()[1] for line in status if line.startswith("VmHWM")), "0")
        self.process.stdin.close()
        self.process.wait()
        return int(peak) // 1024


def compile_c(context):
    compiler = os.environ.get("CC", "gcc")
    command = [
        compiler, "-O3", "-march=native", "-fopenmp", "-ffast-math", "-fno-finite-math-only",
        str(context.root / "Benchmarks" / "peers" / "flat.c"),
        "-o", str(context.root / ".build" / "bench-flat"), "-lm",
    ]
    subprocess.run(command, check=True)


def measure_ours(context, rounds, threads):
    """Speeds by kernel, and checksums, of a run of our own."""
    path = context.data / "ours.csv"
    command = [context.tool, "bench", "kernels", "--positions", str(context.positions)]
    command += ["--rounds", str(rounds), "-j", str(threads), "-o", str(path)]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    peak = int(next(l.split()[1] for l in shown.splitlines() if l.startswith("peak_memory_mb")))
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    loops = {(r["kernel"], int(r["threads"])): r for r in rows if r["threads"]}
    sums = {r["kernel"]: r["seconds"] for r in rows if not r["threads"]}
    return loops, sums, peak


def agree(name, found, expected):
    if not math.isclose(found, expected, rel_tol=TOLERANCE):
        raise SystemExit(f"{name}: found {found}, expected {expected}")


def check_sums(peer, answers, sums):
    """All must have computed the same."""
    agree(f"{peer}, sum of prices", answers["check"]["prices"], float(sums["sum_of_prices"]))
    fused = answers["fused"]
    if abs(fused["at_risk"] - int(sums["whole_at_risk"])) > DOUBTFUL_ROWS:
        raise SystemExit(f"{peer}: {fused['at_risk']} at risk, not {sums['whole_at_risk']}")
    agree(f"{peer}, forced size", fused["forced"], float(sums["whole_forced_usd"]))


def measure(context, threads):
    """Rounds of everything on some threads: our loops and the peers' tasks, by round."""
    workers = {peer: Worker(peer, threads, context) for peer in PEERS}
    ours, theirs, sums, peaks = [], {}, {}, {}
    for peer, worker in workers.items():
        # Warms up: compiles, and touches memory.
        answers = {task: worker.run(task) for task in PEERS[peer][1]}
        theirs[peer] = {task: [] for task in answers}
    for _ in range(context.rounds):
        loops, sums, peaks["breakwater"] = measure_ours(context, 1, threads)
        ours.append({name: row for (name, count), row in loops.items() if count == threads})
        for peer, worker in workers.items():
            for task in PEERS[peer][1]:
                answers[task] = worker.run(task)
                theirs[peer][task].append(answers[task]["seconds"])
    for peer, worker in workers.items():
        found = {"fused": worker.run("fused"), "price": worker.run("price")}
        found["check"] = worker.run("check")
        check_sums(peer, found, sums)
        peaks[peer] = worker.close()
    return ours, theirs, sums, peaks


def ratios(ours, mine, task):
    """Our speed by a peer's, median over the rounds."""
    return statistics.median(
        seconds / float(r[OURS[task]]["seconds"]) for seconds, r in zip(mine, ours)
    )


def note_goals(context, ours, theirs):
    share = statistics.median(float(r["price"]["share_of_limit"]) for r in ours)
    context.goal("prices, 6 tiers, by the limit of memory", 0.85, share)
    for peer, task, asked in GOALS:
        what = "prices, 6 tiers" if OURS[task] == "price" else "prices to clusters"
        found = ratios(ours, theirs[peer][task], task)
        context.goal(f"{what}, by {PEERS[peer][0]}: {TASKS[task]}", asked, found)


def table(context, threads):
    ours, theirs, sums, peaks = measure(context, threads)
    rows = context.positions
    if threads == context.threads:
        note_goals(context, ours, theirs)
    lines = [
        f"### {threads} thread{'s' if threads > 1 else ''}",
        "",
        "| | M rows/s, median | best | bytes/row | GB/s | share of the memory limit |"
        " ours / it | peak MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in ours[0]:
        times = [float(r[name]["seconds"]) for r in ours]
        middle, width = statistics.median(times), int(ours[0][name]["bytes_per_row"])
        shares = [float(r[name]["share_of_limit"] or "nan") for r in ours]
        share = statistics.median(shares)
        lines.append(
            f"| {'' if name.startswith('memory') else 'Breakwater: '}{name} | {rows / middle / 1e6:,.0f} |"
            f" {rows / min(times) / 1e6:,.0f} | {width} | {rows * width / middle / 1e9:.1f} |"
            f" {'' if math.isnan(share) else f'{share:.2f}'} | |"
            f" {'' if name.startswith('memory') else peaks['breakwater']} |"
        )
    for peer, (title, tasks) in PEERS.items():
        for task in tasks:
            times = theirs[peer][task]
            middle = statistics.median(times)
            ratio = ratios(ours, times, task)
            lines.append(
                f"| {title}: {TASKS[task]} | {rows / middle / 1e6:,.0f} | {rows / min(times) / 1e6:,.0f} |"
                f" {BYTES[task]} | {rows * BYTES[task] / middle / 1e9:.1f} | | {ratio:.2f} |"
                f" {peaks[peer]} |"
            )
    medians = {
        name: statistics.median(float(r[name]["seconds"]) for r in ours) for name in ours[0]
    }
    for peer, (title, _) in PEERS.items():
        medians[f"{title}'s {TASKS['fused']}"] = statistics.median(theirs[peer]["fused"])
    return lines, medians, sums


def run(context):
    compile_c(context)
    subprocess.run(
        [context.tool, "bench", "kernels", "--positions", str(context.positions), "--data",
         str(context.data)],
        check=True,
    )
    counts = sorted({1, context.threads})
    lines = [
        "## Kernels",
        "",
        f"{context.positions:,} isolated perps of 8 assets in memory. Ours: prices from six real margin"
        " tiers, and clusters with exact integer sums, exact 50 bps bins and the sums of confidence."
        " Peers: the flat formula, for which somebody has found each row's tier before, and counts and"
        " sums in floating point. `ours / it` is our speed by the peer's, median of"
        f" {context.rounds} rounds in turn; the limit is the streaming triad for prices, reading for"
        " clusters, in the same round.",
    ]
    medians = {}
    for threads in counts:
        part, medians[threads], sums = table(context, threads)
        lines += ["", *part]
    lines += ["", "All gave the same: " + ", ".join(
        f"{name.replace('_', ' ')} {sums[name]}"
        for name in ("sum_of_prices", "whole_at_risk", "whole_forced_usd")
    ) + f" (peers' sums within {TOLERANCE:g} of it)."]
    if len(counts) > 1:
        low, high = counts
        scaling = {name: medians[low][name] / medians[high][name] for name in medians[low]}
        context.goal(f"prices to clusters, {high} threads by {low}", 0.9 * high, scaling[OURS["fused"]])
        shown = ", ".join(f"{name} {ratio:.2f}" for name, ratio in scaling.items())
        lines += ["", f"From {low} thread to {high}: {shown}."]
    return lines
