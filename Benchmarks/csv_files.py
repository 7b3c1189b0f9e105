# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Whole processes from a book in files to a report: ours, Polars and DuckDB, one after the other.

Every run is a process of its own; wall time, processor time and peak memory are those of that process.
A report counts as made when it is on the disk: ours waits for that by itself, for the peers the wait follows
their end, and so nobody meets what others left to be written. A ratio is the median over the rounds of (peer's
time / ours of the same round, task and threads), with that wait and, beside it, without the peer's.
"""
import csv
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time

# Perps of one venue: the flat formula is theirs, and no position of the book leaves the first tier.
VENUE = "hyperliquid"
OTHERS = ["drift", "event", "jupiter_lend", "kamino", "marginfi"]
# 1 / (2 x maximum leverage) of the first tier.
RATES = {"BTC": 1 / 80, "ETH": 1 / 50, "SOL": 1 / 40}
# Ours closes large positions in parts, the peers at once: more orders, and a little less size.
ORDERS_APART, SIZE_APART = 0.03, 1e-3
# Prices near 0 are differences of large numbers, which the two formulas round differently.
PRICE_APART = 1e-5
NAMES = {"breakwater": "Breakwater", "polars": "Polars", "duckdb": "DuckDB"}
TASKS = {
    ("csv", "clusters"): "CSV to clusters.csv",
    ("csv", "prices"): "CSV to liquidation_prices.csv",
    ("npy", "clusters"): "`.npy` folder to clusters.csv",
    ("parquet", "clusters"): "Parquet to clusters.csv",
}


# What ours is asked to be by peers, on all threads.
GOALS = [
    ("polars", "csv", "clusters", 2), ("duckdb", "csv", "clusters", 2), ("polars", "csv", "prices", 1.5),
]


def duckdb_module():
    """DuckDB's shared library in this Python, or nothing."""
    found = importlib.util.find_spec("_duckdb")
    return found.origin if found else None


def make_books(context):
    """The book in three forms, made once for a size; paths by form."""
    data = context.data / f"files-{context.positions}"
    books = {"csv": data / "book.csv", "npy": data / "book_npy", "parquet": data / "book.parquet"}
    if not (data / "done").exists():
        data.mkdir(parents=True, exist_ok=True)
        command = [context.tool, "generate", "book", "--accounts", str(context.positions)]
        command += ["--seed", "1", "--protected-share", "0", "-q", "-o", str(books["csv"])]
        command += ["--write-prices", str(data / "prices.csv")]
        for other in OTHERS:
            command += ["--venue-share", f"{other}=0"]
        subprocess.run(command, check=True)
        subprocess.run(
            [context.tool, "convert", "-q", str(books["csv"]), str(books["npy"])], check=True
        )
        script = str(context.root / "Benchmarks" / "peers" / "files.py")
        subprocess.run(
            [sys.executable, script, "parquet", str(books["csv"]), str(books["parquet"])], check=True
        )
        with open(data / "prices.csv", newline="") as file:
            spots = {row["asset"]: row["price"] for row in csv.DictReader(file)}
        with open(data / "rates.csv", "w") as file:
            file.write("asset,spot,rate\n")
            file.writelines(f"{name},{spots[name]},{rate}\n" for name, rate in RATES.items())
        (data / "done").touch()
    return data, books


def run_once(command, environment):
    """Wall seconds, processor seconds and peak MB of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"ended with {process.returncode}: {' '.join(command)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def seconds_to_disk(path):
    """How long it takes until a file that was written is on the disk."""
    with open(path, "rb") as file:
        start = time.perf_counter()
        os.fsync(file.fileno())
        return time.perf_counter() - start


class Files:
    def __init__(self, context):
        self.context = context
        self.data, self.books = make_books(context)
        self.script = str(context.root / "Benchmarks" / "peers" / "files.py")
        self.environment = dict(os.environ)
        if duckdb_module():
            self.environment.setdefault("BREAKWATER_DUCKDB", duckdb_module())

    def out(self, who, task):
        return str(self.data / f"out-{who}-{task}.csv")

    def command(self, who, form, task, threads):
        book, out = str(self.books[form]), self.out(who, task)
        if who == "breakwater":
            return [
                self.context.tool, task, "--book", book, "--prices", str(self.data / "prices.csv"),
                "-q", "-j", str(threads), "-o", out,
            ]
        rates = str(self.data / "rates.csv")
        return [sys.executable, "-B", self.script, who, task, str(threads), book, rates, out]

    def run(self, who, form, task, threads):
        """Seconds until the report is on the disk, processor seconds, peak MB, the process's seconds."""
        wall, processor, peak = run_once(self.command(who, form, task, threads), self.environment)
        return wall + seconds_to_disk(self.out(who, task)), processor, peak, wall

    def difference(self, who, task):
        """How far the last results of ours and of a peer are apart; ends where too far."""
        command = [sys.executable, "-B", self.script, "check", task]
        command += [self.out("breakwater", task), self.out(who, task)]
        shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = json.loads(shown)
        name = NAMES[who]
        if task == "prices":
            apart = found["largest_relative_difference"]
            if found["rows"] != self.context.positions or found["rows_apart"] or apart > PRICE_APART:
                raise SystemExit(f"{name}, prices: not the same as ours: {shown}")
            return (
                f"{name}'s {found['rows']:,} rows of prices are ours in venue, asset, direction and status;"
                f" {found['priced']:,} have a price, at most {apart:.1g} relative apart."
            )
        (_, bins), (ours, theirs) = found["rows"], found["positions"]
        size, flat = found["size"]
        if abs(ours / theirs - 1) > ORDERS_APART or abs(size / flat - 1) > SIZE_APART:
            raise SystemExit(f"{name}, clusters: too far from ours: {shown}")
        return (
            f"{name}'s clusters: {bins:,} bins, {theirs:,} positions, {flat:,.0f} USD; ours"
            f" {found['rows'][0]:,} bins, {ours:,} orders, {size:,.0f} USD."
        )


