# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""report.html and report.xlsx of a folder with a million cells: time and peak memory.

The folder is made from that of `datasets/crash`: between the levels of its grid further ones are set in, and
their rows are those of the level below with amounts that fall, so that the best cell stays the best. Its
manifest has the digests of what was made. With fewer positions than a full run's there are fewer cells.
"""
import csv
import hashlib
import json
import os
import random
import statistics
import subprocess

from csv_files import run_once

FULL_POSITIONS = 10_000_000
# Levels of each of four settings, a multiple of the crash's four: 32⁴ are 1,048,576 cells.
FULL_LEVELS, QUICK_LEVELS = 32, 8
ASKED_SECONDS, ASKED_MB = 30, 1000


def levels(known, count):
    """`count` levels that begin with the known ones and lie between them, in order."""
    values = sorted(known)
    share = count // len(values)
    following = values[1:] + [values[-1] * 1.5]
    return [
        (low, low + (high - low) * step / share)
        for low, high in zip(values, following)
        for step in range(share)
    ]


def make(source, target, count):
    """A folder of `count`⁴ cells from one of the crash."""
    with open(source / "sweep.csv", newline="") as file:
        header, *rows = csv.reader(file)
    swept = [place for place, name in enumerate(header) if "." in name]
    amounts = [place for place, name in enumerate(header) if name.startswith("vault_pnl")]
    known = {tuple(float(row[place]) for place in swept): row for row in rows}
    axes = [levels({key[place] for key in known}, count) for place in range(len(swept))]
    draw = random.Random(1)
    cells = 0
    digest = hashlib.sha256()
    size = 0
    target.mkdir(parents=True, exist_ok=True)
    with open(target / "sweep.csv", "wb") as file:
        block = [",".join(header)]
        for a in axes[0]:
            for b in axes[1]:
                for c in axes[2]:
                    for d in axes[3]:
                        place = (a, b, c, d)
                        row = list(known[tuple(level[0] for level in place)])
                        if any(level[0] != level[1] for level in place):
                            row[0] = f"{draw.getrandbits(64):016x}"
                            fall = draw.random() * 10_000
                            for column in amounts:
                                row[column] = f"{float(row[column]) - fall:.6f}"
                        for column, level in zip(swept, place):
                            row[column] = f"{level[1]:.10g}"
                        block.append(",".join(row))
                        cells += 1
                data = ("\n".join(block) + "\n").encode()
                block = []
                file.write(data)
                digest.update(data)
                size += len(data)
    manifest = json.loads((source / "manifest.json").read_text())
    manifest["cells"] = cells
    for output in manifest["outputs"]:
        if output["file"] == "sweep.csv":
            output.update(rows=cells, bytes=size, sha256=digest.hexdigest())
        elif not (target / output["file"]).exists():
            os.link(source / output["file"], target / output["file"])
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2))
    return cells, size


def run(context):
    count = FULL_LEVELS if context.positions >= FULL_POSITIONS else QUICK_LEVELS
    small, large = context.data / "report-small", context.data / f"report-{count}"
    # The manifest names the inputs as they were given.
    os.chdir(context.root)
    if not (small / "manifest.json").exists():
        command = [context.tool, "sweep", "datasets/crash/spec.toml", "--report", "none", "-o", str(small)]
        subprocess.run([*command, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    cells, size = make(small, large, count)
    lines = [
        "## Reports",
        "",
        f"A folder of {cells:,} cells, `sweep.csv` {size / 1e6:,.0f} MB, made from that of `datasets/crash`;"
        f" the median of three runs, inputs unchanged, so that clusters and paths are shown too.",
        "",
        "| command | wall, s | processor, s | peak, MB |",
        "| --- | ---: | ---: | ---: |",
    ]
    for arguments, title in [([], "`report`"), (["--no-workbook"], "`report --no-workbook`")]:
        runs = [run_once([context.tool, "report", str(large), "--quiet", *arguments], None) for _ in range(3)]
        wall, processor, memory = (statistics.median(values) for values in zip(*runs))
        lines.append(f"| {title} | {wall:.1f} | {processor:.1f} | {memory:.0f} |")
        if not arguments:
            context.goal(f"report of {cells:,} cells, s", ASKED_SECONDS, wall, most=True, digits=1)
            context.goal(f"report of {cells:,} cells, peak MB", ASKED_MB, memory, most=True, digits=0)
    return lines
