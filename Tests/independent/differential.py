# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""`differential.py BINARY [--accounts N] [--seed S]`: `breakwater prices --both` against exact rationals.

Random cross accounts on random venues; every row of the output is checked by `exact_check`, every account that its
venue refuses must be refused. Stops at the first world with a wrong row, and keeps its files."""

import argparse
from collections import Counter
import csv
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
import time

from exact_check import RowCheck, Wrong
from exact_health import ExactAccount
from random_book import Maker, Seeded, write
import refused_books

ACCOUNTS_PER_FILE = 250


class Failed(Exception):
    """The tool answered wrongly, or not at all."""


def run_prices(binary, folder, world, accounts):
    """Rows of liquidation_prices.csv as dictionaries."""
    book, prices, venues = write(folder, world, accounts)
    output = folder / "liquidation_prices.csv"
    run = subprocess.run([binary, "prices", "--book", book, "--prices", prices, "--venues", venues, "--both",
                          "-o", output], capture_output=True, text=True)
    if run.returncode != 0:
        raise Failed(f"exit code {run.returncode}: {run.stderr.strip()[-1500:]}")
    with open(output, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected_accounts(world, accounts):
    """Exact accounts in the order of the book: legs of one text together, isolated legs on their own."""
    groups, by_text = [], {}
    for legs in accounts:
        for leg in legs:
            text = leg["account"] if leg.get("margin_mode", "cross") == "cross" else None
            if text and text in by_text:
                by_text[text].append(leg)
                continue
            group = [leg]
            groups.append(group)
            if text:
                by_text[text] = group
    return [ExactAccount(world, group) for group in groups]


def check_rows(world, accounts, rows, counts):
    """Wrong rows as text; one output row for every account and underlying asset, in order."""
    problems, position = [], 0
    for account in expected_accounts(world, accounts):
        for asset in account.rows:
            if position == len(rows):
                return problems + ["the output ends too early"]
            cells, position = rows[position], position + 1
            found = (cells["account"], cells["venue"], cells["asset"])
            if found != (account.legs[0]["account"], account.name, asset):
                return problems + [f"row {position} is of {found}, not of {(account.legs[0]['account'], asset)}"]
            near = getattr(account, "grid_distance", None)
            if near is not None and near <= account.grid_bound:
                counts["on a tick"] += 1
                continue
            try:
                RowCheck(account, asset, cells, counts).run()
            except Wrong as wrong:
                problems.append(f"row {position}: {wrong}\n  {cells}\n" +
                                "\n".join(f"  {leg}" for leg in account.legs))
    if position != len(rows):
        problems.append(f"{len(rows) - position} rows too many")
    return problems


def fitting(world, accounts):
    """Accounts without amounts beyond micro-USD, which the tool refuses with the whole book."""
    return [legs for legs in accounts
            if all(RowCheck(account, asset, {}).fits() for account in expected_accounts(world, [legs])
                   for asset in account.rows)]


def leave_out(world, keys):
    for table in world.venues.values():
        for entry in table["assets"].values():
            for key in keys:
                entry.pop(key, None)


def check_world(binary, folder, world, accounts, counts):
    try:
        rows = run_prices(binary, folder, world, accounts)
    except Failed as failed:
        return [str(failed)]
    counts["rows"] += len(rows)
    return check_rows(world, accounts, rows, counts)


def check_refusals(binary, folder):
    """Every book of `refused_books` must end with exit code 65."""
    problems = []
    for name, world, accounts in refused_books.books():
        book, prices, venues = write(folder, world, accounts)
        run = subprocess.run([binary, "prices", "--book", book, "--prices", prices, "--venues", venues, "--both",
                              "-o", folder / "refused.csv"], capture_output=True, text=True)
        if run.returncode != 65:
            problems.append(f"{name}: exit code {run.returncode}, expected 65 {run.stderr.strip()[-300:]}")
    return problems


def run():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--accounts", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=12, help="most legs of an account")
    parser.add_argument("--without", action="append", default=[], metavar="KEY",
                        help="a key of assets that the venue files of this run leave out")
    parser.add_argument("--keep-going", action="store_true", help="report the wrong rows of every world")
    arguments = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="breakwater-differential-"))
    counts, started, wrong = Counter(), time.monotonic(), 0
    refusals = check_refusals(arguments.binary, base)
    if refusals:
        print("\n".join(refusals))
        wrong += len(refusals)
    for number in range(-(-arguments.accounts // ACCOUNTS_PER_FILE)):
        seed = arguments.seed * 1_000_003 + number
        maker = Maker(Seeded(seed))
        world = maker.world()
        leave_out(world, arguments.without)
        wanted = min(ACCOUNTS_PER_FILE, arguments.accounts - number * ACCOUNTS_PER_FILE)
        accounts = fitting(world, [maker.account(world, f"a{i}", arguments.most) for i in range(wanted)])
        folder = base / str(seed)
        folder.mkdir()
        problems = check_world(arguments.binary, folder, world, accounts, counts)
        counts["accounts"] += len(accounts)
        if problems:
            wrong += len(problems)
            print("\n".join(problems[:20]))
            print(f"{len(problems)} wrong; world {seed} is kept in {folder}")
            if not arguments.keep_going:
                return 1
        else:
            shutil.rmtree(folder)
    if not wrong:
        shutil.rmtree(base)
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    print(f"{wrong} wrong, {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(run())
