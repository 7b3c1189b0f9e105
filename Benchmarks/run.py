# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks and writes Benchmarks/Results/DATE-CPU.md.

    run.py TOOL [--date YYYY-MM-DD] [--positions N] [--rounds N] [--threads N] [--only PART]

Parts are modules with a function `run(context)` that gives lines of Markdown; to add one, put it in PARTS by
the name that --only takes. `context` has the tool, the folder for data, and the numbers of the command line;
what a part finds of the goals goes into it by `context.goal`, and all of them are one table at the top.
"""
import argparse
import datetime
import importlib
import os
import pathlib
import re
import subprocess
import sys
import time

PARTS = {
    "kernels": "kernels",
    "commands": "commands",
    "csv": "csv_files",
    "scenarios": "scenarios.part",
    "sweeps": "sweeps",
    "cascade": "cascade",
    "reports": "reports",
    "startup": "startup",
}
ROOT = pathlib.Path(__file__).resolve().parent.parent


def cpu_model():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    found = re.search(r"^(?:model name|Model)\s*: (.*)$", text, re.M)
    return found.group(1).strip() if found else os.uname().machine


def goals_table(goals):
    """The goals that were measured, each with what was found."""
    lines = ["", "| goal | asked | found | |", "| --- | ---: | ---: | --- |"]
    for text, asked, found, is_met in goals:
        lines.append(f"| {text} | {asked} | {found} | {'yes' if is_met else 'no'} |")
    return lines if goals else []


def main():
    options = argparse.ArgumentParser()
    options.add_argument("tool")
    options.add_argument("--date", default=datetime.date.today().isoformat())
    options.add_argument("--positions", type=int, default=10_000_000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    options.add_argument("--only", choices=list(PARTS), action="append")
    context = options.parse_args()
    context.tool = str(pathlib.Path(context.tool).resolve())
    context.data = ROOT / ".build" / "bench-data"
    context.data.mkdir(parents=True, exist_ok=True)
    context.root = ROOT
    results = ROOT / "Benchmarks" / "Results"
    results.mkdir(exist_ok=True)
    goals = []

    def goal(text, asked, found, unit="", most=False, digits=2):
        """Notes that `text` should be at least, or with `most` at most, so much."""
        sign = "≤" if most else "≥"
        is_met = found <= asked if most else found >= asked
        goals.append((text, f"{sign} {asked:g}{unit}", f"{found:.{digits}f}{unit}", is_met))

    context.goal = goal

    model = cpu_model()
    # Results are named so; a part may put a plot beside them.
    context.name = f"{context.date}-{re.sub(r'[^a-z0-9]+', '-', model.lower()).strip('-')}"
    version = subprocess.run([context.tool, "--version"], capture_output=True, text=True, check=True)
    lines = [
        f"# Benchmarks, {context.date}",
        "",
        f"{version.stdout.strip()}, {model}, {os.cpu_count()} cores, load before the run"
        f" {os.getloadavg()[0]:.1f}. Written by `scripts/bench`.",
    ]
    found, seconds = [], []
    for part, module in PARTS.items():
        if context.only and part not in context.only:
            continue
        start = time.monotonic()
        found += ["", *importlib.import_module(module).run(context)]
        seconds.append(f"{part} {time.monotonic() - start:.0f}")
        print(f"bench: {seconds[-1]} s", file=sys.stderr)
    lines += [*goals_table(goals), *found, "", f"Seconds by part: {', '.join(seconds)}."]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    place = results / f"{context.name}.md"
    place.write_text(text)
    print(f"written to {place.relative_to(ROOT)}", file=sys.stderr)


main()
