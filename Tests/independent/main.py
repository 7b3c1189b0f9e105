# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Command line of the reference: prices, clusters, sweep (DESIGN 10)."""

import argparse
from pathlib import Path
import sys

from arithmetic import BadData
from book import Market, PriceFile, newest_slot, read_book
import clusters
from ladder import ladder
from lines import stand
from protection import deposit_cap
import reports
from settings import Settings, Spec, parse_value
import sweep
from venues import load_venues


def load(arguments):
    assets, venues = load_venues(arguments.venues)
    price_file = PriceFile(arguments.prices)
    accounts = read_book(arguments.book, venues, price_file)
    market = Market(assets, price_file.prices, confidences=price_file.confidences)
    return price_file, accounts, market


def run_prices(arguments):
    """liquidation_prices.csv, in book order, rows of an account by asset bytes."""
    _, accounts, market = load(arguments)
    rows = []
    for account in accounts:
        for row in account.rows(market, account.carried_in):
            price = market.price(row.asset)
            standing = stand(account, row, price)
            rungs = ladder(account, row, standing, market, present=True) if standing.root is not None else []
            if arguments.ladder:
                rows += reports.ladder_rows(account, row, standing, price, rungs)
            else:
                rows.append(reports.price_row(account, row, standing, price, rungs))
    columns = reports.PRICES + (["lower", "upper"] if arguments.both else []) + (
        reports.LADDER if arguments.ladder else [])
    reports.write(arguments.output, columns, rows)


def run_clusters(arguments):
    price_file, accounts, market = load(arguments)
    pairs = (item.split("=", 1) for item in arguments.set)
    settings = Settings({name: parse_value(name, raw) for name, raw in pairs})
    now = arguments.slot if arguments.slot is not None else newest_slot(price_file, accounts)
    entries = []
    for account in accounts:
        deposited = account.carried_in
        if account.protected and settings["protection.enabled"]:
            deposited = max(deposited, deposit_cap(settings, account, market))
        age = None if account.observed_slot is None else max(0, now - account.observed_slot)
        entries.append((account, deposited, age))
    table, left_out = clusters.build(settings, entries, market, price_file.share)
    for status, count in sorted(left_out.items()):
        print(f"{count} rows {status}", file=sys.stderr)
    reports.write(arguments.output, reports.CLUSTERS,
                  [reports.cluster_row(cluster, settings, market, now) for cluster in table])


def run_sweep(arguments):
    spec = Spec(arguments.spec)
    header, rows, best, details, robust = sweep.run(arguments.spec, spec)
    folder = Path(arguments.output)
    folder.mkdir(parents=True, exist_ok=True)
    reports.write(folder / "sweep.csv", header, rows)
    reports.write(folder / "frontier.csv", header, best)
    reports.write(folder / "robustness.csv", *robust)
    for name, columns, make in (("cycles", reports.CYCLES, reports.cycle_rows),
                                ("protection_events", reports.EVENTS, reports.event_rows),
                                ("auctions", reports.AUCTIONS, reports.auction_rows),
                                ("liquidations", reports.LIQUIDATIONS, reports.liquidation_rows)):
        reports.write(folder / f"{name}.csv", columns, make(details))


def main(words=None):
    parser = argparse.ArgumentParser(prog="main.py")
    commands = parser.add_subparsers(required=True)
    for name, action in (("prices", run_prices), ("clusters", run_clusters)):
        command = commands.add_parser(name)
        for option in ("--book", "--prices", "--venues"):
            command.add_argument(option, required=True)
        command.add_argument("-o", dest="output", required=True)
        command.set_defaults(action=action)
        if name == "prices":
            command.add_argument("--both", action="store_true")
            command.add_argument("--ladder", action="store_true")
        if name == "clusters":
            command.add_argument("--slot", type=int)
            command.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    command = commands.add_parser("sweep")
    command.add_argument("spec")
    command.add_argument("--report", default="none", help="pages and workbooks are not made here")
    command.add_argument("-o", dest="output", required=True)
    command.set_defaults(action=run_sweep)
    arguments = parser.parse_args(words)
    try:
        arguments.action(arguments)
    except BadData as refused:
        print(f"refused: {refused}", file=sys.stderr)
        return 65
    return 0


if __name__ == "__main__":
    sys.exit(main())
