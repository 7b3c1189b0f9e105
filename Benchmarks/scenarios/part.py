# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Accounts under many price vectors: the engine, SciPy's sparse product and dgemm, by run.sh."""
import os
import subprocess

ACCOUNTS, SCENARIOS = 300_000, 1_000
RATE = "billion_account_scenarios_per_s"
ENGINE = [("flat", "engine, one rate for each asset"), ("tiered", "engine, four tiers")]
PEERS = [
    ("scipy_csr", "SciPy CSR product in blocks that stay in the cache"),
    ("scipy_csr_large", "the same in blocks of 65,536 × 256"),
    ("dense_dgemm", "dgemm in blocks that stay in the cache"),
]


def measure(context, threads):
    """The numbers that run.sh prints, by part and name; ratios have no part."""
    command = [str(context.root / "Benchmarks" / "scenarios" / "run.sh"), str(ACCOUNTS)]
    shown = subprocess.run(
        [*command, str(SCENARIOS), str(threads)], check=True, capture_output=True, text=True,
        env=dict(os.environ, BREAKWATER=context.tool),
    ).stdout
    found = {}
    for line in shown.splitlines():
        *name, value = line.split()
        found[" ".join(name)] = value
    return found


def run(context):
    lines = [
        "## Scenarios",
        "",
        f"{ACCOUNTS:,} accounts of eight legs among 64 assets, {SCENARIOS:,} price vectors; 10⁹"
        " account-scenarios a second, the best of the run. Peers make health and count accounts below 0, and"
        " their counts must be the engine's; the engine also adds size, shortfall and bad debt by asset."
        " SciPy's product is always on one thread.",
    ]
    for threads in sorted({1, context.threads}):
        found = measure(context, threads)
        lines += [
            "",
            f"### {threads} thread{'s' if threads > 1 else ''}, scenarios",
            "",
            "| what | rate | with counting | engine / it | with counting |",
            "| --- | ---: | ---: | ---: | ---: |",
        ]
        for part, title in ENGINE:
            lines.append(f"| {title} | | {float(found[f'{part} {RATE}']):.2f} | | |")
        for peer, title in PEERS:
            rates = [float(found[f"peers {peer}_{part}_{RATE}"]) for part in ("product", "counted")]
            ratios = [found[f"ratio_to_{peer}_{part}"] for part in ("product", "counted")]
            lines.append(
                f"| {title} | {rates[0]:.2f} | {rates[1]:.2f} | {ratios[0]} | {ratios[1]} |"
            )
    return lines
