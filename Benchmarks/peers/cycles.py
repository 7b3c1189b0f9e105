# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""The vault's cycles of a grid of stop-losses and timeouts, one peer in a process of its own.

    cycles.py PEER THREADS FOLDER

FOLDER has prices.npy (scenario by step), entry.npy (the cluster at which an idle vault deploys, or -1),
lows.npy and highs.npy of the clusters, stops.npy, timeouts.npy (in steps) and recover.npy. Every line
"run EVERY" on standard input runs each EVERYth cell over all scenarios and is answered by a line of
JSON; the counts of every cell are left in cycles-PEER-THREADS.npy: cycles, recovers, stop-losses,
timeouts, open at the end, and the sum of price / deploy price - 1 at the exits.

All obey the same rules: idle, with a cluster in reach, deploy at its middle price d = sqrt(low * high);
at every step from then on leave when the price, having been below `high`, is at or above
d * (1 + recover); else when it is at or below d * (1 - stop); else when the timeout is over; else at the
last step. The next deployment is a step later at the earliest.

`machine` walks every step for every cell. `passages` looks for first passages of all levels at once, from
each deployment that some cell comes to, and joins them. `vectorbt` has the rules as its signal function.
`money` walks like `machine` and adds the P&L of concentrated liquidity in floating point, to check.
"""
import json
import os
import sys
import time

PEER, THREADS, FOLDER = sys.argv[1], int(sys.argv[2]), sys.argv[3]
os.environ["NUMBA_NUM_THREADS"] = str(THREADS)

import numba  # noqa: E402  (the thread count must be set before)
import numpy as np  # noqa: E402

TOGETHER = THREADS > 1


def column(name):
    return np.ascontiguousarray(np.load(os.path.join(FOLDER, name + ".npy")))


@numba.njit(parallel=TOGETHER)
def machine(prices, entry, lows, highs, recover, cells, stops, timeouts, out):
    for place in numba.prange(len(cells)):
        stop = stops[cells[place] // len(timeouts)]
        timeout = timeouts[cells[place] % len(timeouts)]
        recovers = stopped = expired = left = 0
        returns = 0.0
        for path in range(prices.shape[0]):
            start, was_below = -1, False
            middle = top = floor = goal = 0.0
            for step in range(prices.shape[1]):
                price = prices[path, step]
                if start < 0:
                    cluster = entry[path, step]
                    if cluster >= 0:
                        start, was_below = step, False
                        top = highs[cluster]
                        middle = np.sqrt(lows[cluster] * top)
                        floor, goal = middle * (1 - stop), middle * (1 + recover)
                    continue
                was_below = was_below or price < top
                if was_below and price >= goal:
                    recovers += 1
                elif price <= floor:
                    stopped += 1
                elif step - start >= timeout:
                    expired += 1
                else:
                    continue
                returns += price / middle - 1
                start = -1
            if start >= 0:
                left += 1
                returns += prices[path, -1] / middle - 1
        out[place, 0] = recovers + stopped + expired + left
        out[place, 1] = recovers
        out[place, 2] = stopped
        out[place, 3] = expired
        out[place, 4] = left
        out[place, 5] = returns


@numba.njit
def scan(prices, start, middle, top, recover, stops, longest, below):
    """First steps at or below every stop-loss, rising; gives the first step of recovery."""
    level, count = 0, len(stops)
    floor, goal = middle * (1 - stops[0]), middle * (1 + recover)
    was_below = False
    for step in range(start + 1, min(start + longest, len(prices) - 1) + 1):
        price = prices[step]
        was_below = was_below or price < top
        if was_below and price >= goal:
            return step
        while level < count and price <= floor:
            below[level] = step
            level += 1
            floor = middle * (1 - stops[level]) if level < count else -1.0
        if level == count:
            break
    return 1 << 30


# A function of its own: memory that grows inside a parallel loop is freed twice.
@numba.njit
def passages_of_path(own, entry, after, lows, highs, recover, cells, stops, timeouts, parts):
    steps, longest = len(own), timeouts[-1]
    known = np.full(steps, -1, np.int32)
    below = np.empty((64, len(stops)), np.int32)
    above = np.empty(64, np.int32)
    used = 0
    for place in range(len(cells)):
        stop, timeout = cells[place] // len(timeouts), timeouts[cells[place] % len(timeouts)]
        recovers = stopped = expired = left = 0
        returns = 0.0
        start = after[0]
        while start < steps:
            cluster = entry[start]
            middle = np.sqrt(lows[cluster] * highs[cluster])
            row = known[start]
            if row < 0:
                if used == len(above):
                    wider = np.empty((2 * used, len(stops)), np.int32)
                    wider[:used] = below
                    below = wider
                    longer = np.empty(2 * used, np.int32)
                    longer[:used] = above
                    above = longer
                row = used
                known[start] = row
                used += 1
                below[row] = 1 << 30
                top = highs[cluster]
                above[row] = scan(own, start, middle, top, recover, stops, longest, below[row])
            first, second, third = above[row], below[row, stop], start + timeout
            end = min(first, second, third)
            if end >= steps:
                left += 1
                returns += own[steps - 1] / middle - 1
                break
            if end == first:
                recovers += 1
            elif end == second:
                stopped += 1
            else:
                expired += 1
            returns += own[end] / middle - 1
            start = after[end + 1]
        parts[place, 0] = recovers + stopped + expired + left
        parts[place, 1] = recovers
        parts[place, 2] = stopped
        parts[place, 3] = expired
        parts[place, 4] = left
        parts[place, 5] = returns


@numba.njit(parallel=TOGETHER)
def passages(prices, entry, after, lows, highs, recover, cells, stops, timeouts, parts):
    for path in numba.prange(len(prices)):
        passages_of_path(
            prices[path], entry[path], after[path], lows, highs, recover, cells, stops, timeouts, parts[path]
        )


@numba.njit
def money(prices, entry, lows, highs, recover, cells, stops, timeouts, deploy, fee, performance, out):
    for place in range(len(cells)):
        stop = stops[cells[place] // len(timeouts)]
        timeout = timeouts[cells[place] % len(timeouts)]
        total = 0.0
        for path in range(prices.shape[0]):
            start, lowest = -1, 0.0
            middle = low = high = 0.0
            for step in range(prices.shape[1]):
                price = prices[path, step]
                if start < 0:
                    cluster = entry[path, step]
                    if cluster < 0:
                        continue
                    start, lowest = step, price
                    low, high = lows[cluster], highs[cluster]
                    middle = np.sqrt(low * high)
                lowest = min(lowest, price)
                ends = lowest < high and price >= middle * (1 + recover)
                ends = ends or price <= middle * (1 - stop) or step - start >= timeout
                if not ends and step < prices.shape[1] - 1:
                    continue
                start = -1
                reached = min(max(lowest, low), high)
                width = np.sqrt(high) - np.sqrt(low)
                share = (np.sqrt(high) - np.sqrt(reached)) / width
                base = deploy / width * (1 / np.sqrt(reached) - 1 / np.sqrt(high))
                gross = base * price - deploy * share * (1 - fee)
                total += gross - performance * max(0.0, gross)
        out[place] = total


class Numba:
    def __init__(self):
        self.prices, self.entry = column("prices"), column("entry")
        self.lows, self.highs = column("lows"), column("highs")
        self.stops, self.timeouts = column("stops"), column("timeouts")
        self.recover = float(column("recover")[0])
        count, steps = self.prices.shape
        # The next step from each one on with a cluster in reach.
        self.after = np.full((count, steps + 1), steps, np.int64)
        for step in reversed(range(steps)):
            here = self.entry[:, step] >= 0
            self.after[:, step] = np.where(here, step, self.after[:, step + 1])

    def run(self, cells):
        out = np.zeros((len(cells), 6))
        rest = (self.lows, self.highs, self.recover, cells, self.stops, self.timeouts)
        if PEER == "machine":
            machine(self.prices, self.entry, *rest, out)
        elif PEER == "passages":
            parts = np.empty((len(self.prices), len(cells), 6))
            passages(self.prices, self.entry, self.after, *rest, parts)
            out = parts.sum(0)
        else:
            terms = column("terms")
            money(self.prices, self.entry, *rest, terms[0], terms[1], terms[2], out[:, 0])
        return out


class VectorBT(Numba):
    """One call of from_signals for each path, cells as its columns."""

    def __init__(self):
        import pandas
        import vectorbt

        super().__init__()
        self.pandas, self.portfolio = pandas, vectorbt.Portfolio

        @numba.njit
        def signal(c, price, entry, lows, highs, recover, stops, timeouts, start, below, tally):
            k, last = c.col, c.i == len(price) - 1
            if c.position_now == 0:
                if entry[c.i] < 0:
                    return False, False, False, False
                start[k] = c.i
                below[k] = False
                # What is still open when the path ends leaves there; on the last step it cannot enter.
                tally[k, 4] += last
                return not last, False, False, False
            p, cluster = price[c.i], entry[start[k]]
            below[k] = below[k] or p < highs[cluster]
            middle = np.sqrt(lows[cluster] * highs[cluster])
            if below[k] and p >= middle * (1 + recover):
                tally[k, 1] += 1
            elif p <= middle * (1 - stops[k]):
                tally[k, 2] += 1
            elif c.i - start[k] >= timeouts[k]:
                tally[k, 3] += 1
            elif last:
                tally[k, 4] += 1
            else:
                return False, False, False, False
            tally[k, 5] += p / middle - 1
            return False, True, False, False

        self.signal = signal

    def run(self, cells):
        width = len(self.timeouts)
        stops, timeouts = self.stops[cells // width], self.timeouts[cells % width]
        out = np.zeros((len(cells), 6))
        for price, entry in zip(self.prices, self.entry):
            close = self.pandas.DataFrame(np.broadcast_to(price[:, None], (len(price), len(cells))))
            tally = np.zeros((len(cells), 6))
            arguments = (price, entry, self.lows, self.highs, self.recover, stops, timeouts)
            state = (np.zeros(len(cells), np.int64), np.zeros(len(cells), np.bool_), tally)
            result = self.portfolio.from_signals(
                close, signal_func_nb=self.signal, signal_args=arguments + state, size=100.0,
                size_type="value", init_cash=1e7, fees=0.0, freq="1s", max_orders=400 * len(cells),
            )
            counted = result.trades.closed.count().values
            late = tally[:, 4] * (entry[-1] >= 0)
            tally[:, 0] = tally[:, 1:5].sum(1)
            if (np.abs(counted - tally[:, 0]) > late).any():
                raise SystemExit("vectorbt's trades are not the cycles that its signals made")
            out += tally
        return out


def main():
    peer = VectorBT() if PEER == "vectorbt" else Numba()
    every_cell = np.arange(len(peer.stops) * len(peer.timeouts))
    # Compiles.
    peer.prices, whole = peer.prices[:1], peer.prices
    peer.run(every_cell[:2])
    peer.prices = whole
    print(json.dumps({"ready": PEER}), flush=True)
    for line in sys.stdin:
        cells = every_cell[:: int(line.split()[1])]
        start = time.perf_counter()
        found = peer.run(cells)
        seconds = time.perf_counter() - start
        np.save(os.path.join(FOLDER, f"cycles-{PEER}-{THREADS}.npy"), found)
        work = len(cells) * whole.size
        print(json.dumps({"seconds": seconds, "cell_steps": work}), flush=True)


main()
