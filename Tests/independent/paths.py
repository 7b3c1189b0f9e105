# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""Price paths: wide files and bars (DESIGN 4, B10). A path is [(time in ms, {asset: price})], empty cells left out."""

from arithmetic import BadData, milliseconds
from book import read_csv


def read_path(path, bar_stamp="start", bar_order="auto", bar_seconds=None):
    rows = read_csv(path)
    if rows and "open" in rows[0]:
        steps = bars(rows, bar_stamp, bar_order, bar_seconds)
    else:
        steps = [(int(row["timestamp_ms"]),
                  {asset: float(text) for asset, text in row.items() if asset != "timestamp_ms" and text})
                 for row in rows]
    if not steps:
        raise BadData(f"{path}: no steps")
    if any(later[0] <= earlier[0] for earlier, later in zip(steps, steps[1:])):
        raise BadData(f"{path}: times must increase")
    return steps


def bars(rows, bar_stamp, bar_order, bar_seconds):
    """A bar becomes four steps at 0, 1/4, 1/2 and 3/4 of it: open, the two extremes, close."""
    stamps = sorted({int(row["timestamp_ms"]) for row in rows})
    if bar_seconds:
        spacing = milliseconds(float(bar_seconds))
    else:
        gaps = [later - earlier for earlier, later in zip(stamps, stamps[1:])]
        if not gaps:
            raise BadData("one bar only: bar_seconds is needed")
        spacing = min(gaps)
    steps = {}
    for row in rows:
        start = int(row["timestamp_ms"]) - (spacing if bar_stamp == "end" else 0)
        first, high, low, last = (float(row[name]) for name in ("open", "high", "low", "close"))
        if bar_order == "close":
            points = [(3, last)]
        else:
            low_first = bar_order == "olhc" or (bar_order == "auto" and last > first)
            middle = [low, high] if low_first else [high, low]
            points = list(enumerate([first, *middle, last]))
        for quarter, price in points:
            steps.setdefault(start + spacing * quarter // 4, {})[row["asset"]] = price
    return sorted(steps.items())