def table(threads, runs, whos):
    lines = [
        f"### {threads} thread{'s' if threads > 1 else ''}, whole processes",
        "",
        "| task | who | seconds to the disk, median | best | processor s | peak MB | it / ours"
        " | process alone, s | it / ours |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for (form, task), title in TASKS.items():
        base = [r[0] for r in runs.get(("breakwater", form, task, threads), [])]
        for who in whos:
            found = runs.get((who, form, task, threads))
            if not found:
                continue
            walls, processor, peaks, alone = zip(*found)
            ratio = ratio_alone = ""
            if who != "breakwater":
                ratio = f"{statistics.median(a / b for a, b in zip(walls, base)):.2f}"
                ratio_alone = f"{statistics.median(a / b for a, b in zip(alone, base)):.2f}"
            lines.append(
                f"| {title} | {NAMES[who]} | {statistics.median(walls):.2f} | {min(walls):.2f} |"
                f" {statistics.median(processor):.2f} | {max(peaks):,.0f} | {ratio} |"
                f" {statistics.median(alone):.2f} | {ratio_alone} |"
            )
    return lines


def note_goals(context, runs):
    """How much faster ours is than each peer, and its peak memory."""
    def walls(who, form, task):
        return [r[0] for r in runs[who, form, task, context.threads]]

    for who, form, task, asked in GOALS:
        pairs = zip(walls(who, form, task), walls("breakwater", form, task))
        found = statistics.median(theirs / ours for theirs, ours in pairs)
        context.goal(f"{TASKS[form, task]}, by {NAMES[who]}", asked, found)
    peak = max(r[2] for r in runs["breakwater", "csv", "clusters", context.threads])
    context.goal("peak memory of CSV to clusters.csv, MB", 300, peak, most=True, digits=0)
    pairs = zip(walls("breakwater", "csv", "clusters"), walls("breakwater", "npy", "clusters"))
    found = statistics.median(text / columns for text, columns in pairs)
    context.goal("`.npy` folder to clusters.csv, by our own from CSV", 10, found)
    if duckdb_module():
        pairs = zip(
            walls("duckdb", "parquet", "clusters"), walls("breakwater", "parquet", "clusters")
        )
        found = statistics.median(theirs / ours for theirs, ours in pairs)
        context.goal("Parquet to clusters.csv, by DuckDB", 1, found)


def run(context):
    files = Files(context)
    forms = [form for form in TASKS if form[0] != "parquet" or duckdb_module()]
    counts = sorted({1, context.threads})
    plan = [
        (who, form, task, threads)
        for threads in counts
        for form, task in forms
        for who in NAMES
        if who == "breakwater" or form != "npy"
    ]
    runs = {what: [] for what in plan}
    # The first time reads files and libraries from the disk.
    for who in NAMES:
        files.run(who, "csv", "clusters", counts[-1])
    for round in range(context.rounds):
        for what in plan:
            # One thread, of which nothing is asked, takes most of the time.
            if what[3] == context.threads or round < max(1, context.rounds // 3):
                runs[what].append(files.run(*what))
    note_goals(context, runs)
    _, _, floor = run_once(["true"], files.environment)
    # The last clusters are of another form of the same book.
    checks = [files.difference(who, task) for task in ("clusters", "prices") for who in NAMES
              if who != "breakwater"]
    lines = [
        "## Files",
        "",
        f"A synthetic book of {context.positions:,} isolated perps of one venue, ten columns,"
        f" {files.books['csv'].stat().st_size / 1e6:,.0f} MB of CSV and"
        f" {files.books['parquet'].stat().st_size / 1e6:,.0f} MB of Parquet, in the page cache. Each run is a"
        " process of its own, from its start to its end. Peers: the maintenance rate joined by asset, the"
        " flat formula, counts, sums, squares and the largest by asset, direction and 50 bps bin in floating"
        " point; DuckDB's prices come in any order. Ours besides: every field checked, tiers, partial closes"
        " (large positions have more orders), exact sums, confidence. Peak memory below that of the starting"
        f" process, {floor:.0f} MB, is not seen. A report counts as made when it is on the disk, for which ours waits"
        " before it gives the file its name; the last two columns are the processes alone, where the peers"
        " leave that to the system. `it / ours` is the peer's time by ours to the disk, median of"
        f" {context.rounds} rounds in turn, on one thread of a third as many.",
    ]
    for threads in counts:
        lines += ["", *table(threads, runs, NAMES)]
    lines += ["", *[f"- {check}" for check in checks]]
    for path in files.data.glob("out-*.csv"):
        path.unlink()
    return lines
