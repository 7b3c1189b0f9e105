# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""How long the program takes to start, and how large it is."""
import os
import shutil
import statistics
import subprocess
import time

RUNS = 50


def run(context):
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([context.tool, "--version"], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    context.goal("start of `--version`, ms", 15, statistics.median(times) * 1e3, most=True, digits=1)
    lines = [
        "## Start and size",
        "",
        f"`breakwater --version` takes {statistics.median(times) * 1e3:.1f} ms, median of {RUNS} (best"
        f" {min(times) * 1e3:.1f} ms).",
    ]
    if not shutil.which("strip"):
        return lines + ["Without `strip` the size of the stripped program is not known."]
    small = context.data / "breakwater-stripped"
    subprocess.run(["strip", "-o", str(small), context.tool], check=True)
    size, whole = small.stat().st_size, os.stat(context.tool).st_size
    small.unlink()
    context.goal("stripped program, MB", 25, size / 1e6, most=True, digits=1)
    needed = subprocess.run(["ldd", context.tool], capture_output=True, text=True).stdout
    swift = "needs Swift's shared libraries" if "libswift" in needed else (
        "with Swift's runtime inside"
    )
    return lines + [
        f"The program is {size / 1e6:.1f} MB stripped, {swift} ({whole / 1e6:.1f} MB as built)."
    ]
