# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The notebooks' cells: text and code, written as .ipynb by `make`."""

START = """\
import os
import pandas as pd
import matplotlib.pyplot as plt

folder = os.environ.get("BREAKWATER_RESULTS", "../results")
plt.rcParams.update({"figure.figsize": (8, 4), "axes.grid": True, "grid.alpha": 0.3, "svg.hashsalt": "breakwater"})"""

READING = [
    ("text", "# Reading a sweep\n\nEach row of `sweep.csv` is one cell of the grid: names with a dot were swept, "
             "`cell_id` names the row, all others are metrics over the scenarios. The numbers are those of the "
             "demo, whose accounts and prices are invented."),
    ("code", START),
    ("code", 'sweep = pd.read_csv(f"{folder}/sweep.csv", dtype={"cell_id": str})\n'
             'axes = [name for name in sweep.columns if "." in name]\n'
             'metrics = [name for name in sweep.columns[1:] if "." not in name]\n'
             'print(len(sweep), "cells;", len(metrics), "metrics; swept:", ", ".join(axes))'),
    ("text", "## The best cells\n\nBy mean P&L of the vault, with its range from 5 % to 95 % of the scenarios."),
    ("code", 'shown = axes + ["vault_pnl_usd", "vault_pnl_usd_p05", "vault_pnl_usd_p95", "vault_max_drawdown_usd"]\n'
             'sweep.nlargest(5, "vault_pnl_usd").set_index("cell_id")[shown].round(3)'),
    ("text", "## A heat map\n\nMeans over all cells with a pair of values."),
    ("code", 'table = sweep.pivot_table("vault_pnl_usd", "vault.stop_loss", "vault.timeout_s")\n'
             'figure, plot = plt.subplots()\n'
             'image = plot.imshow(table, origin="lower", aspect="auto", cmap="RdYlBu")\n'
             'plot.set_xticks(range(table.shape[1]), table.columns)\n'
             'plot.set_yticks(range(table.shape[0]), table.index)\n'
             'plot.set(xlabel="vault.timeout_s (s)", ylabel="vault.stop_loss (ratio)")\n'
             'plot.grid(False)\n'
             'figure.colorbar(image, label="mean vault P&L (USD)");'),
    ("text", "## What matters\n\nShare of a metric's variance over the cells that each swept setting explains on its "
             "own: the variance of the group means over the variance of all."),
    ("code", 'def shares(metric):\n'
             '    total = sweep[metric].var(ddof=0)\n'
             '    return {a: sweep.groupby(a)[metric].transform("mean").var(ddof=0) / total for a in axes}\n\n'
             'wanted = ["vault_pnl_usd", "vault_max_drawdown_usd", "protection_saved_usd", "auction_recovery_ratio"]\n'
             'explained = pd.DataFrame({m: shares(m) for m in wanted}).T\n'
             'assert (explained.sum(axis=1) < 1 + 1e-9).all()\n'
             'plot = (100 * explained).plot.barh(stacked=True)\n'
             'plot.set(xlabel="share of the variance (%)")\n'
             'plot.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2);'),
    ("text", "## The Pareto front\n\nCells that no other beats in all objectives."),
    ("code", 'front = pd.read_csv(f"{folder}/frontier.csv", dtype={"cell_id": str})\n'
             'assert front.cell_id.isin(sweep.cell_id).all()\n'
             'figure, plot = plt.subplots()\n'
             'plot.scatter(sweep.vault_pnl_usd, sweep.protection_saved_usd, s=8, color="grey", label="cells")\n'
             'plot.scatter(front.vault_pnl_usd, front.protection_saved_usd, s=40, label="front")\n'
             'plot.set(xlabel="vault P&L (USD)", ylabel="saved by protection (USD)")\n'
             'plot.legend();'),
]

