# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The CSV files and their columns (DESIGN 5 and 9)."""

import csv
from decimal import ROUND_HALF_EVEN, Decimal

from arithmetic import micro, money, plain, usd
from lines import signed_distance


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([row[name] for name in header])


def maybe(value):
    return "" if value is None else plain(value)


PRICES = """account venue asset direction status liquidation_price distance_ratio notional_usd first_share
penalty_usd""".split()


def price_row(account, row, standing, price, rungs):
    result = {"account": account.text, "venue": account.venue.name, "asset": row.asset,
              "direction": standing.direction, "status": standing.status,
              "liquidation_price": maybe(standing.root), "distance_ratio": maybe(standing.distance(price)),
              "notional_usd": "", "first_share": "", "penalty_usd": "",
              "lower": maybe(standing.lower), "upper": maybe(standing.upper)}
    if standing.root is not None:
        first = rungs[0]
        result["notional_usd"] = money(micro(row.quantity * standing.root))
        result["first_share"] = plain(first.share)
        result["penalty_usd"] = money(first.penalty_usd(row.quantity))
    return result


LADDER = ["rung", "rung_share", "rung_usd"]


def ladder_rows(account, row, standing, price, rungs):
    """A row for every rung; one with empty fields where there is no root."""
    usual = price_row(account, row, standing, price, rungs)
    if not rungs:
        yield {**usual, **dict.fromkeys(LADDER, "")}
    for number, rung in enumerate(rungs, start=1):
        distance = signed_distance(rung.price, standing.direction, price)
        yield {**usual, "liquidation_price": plain(rung.price), "distance_ratio": plain(distance),
               "notional_usd": money(micro(row.quantity * rung.price)),
               "penalty_usd": money(rung.penalty_usd(row.quantity)), "rung": plain(number),
               "rung_share": plain(rung.share), "rung_usd": money(rung.size(row.quantity))}


CLUSTERS = """asset direction trigger_price_low trigger_price_high forced_size_usd confidence deployable approached
positions largest_share distance_ratio computed_at_slot""".split()


def cluster_row(cluster, settings, market, now):
    distance = cluster.distance(market.price(cluster.asset))
    return {"asset": cluster.asset, "direction": cluster.direction, "trigger_price_low": plain(cluster.low),
            "trigger_price_high": plain(cluster.high), "forced_size_usd": money(cluster.total),
            "confidence": plain(cluster.confidence), "deployable": plain(cluster.deployable),
            "approached": plain(distance <= settings["clusters.approach"]), "positions": plain(cluster.positions),
            "largest_share": plain(float(cluster.largest) / float(cluster.total)), "distance_ratio": plain(distance),
            "computed_at_slot": plain(now)}


CYCLES = """cell_id scenario asset cycle cluster_low cluster_high forced_size_usd confidence deployed_at deploy_price
deployed_usd filled_share lowest_price exited_at exit_reason exit_price base_bought quote_spent_usd lp_fees_usd
performance_fee_usd costs_usd gap_loss_usd pnl_usd pnl_amm_usd""".split()


def cycle_rows(details):
    for cell, outcome in each(details):
        for c in outcome.world.vault.cycles:
            yield {"cell_id": cell, "scenario": plain(outcome.scenario), "asset": c.cluster.asset,
                   "cycle": plain(c.number), "cluster_low": plain(c.low), "cluster_high": plain(c.high),
                   "forced_size_usd": money(c.forced_size), "confidence": plain(c.confidence),
                   "deployed_at": plain(c.deployed_at), "deploy_price": plain(c.price),
                   "deployed_usd": money(c.deployed), "filled_share": plain(c.filled),
                   "lowest_price": plain(c.lowest), "exited_at": plain(c.exited_at), "exit_reason": c.reason,
                   "exit_price": plain(c.exit_price), "base_bought": plain(c.base),
                   "quote_spent_usd": money(c.spent), "lp_fees_usd": money(c.fees),
                   "performance_fee_usd": money(c.performance_fee), "costs_usd": money(c.cost),
                   "gap_loss_usd": money(c.gap_loss), "pnl_usd": money(c.pnl),
                   "pnl_amm_usd": money(c.results["amm"][0])}


EVENTS = """cell_id scenario account asset time event amount_usd protection_total_usd price liquidation_price
distance_ratio message""".split()


def event_rows(details):
    for cell, outcome in each(details):
        for e in outcome.world.events:
            yield {"cell_id": cell, "scenario": plain(outcome.scenario), "account": e["account"].text,
                   "asset": e["asset"], "time": plain(e["time"]), "event": e["event"],
                   "amount_usd": money(e["amount"]), "protection_total_usd": money(e["total"]),
                   "price": plain(e["price"]), "liquidation_price": maybe(e["root"]),
                   "distance_ratio": maybe(e["distance"]), "message": message(e)}


def message(event):
    """The sentences of seed 1."""
    words = {"deposit": ("deposited", "price"), "withdrawal": ("withdrew", "price now")}
    if event["event"] not in words:
        return ""
    verb, price = words[event["event"]]
    amount, percent = cents(usd(event["amount"])), cents(event["distance"] * 100.0)
    return (f"[LiquidationProtection] Bot {event['account'].text}: {verb} ${amount} "
            f"({price} {percent}% from liquidation)")


def cents(x):
    return Decimal(repr(x)).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


AUCTIONS = """cell_id scenario lot account venue asset opened_at quantity mark open_usd reserve_usd debt_usd
interest_usd fee_usd buffer_usd health_factor kappa_usd_per_s outcome winner closed_at price_usd spot surplus_usd
bad_debt_usd""".split()


def auction_rows(details):
    for cell, outcome in each(details):
        for lot in outcome.world.lots:
            yield {"cell_id": cell, "scenario": plain(outcome.scenario), "lot": plain(lot.number),
                   "account": lot.account.text, "venue": lot.account.venue.name, "asset": lot.asset,
                   "opened_at": plain(lot.opened_at), "quantity": plain(lot.quantity), "mark": plain(lot.mark),
                   "open_usd": money(lot.open), "reserve_usd": money(lot.reserve), "debt_usd": money(lot.debt),
                   "interest_usd": money(lot.interest), "fee_usd": money(lot.fee), "buffer_usd": money(lot.buffer),
                   "health_factor": maybe(lot.health_factor), "kappa_usd_per_s": plain(lot.kappa),
                   "outcome": lot.outcome, "winner": maybe(lot.winner), "closed_at": plain(lot.closed_at),
                   "price_usd": money(lot.proceeds), "spot": plain(lot.spot), "surplus_usd": money(lot.surplus),
                   "bad_debt_usd": money(lot.bad_debt)}


LIQUIDATIONS = """cell_id scenario account venue asset time liquidatable_since kind quantity mark liquidation_price
notional_usd penalty_usd shortfall_usd""".split()


def liquidation_rows(details):
    for cell, outcome in each(details):
        for f in outcome.world.falls:
            for sale in f.sales:
                yield {"cell_id": cell, "scenario": plain(outcome.scenario), "account": f.account.text,
                       "venue": f.account.venue.name, "asset": sale.asset, "time": plain(f.time),
                       "liquidatable_since": plain(f.time), "kind": f.kind, "quantity": plain(sale.quantity),
                       "mark": plain(sale.mark), "liquidation_price": maybe(f.root),
                       "notional_usd": money(sale.notional), "penalty_usd": money(sale.penalty),
                       "shortfall_usd": money(sale.shortfall)}


def each(details):
    for cell, outcomes in details:
        for outcome in outcomes:
            yield cell, outcome
