# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Cells, scenarios, metrics and summaries of a sweep (DESIGN 9, B19 to B23)."""

from pathlib import Path

from arithmetic import mean_half_even, micro, money, nearest_rank, plain, rint
from book import PriceFile, newest_slot, read_book
from paths import read_path
import robustness
from settings import text
from venues import load_venues
from world import World

MONEY, COUNT, DOUBLE = "money", "count", "double"

# Metrics of one scenario, with the column they become, in file order. `pNN` asks for the quantiles too.
COLUMNS = """
vault_pnl_usd* vault_pnl_held_usd vault_pnl_amm_usd vault_return vault_cycles vault_recovers vault_stop_losses
vault_timeouts vault_open_at_end vault_worst_cycle_usd vault_gap_loss_usd vault_max_drawdown_usd* vault_idle_share
vault_lp_fees_usd vault_performance_fee_usd vault_price_improvement_usd vault_missed_deploys
protection_prevented_liquidations protection_reduced_losses protection_deposits protection_withdrawals
protection_deposited_usd protection_withdrawn_usd protection_peak_committed_usd protection_saved_usd* protection_roi
protection_exhausted protection_triggered_at_entry protection_wallet_empty
protection_closed protection_stops_reached protection_calls_made protection_calls_skipped protection_rate_limited
auction_lots auction_accepted_share auction_recovery_ratio auction_surplus_usd auction_median_clear_s
auction_bad_debt_usd*
system_liquidations system_liquidated_usd* system_bad_debt_usd system_backstop_usd system_adl_usd
system_insurance_usd system_socialised_usd system_solvency_gap_s system_solvency_gap_usd system_queue_peak
system_oracle_prevented system_funding_usd system_interest_usd system_reserves_usd
system_cascade_flow_usd system_cascade_multiplier
system_value_at_risk_usd system_expected_shortfall_usd
ledger_imbalance_usd
""".split()


def column_names():
    names = []
    for column in COLUMNS:
        name = column.rstrip("*")
        names.append(name)
        if column.endswith("*"):
            names += [name + suffix for suffix in ("_p05", "_p50", "_p95")]
    return names


class Inputs:
    """The files of a spec."""

    def __init__(self, spec_path, table):
        folder = Path(spec_path).parent
        self.assets, self.venues = load_venues(folder / table["venues"])
        self.price_file = PriceFile(folder / table["prices"])
        self.shares = self.price_file.shares()
        self.accounts = read_book(folder / table["book"], self.venues, self.price_file)
        self.slot0 = newest_slot(self.price_file, self.accounts)
        self.paths = [read_path(folder / name, table.get("bar_stamp", "start"), table.get("bar_path", "auto"),
                                table.get("bar_seconds")) for name in table["paths"]]