CONFIDENCE = [
    ("text", "# How confidence is calibrated\n\nConfidence of a cluster says: *nine times in ten at least this share of "
             "the forced size can be counted on*. Here the clusters at the start of the demo are held against what "
             "was closed inside them in the scenarios in which the price fell through them."),
    ("code", START),
    ("code", 'clusters = pd.read_csv(f"{folder}/notebook/clusters.csv")\n'
             'clusters = clusters[(clusters.direction == "below") & (clusters.forced_size_usd >= 10_000)]\n'
             'closed = pd.read_csv(f"{folder}/liquidations.csv", dtype={"cell_id": str, "account": str})\n'
             'cell = closed.cell_id.iloc[0]\n'
             'closed = closed[(closed.cell_id == cell) & (closed.quantity > 0)]\n'
             'print(len(clusters), "clusters below spot;", len(closed), "closes of what was held in cell", cell)'),
    ("text", "How far each scenario fell, from its path:"),
    ("code", 'import glob\n'
             'paths = sorted(glob.glob(os.environ.get("BREAKWATER_PATHS", "../datasets/crash/paths") + "/*.csv"))\n'
             'lowest = pd.DataFrame([pd.read_csv(path).drop(columns="timestamp_ms").min() for path in paths])\n'
             'lowest.round(2)'),
    ("code", 'rows = []\n'
             'for scenario, low in lowest.iterrows():\n'
             '    own = closed[closed.scenario == scenario]\n'
             '    for cluster in clusters.itertuples():\n'
             '        if cluster.asset not in low or low[cluster.asset] > cluster.trigger_price_low:\n'
             '            continue\n'
             '        inside = own[(own.asset == cluster.asset)\n'
             '                     & (own.liquidation_price >= cluster.trigger_price_low)\n'
             '                     & (own.liquidation_price < cluster.trigger_price_high)]\n'
             '        share = 100 * inside.notional_usd.sum() / cluster.forced_size_usd\n'
             '        rows.append((cluster.asset, scenario, cluster.confidence, share))\n'
             'check = pd.DataFrame(rows, columns=["asset", "scenario", "confidence", "closed"])\n'
             'assert len(check) > 0\n'
             'check["reached"] = check.closed >= check.confidence\n'
             'groups = check.groupby(check.confidence // 10 * 10)\n'
             'groups.agg(clusters=("closed", "size"), confidence=("confidence", "mean"), closed=("closed", "median"),\n'
             '           reached=("reached", "mean")).round(3)'),
    ("code", 'figure, plot = plt.subplots()\n'
             'plot.scatter(check.confidence, check.closed.clip(upper=150), s=10, alpha=0.4, label="cluster × scenario")\n'
             'plot.plot([0, 100], [0, 100], "--", color="grey", label="closed = confidence")\n'
             'plot.set(xlabel="confidence (% of forced size)", ylabel="closed inside the bin (%), cut at 150")\n'
             'plot.legend();'),
    ("text", "Points below the line are clusters that did not deliver. They may be one in ten. Accounts leave a bin "
             "because protection paid in, or because other assets of the same account moved; the model's `stay` and "
             "`cross` stand for both. Above 100 % are bins that received accounts from elsewhere, and those whose venue "
             "would have closed a part first: the simulation closes whole accounts."),
]

DECISION = [
    ("text", "# From liquidation prices to a vault decision\n\nThree steps on the demo's book: where accounts fall, "
             "where they fall together, and what it was worth to wait there."),
    ("code", START),
    ("code", 'prices = pd.read_csv(f"{folder}/notebook/liquidation_prices.csv", dtype={"account": str})\n'
             'prices.groupby(["venue", "status"]).size().unstack(fill_value=0)'),
    ("text", "## Where accounts fall\n\nNotional by distance from the price of now."),
    ("code", 'sol = prices[(prices.asset == "SOL") & (prices.status == "at_risk") & (prices.direction == "below")]\n'
             'figure, plot = plt.subplots()\n'
             'plot.hist(-100 * sol.distance_ratio.abs(), bins=60, range=(-40, 0), weights=sol.notional_usd / 1e6)\n'
             'plot.set(xlabel="distance from spot (%)", ylabel="notional (million USD)", title="SOL, falls");'),
    ("text", "## Where they fall together\n\nClusters that are large and sure enough for the vault."),
    ("code", 'clusters = pd.read_csv(f"{folder}/notebook/clusters.csv")\n'
             'deployable = clusters[(clusters.deployable == 1) & (clusters.direction == "below")]\n'
             'shown = ["asset", "trigger_price_low", "trigger_price_high", "forced_size_usd", "confidence", "distance_ratio"]\n'
             'deployable.nsmallest(8, "distance_ratio")[shown].round(4)'),
    ("text", "## What it was worth\n\nThe cycles of the best cells: deploy, fill, exit."),
    ("code", 'cycles = pd.read_csv(f"{folder}/cycles.csv", dtype={"cell_id": str})\n'
             'cycles["minutes"] = (cycles.exited_at - cycles.deployed_at) / 60_000\n'
             'cycles["change"] = 100 * (cycles.exit_price / cycles.deploy_price - 1)\n'
             'cycles[cycles.filled_share > 0].groupby("exit_reason").agg(\n'
             '    cycles=("pnl_usd", "size"), minutes=("minutes", "mean"), change=("change", "mean"),\n'
             '    pnl_usd=("pnl_usd", "mean"), worst=("pnl_usd", "min")).round(2)'),
    ("code", 'figure, plot = plt.subplots()\n'
             'for reason, own in cycles[cycles.filled_share > 0].groupby("exit_reason"):\n'
             '    plot.scatter(own.change, own.pnl_usd / 1000, s=30, label=reason)\n'
             'plot.set(xlabel="exit price against deploy price (%)", ylabel="P&L (thousand USD)")\n'
             'plot.legend();'),
    ("text", "## The decision\n\nA vault that waits here takes the loss of the falls that go on and the gain of those that "
             "come back. The sweep's heat maps say which stop-loss and timeout carry that best, `robustness.csv` whether "
             "the best cell is a plateau or a spike, and how far the two halves of the scenarios agree:"),
    ("code", 'robust = pd.read_csv(f"{folder}/robustness.csv", dtype={"cell_id": str})\n'
             'assert robust.rank_first_half.notna().all()\n'
             'print("rank correlation of the halves:",\n'
             '      round(robust.rank_first_half.rank().corr(robust.rank_second_half.rank()), 3))\n'
             'robust.nsmallest(5, "rank").set_index("cell_id").iloc[:, -6:]'),
]

NOTEBOOKS = {
    "reading-a-sweep": READING,
    "how-confidence-is-calibrated": CONFIDENCE,
    "from-prices-to-a-decision": DECISION,
}
