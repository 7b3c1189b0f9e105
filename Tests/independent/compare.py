# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""`compare.py BINARY [--worlds N] [--seed S] [--keep FOLDER]`: the binary against the reference on random worlds.

Every column of every file must agree as text (but for protection messages). Stops at the first world that differs."""

import argparse
import csv
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile

import main
from random_world import Maker, SLOT

FILES = ("sweep.csv", "frontier.csv", "robustness.csv", "cycles.csv", "protection_events.csv", "auctions.csv",
         "liquidations.csv")
# Messages are prose.
FREE_COLUMNS = {"message"}


def commands(folder, settings):
    """Arguments without the output option, the name of the output, and the files to compare in it."""
    book = ["--book", str(folder / "book.csv"), "--prices", str(folder / "prices.csv"),
            "--venues", str(folder / "venues.toml")]
    changed = []
    for name, value in settings.items():
        if name.startswith(("clusters.", "protection.")):
            changed += ["--set", f"{name}={value}"]
    yield ["prices", *book], "liquidation_prices.csv", None
    yield ["prices", *book, "--both", "--ladder"], "liquidation_prices_ladder.csv", None
    yield ["clusters", *book], "clusters.csv", None
    yield ["clusters", *book, "--slot", str(SLOT + 4_000), *changed], "clusters_changed.csv", None
    yield ["sweep", str(folder / "spec.toml"), "--report", "none"], "sweep", FILES


def read(path):
    if not path.exists():
        return None, []
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return (rows[0], rows[1:]) if rows else (None, [])


def difference(ours, theirs):
    """The first cell in which two files differ, in words; None if there is none."""
    header, rows = read(ours)
    other_header, other_rows = read(theirs)
    if other_header != header:
        return f"header\n  reference: {header}\n  binary:    {other_header}"
    for number, (row, other) in enumerate(zip(rows, other_rows), start=1):
        for column, expected, found in zip(header, row, other):
            if expected != found and column not in FREE_COLUMNS:
                return (f"row {number}, column {column}\n  reference: {expected!r}\n  binary:    {found!r}\n"
                        f"  reference row: {row}\n  binary row:    {other}")
        if len(row) != len(other):
            return f"row {number}: {len(row)} cells in the reference, {len(other)} in the binary"
    if len(rows) != len(other_rows):
        longer, name = (rows, "reference") if len(rows) > len(other_rows) else (other_rows, "binary")
        first = min(len(rows), len(other_rows))
        return (f"{len(rows)} rows in the reference, {len(other_rows)} in the binary\n"
                f"  first extra row ({name}): {longer[first]}")
    return None


def compare_world(binary, seed, folder):
    """Text of the differences of one world, empty if it is equal."""
    settings = Maker(seed, folder).world()
    problems = []
    for arguments, name, files in commands(folder, settings):
        ours, theirs = folder / "reference" / name, folder / "binary" / name
        ours.parent.mkdir(exist_ok=True)
        theirs.parent.mkdir(exist_ok=True)
        code = main.main([*arguments, "-o", str(ours)])
        run = subprocess.run([binary, *arguments, "-o", str(theirs)], capture_output=True, text=True)
        if code != run.returncode:
            problems.append(f"world {seed}: {' '.join(arguments)}\n  exit code of the reference {code}, of the binary "
                            f"{run.returncode}\n  {run.stderr.strip()[-2000:]}")
            continue
        for file in files or [None]:
            found = difference(ours / file, theirs / file) if file else difference(ours, theirs)
            if found:
                problems.append(f"world {seed}, file {file or name}: {found}")
    return problems


def run():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder that keeps the worlds and both results")
    arguments = parser.parse_args()
    base = Path(arguments.keep or tempfile.mkdtemp(prefix="breakwater-worlds-"))
    # Counts of rows left out are of no interest here.
    stderr, sys.stderr = sys.stderr, open("/dev/null", "w", encoding="utf-8")
    try:
        for seed in range(arguments.seed, arguments.seed + arguments.worlds):
            folder = base / str(seed)
            problems = compare_world(arguments.binary, seed, folder)
            if problems:
                print("\n".join(problems))
                print(f"world {seed} is kept in {folder}")
                return 1
            if not arguments.keep:
                shutil.rmtree(folder)
    finally:
        sys.stderr = stderr
    if not arguments.keep:
        shutil.rmtree(base, ignore_errors=True)
    print(f"{arguments.worlds} worlds equal")
    return 0


if __name__ == "__main__":
    sys.exit(run())