class Outcome:
    """One scenario of one cell: the world, its counterfactual without protection, and their metrics."""

    def __init__(self, settings, without, inputs, scenario, seed):
        steps = inputs.paths[scenario]
        self.settings = settings
        self.scenario = scenario
        self.world = World(settings, inputs.accounts, inputs, steps, scenario, seed).run()
        self.bare = World(without, inputs.accounts, inputs, steps, scenario, seed, with_vault=False).run()
        self.metrics = {}
        self.vault()
        self.protection()
        self.auctions()
        self.system()

    def vault(self):
        m, cycles = self.metrics, self.world.vault.cycles
        capital = micro(self.settings["vault.capital_usd"])
        m["vault_pnl_usd"] = sum(c.pnl for c in cycles)
        m["vault_pnl_held_usd"] = sum(c.results["held"][0] for c in cycles)
        m["vault_pnl_amm_usd"] = sum(c.results["amm"][0] for c in cycles)
        m["vault_return"] = float(m["vault_pnl_usd"]) / float(capital)
        m["vault_cycles"] = len(cycles)
        m["vault_price_improvement_usd"] = 0
        m["vault_missed_deploys"] = self.world.vault.missed
        for name, reason in (("recovers", "recover"), ("stop_losses", "stop_loss"), ("timeouts", "timeout"),
                             ("open_at_end", "end")):
            m["vault_" + name] = sum(c.reason == reason for c in cycles)
        m["vault_worst_cycle_usd"] = min((c.pnl for c in cycles), default=0)
        m["vault_gap_loss_usd"] = sum(c.gap_loss for c in cycles)
        equity = peak = capital
        drawdown = 0
        for cycle in cycles:
            equity += cycle.pnl
            peak = max(peak, equity)
            drawdown = max(drawdown, peak - equity)
        m["vault_max_drawdown_usd"] = drawdown
        busy, length = sum(c.exited_at - c.deployed_at for c in cycles), self.world.t_last - self.world.t0
        m["vault_idle_share"] = 1.0 - float(busy) / float(length) if length > 0 else 1.0
        m["vault_lp_fees_usd"] = sum(c.fees for c in cycles)
        m["vault_performance_fee_usd"] = sum(c.performance_fee for c in cycles)

    def protection(self):
        m = self.metrics
        prevented = reduced = saved_all = 0
        states = [(s, b) for s, b in zip(self.world.states, self.bare.states) if s.protection]
        for state, bare in states:
            saved = self.world.end_equity(state) - state.protection.outstanding - self.bare.end_equity(bare)
            saved_all += saved
            prevented += bare.fall is not None and state.fall is None
            reduced += bare.fall is not None and state.fall is not None and saved > 0
        accounts = [s.protection for s, _ in states]
        m["protection_prevented_liquidations"] = prevented
        m["protection_reduced_losses"] = reduced
        m["protection_deposits"] = sum(p.deposits for p in accounts)
        m["protection_withdrawals"] = sum(p.withdrawals for p in accounts)
        m["protection_deposited_usd"] = sum(p.deposited_gross for p in accounts)
        m["protection_withdrawn_usd"] = sum(p.withdrawn_gross for p in accounts)
        m["protection_peak_committed_usd"] = self.world.peak_committed
        m["protection_saved_usd"] = saved_all
        m["protection_exhausted"] = sum(p.exhausted for p in accounts)
        m["protection_triggered_at_entry"] = sum(p.triggered_at_entry for p in accounts)
        m["protection_wallet_empty"] = sum(p.wallet_empty for p in accounts)
        # No budget of calls, no stop-losses and no closing on exhaustion here.
        for name in ("closed", "stops_reached", "calls_made", "calls_skipped", "rate_limited"):
            m["protection_" + name] = 0

    def auctions(self):
        m, lots = self.metrics, self.world.lots
        m["auction_lots"] = len(lots)
        m["auction_surplus_usd"] = sum(lot.surplus for lot in lots)
        m["auction_bad_debt_usd"] = sum(lot.bad_debt for lot in lots)
        self.clear_times = [lot.tau for lot in lots if lot.outcome == "accepted"]
        self.recovered = sum(lot.recovered for lot in lots)
        self.owed = sum(lot.debt + lot.interest for lot in lots)

    def system(self):
        m, world = self.metrics, self.world
        m["system_liquidations"] = len(world.falls)
        m["system_liquidated_usd"] = sum(sale.notional for fall in world.falls for sale in fall.sales)
        m["system_bad_debt_usd"] = world.bad_debt
        m["system_backstop_usd"] = world.backstop_paid
        m["system_adl_usd"] = m["system_socialised_usd"] = m["system_solvency_gap_usd"] = 0
        m["system_queue_peak"] = 0
        m["system_insurance_usd"] = world.insurance_paid
        m["ledger_imbalance_usd"] = 0
        # No funding and no interest here.
        m["system_funding_usd"] = m["system_interest_usd"] = m["system_reserves_usd"] = 0
        m["system_cascade_flow_usd"] = 0  # replay mode
        self.loss = -m["vault_pnl_usd"] + world.bad_debt + m["auction_bad_debt_usd"] + world.insurance_paid


def ratio(part, whole):
    """B19: empty if 0/0."""
    return plain(float(part) / float(whole)) if whole != 0 else ""


