# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Cells in cascade mode: forced flow moves the mark, so that every cell is a world of its own."""
import csv
import math
import random
import subprocess

STEPS, ACCOUNTS, SIDE = 7_200, 2_000, 16
FULL_POSITIONS, FULL_SCENARIOS = 10_000_000, 64
ASSET, RATE = "SOL", 1 / 40
AXES = {
    "vault.stop_loss": "from = 0.01, to = 0.15",
    "market.depth_usd_per_pct": 'from = 1_000_000, to = 64_000_000, scale = "log"',
}


def call(context, *arguments):
    """Standard output of a command of ours."""
    command = [context.tool, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make_book(folder):
    """Perps that fall between 0.3 % and 20 % from spot, one in ten of them short; 40 million USD."""
    with open(folder / "prices.csv", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["asset"] == ASSET)
    spot, slot = float(row["price"]), row["slot"]
    draws = random.Random(1)
    with open(folder / "book.csv", "w") as file:
        file.write("account,venue,asset,leg,quantity,entry_price,collateral_usd,margin_mode,observed_slot\n")
        for number in range(ACCOUNTS):
            size = draws.uniform(5_000, 35_000) / spot
            level = 0.003 * math.exp(draws.random() * math.log(70))
            side = -1 if number % 10 == 0 else 1
            root = spot * (1 - side * level)
            collateral = side * size * spot - side * size * root + size * root * RATE
            file.write(f"a{number},hyperliquid,{ASSET},perp,{side * size:.4f},{spot},{collateral:.2f},")
            file.write(f"isolated,{slot}\n")


def make_inputs(context, folder, scenarios):
    """Book, prices and paths, made once for a number of scenarios."""
    if (folder / "done").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    call(
        context, "generate", "book", "--accounts", 100, "--seed", 1, "-q", "-o",
        folder / "other.csv", "--write-prices", folder / "prices.csv",
    )
    call(
        context, "generate", "paths", "--model", "crash", "--scenarios", scenarios, "--seed", 3,
        "--horizon-s", STEPS, "--step-s", 1, "--prices", folder / "prices.csv", "-q", "-o",
        folder / "paths",
    )
    make_book(folder)
    (folder / "done").touch()


def make_spec(folder):
    listed = ", ".join(f'"paths/{path.name}"' for path in sorted((folder / "paths").glob("path-*.csv")))
    text = f'[inputs]\nbook = "book.csv"\nprices = "prices.csv"\npaths = [{listed}]\n[settings]\n'
    text += 'simulation.mode = "cascade"\nprotection.enabled = 0\nclusters.min_size_usd = 100_000\n'
    text += "clusters.min_confidence = 0\n[grid]\n"
    for name, values in AXES.items():
        text += f"{name} = {{ {values}, steps = {SIDE} }}\n"
    path = folder / "spec.toml"
    path.write_text(text)
    return path


def run(context):
    scenarios = max(2, int(FULL_SCENARIOS * min(1, context.positions / FULL_POSITIONS)))
    folder = context.data / f"cascade-{scenarios}"
    make_inputs(context, folder, scenarios)
    spec = make_spec(folder)
    lines = [
        "## Cascade mode", "",
        f"{ACCOUNTS:,} unprotected perps, {SIDE * SIDE} cells of stop-loss and depth, {scenarios} crash paths of"
        f" {STEPS:,} seconds; `breakwater bench cascade`, best of 3. Looked at: steps that are not passed over.",
        "", "| threads | million cell-steps/s | looked at | cascade multiplier | cycles |", "| --- | --- | --- | --- | --- |",
    ]
    for threads in sorted({1, context.threads}):
        shown = call(context, "bench", "cascade", spec, "--rounds", 3, "-j", threads)
        found = {line.split()[0]: float(line.split()[1]) for line in shown.splitlines()}
        lines.append(
            f"| {threads} | {found['million_cell_steps_per_s']:,.0f} | {found['looked_at_share']:.1%} |"
            f" {found['multiplier']:.3f} | {found['cycles']:,.0f} |"
        )
        if threads == context.threads:
            context.goal("cascade mode, M cell-steps/s", 200, found["million_cell_steps_per_s"], digits=0)
    return lines
