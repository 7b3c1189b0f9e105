# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Wall time of the whole commands, CSV in and CSV out."""
import subprocess
import time

ACCOUNTS = 1_000_000
RUNS = 3


def run(context):
    book, prices = context.data / "book.csv", context.data / "prices.csv"
    subprocess.run(
        [context.tool, "generate", "book", "--accounts", str(ACCOUNTS), "--seed", "1", "-q",
         "-o", str(book), "--write-prices", str(prices)],
        check=True,
    )
    lines = [
        "## Commands",
        "",
        f"A synthetic book of {ACCOUNTS:,} accounts, {book.stat().st_size / 1e6:.0f} MB of CSV; best of"
        f" {RUNS}.",
        "",
        "| command | threads | seconds | M accounts/s |",
        "| --- | ---: | ---: | ---: |",
    ]
    for threads in sorted({1, context.threads}):
        for command in ("prices", "clusters"):
            best = float("inf")
            for _ in range(RUNS):
                start = time.perf_counter()
                subprocess.run(
                    [context.tool, command, "--book", str(book), "--prices", str(prices), "-q",
                     "-j", str(threads), "-o", str(context.data / "out.csv")],
                    check=True,
                )
                best = min(best, time.perf_counter() - start)
            lines.append(f"| `{command}` | {threads} | {best:.2f} | {ACCOUNTS / best / 1e6:.2f} |")
    return lines