def summary(settings, outcomes):
    """Text of every column of one cell, from its scenarios."""
    count = len(outcomes)
    special = {
        "protection_roi": ratio(total(outcomes, "protection_saved_usd"), total(outcomes, "protection_deposited_usd")),
        "auction_accepted_share": ratio(sum(len(o.clear_times) for o in outcomes), total(outcomes, "auction_lots")),
        "auction_recovery_ratio": ratio(sum(o.recovered for o in outcomes), sum(o.owed for o in outcomes)),
        "system_solvency_gap_s": "0",
        "system_oracle_prevented": "0",
        "system_cascade_multiplier": "",
    }
    times = sorted(tau for o in outcomes for tau in o.clear_times)
    special["auction_median_clear_s"] = plain(times[(len(times) - 1) // 2]) if times else ""
    losses = sorted(o.loss for o in outcomes)
    level = rint(settings["report.var_level"] * 10_000.0)
    rank = max(0, (level * count + 9_999) // 10_000 - 1)
    tail = losses[rank:]
    special["system_value_at_risk_usd"] = money(losses[rank])
    special["system_expected_shortfall_usd"] = money(mean_half_even(sum(tail), len(tail)))
    row = {}
    for column in COLUMNS:
        name = column.rstrip("*")
        if name in special:
            row[name] = special[name]
            continue
        values = [o.metrics[name] for o in outcomes]
        if name.endswith("_usd"):
            row[name] = money(mean_half_even(sum(values), count))
        else:
            everything = 0.0
            for value in values:
                everything += float(value)
            row[name] = plain(everything / float(count))
        if column.endswith("*"):
            for suffix, percent in (("_p05", 5), ("_p50", 50), ("_p95", 95)):
                row[name + suffix] = money(nearest_rank(sorted(values), percent))
    return row


def total(outcomes, name):
    return sum(o.metrics[name] for o in outcomes)


def frontier(rows):
    """Indices of the cells that are not dominated, on the printed values (B23)."""
    vectors = []
    for row in rows:
        recovery = row["auction_recovery_ratio"]
        bad = printed(row["auction_bad_debt_usd"]) + printed(row["system_bad_debt_usd"])
        vectors.append((printed(row["vault_pnl_usd"]), -printed(row["vault_max_drawdown_usd"]),
                        printed(row["protection_saved_usd"]), float(recovery) if recovery else float("-inf"), -bad))
    return [i for i, mine in enumerate(vectors)
            if not any(all(o >= m for o, m in zip(other, mine)) and other != mine for other in vectors)]


def printed(text_of_money):
    return int(text_of_money.replace(".", ""))


def detailed(details, rows):
    """Cells whose events are written: none, best N (by vault_pnl_usd, ties to the lower index) or all."""
    if details == "all":
        return set(range(len(rows)))
    if details.startswith("best"):
        order = sorted(range(len(rows)), key=lambda i: (-printed(rows[i]["vault_pnl_usd"]), i))
        return set(order[:int(details.split()[1])])
    return set()


def run(spec_path, spec):
    """(header, rows, frontier rows, detailed [(cell id, outcomes)], (header, rows) of robustness.csv)."""
    inputs = Inputs(spec_path, spec.inputs)
    rows, results = [], []
    for swept, settings in spec.cells():
        without = type(settings)({**settings.values, "protection.enabled": 0})
        outcomes = [Outcome(settings, without, inputs, scenario, spec.seed) for scenario in range(len(inputs.paths))]
        row = {"cell_id": settings.cell_id()}
        row.update({name: text(swept[name]) for name in spec.names})
        row.update(summary(settings, outcomes))
        rows.append(row)
        results.append((row["cell_id"], outcomes))
    header = ["cell_id", *spec.names, *column_names()]
    chosen = detailed(spec.details, rows)
    return (header, rows, [rows[i] for i in frontier(rows)],
            [result for index, result in enumerate(results) if index in chosen],
            robustness.table(spec.names, rows, results))
